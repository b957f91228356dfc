import { expect, test } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';

function setUp() {
  const clock = { time: 0 };
  const written: string[] = [];
  return { clock, written, progress: createProgress((text) => void written.push(text), () => clock.time) };
}

test('says nothing about short work', () => {
  const { clock, written, progress } = setUp();
  for (clock.time = 0; clock.time < 1000; clock.time += 10) progress.file();
  progress.end();
  expect(written).toEqual([]);
});

test('counts files and seconds of long work, ten times a second, and takes its line away', () => {
  const { clock, written, progress } = setUp();
  progress.file();
  clock.time = 2000;
  progress.file();
  clock.time = 2050;
  progress.file();
  clock.time = 3100;
  progress.file();
  progress.end();
  expect(written).toEqual(['\r2 files, 2 s\u{1b}[K', '\r4 files, 3 s\u{1b}[K', '\r\u{1b}[K']);
});
