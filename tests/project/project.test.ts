import { rmSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spanOf } from '../../src/interpreter/spans.ts';
import { DEFAULT_IGNORE } from '../../src/project/default-ignore.ts';
import { relativePath } from '../../src/project/paths.ts';
import { Project } from '../../src/project/project.ts';
import { temporaryFolder, writeFiles } from './temporary.ts';

function projectOf(files: Readonly<Record<string, string | Buffer>>): Project {
  return new Project({ root: temporaryFolder(files), ignore: DEFAULT_IGNORE });
}

function importers(project: Project): string[] {
  return project.importersOf(['express']).map((file) => relativePath(project.root, file));
}

/** `'ok'` or why not. */
function loads(project: Project, name: string): string {
  const result = project.load(join(project.root, name));
  return result.ok ? 'ok' : result.reason;
}

test('a module is parsed once', () => {
  const project = projectOf({ 'a.js': 'a();' });
  const file = join(project.root, 'a.js');
  expect(project.load(file)).toMatchObject({ ok: true, file, text: 'a();', commonJs: false });
  expect(project.load(file)).toBe(project.load(file));
});

test('files that cannot be used say why, and the rest is still there', () => {
  const project = projectOf({
    'good.js': 'require("express")()',
    'broken.js': 'require("express")(',
    'binary.js': Buffer.from([0x47, 0, 0, 1, 2, 3]),
    'large.js': `require("express");${' '.repeat(10_000_000)}`,
    'style.css': '',
    'node_modules/a/index.js': '',
    'folder.js/a.js': '',
  });
  expect(importers(project)).toEqual(['broken.js', 'good.js']);
  expect(loads(project, 'good.js')).toBe('ok');
  expect(loads(project, 'broken.js')).toMatch(/^does not parse: .+ \(1:\d+\)$/);
  expect(loads(project, 'binary.js')).toBe('is not text');
  expect(loads(project, 'large.js')).toBe('is too large to read (10000019 bytes, at most 2000000)');
  expect(loads(project, 'gone.js')).toBe('does not exist');
  expect(loads(project, 'folder.js')).toBe('is a folder');
  expect(loads(project, 'style.css')).toBe('is neither JavaScript nor TypeScript (.css)');
  expect(loads(project, 'node_modules/a/index.js')).toBe('belongs to an installed package');
  expect(loads(project, '../a.js')).toBe('lies outside of the project');
  expect(loads(project, 'a\0.js')).toBe('does not exist');
  expect(project.notes().find(({ file }) => file === 'large.js')).toEqual({ file: 'large.js', reason: 'is too large to read (10000019 bytes, at most 2000000)' });
});

test('a scan alone notes what it could not read', () => {
  const project = projectOf({ 'binary.ts': Buffer.from([0x47, 0, 1]), 'a.js': '' });
  expect(importers(project)).toEqual([]);
  expect(project.notes()).toEqual([{ file: 'binary.ts', reason: 'is not text' }]);
});

test('a byte order mark is no part of the text, a hashbang is', () => {
  const project = projectOf({ 'bom.js': '\uFEFFfoo();', 'hashbang.js': '#!/usr/bin/env node\r\nfoo();' });
  const bom = project.load(join(project.root, 'bom.js'));
  const hashbang = project.load(join(project.root, 'hashbang.js'));
  if (!bom.ok || !hashbang.ok) throw new Error('expected to parse');
  expect(bom.text).toBe('foo();');
  expect(bom.position(spanOf(bom.program.body[0]!).start)).toEqual({ line: 1, column: 1 });
  expect(hashbang.position(spanOf(hashbang.program.body[0]!).start)).toEqual({ line: 2, column: 1 });
});

test('a broken package.json is noted and stops nothing', () => {
  const project = projectOf({ 'package.json': '{ "name": ', 'a.js': '', 'main.js': 'require("express")' });
  expect(importers(project)).toEqual(['main.js']);
  expect(project.resolve('./a', join(project.root, 'main.js'), 'require')).toEqual({ kind: 'file', file: join(project.root, 'a.js') });
  expect(project.notes()).toEqual([{ file: 'package.json', reason: expect.stringMatching(/^is not valid JSON: /) }]);
});

