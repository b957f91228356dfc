import { symlinkSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSandbox, eslintVersions, type Outcome, readmeBlocks, type Sandbox } from './sandbox.ts';
import { javascriptProgram, typescriptProgram } from './programs.ts';

const config = "import secureRoutes from 'eslint-plugin-secure-routes';\nexport default [{ ignores: ['**/dist/**'] }, secureRoutes.configs.recommended];\n";
const [stagedConfig = ''] = readmeBlocks('lint-staged.config.js');
const [oxlintConfig = ''] = readmeBlocks('.oxlintrc.json');
const [turboConfig = ''] = readmeBlocks('turbo.json');
const [nxConfig = ''] = readmeBlocks('nx.json');
const { 'src/server.js': server, 'src/auth.js': auth } = javascriptProgram;
const openGuard = 'export function requireUser(req, res, next) {\n  next();\n}\n';

describe('oxlint', () => {
  interface OxlintReport {
    readonly filename: string;
    readonly code: string;
    readonly severity: string;
    readonly labels: readonly { readonly span: { readonly line: number; readonly column: number } }[];
  }

  /** As `Sandbox.lint` gives them. */
  function reportsOf(sandbox: Sandbox): Record<string, string[]> {
    const { stdout, stderr } = sandbox.tool('oxlint/bin/oxlint', ['--format', 'json', 'src']);
    if (!stdout.startsWith('{')) throw new Error(`oxlint could not lint: ${stdout}${stderr}`);
    const reports: Record<string, string[]> = {};
    for (const { filename, code, severity, labels } of (JSON.parse(stdout) as { diagnostics: readonly OxlintReport[] }).diagnostics) {
      const rule = /^secure-routes\((.+)\)$/.exec(code)?.[1];
      if (rule === undefined) continue;
      const { line, column } = labels[0]!.span;
      (reports[filename] ??= []).push(`${line}:${column} secure-routes/${rule} ${severity}`);
    }
    return Object.fromEntries(Object.entries(reports).map(([file, messages]) => [file, messages.sort()]));
  }

  it.each([
    ['JavaScript', javascriptProgram, 'src/server.js'],
    ['TypeScript', typescriptProgram, 'src/server.ts'],
  ])('reports what ESLint reports, in %s', (_language, program, file) => {
    const [, typescriptConfig = ''] = readmeBlocks('eslint.config.js');
    using sandbox = createSandbox({ ...program, '.oxlintrc.json': oxlintConfig, 'eslint.config.js': typescriptConfig });
    const reports = reportsOf(sandbox);
    expect(Object.keys(reports)).toEqual([file]);
    expect(reports).toEqual(sandbox.lint());
    sandbox.write(file.replace('server', 'auth'), openGuard);
    expect(Object.keys(reportsOf(sandbox))).toHaveLength(2);
    expect(reportsOf(sandbox)).toEqual(sandbox.lint());
  });
});

describe('lint-staged', () => {
  it('judges the staged file with the program around it', () => {
    using sandbox = createSandbox({ ...javascriptProgram, 'eslint.config.js': config, 'lint-staged.config.js': stagedConfig, '.gitignore': 'node_modules\n' });
    mkdirSync(path.join(sandbox.folder, 'node_modules/.bin'));
    symlinkSync('../eslint/bin/eslint.js', path.join(sandbox.folder, 'node_modules/.bin/eslint'));
    const commit = () => sandbox.tool('lint-staged/bin/lint-staged.js', []);
    sandbox.git('init', '--initial-branch=main');
    sandbox.git('add', '.');
    sandbox.git('commit', '--message=first');

    const orders = `${javascriptProgram['src/orders.js']}orders.delete('/', (req, res) => res.sendStatus(204));\n`;
    sandbox.write('src/orders.js', orders);
    sandbox.git('add', 'src/orders.js');
    expect(commit()).toMatchObject({ code: 0 });
    sandbox.git('commit', '--message=guarded in another file');

    sandbox.write('src/auth.js', openGuard);
    sandbox.git('add', 'src/auth.js');
    sandbox.git('commit', '--message=open', '--no-verify');
    sandbox.write('src/orders.js', `${orders}\n`);
    sandbox.git('add', 'src/orders.js');
    const { code, stdout, stderr } = commit();
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('Anyone can call GET /orders');
    expect(stdout + stderr).toContain('Anyone can call DELETE /orders');
  });
});

