import eslintPlugin from 'eslint-plugin-eslint-plugin';
import node from 'eslint-plugin-n';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
// Built by `npm install`; `npm run lint` builds it again.
import secureRoutes from './dist/index.js';

export default defineConfig([
  // The fixtures are programs with the mistakes that the plugin is there to find.
  { ignores: ['dist/**', 'coverage/**', 'fixtures/*/**', 'tests/**/fixtures/**', 'tests/**/programs/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.recommended, tseslint.configs.stylistic],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `let scope = this` is how a chain is walked.
      '@typescript-eslint/no-this-alias': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    extends: [node.configs['flat/recommended-module']],
    settings: { n: { convertPath: [{ include: ['src/**/*.ts'], replace: ['^src/(.+)\\.ts$', 'dist/$1.js'] }] } },
    rules: {
      // The compiler resolves imports, and knows the types of every supported version.
      'n/no-missing-import': 'off',
      // Types are gone in what is published, but for those of ESLint.
      'n/no-unpublished-import': ['error', { ignoreTypeImport: true }],
      'n/prefer-node-protocol': 'error',
      // Its type says that a node has it; see `spanOf`.
      'no-restricted-syntax': ['error', { selector: 'MemberExpression[property.name="range"]', message: 'Nodes are kept without `range`: use `spanOf`.' }],
    },
  },
  {
    files: ['src/rules/**/*.ts'],
    extends: [eslintPlugin.configs.all],
    rules: {
      // ESLint stops at a file in another language; these rules pass over it.
      'eslint-plugin/require-meta-languages': 'off',
    },
  },
  { files: ['fixtures/*.mjs', 'bench/**', 'tests/**/run.mjs'], rules: { 'no-console': 'off' } },
  secureRoutes.configs.strict,
]);
