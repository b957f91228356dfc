import { existsSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { createAnalyses } from '../../src/cache/analyses.ts';
import { acquireLock } from '../../src/cache/lock.ts';
import { createStore } from '../../src/cache/store.ts';
import { readSettings } from '../../src/settings.ts';
import { javascriptProgram } from '../integration/programs.ts';
import { temporaryFolder } from '../project/temporary.ts';

const running = () => true;
const gone = () => false;
const never = () => expect.unreachable();

test('is held until it is released', () => {
  const file = join(temporaryFolder(), 'lock');
  const lock = acquireLock(file, { pause: never, isRunning: running });
  expect(lock.kind).toBe('held');
  expect(existsSync(file)).toBe(true);
  if (lock.kind === 'held') lock.release();
  expect(existsSync(file)).toBe(false);
});

test('who finds it waits until it is gone', () => {
  const file = join(temporaryFolder(), 'lock');
  writeFileSync(file, `1 ${hostname()}`);
  let pauses = 0;
  const pause = () => {
    pauses += 1;
    if (pauses === 3) rmSync(file);
  };
  expect(acquireLock(file, { pause, isRunning: running })).toEqual({ kind: 'released' });
  expect(pauses).toBe(3);
});

test.each([
  ['of a process that died', `1 ${hostname()}`],
  ['that was cut off while it was written', ''],
])('a lock %s is taken away', (_whose, text) => {
  const file = join(temporaryFolder(), 'lock');
  writeFileSync(file, text);
  utimesSync(file, 1, 1);
  expect(acquireLock(file, { pause: never, isRunning: gone }).kind).toBe('held');
});

test('an old lock of another machine is taken away, a young one is not', () => {
  const file = join(temporaryFolder(), 'lock');
  writeFileSync(file, '1 another-machine');
  expect(acquireLock(file, { pause: () => {}, isRunning: gone })).toEqual({ kind: 'unavailable' });
  utimesSync(file, 1, 1);
  expect(acquireLock(file, { pause: never, isRunning: gone }).kind).toBe('held');
});

test('is unavailable where nothing can be written', () => {
  expect(acquireLock(join(temporaryFolder(), 'missing/lock'), { pause: never, isRunning: running })).toEqual({ kind: 'unavailable' });
});

test('who waited for another takes over what that one found', () => {
  const root = temporaryFolder(javascriptProgram);
  const folder = temporaryFolder();
  const settings = readSettings(undefined, root);
  const evaluated: string[] = [];
  const analysesOf = (name: string, acquire = acquireLock) =>
    createAnalyses((project, own) => (evaluated.push(name), analyze(project, own)), { store: createStore({ build: 'one', folderOf: () => folder, acquire }) });
  // The other one works while this one waits, and lets the lock go when it is done.
  const first = analysesOf('first', (file) => {
    const other = acquireLock(file);
    return acquireLock(file, {
      isRunning: running,
      pause: () => {
        analysesOf('other', () => other).forRoot(root, settings);
      },
    });
  });
  expect(first.forRoot(root, settings).endpoints).toHaveLength(3);
  expect(evaluated).toEqual(['other']);
  expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).toEqual([]);
});

test('who waited in vain evaluates', () => {
  const root = temporaryFolder(javascriptProgram);
  const folder = temporaryFolder();
  const analyses = createAnalyses(analyze, { store: createStore({ build: 'one', folderOf: () => folder, acquire: () => ({ kind: 'released' }) }) });
  expect(analyses.forRoot(root, readSettings(undefined, root)).endpoints).toHaveLength(3);
});