const manifest = (name: string, fields: object = {}) => JSON.stringify({ name, version: '1.0.0', type: 'module', scripts: { lint: 'node ../../node_modules/eslint/bin/eslint.js --quiet .' }, ...fields });

/** The guard stands in one package, the routes in a second, the application in a third; nothing is built. */
const workspace = {
  'package.json': '{ "name": "shop", "private": true, "workspaces": ["apps/*", "packages/*"], "packageManager": "npm@11.0.0" }',
  'package-lock.json': '{ "name": "shop", "lockfileVersion": 3, "packages": {} }',
  'eslint.config.js': config,
  '.gitignore': 'node_modules\ndist\n.turbo\n.nx\n',
  'packages/auth/package.json': manifest('@shop/auth', { main: './dist/index.js', exports: { '.': './dist/index.js' } }),
  'packages/auth/src/index.js': auth,
  'packages/orders/package.json': manifest('@shop/orders', { main: './dist/index.js', exports: { './routes': { import: './dist/routes.js' } }, dependencies: { express: '^5.0.0' } }),
  'packages/orders/src/routes.js': javascriptProgram['src/orders.js'],
  'apps/api/package.json': manifest('api', { dependencies: { express: '^5.0.0', '@shop/auth': '*', '@shop/orders': '*' } }),
  'apps/api/src/server.js': server.replace('./auth.js', '@shop/auth').replace('./orders.js', '@shop/orders/routes').replace("app.get('/prices', (req, res) => res.json([]));\n", ''),
};

describe.each(Object.entries(eslintVersions))('a monorepo and %s', (_version, eslint) => {
  it('is one program where it is a workspace', () => {
    using sandbox = createSandbox(workspace, eslint);
    const limited = ['5:13 secure-routes/require-rate-limit warning'];
    expect(sandbox.lint()).toEqual({ 'apps/api/src/server.js': limited });
    expect(sandbox.lint(['.'], { cwd: `${sandbox.folder}/packages/orders` })).toEqual({});
    sandbox.write('packages/auth/src/index.js', openGuard);
    const open = { 'packages/orders/src/routes.js': ['4:8 secure-routes/require-auth error', '5:8 secure-routes/require-auth error'] };
    expect(sandbox.lint()).toEqual({ 'apps/api/src/server.js': limited, ...open });
    expect(sandbox.lint(['.'], { cwd: `${sandbox.folder}/packages/orders` })).toEqual(open);
  });

  it('is several programs where each folder has its own root', () => {
    const under = (folder: string, program: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(program).map(([file, text]) => [`${folder}/${file}`, text]));
    using sandbox = createSandbox({ 'eslint.config.js': config, ...under('one', javascriptProgram), ...under('two', { ...javascriptProgram, 'src/auth.js': openGuard }) }, eslint);
    const reports = ['5:13 secure-routes/require-rate-limit warning', '6:5 secure-routes/require-auth error'];
    for (let round = 0; round < 2; round += 1) {
      expect(sandbox.lint()).toEqual({
        'one/src/server.js': reports,
        'two/src/server.js': reports,
        'two/src/orders.js': ['4:8 secure-routes/require-auth error', '5:8 secure-routes/require-auth error'],
      });
    }
  });
});

interface TaskRunner {
  readonly config: Readonly<Record<string, string>>;
  lint(sandbox: Sandbox): Outcome;
  /** In its output: results that it took from its cache, and all. */
  readonly hits: RegExp;
}

