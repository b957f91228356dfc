import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createDisk } from '../../src/project/disk.ts';
import { createLocator } from '../../src/project/locate.ts';
import { relativePath } from '../../src/project/paths.ts';
import { Project } from '../../src/project/project.ts';
import { temporaryFolder } from './temporary.ts';

type Files = Readonly<Record<string, string | object>>;

function projectOf(files: Files): Project {
  const entries = Object.entries(files).map(([name, content]) => [name, typeof content === 'string' ? content : JSON.stringify(content)]);
  return new Project({ root: temporaryFolder(Object.fromEntries(entries)), ignore: [] });
}

/** A file as its path in the root, everything else as `kind: …`. */
function lead(project: Project, from: string, specifier: string, kind: 'import' | 'require' = 'import'): string {
  const found = project.resolve(specifier, join(project.root, from), kind);
  switch (found.kind) {
    case 'file':
    case 'json':
      return relativePath(project.root, found.file);
    case 'package':
      return `package: ${found.name}${found.subpath === '' ? '' : ` / ${found.subpath}`}`;
    case 'builtin':
      return `builtin: ${found.name}`;
    case 'missing':
      return `missing: ${found.reason}`;
  }
}

test('relative specifiers', () => {
  const project = projectOf({
    'src/a.ts': '', 'src/b.js': '', 'src/c.tsx': '', 'src/d/index.ts': '', 'src/e.json': {}, 'src/f.mts': '', 'src/g.cts': '',
    'src/h.d.ts': '', 'src/i.ts': '', 'src/i/index.ts': '', 'src/style.css': '', 'src/users.routes.js': '',
  });
  const leads = (specifier: string) => lead(project, 'src/main.ts', specifier);
  expect(leads('./a')).toBe('src/a.ts');
  expect(leads('./a.js')).toBe('src/a.ts');
  expect(leads('./a.ts')).toBe('src/a.ts');
  expect(leads('./b')).toBe('src/b.js');
  expect(leads('./c.js')).toBe('src/c.tsx');
  expect(leads('./d')).toBe('src/d/index.ts');
  expect(leads('./d/index.js')).toBe('src/d/index.ts');
  expect(leads('./e')).toBe('src/e.json');
  expect(leads('./e.json?raw')).toBe('src/e.json');
  expect(leads('./f.mjs')).toBe('src/f.mts');
  expect(leads('./g.cjs')).toBe('src/g.cts');
  expect(leads('./h')).toBe('src/h.d.ts');
  expect(leads('./i')).toBe('src/i.ts');
  expect(leads('./i/')).toBe('src/i/index.ts');
  expect(leads('./users.routes')).toBe('src/users.routes.js');
  expect(leads(join(project.root, 'src/a'))).toBe('src/a.ts');
  expect(lead(project, 'src/d/x.ts', '..')).toMatch(/^missing/);
  expect(lead(project, 'src/d/x.ts', '.')).toBe('src/d/index.ts');
  expect(leads('./style.css')).toMatch(/^missing/);
  expect(leads('./nowhere')).toBe("missing: './nowhere' leads to no file");
  expect(leads('../../outside')).toBe("missing: '../../outside' leads out of the project");
  expect(leads('')).toMatch(/^missing/);
});

test('beside a compiled file, TypeScript means the source and JavaScript what runs', () => {
  const project = projectOf({ 'a.ts': '', 'a.js': '' });
  expect(lead(project, 'main.ts', './a')).toBe('a.ts');
  expect(lead(project, 'main.js', './a')).toBe('a.js');
});

test('builtins and packages', () => {
  const project = projectOf({ 'package.json': { name: 'app' } });
  const leads = (specifier: string) => lead(project, 'main.ts', specifier);
  expect(leads('fs')).toBe('builtin: fs');
  // A package that hands out the module of Node.
  expect(leads('safe-buffer')).toBe('builtin: buffer');
  expect(leads('node:fs/promises')).toBe('builtin: fs/promises');
  expect(leads('node:test')).toBe('builtin: test');
  expect(leads('express')).toBe('package: express');
  expect(leads('express/lib/router/index.js')).toBe('package: express / lib/router/index.js');
  expect(leads('@nestjs/core')).toBe('package: @nestjs/core');
  expect(leads('@nestjs/core/injector/x')).toBe('package: @nestjs/core / injector/x');
  expect(leads('JSONStream')).toBe('package: JSONStream');
  expect(leads('@/db')).toBe("missing: '@/db' is an alias that nothing in the project defines");
  expect(leads('#db')).toMatch(/^missing/);
  expect(leads('@scope')).toMatch(/^missing/);
});

