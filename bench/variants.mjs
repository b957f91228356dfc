/** The ESLint configurations that are measured, as text of an eslint.config.mjs; each lints the same files with the same parser. */
const config = (imports, ...parts) => `import parser from '@typescript-eslint/parser';
${imports}
export default [{ ignores: ['node_modules'] }, { files: ['**/*.ts'], languageOptions: { parser } }, ${parts.join(', ')}].map((part) => (part.ignores ? part : { files: ['**/*.ts'], ...part }));
`;

export const variants = {
  'parser only': config(''),
  // What ESLint itself does for as many rules as ours: no plugin with two rules can cost less.
  'two rules that do nothing': config('', "{ plugins: { nothing: { rules: { one: { create: () => ({}) }, other: { create: () => ({}) } } } }, rules: { 'nothing/one': 'error', 'nothing/other': 'error' } }"),
  'secure-routes': config("import secureRoutes from 'eslint-plugin-secure-routes';", 'secureRoutes.configs.recommended'),
  'import-x/no-cycle': config(
    "import { createNodeResolver, importX } from 'eslint-plugin-import-x';",
    "{ plugins: { 'import-x': importX }, settings: { 'import-x/extensions': ['.ts'], 'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] }, 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts'] })] }, rules: { 'import-x/no-cycle': 'error' } }",
  ),
  'fast-import/no-cycle': config(
    "import fastImport from 'eslint-plugin-fast-import';\nimport { recommended } from 'eslint-plugin-fast-import';",
    "{ plugins: { 'fast-import': fastImport }, settings: recommended({ rootDir: import.meta.dirname }).settings, rules: { 'fast-import/no-cycle': 'error' } }",
  ),
  'secure-coding': config("import secureCoding from 'eslint-plugin-secure-coding';", 'secureCoding.configs.recommended'),
  'ai-guard': config("import aiGuard from 'eslint-plugin-ai-guard';", "{ plugins: { 'ai-guard': aiGuard }, rules: aiGuard.configs.recommended.rules }"),
};
