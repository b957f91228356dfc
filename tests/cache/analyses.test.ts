import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Settings } from '../../src/model.ts';
import { createAnalyses } from '../../src/cache/analyses.ts';
import { DEFAULT_IGNORE } from '../../src/project/default-ignore.ts';
import { relativePath } from '../../src/project/paths.ts';
import type { Project } from '../../src/project/project.ts';
import { temporaryFolder, writeFiles } from '../project/temporary.ts';

const settings: Settings = { root: undefined, entries: [], guards: [], limiters: [], notGuards: [], publicPaths: [], ignore: DEFAULT_IGNORE };

/** An analysis whose notes are the texts of the importers of express, and a clock that stands still. */
function setUp() {
  const clock = { time: 1000, step: 0 };
  const runs: string[] = [];
  const analyze = (project: Project) => {
    runs.push(project.root);
    const notes = project.importersOf(['express']).map((file) => {
      const module = project.load(file);
      return { file: relativePath(project.root, file), reason: module.ok ? module.text : module.reason };
    });
    return { version: 1 as const, root: project.root, endpoints: [], applications: [], notes };
  };
  const analyses = createAnalyses(analyze, { now: () => (clock.time += clock.step) });
  const ask = (filename: string, text: string, own: Settings = settings, configFolder?: string) => {
    const { analysis, file } = analyses.forFile({ filename, text, settings: own, configFolder });
    return { root: analysis.root, file, texts: Object.fromEntries(analysis.notes.map((note) => [note.file, note.reason])) };
  };
  return { clock, runs, ask };
}

test('one analysis for all files of a project', () => {
  const root = temporaryFolder({ 'package.json': '{"name":"a"}', 'src/a.js': 'import "express"', 'src/b.js': 'b' });
  const { runs, ask } = setUp();
  expect(ask(join(root, 'src/a.js'), 'import "express"')).toEqual({ root, file: 'src/a.js', texts: { 'src/a.js': 'import "express"' } });
  expect(ask(join(root, 'src/b.js'), 'b').file).toBe('src/b.js');
  expect(ask(join(root, 'src/a.js'), 'import "express"').root).toBe(root);
  expect(runs).toEqual([root]);
});

test('the text that is linted counts, and the one on disk again for the next file', () => {
  const root = temporaryFolder({ 'package.json': '{"name":"a"}', 'a.js': 'import "express"', 'b.js': 'b' });
  const { runs, ask } = setUp();
  const edited = 'import "express"; edited';
  expect(ask(join(root, 'a.js'), edited).texts).toEqual({ 'a.js': edited });
  expect(ask(join(root, 'a.js'), edited).texts).toEqual({ 'a.js': edited });
  expect(runs).toHaveLength(1);
  expect(ask(join(root, 'b.js'), 'b').texts).toEqual({ 'a.js': 'import "express"' });
  expect(runs).toHaveLength(2);
  expect(ask(join(root, 'a.js'), edited).texts).toEqual({ 'a.js': edited });
  expect(ask(join(root, 'a.js'), 'import "express"').texts).toEqual({ 'a.js': 'import "express"' });
  expect(runs).toHaveLength(2);
});

test('editing a file that the program does not load costs nothing, until it becomes part of it', () => {
  const root = temporaryFolder({ 'package.json': '{"name":"a"}', 'a.js': 'import "express"', 'b.js': 'b' });
  const { runs, ask } = setUp();
  ask(join(root, 'a.js'), 'import "express"');
  ask(join(root, 'b.js'), 'b2');
  expect(runs).toHaveLength(1);
  expect(ask(join(root, 'b.js'), 'import "express" // b').texts['b.js']).toBe('import "express" // b');
  expect(runs).toHaveLength(2);
});

test('the disk is looked at again after a while, and only then', () => {
  const root = temporaryFolder({ 'package.json': '{"name":"a"}', 'a.js': 'import "express"', 'b.js': 'b' });
  const { clock, runs, ask } = setUp();
  ask(join(root, 'b.js'), 'b');
  clock.time += 1000;
  ask(join(root, 'b.js'), 'b');
  expect(runs).toHaveLength(1);
  writeFiles(root, { 'a.js': 'import "express"; changed', 'c.js': 'import "express"; c' });
  clock.time += 50;
  expect(ask(join(root, 'b.js'), 'b').texts).toEqual({ 'a.js': 'import "express"' });
  clock.time += 50;
  expect(ask(join(root, 'b.js'), 'b').texts).toEqual({ 'a.js': 'import "express"; changed', 'c.js': 'import "express"; c' });
  expect(runs).toHaveLength(2);
});