test('an installed package is never read', () => {
  const project = projectOf({ 'node_modules/express/index.js': '', 'node_modules/express/package.json': { name: 'express' }, 'main.js': '' });
  expect(lead(project, 'main.js', 'express')).toBe('package: express');
  expect(lead(project, 'main.js', './node_modules/express/index.js')).toMatch(/^missing/);
});

test('paths and baseUrl, although the config extends a package that is not installed', () => {
  const project = projectOf({
    'tsconfig.json': '{ // comment\n "extends": "@tsconfig/node20/tsconfig.json", "compilerOptions": { "baseUrl": "./src", "paths": { "@lib/*": ["missing/*", "lib/*"], "@lib/special": ["special.ts"], "config": ["config/index"], }, }, }',
    'src/lib/a.ts': '', 'src/special.ts': '', 'src/config/index.ts': '', 'src/users/users.service.ts': '',
  });
  const leads = (specifier: string) => lead(project, 'src/deep/main.ts', specifier);
  expect(leads('@lib/a')).toBe('src/lib/a.ts');
  expect(leads('@lib/a.js')).toBe('src/lib/a.ts');
  expect(leads('@lib/special')).toBe('src/special.ts');
  expect(leads('config')).toBe('src/config/index.ts');
  expect(leads('users/users.service')).toBe('src/users/users.service.ts');
  expect(leads('express')).toBe('package: express');
});

test('extends: the nearer config wins, and paths are relative to where they are written', () => {
  const project = projectOf({
    'package.json': { workspaces: ['packages/*'] },
    'tsconfig.base.json': { compilerOptions: { paths: { '@shared/*': ['./shared/*'], '@a/*': ['./nowhere/*'] } } },
    'apps/a/tsconfig.json': { extends: ['../../tsconfig.base.json', './own'], compilerOptions: {} },
    'apps/a/own.json': { compilerOptions: { paths: { '@a/*': ['./src/*'] } } },
    'apps/b/tsconfig.json': { extends: '@w/config/base.json' },
    'packages/config/package.json': { name: '@w/config' },
    'packages/config/base.json': { compilerOptions: { paths: { '@c/*': ['${configDir}/*'] } } },
    'apps/b/x.ts': '', 'shared/x.ts': '', 'apps/a/src/x.ts': '',
  });
  expect(lead(project, 'apps/a/main.ts', '@a/x')).toBe('apps/a/src/x.ts');
  expect(lead(project, 'apps/a/main.ts', '@shared/x')).toBe('shared/x.ts');
  expect(lead(project, 'apps/b/main.ts', '@c/x')).toBe('apps/b/x.ts');
});

test('references of a solution, cycles and broken configs', () => {
  const project = projectOf({
    'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }, { path: './broken.json' }, { path: './gone' }] },
    'tsconfig.app.json': { extends: './tsconfig.json', compilerOptions: { paths: { '~/*': ['./app/*'] } } },
    'broken.json': '{ "compilerOptions": ', 'app/x.ts': '',
  });
  expect(lead(project, 'main.ts', '~/x')).toBe('app/x.ts');
  expect(project.notes()).toEqual([{ file: 'broken.json', reason: expect.stringMatching(/^is not valid JSON: /) }]);
});

test('jsconfig.json', () => {
  const project = projectOf({ 'jsconfig.json': { compilerOptions: { paths: { 'lib/*': ['./source/*'] } } }, 'source/x.js': '' });
  expect(lead(project, 'main.js', 'lib/x')).toBe('source/x.js');
});

