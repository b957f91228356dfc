import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDisk } from '../../src/project/disk.ts';
import { findRoot, resolveRoot } from '../../src/project/root.ts';
import { temporaryFolder } from './temporary.ts';

const PACKAGE = '{"name":"p"}';

/** The root of the folder `from`, relative to the top; every top is a repository. */
function rootFrom(from: string, files: Readonly<Record<string, string>>): string {
  const top = temporaryFolder({ '.git/HEAD': '', [`${from}/file.js`]: '', ...files });
  return findRoot(createDisk(), join(top, from)).slice(top.length + 1) || '.';
}

test.each([
  ['npm or yarn workspaces', { 'package.json': '{"workspaces":["packages/*"]}' }],
  ['yarn workspaces in long form', { 'package.json': '{"workspaces":{"packages":["packages/*"]}}' }],
  ['pnpm', { 'pnpm-workspace.yaml': 'packages: [packages/*]' }],
  ['lerna', { 'lerna.json': '{}' }],
  ['nx', { 'nx.json': '{}' }],
  ['turbo', { 'turbo.json': '{"tasks":{}}' }],
])('the top of the workspace: %s', (_name, files) => {
  expect(rootFrom('packages/a/src', { 'packages/a/package.json': PACKAGE, ...files })).toBe('.');
});

test('without a workspace, the nearest package', () => {
  expect(rootFrom('server/src', { 'package.json': PACKAGE, 'server/package.json': PACKAGE })).toBe('server');
});

test('without any package, the repository', () => {
  expect(rootFrom('server/src', {})).toBe('.');
});

test('a package.json that only tells the module format is no package', () => {
  expect(rootFrom('src/cjs', { 'package.json': PACKAGE, 'src/cjs/package.json': '{"type":"commonjs"}' })).toBe('.');
});

test("a package's own turbo.json is not the top", () => {
  expect(rootFrom('apps/a', { 'turbo.json': '{}', 'apps/a/turbo.json': '{"extends":["//"]}', 'apps/a/package.json': PACKAGE })).toBe('.');
});

test('a broken package.json is one', () => {
  expect(rootFrom('server/src', { 'package.json': PACKAGE, 'server/package.json': '{"name":' })).toBe('server');
});

test.each(['null', '[]', '"a"', '', '{"workspaces":false}'])('package.json that says %s', (content) => {
  expect(rootFrom('src', { 'package.json': content })).toBe('.');
});

test('nothing above the repository counts', () => {
  const above = temporaryFolder({ 'package.json': '{"workspaces":["*"]}', 'repository/.git': 'gitdir: elsewhere', 'repository/src/a.js': '' });
  expect(findRoot(createDisk(), join(above, 'repository/src'))).toBe(join(above, 'repository'));
});

test('settings.root is relative to its config', () => {
  const top = temporaryFolder({ 'apps/api/a.js': '' });
  expect(resolveRoot(createDisk(), 'api', join(top, 'apps'))).toBe(join(top, 'apps/api'));
  expect(resolveRoot(createDisk(), join(top, 'apps'), '/')).toBe(join(top, 'apps'));
});