test('folders are listed without what is left out', () => {
  const outside = temporaryFolder({ 'a.js': '' });
  const project = projectOf({ '.gitignore': 'b.js\n', 'r/c.js': '', 'r/a.js': '', 'r/b.js': '', 'r/a.test.js': '', 'r/x/a.js': '', 'r/data.json': '' });
  symlinkSync('..', join(project.root, 'r/loop'));
  symlinkSync(outside, join(project.root, 'r/outside'));
  const names = project.list(join(project.root, 'r'))?.map(({ name, kind }) => `${name} ${kind}`);
  expect(names).toEqual(['a.js file', 'c.js file', 'data.json file', 'x folder']);
  expect(project.list(join(project.root, 'r/outside'))).toBeUndefined();
  expect(project.list(join(project.root, 'r/a.js'))).toBeUndefined();
  expect(project.list(join(project.root, 'gone'))).toBeUndefined();
  expect(project.list(outside)).toBeUndefined();
  expect(project.list(join(project.root, '..'))).toBeUndefined();
});

test('kinds and texts only inside the root, and not of what git leaves out', () => {
  const project = projectOf({ '.gitignore': '.env\n', '.env': 'SECRET=1', '.env.example': 'SECRET=', 'a/b.json': '{}' });
  expect(project.kindOf(join(project.root, 'a'))).toBe('folder');
  expect(project.kindOf(project.root)).toBe('folder');
  expect(project.kindOf(join(project.root, 'a/b.json'))).toBe('file');
  expect(project.kindOf(join(project.root, 'gone'))).toBeUndefined();
  expect(project.kindOf(join(project.root, '..'))).toBeUndefined();
  expect(project.kindOf(join(project.root, '.env'))).toBeUndefined();
  expect(project.readText(join(project.root, '.env'))).toBeUndefined();
  expect(project.readText(join(project.root, '.env.example'))).toBe('SECRET=');
  expect(project.readText(join(project.root, 'a'))).toBeUndefined();
  expect(project.readText('/etc/hostname')).toBeUndefined();
});

test('an overlay counts in place of the disk, for trees, scans and notes', () => {
  const project = projectOf({ 'a.js': 'require("express")(', 'b.js': '' });
  const [a, b] = [join(project.root, 'a.js'), join(project.root, 'b.js')];
  expect(loads(project, 'a.js')).toMatch(/^does not parse/);
  project.overlay(a, 'ok();');
  expect(loads(project, 'a.js')).toBe('ok');
  expect(importers(project)).toEqual([]);
  expect(project.notes()).toEqual([]);
  project.overlay(b, 'import "express"');
  expect(importers(project)).toEqual(['a.js', 'b.js']);
  expect(project.notes()).toEqual([{ file: 'a.js', reason: expect.stringMatching(/^does not parse/) }]);
  project.overlay(b, undefined);
  expect(importers(project)).toEqual(['a.js']);
});

test('the text of a module, without parsing it', () => {
  const project = projectOf({ 'a.js': 'broken(', 'b.json': '{}', 'large.js': ' '.repeat(3_000_000), 'node_modules/a/index.js': 'a' });
  const text = (name: string) => project.text(join(project.root, name));
  expect(text('a.js')).toBe('broken(');
  expect(project.notes()).toEqual([]);
  expect(['b.json', 'gone.js', 'large.js', '../a.js', 'node_modules/a/index.js'].map(text)).toEqual(Array(5).fill(undefined));
  project.overlay(join(project.root, 'a.js'), 'edited');
  expect(text('a.js')).toBe('edited');
});