test('imports of package.json', () => {
  const project = projectOf({
    'package.json': {
      name: 'app',
      imports: { '#db': './src/db.js', '#lib/*.js': './src/lib/*.js', '#built/*': './dist/*.js', '#either': { require: './src/r.cjs', import: './src/i.mjs' }, '#web': 'express' },
    },
    'src/db.ts': '', 'src/lib/a.ts': '', 'src/b.ts': '', 'src/r.cjs': '', 'src/i.mjs': '',
  });
  const leads = (specifier: string, kind?: 'require') => lead(project, 'src/main.ts', specifier, kind);
  expect(leads('#db')).toBe('src/db.ts');
  expect(leads('#lib/a.js')).toBe('src/lib/a.ts');
  expect(leads('#built/b')).toBe('src/b.ts');
  expect(leads('#either')).toBe('src/i.mjs');
  expect(leads('#either', 'require')).toBe('src/r.cjs');
  expect(leads('#web')).toBe('package: express');
});

test('packages of the workspace, without node_modules and without a build', () => {
  const project = projectOf({
    'package.json': { private: true, workspaces: ['packages/*'] },
    '.gitignore': 'dist\n',
    'packages/main/package.json': { name: '@w/main', main: './dist/index.js' },
    'packages/main/src/index.ts': '', 'packages/main/src/deep/x.ts': '',
    'packages/exports/package.json': {
      name: '@w/exports',
      exports: { '.': { types: './dist/index.d.ts', import: './dist/index.mjs', require: './dist/index.cjs' }, './routes/*': './lib/routes/*.js', './users': { development: './src/people.ts', default: './dist/bundle.js' } },
    },
    'packages/exports/src/index.ts': '', 'packages/exports/src/routes/a.ts': '', 'packages/exports/src/people.ts': '',
    'packages/plain/package.json': { name: 'plain' }, 'packages/plain/index.js': '', 'packages/plain/x/y.js': '',
    'packages/built/package.json': { name: '@w/built', main: 'dist/main.js' }, 'packages/built/dist/main.js': '', 'packages/built/src/main.ts': '',
    'packages/outdir/package.json': { name: '@w/outdir', main: 'target/server/app.js' },
    'packages/outdir/tsconfig.json': { compilerOptions: { outDir: 'target', rootDir: 'code' } }, 'packages/outdir/code/server/app.ts': '',
    'packages/empty/package.json': { name: '@w/empty' },
    'apps/api/package.json': { name: 'api', dependencies: { '@w/main': 'workspace:*' } },
  });
  const leads = (specifier: string) => lead(project, 'apps/api/main.ts', specifier);
  expect(leads('@w/main')).toBe('packages/main/src/index.ts');
  expect(leads('@w/main/dist/deep/x')).toBe('packages/main/src/deep/x.ts');
  expect(leads('@w/main/src/deep/x')).toBe('packages/main/src/deep/x.ts');
  expect(leads('@w/exports')).toBe('packages/exports/src/index.ts');
  expect(leads('@w/exports/routes/a')).toBe('packages/exports/src/routes/a.ts');
  expect(leads('@w/exports/users')).toBe('packages/exports/src/people.ts');
  expect(leads('plain')).toBe('packages/plain/index.js');
  expect(leads('plain/x/y')).toBe('packages/plain/x/y.js');
  expect(leads('@w/built')).toBe('packages/built/src/main.ts');
  expect(leads('@w/outdir')).toBe('packages/outdir/code/server/app.ts');
  expect(leads('@w/empty')).toBe("missing: '@w/empty' leads to no file of its package");
  expect(leads('@w/other')).toBe('package: @w/other');
  expect(lead(project, 'apps/api/main.ts', '../../packages/main')).toBe('packages/main/src/index.ts');
});

test('a symlink in node_modules to a package of the workspace changes nothing', () => {
  const project = projectOf({
    'package.json': { workspaces: ['packages/*'] },
    'packages/a/package.json': { name: 'a', main: 'index.js' }, 'packages/a/index.js': '', 'main.js': '',
  });
  mkdirSync(join(project.root, 'node_modules'));
  symlinkSync('../packages/a', join(project.root, 'node_modules/a'));
  expect(lead(project, 'main.js', 'a')).toBe('packages/a/index.js');
});

test('outside of a workspace, a package of that name in the repository is another one', () => {
  const project = projectOf({
    'package.json': { name: 'app', dependencies: { shared: 'file:./local/shared', linked: 'link:../outside' } },
    'examples/express/package.json': { name: 'express' }, 'examples/express/index.js': '',
    'local/shared/package.json': { name: 'shared' }, 'local/shared/index.js': '',
    'index.js': '',
  });
  expect(lead(project, 'main.js', 'express')).toBe('package: express');
  expect(lead(project, 'main.js', 'shared')).toBe('local/shared/index.js');
  expect(lead(project, 'main.js', 'linked')).toBe('package: linked');
  expect(lead(project, 'main.js', 'app')).toBe('index.js');
});