const taskRunners: Readonly<Record<string, TaskRunner>> = {
  Turborepo: {
    config: { 'turbo.json': turboConfig },
    lint: (sandbox) => sandbox.tool('turbo/bin/turbo', ['run', 'lint', '--output-logs=errors-only'], { env: { TURBO_TELEMETRY_DISABLED: '1', TURBO_CACHE_DIR: path.join(sandbox.folder, '.turbo/cache'), DO_NOT_TRACK: '1' } }),
    hits: /Cached:\s+(\d+) cached, (\d+) total/,
  },
  Nx: {
    config: { 'nx.json': nxConfig },
    lint: (sandbox) => sandbox.tool('nx/dist/bin/nx.js', ['run-many', '--target=lint'], {
      env: {
        NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_ISOLATE_PLUGINS: 'false', NX_SKIP_NATIVE_FILE_CACHE: 'true',
        NX_CACHE_DIRECTORY: path.join(sandbox.folder, '.nx/cache'), NX_WORKSPACE_DATA_DIRECTORY: path.join(sandbox.folder, '.nx/workspace-data'),
      },
    }),
    hits: /Cache:\s+(\d+)\/(\d+) hit/,
  },
};

/** A workspace in a repository: both tools ask Git which files there are. */
function committed(files: Readonly<Record<string, string>>): Sandbox {
  const sandbox = createSandbox(files);
  sandbox.install('nx');
  sandbox.git('init', '--initial-branch=main');
  sandbox.git('add', '.');
  sandbox.git('commit', '--message=first');
  return sandbox;
}

describe.each(Object.entries(taskRunners))('%s', (_name, { config: runnerConfig, lint, hits }) => {
  const hitsOf = ({ stdout }: Outcome) => hits.exec(stdout)?.slice(1).map(Number);

  it('lints a package again when what its report rests on changes in another one, and only then', () => {
    using sandbox = committed({ ...workspace, ...runnerConfig });
    const first = lint(sandbox);
    expect(first).toMatchObject({ code: 0 });
    expect(hitsOf(first)).toEqual([0, 3]);
    expect(hitsOf(lint(sandbox))).toEqual([3, 3]);
    sandbox.write('README.md', '# Shop');
    expect(hitsOf(lint(sandbox))).toEqual([3, 3]);
    sandbox.write('packages/auth/README.md', '# Guards');
    expect(hitsOf(lint(sandbox))).toEqual([2, 3]);

    sandbox.write('packages/auth/src/index.js', openGuard);
    const { code, stdout } = lint(sandbox);
    expect(code).not.toBe(0);
    expect(stdout).toContain('Anyone can call GET /orders');
    sandbox.write('packages/auth/src/index.js', auth);
    expect(hitsOf(lint(sandbox))).toEqual([3, 3]);
  }, 60_000);

  it('lints every package again when what it finds the program by changes', () => {
    using sandbox = committed({ ...workspace, ...runnerConfig });
    const changes = {
      'tsconfig.base.json': '{ "compilerOptions": { "paths": { "@shop/*": ["./packages/*/src"] } } }',
      'package.json': workspace['package.json'].replace('"private"', '"dependencies": { "express": "^4.0.0" }, "private"'),
      'packages/auth/package.json': workspace['packages/auth/package.json'].replace('"exports"', '"imports"'),
      'packages/auth/tsconfig.json': '{ "compilerOptions": { "outDir": "dist" } }',
      'eslint.config.js': config.replace('**/dist/**', '**/out/**'),
    };
    expect(hitsOf(lint(sandbox))).toEqual([0, 3]);
    const again = Object.entries(changes).map(([file, text]) => {
      sandbox.write(file, text);
      return [file, hitsOf(lint(sandbox))];
    });
    expect(again).toEqual(Object.keys(changes).map((file) => [file, [0, 3]]));
  }, 120_000);
});