test('refresh notices changed, new and removed files, and nothing else', () => {
  const project = projectOf({ 'src/a.js': 'require("./b")', 'src/b/index.js': '', 'package.json': '{}' });
  const main = join(project.root, 'src/a.js');
  const leads = () => {
    const found = project.resolve('./b', main, 'require');
    return found.kind === 'file' ? relativePath(project.root, found.file) : found.kind;
  };
  expect(importers(project)).toEqual([]);
  expect(loads(project, 'src/a.js')).toBe('ok');
  expect(leads()).toBe('src/b/index.js');
  expect(project.refresh()).toBe(false);

  writeFiles(project.root, { 'src/a.js': 'require("express"), require("./b")' });
  expect(project.refresh()).toBe(true);
  expect(importers(project)).toEqual(['src/a.js']);
  expect(project.load(main)).toMatchObject({ text: 'require("express"), require("./b")' });

  writeFiles(project.root, { 'src/b.js': 'require("express")' });
  expect(leads()).toBe('src/b/index.js');
  expect(project.refresh()).toBe(true);
  expect(leads()).toBe('src/b.js');
  expect(importers(project)).toEqual(['src/a.js', 'src/b.js']);

  rmSync(join(project.root, 'src/b.js'));
  rmSync(join(project.root, 'src/b'), { recursive: true });
  expect(project.refresh()).toBe(true);
  expect(leads()).toBe('missing');
  expect(project.refresh()).toBe(false);
});

test('refresh notices same-sized text by its time, and a touched folder with the same names is no change', () => {
  const project = projectOf({ 'src/a.js': 'a' });
  expect(project.sources()).toHaveLength(1);
  expect(loads(project, 'src/a.js')).toBe('ok');
  utimesSync(join(project.root, 'src'), 1, 1);
  expect(project.refresh()).toBe(false);
  writeFiles(project.root, { 'src/a.js': 'b' });
  utimesSync(join(project.root, 'src/a.js'), 1, 1);
  expect(project.refresh()).toBe(true);
  expect(project.load(join(project.root, 'src/a.js'))).toMatchObject({ text: 'b' });
});

test('refresh notices configuration that changes and a dependency that appears', () => {
  const project = projectOf({ 'tsconfig.json': '{}', 'a.ts': '', 'lib/x.ts': '' });
  const leads = (specifier: string) => project.resolve(specifier, join(project.root, 'a.ts'), 'import').kind;
  expect(leads('@lib/x')).toBe('package');
  expect(leads('./later')).toBe('missing');
  writeFiles(project.root, { 'tsconfig.json': '{"compilerOptions":{"paths":{"@lib/*":["./lib/*"]}}}' });
  expect(project.refresh()).toBe(true);
  expect(leads('@lib/x')).toBe('file');
  writeFiles(project.root, { 'later.ts': '' });
  expect(project.refresh()).toBe(true);
  expect(leads('./later')).toBe('file');
});

test('facts tell what was read and what was missing', () => {
  const project = projectOf({ 'a.js': 'abc' });
  loads(project, 'a.js');
  project.kindOf(join(project.root, 'gone.js'));
  const facts = new Map(project.facts().map(({ path, kind, size }) => [relativePath(project.root, path), `${kind} ${size}`]));
  expect(facts.get('a.js')).toBe('file 3');
  expect(facts.get('gone.js')).toBe('missing 0');
});

test('clear forgets everything', () => {
  const project = projectOf({ 'a.js': 'a' });
  loads(project, 'a.js');
  writeFiles(project.root, { 'a.js': 'changed' });
  project.clear();
  expect(project.facts()).toEqual([]);
  expect(project.load(join(project.root, 'a.js'))).toMatchObject({ text: 'changed' });
});

test('text alone sees packages and nothing of the disk', () => {
  const root = temporaryFolder({ 'b.js': '' });
  const file = join(root, 'a.js');
  const project = Project.alone(file, 'require("express"); require("./b")');
  expect(importers(project)).toEqual(['a.js']);
  expect(project.load(file).ok).toBe(true);
  expect(project.resolve('express', file, 'require')).toEqual({ kind: 'package', name: 'express', subpath: '' });
  expect(project.resolve('./b', file, 'require').kind).toBe('missing');
  expect(project.list(root)).toBeUndefined();
  expect(project.kindOf(join(root, 'b.js'))).toBeUndefined();
  expect(project.load(join(root, 'b.js')).ok).toBe(false);
});