test('built output stands for its source', () => {
  const project = projectOf({
    'package.json': { name: 'app', _moduleAliases: { '@root': '.', '@lib': 'dist/lib' } },
    '.gitignore': 'build\n',
    'src/lib/a.ts': '', 'src/server.ts': '', 'build/server.js': '', 'src/generated.ts': '', 'lib/kept.js': '',
  });
  expect(lead(project, 'bin/www.js', '../dist/server.js')).toBe('src/server.ts');
  expect(lead(project, 'bin/www.js', '../dist/server')).toBe('src/server.ts');
  expect(lead(project, 'bin/www.js', '../build/server')).toBe('src/server.ts');
  expect(lead(project, 'bin/www.js', '../lib/kept')).toBe('lib/kept.js');
  expect(lead(project, 'bin/www.js', '../dist/gone')).toMatch(/^missing/);
  expect(lead(project, 'bin/www.js', '@lib/a')).toBe('src/lib/a.ts');
  expect(lead(project, 'bin/www.js', '@root/src/server')).toBe('src/server.ts');
});

test('without rootDir, output starts at the folder that all sources have in common', () => {
  const project = projectOf({
    'package.json': { name: 'app' },
    'tsconfig.json': { compilerOptions: { outDir: './target' } },
    'main.js': '', 'api/helper.js': '', 'api/print/print.ts': '', 'api/print/deep/x.ts': '',
  });
  expect(lead(project, 'main.js', './target/print')).toBe('api/print/print.ts');
  expect(lead(project, 'main.js', './target/deep/x')).toBe('api/print/deep/x.ts');
  // require() in the source, written for the place of the output
  expect(lead(project, 'api/print/print.ts', '../api/helper')).toBe('api/helper.js');
  expect(lead(project, 'api/print/print.ts', './deep/x')).toBe('api/print/deep/x.ts');
});

test('the aliases of bundlers lead to the source folder', () => {
  const project = projectOf({ 'apps/a/package.json': { name: 'a' }, 'apps/a/src/db.ts': '', 'apps/a/own.ts': '' });
  expect(lead(project, 'apps/a/src/x/main.ts', '@/db')).toBe('apps/a/src/db.ts');
  expect(lead(project, 'apps/a/src/x/main.ts', '~/own')).toBe('apps/a/own.ts');
});

test.each(['without its native binding', 'under a broken package.json'])('the resolver %s still finds files by extension', (situation) => {
  const root = temporaryFolder({ 'package.json': situation.includes('broken') ? '{' : '{}', 'a.ts': '', 'b/index.js': '', 'c.js': '', 'c/index.ts': '' });
  const disk = createDisk();
  const locator = situation.includes('broken')
    ? createLocator(disk)
    : createLocator(disk, () => {
        throw new Error('Cannot find native binding');
      });
  const find = (path: string) => locator.locate(join(root, path), join(root, 'main.ts'))?.slice(root.length + 1);
  expect(find('a')).toBe('a.ts');
  expect(find('a.js')).toBe('a.ts');
  expect(find('b')).toBe('b/index.js');
  expect(find('c')).toBe('c.js');
  expect(locator.locate(`${join(root, 'c')}/`, join(root, 'main.ts'))).toBe(join(root, 'c/index.ts'));
  expect(find('gone')).toBeUndefined();
  locator.clear();
});

test('a symlink out of the root leads nowhere', () => {
  const outside = temporaryFolder({ 'secret.js': '' });
  const project = projectOf({ 'main.js': '' });
  symlinkSync(join(outside, 'secret.js'), join(project.root, 'link.js'));
  symlinkSync('loop.js', join(project.root, 'loop.js'));
  expect(lead(project, 'main.js', './link.js')).toMatch(/^missing/);
  expect(lead(project, 'main.js', './loop.js')).toMatch(/^missing/);
  expect(lead(project, 'main.js', relativePath(project.root, dirname(outside)))).toMatch(/^missing/);
});
