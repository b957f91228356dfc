import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_IGNORE } from '../../src/project/default-ignore.ts';
import { createDisk } from '../../src/project/disk.ts';
import { listFiles } from '../../src/project/files.ts';
import { createIgnoreRules, expandBraces } from '../../src/project/ignore.ts';
import { relativePath } from '../../src/project/paths.ts';
import { temporaryFolder } from './temporary.ts';

function sourcesOf(root: string, ignore: readonly string[] = []): string[] {
  const disk = createDisk();
  return listFiles(disk, root, createIgnoreRules(disk, root, ignore)).sources.map((file) => relativePath(root, file));
}

test('lists JavaScript and TypeScript without packages, declarations and other files', () => {
  const root = temporaryFolder({
    'a.js': '', 'b.cjs': '', 'c.mjs': '', 'd.jsx': '', 'e.ts': '', 'f.cts': '', 'g.mts': '', 'h.tsx': '',
    'i.d.ts': '', 'j.json': '', 'k.css': '', 'README.md': '',
    'node_modules/x/index.js': '', 'packages/a/node_modules/x/index.js': '', '.git/hooks/a.js': '', 'dist/a.js': '',
  });
  expect(sourcesOf(root)).toEqual(['a.js', 'b.cjs', 'c.mjs', 'd.jsx', 'e.ts', 'f.cts', 'g.mts', 'h.tsx', 'dist/a.js']);
});

test('.gitignore files hold from where they stand', () => {
  const root = temporaryFolder({
    '.gitignore': '# built\r\n/dist\n*.gen.ts\n!keep.gen.ts\n',
    'dist/a.js': '', 'src/dist/a.js': '', 'src/b.gen.ts': '', 'src/keep.gen.ts': '',
    'src/api/.gitignore': 'local\n!c.gen.ts\n',
    'src/api/local/a.js': '', 'src/api/c.gen.ts': '', 'src/local/a.js': '',
  });
  expect(sourcesOf(root)).toEqual(['src/keep.gen.ts', 'src/api/c.gen.ts', 'src/dist/a.js', 'src/local/a.js']);
});

test('.gitignore files between the top of the repository and the root hold too', () => {
  const top = temporaryFolder({
    '.git/HEAD': '', '.gitignore': 'build\n/packages/a/tmp\n', 'packages/.gitignore': '*.out.js\n',
    'packages/a/index.js': '', 'packages/a/build/x.js': '', 'packages/a/tmp/x.js': '', 'packages/a/x.out.js': '',
  });
  expect(sourcesOf(join(top, 'packages/a'))).toEqual(['index.js']);
});

test('a root that its repository ignores is listed nevertheless', () => {
  const top = temporaryFolder({ '.git/HEAD': '', '.gitignore': 'scratch\n', 'scratch/a/index.js': '' });
  expect(sourcesOf(join(top, 'scratch/a'))).toEqual(['index.js']);
});

test('tests, stories and their tools are left out by default', () => {
  const root = temporaryFolder({
    'src/app.ts': '', 'src/latest.ts': '', 'src/contest/a.ts': '', 'src/testing.ts': '',
    'src/app.test.ts': '', 'src/app.spec.js': '', 'src/app.e2e-spec.ts': '', 'src/a.stories.tsx': '',
    'test/app.ts': '', 'tests/a/b.ts': '', 'src/__tests__/a.js': '', 'src/__mocks__/a.js': '', 'e2e/a.js': '', 'spec/a.js': '',
    'cypress/a.js': '', 'playwright/a.ts': '', 'jest.config.js': '', 'apps/a/test/a.ts': '',
  });
  expect(sourcesOf(root, DEFAULT_IGNORE)).toEqual(['src/app.ts', 'src/latest.ts', 'src/testing.ts', 'src/contest/a.ts']);
});

test('own patterns are relative to the root', () => {
  const root = temporaryFolder({ 'legacy/a.js': '', 'src/legacy/a.js': '', 'src/b.js': '' });
  expect(sourcesOf(root, ['/legacy/**'])).toEqual(['src/b.js', 'src/legacy/a.js']);
});

test('symlinks lead into no loop and out of no root', () => {
  const outside = temporaryFolder({ 'secret.js': '' });
  const root = temporaryFolder({ 'src/a.js': '' });
  symlinkSync('..', join(root, 'src/up'));
  symlinkSync(root, join(root, 'src/self'));
  symlinkSync(outside, join(root, 'src/outside'));
  symlinkSync('two', join(root, 'one'));
  symlinkSync('one', join(root, 'two'));
  symlinkSync('gone', join(root, 'dangling.js'));
  expect(sourcesOf(root)).toEqual(['src/a.js']);
});

test('a folder with the name of a file is entered', () => {
  const root = temporaryFolder({ 'a.js/b.js': '' });
  mkdirSync(join(root, 'package.json'));
  expect(sourcesOf(root)).toEqual(['a.js/b.js']);
});

test.each([
  ['a', ['a']],
  ['*.{test,spec}.*', ['*.test.*', '*.spec.*']],
  ['{a,b}/{c,d}', ['a/c', 'a/d', 'b/c', 'b/d']],
  ['{a,{b,c}d}', ['a', 'bd', 'cd']],
  ['{a', ['{a']],
  ['{a}', ['{a}']],
])('braces of %s', (pattern, expected) => {
  expect(expandBraces(pattern).sort()).toEqual(expected.sort());
});
