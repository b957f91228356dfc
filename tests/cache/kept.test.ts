import { readdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { createAnalyses } from '../../src/cache/analyses.ts';
import { createStore } from '../../src/cache/store.ts';
import { createParse } from '../../src/project/parse.ts';
import { readSettings } from '../../src/settings.ts';
import { javascriptProgram } from '../integration/programs.ts';
import { temporaryFolder, writeFiles } from '../project/temporary.ts';

const unrelated = { 'src/models/price.js': 'export class Price {}\n', 'src/mail.js': "import { Price } from './models/price.js';\nexport const send = () => new Price();\n" };
const open = 'export function requireUser(req, res, next) {\n  next();\n}\n';

/** A program with a cache of its own, and runs over it as in processes that know nothing of each other. */
function setUp(files: Readonly<Record<string, string>> = {}) {
  const root = temporaryFolder({ ...javascriptProgram, ...unrelated, ...files });
  const folder = temporaryFolder();
  const settle = () => age(root);
  const run = ({ value = undefined as unknown, build = 'one', text = undefined as readonly [file: string, text: string] | undefined } = {}) => {
    const parsed: string[] = [];
    const evaluated: string[] = [];
    const parse = createParse();
    const analyses = createAnalyses(
      (project, settings) => {
        evaluated.push(project.root);
        return analyze(project, settings);
      },
      { store: createStore({ build, folderOf: () => folder }), parse: (file, source) => (parsed.push(file), parse(file, source)) },
    );
    const settings = readSettings(value, root);
    const analysis = text === undefined ? analyses.forRoot(root, settings) : analyses.forFile({ filename: join(root, text[0]), text: text[1], settings }).analysis;
    const naked = analysis.endpoints.filter(({ mounted, auth }) => mounted && auth.status === 'naked').map(({ methods, path }) => `${methods.join()} ${path}`).sort();
    return { naked, evaluations: evaluated.length, parses: parsed.length };
  };
  return { root, folder, run, settle };
}

/** As files are that nobody has just written. */
function age(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    utimesSync(path, 1_700_000_000, 1_700_000_000);
  }
}

const before = ['GET /prices'];
const everything = ['GET /orders', 'GET /prices', 'POST /orders'];

