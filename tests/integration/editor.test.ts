import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startLanguageServer } from './language-server.ts';
import { createSandbox, eslintVersions, type InstalledESLint, type Sandbox } from './sandbox.ts';
import { javascriptProgram } from './programs.ts';

const config = "import secureRoutes from 'eslint-plugin-secure-routes';\nexport default [secureRoutes.configs.recommended];\n";
const open = 'export function requireUser(req, res, next) {\n  next();\n}\n';
const files = { ...javascriptProgram, 'eslint.config.js': config };
const { 'src/server.js': server, 'src/orders.js': orders, 'src/auth.js': auth } = javascriptProgram;
const openOrders = ['4:8 secure-routes/require-auth', '5:8 secure-routes/require-auth'];

/** One ESLint for the whole test, as an editor has it. Between two lints a second goes by. */
async function openEditor(sandbox: Sandbox, eslint: InstalledESLint) {
  const { ESLint } = (await import(eslint)) as typeof import('eslint');
  const instance = new ESLint({ cwd: sandbox.folder });
  let time = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => time);
  onTestFinished(() => clock.mockRestore());
  return async (file: string, text: string): Promise<readonly string[]> => {
    time += 1_000;
    const [result] = await instance.lintText(text, { filePath: path.join(sandbox.folder, file) });
    return result!.messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId ?? message}`);
  };
}

describe.each(Object.entries(eslintVersions))('one instance of %s for hours', (_version, eslint) => {
  it('sees what changes in other files', async () => {
    using sandbox = createSandbox(files, eslint);
    const lint = await openEditor(sandbox, eslint);
    expect(await lint('src/orders.js', orders)).toEqual([]);
    sandbox.write('src/auth.js', open);
    expect(await lint('src/orders.js', orders)).toEqual(openOrders);
    sandbox.write('src/auth.js', auth);
    expect(await lint('src/orders.js', orders)).toEqual([]);
    // The router is mounted elsewhere.
    sandbox.write('src/server.js', server.replace("app.use('/orders', requireUser, orders);", "app.use('/orders', orders);"));
    expect(await lint('src/orders.js', orders)).toEqual(openOrders);
  });

  it('counts the text in the editor, and forgets it when it is closed', async () => {
    using sandbox = createSandbox(files, eslint);
    const lint = await openEditor(sandbox, eslint);
    const more = `${orders}orders.delete('/', (req, res) => res.sendStatus(204));\n`;
    expect(await lint('src/server.js', server.replace(' requireUser, orders', ' orders'))).toContain('6:5 secure-routes/require-auth');
    expect(await lint('src/orders.js', more)).toEqual([]);
    expect(await lint('src/orders.js', orders)).toEqual([]);
  });

  it('sees files that are created, renamed and deleted', async () => {
    const loading = "import express from 'express';\nimport { readdirSync, existsSync } from 'node:fs';\nimport { guard } from './guard.js';\nconst app = express();\napp.get('/', guard, (req, res) => res.json([]));\n";
    using sandbox = createSandbox({ ...files, 'src/server.js': loading }, eslint);
    const lint = await openEditor(sandbox, eslint);
    const reports = async () => (await lint('src/server.js', loading)).filter((report) => report.endsWith('require-auth'));
    const naked = ['5:5 secure-routes/require-auth'];
    await reports();
    sandbox.write('src/guard.js', 'export const guard = (req, res, next) => next();\n');
    expect(await reports()).toEqual(naked);
    sandbox.write('src/closed.js', "export const guard = (req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401));\n");
    renameSync(path.join(sandbox.folder, 'src/closed.js'), path.join(sandbox.folder, 'src/guard.js'));
    expect(await reports()).toEqual([]);
    rmSync(path.join(sandbox.folder, 'src/guard.js'));
    expect(await reports()).toEqual([]);
    sandbox.write('src/guard.js', 'export const guard = (req, res, next) => next();\n');
    expect(await reports()).toEqual(naked);
  });

  it('sees that another branch was checked out', async () => {
    using sandbox = createSandbox({ ...files, '.gitignore': 'node_modules\n' }, eslint);
    sandbox.git('init', '--initial-branch=main');
    sandbox.git('add', '.');
    sandbox.git('commit', '--message=closed');
    sandbox.git('checkout', '-b', 'open');
    sandbox.write('src/auth.js', open);
    sandbox.git('commit', '--all', '--message=open');
    const lint = await openEditor(sandbox, eslint);
    expect(await lint('src/orders.js', orders)).toEqual(openOrders);
    sandbox.git('checkout', 'main');
    expect(await lint('src/orders.js', orders)).toEqual([]);
    sandbox.git('checkout', 'open');
    expect(await lint('src/orders.js', orders)).toEqual(openOrders);
  });

  it('and VS Code shows it', async () => {
    using sandbox = createSandbox({ ...files, 'src/auth.js': open }, eslint);
    await using editor = await startLanguageServer(sandbox.folder);
    expect(await editor.show('src/orders.js', orders)).toEqual(openOrders);
    sandbox.write('src/auth.js', auth);
    // Files are looked at ten times a second at most: the editor lints at each key.
    let shown: readonly string[] = openOrders;
    for (let key = 0; key < 500 && shown.length > 0; key += 1) shown = await editor.show('src/orders.js', `${orders}${' '.repeat(key)}`);
    expect(shown).toEqual([]);
    expect(await editor.show('src/server.js', server.replace(' requireUser, orders', ' orders'))).toEqual(['5:13 secure-routes/require-rate-limit', '6:5 secure-routes/require-auth']);
  });
});