test('where looking takes long, it is done less often', () => {
  const root = temporaryFolder({ 'package.json': '{"name":"a"}', 'a.js': 'import "express"', 'b.js': 'b' });
  const { clock, runs, ask } = setUp();
  ask(join(root, 'b.js'), 'b');
  clock.time += 100;
  // Each look at the clock takes 50 ms, and so does the look at the disk.
  clock.step = 50;
  ask(join(root, 'b.js'), 'b');
  clock.step = 0;
  writeFiles(root, { 'a.js': 'import "express"; changed' });
  clock.time += 900;
  ask(join(root, 'b.js'), 'b');
  expect(runs).toHaveLength(1);
  clock.time += 100;
  ask(join(root, 'b.js'), 'b');
  expect(runs).toHaveLength(2);
});

test('a package.json that appears moves the root', () => {
  const root = temporaryFolder({ '.git/HEAD': '', 'server/a.js': 'a' });
  const { clock, ask } = setUp();
  expect(ask(join(root, 'server/a.js'), 'a')).toMatchObject({ root, file: 'server/a.js' });
  writeFiles(root, { 'server/package.json': '{"name":"server"}' });
  clock.time += 1000;
  expect(ask(join(root, 'server/a.js'), 'a')).toMatchObject({ root: join(root, 'server'), file: 'a.js' });
});

test.each(['<input>', '<text>', 'untitled.ts'])('text without a file is judged alone: %s', (filename) => {
  const { runs, ask } = setUp();
  expect(ask(filename, 'import "express"')).toMatchObject({ file: filename, texts: { [filename]: 'import "express"' } });
  ask(filename, 'import "express"');
  expect(runs).toHaveLength(1);
  expect(ask(filename, 'import "express"; 2').texts).toEqual({ [filename]: 'import "express"; 2' });
});

test('a file that is not saved yet is judged alone beside its project', () => {
  const root = temporaryFolder({ 'package.json': '{"name":"a"}', 'a.js': 'import "express"' });
  const { ask } = setUp();
  expect(ask(join(root, 'new.js'), 'import "express"; n').texts).toEqual({ 'new.js': 'import "express"; n' });
  expect(ask(join(root, 'a.js/block.js'), 'import "express"; m').texts).toEqual({ 'block.js': 'import "express"; m' });
});

test('tests are no part of the program, and editing one analyses nothing again', () => {
  const root = temporaryFolder({ 'package.json': '{"name":"a"}', 'a.js': 'import "express"', 'a.test.js': 'import "express"; t' });
  const { runs, ask } = setUp();
  for (const text of ['import "express"; t', 'import "express"; t2', 'import "express"; t3']) {
    expect(ask(join(root, 'a.test.js'), text).texts).toEqual({ 'a.js': 'import "express"' });
  }
  expect(runs).toHaveLength(1);
});

test('settings.root, absolute or relative to the config', () => {
  const root = temporaryFolder({ 'a/package.json': '{"name":"a"}', 'a/x.js': 'x', 'b/y.js': 'import "express"' });
  const { ask } = setUp();
  expect(ask(join(root, 'a/x.js'), 'x')).toMatchObject({ root: join(root, 'a'), texts: {} });
  expect(ask(join(root, 'a/x.js'), 'x', { ...settings, root })).toMatchObject({ root, file: 'a/x.js', texts: { 'b/y.js': 'import "express"' } });
  expect(ask(join(root, 'a/x.js'), 'x', { ...settings, root: '..' }, join(root, 'a'))).toMatchObject({ root });
  expect(ask(join(root, 'a/x.js'), 'x', { ...settings, root: join(root, 'b') })).toMatchObject({ root: join(root, 'b'), file: '../a/x.js' });
});

test('a file that is reached by a symlink is the file itself', () => {
  const root = temporaryFolder({ 'package.json': '{"name":"a"}', 'a.js': 'import "express"' });
  const other = temporaryFolder();
  symlinkSync(root, join(other, 'link'));
  const { ask } = setUp();
  expect(ask(join(other, 'link/a.js'), 'import "express"')).toMatchObject({ root, file: 'a.js' });
});

test('a file of 10 MB is linted without another analysis', () => {
  const large = `import "express";${' '.repeat(10_000_000)}`;
  const root = temporaryFolder({ 'package.json': '{"name":"a"}', 'a.js': 'import "express"', 'large.js': large });
  const { runs, ask } = setUp();
  ask(join(root, 'a.js'), 'import "express"');
  expect(ask(join(root, 'large.js'), large).texts).toEqual({ 'a.js': 'import "express"' });
  expect(runs).toHaveLength(1);
});