describe('a second run', () => {
  test('parses and evaluates nothing', () => {
    const { run } = setUp();
    expect(run()).toMatchObject({ naked: before, evaluations: 1 });
    expect(run()).toEqual({ naked: before, evaluations: 0, parses: 0 });
    expect(run()).toEqual({ naked: before, evaluations: 0, parses: 0 });
  });

  test('evaluates nothing where files were only touched', () => {
    const { root, run, settle } = setUp();
    run();
    settle();
    expect(run()).toMatchObject({ evaluations: 0 });
    utimesSync(join(root, 'src/auth.js'), 1_800_000_000, 1_800_000_000);
    expect(run()).toMatchObject({ evaluations: 0 });
  });

  test.each<[string, (root: string) => void]>([
    ['a service', (root) => writeFiles(root, { 'src/mail.js': 'export const send = () => 2;\n' })],
    ['a model', (root) => writeFiles(root, { 'src/models/price.js': 'export class Price { cents = 0 }\n' })],
    ['a read-me', (root) => writeFiles(root, { 'README.md': '# Shop' })],
    ['the cache of the linter', (root) => writeFiles(root, { '.eslintcache': '[]' })],
    ['a test', (root) => writeFiles(root, { 'src/mail.test.js': "import express from 'express'; express().get('/', (req, res) => res.send('x'));\n" })],
    ['installed packages', (root) => writeFiles(root, { 'node_modules/express/index.js': 'module.exports = 1;' })],
    ['what git ignores', (root) => writeFiles(root, { 'coverage/lcov.js': '1' })],
  ])('evaluates nothing where this changed: %s', (_what, change) => {
    const { root, run } = setUp({ '.gitignore': 'coverage\n', '.git/HEAD': '' });
    run();
    change(root);
    expect(run()).toEqual({ naked: before, evaluations: 0, parses: 0 });
  });

  test.each<[string, (root: string) => void, readonly string[]]>([
    ['a guard in another file', (root) => writeFiles(root, { 'src/auth.js': open }), everything],
    ['text of the same size and times', (root) => {
      const file = join(root, 'src/server.js');
      writeFileSync(file, javascriptProgram['src/server.js'].replace('/prices', '/bricks'));
      utimesSync(file, 1_700_000_000, 1_700_000_000);
    }, ['GET /bricks']],
    ['a new file with routes', (root) => writeFiles(root, { 'src/admin.js': "import express from 'express';\nexpress().get('/admin', (req, res) => res.json({}));\n" }), ['GET /admin', 'GET /prices']],
    ['a new package', (root) => writeFiles(root, { 'admin/package.json': '{"name":"admin"}', 'admin/index.js': "require('express')().get('/admin', (req, res) => res.json({}));\n" }), ['GET /admin', 'GET /prices']],
    ['a service that registers routes now', (root) => writeFiles(root, { 'src/mail.js': "import express from 'express';\nexpress().get('/mail', (req, res) => res.json({}));\n" }), ['GET /mail', 'GET /prices']],
    ['a file that was removed', (root) => rmSync(join(root, 'src/server.js')), []],
    ['a file that was renamed', (root) => renameSync(join(root, 'src/auth.js'), join(root, 'src/guard.js')), before],
    ['a file that git ignores now', (root) => writeFiles(root, { '.gitignore': 'src/server.js\n' }), []],
  ])('evaluates again: %s', (_what, change, naked) => {
    const { root, run, settle } = setUp({ '.git/HEAD': '' });
    settle();
    expect(run()).toMatchObject({ naked: before });
    change(root);
    const result = run();
    expect(result.naked).toEqual(naked);
    expect(result.evaluations).toBe(1);
    expect(run()).toEqual({ naked, evaluations: 0, parses: 0 });
  });

  test('sees a file that takes the place of one that was missing', () => {
    const server = "import express from 'express';\nimport { guard } from './guards/index.js';\nconst app = express();\napp.get('/orders', guard, (req, res) => res.json([]));\n";
    const { root, run } = setUp({ 'src/server.js': server, 'src/orders.js': '' });
    run();
    writeFiles(root, { 'src/guards/index.js': 'export const guard = (req, res, next) => next();\n' });
    expect(run()).toMatchObject({ naked: ['GET /orders'], evaluations: 1 });
  });

  test('sees what a program reads with readdir', () => {
    const server = "const express = require('express');\nconst { readdirSync } = require('fs');\nconst app = express();\nfor (const name of readdirSync(__dirname + '/routes')) require('./routes/' + name)(app);\n";
    const route = (path: string) => `module.exports = (app) => app.get('${path}', (req, res) => res.json([]));\n`;
    const { root, run } = setUp({ 'package.json': '{"name":"shop"}', 'src/server.js': server, 'src/orders.js': '', 'src/auth.js': '', 'src/routes/a.js': route('/a') });
    expect(run().naked).toEqual(['GET /a']);
    writeFiles(root, { 'src/routes/b.js': route('/b') });
    expect(run().naked).toEqual(['GET /a', 'GET /b']);
  });

  test('sees a symlink that leads elsewhere', () => {
    const { root, run } = setUp({ 'src/open.txt.js': open, 'src/closed.txt.js': javascriptProgram['src/auth.js'] });
    rmSync(join(root, 'src/auth.js'));
    symlinkSync('closed.txt.js', join(root, 'src/auth.js'));
    expect(run().naked).toEqual(before);
    rmSync(join(root, 'src/auth.js'));
    symlinkSync('open.txt.js', join(root, 'src/auth.js'));
    expect(run().naked).toEqual(everything);
  });

  test('keeps the text that is being linted out of the cache', () => {
    const { run } = setUp();
    run();
    expect(run({ text: ['src/auth.js', open] })).toMatchObject({ naked: everything, evaluations: 1 });
    expect(run({ text: ['src/mail.js', 'export {};\n'] })).toMatchObject({ naked: before, evaluations: 0 });
    expect(run()).toEqual({ naked: before, evaluations: 0, parses: 0 });
  });

  test('asks for the settings and the build', () => {
    const { run } = setUp();
    run();
    expect(run({ value: { publicPaths: ['/prices'] } })).toMatchObject({ naked: [], evaluations: 1 });
    expect(run({ value: { publicPaths: ['/prices'] } })).toMatchObject({ naked: [], evaluations: 0 });
    expect(run()).toMatchObject({ naked: before, evaluations: 0 });
    expect(run({ build: 'two' })).toMatchObject({ evaluations: 1 });
  });

  test('tells broken files again', () => {
    const root = temporaryFolder({ ...javascriptProgram, 'src/orders.js': 'export const = 1' });
    const folder = temporaryFolder();
    const notes = () => createAnalyses(analyze, { store: createStore({ build: 'one', folderOf: () => folder }) }).forRoot(root, readSettings(undefined, root)).notes;
    const first = notes();
    expect(first).toHaveLength(1);
    expect(notes()).toEqual(first);
    writeFiles(root, { 'src/server.js': `${javascriptProgram['src/server.js']}\n` });
    expect(notes()).toEqual(first);
  });
});

describe('what is not trusted', () => {
  const damage: readonly [string, (text: string) => string][] = [
    ['half of it', (text) => text.slice(0, text.length / 2)],
    ['nothing', () => ''],
    ['no JSON', () => 'x\ny'],
    ['a changed verdict', (text) => text.replace('"naked"', '"guarded"')],
    ['JSON of another program', () => '{"version":2}'],
  ];

  test.each(damage)('%s', (_what, change) => {
    const { folder, run } = setUp();
    run();
    const [record = ''] = readdirSync(folder);
    const file = join(folder, record);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    expect(run()).toMatchObject({ naked: before, evaluations: 1 });
    expect(run()).toMatchObject({ naked: before, evaluations: 0 });
  });

  test('the record of another root, under the name of this one', () => {
    const one = setUp();
    const other = setUp({ 'src/auth.js': open });
    one.run();
    other.run();
    const [name = ''] = readdirSync(one.folder);
    const [from = ''] = readdirSync(other.folder);
    writeFileSync(join(one.folder, name), readFileSync(join(other.folder, from)));
    expect(one.run()).toMatchObject({ naked: before, evaluations: 1 });
  });

  test('a folder that cannot be written to costs only time', () => {
    const { folder, run } = setUp();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file');
    expect(run()).toMatchObject({ naked: before, evaluations: 1 });
    expect(run()).toMatchObject({ naked: before, evaluations: 1 });
  });

  test('no more records than a project needs are kept', () => {
    const { folder, run } = setUp();
    for (let index = 0; index < 45; index += 1) run({ value: { publicPaths: [`/p${index}`] } });
    expect(readdirSync(folder)).toHaveLength(40);
  });
});
