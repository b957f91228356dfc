import { describe, expect, it } from 'vitest';
import { createSandbox, eslintVersions } from './sandbox.ts';
import { javascriptProgram } from './programs.ts';

const settings = "{ settings: { 'secure-routes': { publicPaths: ['GET /prices'] } } }";

describe('the inventory', () => {
  it('prints every endpoint as JSON, and fails for the open one', () => {
    using sandbox = createSandbox(javascriptProgram);
    const { code, stdout, stderr } = sandbox.inventory(['--format', 'json', '--no-config']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const { version, root, endpoints } = JSON.parse(stdout);
    expect({ version, root }).toEqual({ version: 1, root: sandbox.folder });
    expect(endpoints).toHaveLength(3);
    expect(endpoints).toContainEqual({
      framework: 'express',
      kind: 'http',
      methods: ['GET'],
      path: '/prices',
      file: 'src/server.js',
      line: 6,
      column: 5,
      handler: '(anonymous)',
      mounted: true,
      auth: { status: 'naked', through: [] },
      rateLimit: { status: 'naked', through: [] },
    });
    expect(endpoints).toContainEqual(
      expect.objectContaining({
        methods: ['POST'],
        file: 'src/orders.js',
        line: 5,
        auth: {
          status: 'guarded',
          conditional: false,
          by: [expect.objectContaining({ name: 'requireUser', file: 'src/auth.js' })],
        },
      }),
    );
  });

  it('prints a table', () => {
    using sandbox = createSandbox(javascriptProgram);
    const { code, stdout } = sandbox.inventory(['--no-config', '--fail-on', 'none']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^GET +\/prices +NAKED +NAKED +\(anonymous\) +src\/server\.js:6$/m);
    expect(stdout).toMatch(/^auth: +2 guarded, 1 naked$/m);
  });

  it('is whole in a pipe, however large', () => {
    const count = 3000;
    const routes = Array.from({ length: count }, (_, index) => `app.get('/items/${index}', show);`);
    using sandbox = createSandbox({
      'package.json': javascriptProgram['package.json'],
      'server.js': `import express from 'express';\nconst app = express();\nfunction show(req, res) { res.json([]); }\n${routes.join('\n')}\n`,
    });
    const { code, stdout } = sandbox.inventory(['--format', 'json', '--no-config']);
    expect(code).toBe(1);
    expect(stdout.length).toBeGreaterThan(1 << 18);
    expect(JSON.parse(stdout).endpoints).toHaveLength(count);
  });

  it.each(Object.entries(eslintVersions))('takes its settings from the configuration of %s', (_version, eslint) => {
    using sandbox = createSandbox({ ...javascriptProgram, 'eslint.config.js': `export default [${settings}];\n` }, eslint);
    expect(sandbox.inventory([])).toMatchObject({ code: 0, stderr: '' });
    expect(sandbox.inventory(['--no-config'])).toMatchObject({ code: 1, stderr: '' });
  });

  it('takes its settings also where they are given for some files only', () => {
    using sandbox = createSandbox({
      ...javascriptProgram,
      'eslint.config.js': `export default [{ files: ['src/**'], ...${settings} }];\n`,
    });
    expect(sandbox.inventory([])).toMatchObject({ code: 0, stderr: '' });
  });

  it('warns where there is no configuration, and where it cannot be loaded', () => {
    using sandbox = createSandbox(javascriptProgram);
    const missing = sandbox.inventory([]);
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain('/prices');
    expect(missing.stderr).toContain('the defaults hold');
    sandbox.write('eslint.config.js', "throw new Error('not today');\n");
    const broken = sandbox.inventory([]);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('not today');
  });

  it('never runs the program', () => {
    using sandbox = createSandbox(javascriptProgram);
    sandbox.write('src/auth.js', `throw new Error('was run');\n${javascriptProgram['src/auth.js']}`);
    const { stderr } = sandbox.inventory(['--no-config']);
    expect(stderr).not.toContain('was run');
  });

  it('gives 2 for wrong usage and wrong settings', () => {
    using sandbox = createSandbox({
      ...javascriptProgram,
      'eslint.config.js': "export default [{ settings: { 'secure-routes': { entry: [] } } }];\n",
    });
    expect(sandbox.inventory(['--formt', 'json'])).toMatchObject({ code: 2, stdout: '' });
    expect(sandbox.inventory(['nowhere'])).toMatchObject({ code: 2, stdout: '' });
    const wrong = sandbox.inventory([]);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain("settings['secure-routes'].entry is no known key");
  });
});
