import { describe, expect, it } from 'vitest';
import { createSandbox, eslintVersions, type InstalledESLint, type Sandbox } from './sandbox.ts';
import { javascriptProgram } from './programs.ts';

const config = `import { appendFileSync } from 'node:fs';
import secureRoutes from 'eslint-plugin-secure-routes';

// Writes down which files are really linted.
const log = { create: (context) => (appendFileSync(process.env.LINTED ?? '/dev/null', context.filename + '\\n'), {}) };

export default [secureRoutes.configs.recommended, { plugins: { log: { rules: { log } } }, rules: { 'log/log': 'error' } }];
`;

const open = 'export function requireUser(req, res, next) {\n  next();\n}\n';
const services = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`src/services/service${index}.js`, `export const service${index} = ${index};\n`]));

const guardedReports = {
  'src/server.js': ['5:13 secure-routes/require-rate-limit warning', '6:5 secure-routes/require-auth error'],
};
const openReports = {
  ...guardedReports,
  'src/orders.js': ['4:8 secure-routes/require-auth error', '5:8 secure-routes/require-auth error'],
};

function setUp(eslint: InstalledESLint): Sandbox {
  return createSandbox({ ...javascriptProgram, ...services, 'eslint.config.js': config }, eslint);
}

describe.each(Object.entries(eslintVersions))('%s', (_version, eslint) => {
  it('parses each file of the program once with several threads, and none in a second run', () => {
    using sandbox = setUp(eslint);
    const lint = () => {
      const reports: Record<string, string[]>[] = [];
      const parsed = sandbox.parsedBy((env) => reports.push(sandbox.lint(['--concurrency', '2', '.'], { env })));
      return { reports: reports[0], parsed };
    };
    const first = lint();
    expect(first.reports).toEqual(guardedReports);
    expect(first.parsed.toSorted()).toEqual([javascriptProgram['src/auth.js'], javascriptProgram['src/orders.js'], javascriptProgram['src/server.js']].toSorted());
    expect(lint()).toEqual({ reports: guardedReports, parsed: [] });
    sandbox.write('src/auth.js', open);
    expect(lint().reports).toEqual(openReports);
  });

  it('never takes a cached result for one that a change in another file made wrong', () => {
    using sandbox = setUp(eslint);
    const lint = (...more: string[]) => {
      sandbox.write('node_modules/linted.log', '');
      const reports = sandbox.lint(['--cache', ...more, '.'], { env: { LINTED: `${sandbox.folder}/node_modules/linted.log` } });
      const linted = new Set(sandbox.read('node_modules/linted.log').split('\n').filter((line) => line !== ''));
      return { reports, linted: linted.size };
    };
    const files = 4 + 12;
    expect(lint()).toEqual({ reports: guardedReports, linted: files });
    expect(lint()).toEqual({ reports: guardedReports, linted: 0 });
    sandbox.write('src/auth.js', open);
    expect(lint()).toEqual({ reports: openReports, linted: files });
    expect(lint()).toEqual({ reports: openReports, linted: 0 });
    sandbox.write('src/services/service1.js', 'export const service1 = 100;\n');
    expect(lint()).toEqual({ reports: openReports, linted: 1 });
    sandbox.write('src/auth.js', javascriptProgram['src/auth.js']);
    expect(lint('--cache-strategy', 'content').reports).toEqual(guardedReports);
    sandbox.write('src/auth.js', open);
    expect(lint('--cache-strategy', 'content', '--concurrency', '2').reports).toEqual(openReports);
  });

  it('asks about every program of the run before it trusts the cache', () => {
    using sandbox = createSandbox(
      {
        'package.json': '{ "name": "top", "private": true }',
        'eslint.config.js': config,
        ...Object.fromEntries(Object.entries(javascriptProgram).map(([file, text]) => [`api/${file}`, text])),
      },
      eslint,
    );
    const reports = (of: Record<string, string[]>) => Object.fromEntries(Object.entries(of).map(([file, messages]) => [`api/${file}`, messages]));
    expect(sandbox.lint(['--cache', '.'])).toEqual(reports(guardedReports));
    expect(sandbox.lint(['--cache', '.'])).toEqual(reports(guardedReports));
    sandbox.write('api/src/auth.js', open);
    expect(sandbox.lint(['--cache', '.'])).toEqual(reports(openReports));
  });
});

describe('the cache on disk', () => {
  it('can be switched off, for ESLint and for the inventory', () => {
    using sandbox = setUp('eslint');
    const off = { SECURE_ROUTES_CACHE: 'off' };
    sandbox.lint();
    expect(sandbox.parsedBy((env) => sandbox.lint(['.'], { env: { ...env, ...off } }))).toHaveLength(3);
    expect(sandbox.parsedBy((env) => sandbox.inventory(['--no-cache'], { env }))).toHaveLength(3);
    expect(sandbox.parsedBy((env) => sandbox.inventory([], { env }))).toEqual([]);
    expect(sandbox.inventory(['--format', 'json']).stdout).toBe(sandbox.inventory(['--format', 'json', '--no-cache']).stdout);
  });
});
