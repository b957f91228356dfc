import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDisk } from '../../src/project/disk.ts';
import { temporaryFolder, writeFiles } from './temporary.ts';

test('a file that appears within one tick of the clock is noticed', () => {
  const folder = temporaryFolder({ 'a.js': '' });
  const time = new Date();
  utimesSync(folder, time, time);
  const disk = createDisk();
  expect(disk.list(folder)).toHaveLength(1);
  writeFiles(folder, { 'b.js': '' });
  utimesSync(folder, time, time);
  expect(disk.refresh()).toEqual([{ path: folder, before: 'folder', now: 'folder', entries: [{ name: 'b.js', kind: 'file' }] }]);
  expect(disk.list(folder)).toHaveLength(2);
  expect(disk.refresh()).toEqual([]);
});

test('files are no folders, and folders no files', () => {
  const folder = temporaryFolder({ 'a/b.js': '' });
  const disk = createDisk();
  const path = join(folder, 'a/b.js');
  expect(disk.stat(path).kind).toBe('file');
  expect(disk.list(path)).toBeUndefined();
  expect(disk.read(join(folder, 'a'), 10)).toEqual({ reason: 'is a folder' });
  expect(disk.read(path, 10)).toEqual({ text: '' });
});

test('.git may change all day', () => {
  const folder = temporaryFolder({ '.git/HEAD': '' });
  const disk = createDisk();
  disk.stat(join(folder, '.git'));
  utimesSync(join(folder, '.git'), 1, 1);
  expect(disk.refresh()).toEqual([]);
});

test('names are sorted, whatever the file system does', () => {
  const disk = createDisk();
  const folder = temporaryFolder({ 'b.js': '', 'B.js': '', 'a/x': '', 'é.js': '' });
  expect(disk.list(folder)?.map(({ name }) => name)).toEqual(['B.js', 'a', 'b.js', 'é.js']);
});
