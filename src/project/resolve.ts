import { isBuiltin } from 'node:module';
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import type { Resolution } from '../interpreter/modules/loader.ts';
import type { Disk } from './disk.ts';
import type { Locator } from './locate.ts';
import { MAX_JSON_BYTES } from './manifest.ts';
import type { Manifest, Manifests } from './manifest.ts';
import { packageTargets } from './package-targets.ts';
import { hasSegment, isInside } from './paths.ts';
import { dialectOf } from './source-extensions.ts';
import { pathsTargets, splitPackage } from './tsconfig.ts';
import type { Tsconfigs } from './tsconfig.ts';
import type { Compilation } from './unbuilt.ts';
import { compilationOf, outputPlaces, sourceCandidates } from './unbuilt.ts';

/** Packages that hand out what a module of Node has. */
const MODULES_IN_PACKAGES: ReadonlyMap<string, string> = new Map([['safe-buffer', 'buffer'], ['safer-buffer', 'buffer']]);

type Kind = 'import' | 'require';
type Found = Extract<Resolution, { file: string }>;

export interface ResolveContext {
  readonly root: string;
  readonly disk: Disk;
  readonly locator: Locator;
  readonly manifests: Manifests;
  readonly tsconfigs: Tsconfigs;
  /** Folder of a package of the workspace; undefined outside of workspaces. */
  workspaceFolder(name: string): string | undefined;
  /** The innermost folder that holds all TypeScript files of a folder; the folder itself where there are none. */
  commonFolder(folder: string): string;
  /** Told of each path at which no file was found, so that one that is created later is noticed. */
  onMissing(path: string): void;
  /** True for output that git leaves out: where it exists, it is not the source. */
  isOutput(file: string): boolean;
}

export type Resolve = (specifier: string, fromFile: string, kind: Kind) => Resolution;

/** What npm accepts as a name, loosely: also the capitals of old packages. */
const PACKAGE_NAME = /^(?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~_][\w.~-]*$/i;

/** Ranges that name a folder: `file:../shared`, `link:../shared`, `portal:../shared`. */
const LOCAL_RANGE = /^(?:file|link|portal):(.+)$/;

/**
 * Answers each specifier as Node, TypeScript's `paths` or a bundler would, in a checkout without node_modules and
 * without built output. Answers are kept until `createResolve` is called again.
 */
export function createResolve(context: ResolveContext): Resolve {
  const answers = new Map<string, Resolution>();
  return (specifier, fromFile, kind) => {
    const key = `${kind}\0${dialectOf(fromFile) ?? ''}\0${dirname(fromFile)}\0${specifier}`;
    let answer = answers.get(key);
    if (answer === undefined) answers.set(key, (answer = answerFor(context, specifier, fromFile, kind)));
    return answer;
  };
}

function answerFor(context: ResolveContext, written: string, fromFile: string, kind: Kind): Resolution {
  // import text from './page.html?raw'
  const specifier = written.replace(/(?<=.)\?.*$/s, '');
  if (specifier === '' || specifier.includes('\0')) return missing(written, 'is no module specifier');
  if (isBuiltin(specifier)) return { kind: 'builtin', name: specifier.replace(/^node:/, '') };
  const module = MODULES_IN_PACKAGES.get(specifier);
  if (module !== undefined) return { kind: 'builtin', name: module };
  const isRelative = /^\.{1,2}(?:\/|$)/.test(specifier);
  if (isRelative || isAbsolute(specifier)) {
    const places = [fromFile, ...outputPlaces(fromFile, compilationAt(context, dirname(fromFile)))];
    const paths = places.map((place) => resolve(dirname(place), specifier) + (/(?:^|\/)\.{0,2}\/?$/.test(specifier) ? '/' : ''));
    if (!isInside(context.root, paths[0]!)) return missing(written, 'leads out of the project');
    for (const path of paths) {
      const found = locateSource(context, path, fromFile, kind);
      if (found !== undefined) return found;
    }
    return missing(written, 'leads to no file');
  }

  const mapped = mappedTargets(context, specifier, fromFile, kind);
  for (const target of mapped) {
    const found = locateSource(context, target, fromFile, kind);
    if (found !== undefined) return found;
  }
  const [name, subpath] = splitPackage(specifier);
  const local = localPackage(context, name, fromFile);
  if (local !== undefined) {
    return locateInPackage(context, local, subpath, fromFile, kind) ?? missing(written, 'leads to no file of its package');
  }
  if (specifier.startsWith('#')) {
    // "imports": { "#http": "express" }
    const redirect = importsTargets(context, specifier, fromFile, kind).find((target) => PACKAGE_NAME.test(splitPackage(target)[0]));
    if (redirect !== undefined) return answerFor(context, redirect, fromFile, kind);
  }
  if (!PACKAGE_NAME.test(name)) return missing(written, 'is an alias that nothing in the project defines');
  return { kind: 'package', name, subpath };
}

/** Absolute paths that the configuration gives for a specifier that is no path. */
function mappedTargets(context: ResolveContext, specifier: string, fromFile: string, kind: Kind): readonly string[] {
  const folder = dirname(fromFile);
  const targets: string[] = [];
  const [nearest, ...outer] = context.tsconfigs.above(folder);
  if (nearest !== undefined) {
    const solution = [nearest, ...nearest.references];
    targets.push(...solution.flatMap((config) => pathsTargets(config, specifier)));
    targets.push(...solution.flatMap(({ baseUrl }) => (baseUrl === undefined ? [] : join(baseUrl, specifier))));
    targets.push(...outer.flatMap((config) => pathsTargets(config, specifier)));
  }
  const nearestPackage = context.manifests.nearest(folder);
  if (specifier.startsWith('#') && nearestPackage !== undefined) {
    const own = importsTargets(context, specifier, fromFile, kind).filter((target) => target.startsWith('./'));
    targets.push(...own.map((target) => join(nearestPackage.folder, target)));
  }
  targets.push(...aliasTargets(nearestPackage, specifier), ...aliasTargets(context.manifests.in(context.root), specifier));
  // import { db } from '@/db': no package can have that name; what bundlers and their templates mean by it is the source folder.
  const convention = /^[@~]\/(.*)$/s.exec(specifier);
  if (convention !== null) {
    const base = nearestPackage?.folder ?? context.root;
    targets.push(join(base, 'src', convention[1]!), join(base, convention[1]!));
  }
  return targets;
}

function importsTargets({ manifests }: ResolveContext, specifier: string, fromFile: string, kind: Kind): readonly string[] {
  return packageTargets(manifests.nearest(dirname(fromFile))?.imports, specifier, kind);
}

/** The `_moduleAliases` of the module-alias package: `{ "@lib": "dist/lib" }`. */
function aliasTargets(manifest: Manifest | undefined, specifier: string): readonly string[] {
  if (manifest === undefined) return [];
  return Object.entries(manifest.moduleAliases).flatMap(([alias, target]) =>
    typeof target === 'string' && (specifier === alias || specifier.startsWith(`${alias}/`))
      ? join(resolve(manifest.folder, target), specifier.slice(alias.length))
      : [],
  );
}

/** A package whose source is in the root: the file's own, one of the workspace, or one that a dependency points at by its folder. */
function localPackage({ root, manifests, workspaceFolder }: ResolveContext, name: string, fromFile: string): Manifest | undefined {
  const own = manifests.nearest(dirname(fromFile));
  // A program that carries the name of a package it depends on means the package.
  if (own?.name === name && own.dependencies[name] === undefined) return own;
  for (const dependent of [own, manifests.in(root)]) {
    const path = LOCAL_RANGE.exec(String(dependent?.dependencies[name]))?.[1];
    const folder = path === undefined ? undefined : resolve(dependent!.folder, path);
    if (folder !== undefined && isInside(root, folder)) return manifests.in(folder);
  }
  const folder = workspaceFolder(name);
  return folder === undefined ? undefined : manifests.in(folder);
}

function locateInPackage(context: ResolveContext, manifest: Manifest, subpath: string, fromFile: string, kind: Kind): Found | undefined {
  const { folder } = manifest;
  const key = subpath === '' ? '.' : `./${subpath}`;
  const candidates = packageTargets(manifest.exports, key, kind);
  const plain = subpath === '' ? [...manifest.mains, 'src/index', 'index', 'src/main', 'lib/index'] : [subpath, `src/${subpath}`];
  for (const target of [...candidates, ...plain]) {
    const found = locateSource(context, resolve(folder, target), fromFile, kind);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The file that a path names. Built output that does not exist, or that git leaves out, stands for its source. */
function locateSource(context: ResolveContext, path: string, fromFile: string, kind: Kind): Found | undefined {
  if (!isInside(context.root, path)) return undefined;
  const exact = locateFile(context, path, fromFile);
  if (exact !== undefined && !context.isOutput(exact.file)) return exact;
  const packageFolder = context.manifests.nearest(dirname(path))?.folder ?? context.root;
  for (const candidate of sourceCandidates(path.replace(/\/$/, ''), packageFolder, compilationAt(context, dirname(path)))) {
    const source = candidate === path ? undefined : locateFile(context, candidate, fromFile);
    if (source !== undefined && !context.isOutput(source.file)) return source;
  }
  if (exact !== undefined) return exact;
  // require('../packages/shared') where its package.json names a main that is not built
  const manifest = context.manifests.in(path.replace(/\/$/, ''));
  if (manifest === undefined || manifest.folder === context.root) return undefined;
  for (const main of [...manifest.mains, ...packageTargets(manifest.exports, '.', kind), 'src/index']) {
    const target = resolve(manifest.folder, main);
    const found = target === manifest.folder ? undefined : locateMain(context, target, manifest, fromFile);
    if (found !== undefined) return found;
  }
  return undefined;
}

function locateMain(context: ResolveContext, target: string, manifest: Manifest, fromFile: string): Found | undefined {
  for (const candidate of [target, ...sourceCandidates(target, manifest.folder, compilationAt(context, manifest.folder))]) {
    const found = locateFile(context, candidate, fromFile);
    if (found !== undefined) return found;
  }
  return undefined;
}

function compilationAt({ tsconfigs, commonFolder }: ResolveContext, folder: string): Compilation | undefined {
  return compilationOf(tsconfigs.above(folder)[0], commonFolder);
}

function locateFile({ root, disk, locator, onMissing }: ResolveContext, path: string, fromFile: string): Found | undefined {
  if (!isInside(root, path)) return undefined;
  const file = locator.locate(path, fromFile);
  if (file === undefined) {
    onMissing(path);
    return undefined;
  }
  if (!file.startsWith(stemOf(path)) || file.startsWith(`${stemOf(path)}/`)) rememberDetour(disk, path);
  if (!isInside(root, file) || hasSegment(file.slice(root.length), 'node_modules')) return undefined;
  if (dialectOf(file) !== undefined) return { kind: 'file', file };
  return extname(file) === '.json' ? { kind: 'json', file } : undefined;
}

/** `/app/routes.js` → `/app/routes`, `/app/routes/` → `/app/routes` */
export function stemOf(path: string): string {
  return path.replace(/\/$/, '').replace(/\.[cm]?[jt]sx?$/, '');
}

/** What leads a path to a file of another name is a symlink, or the package.json of a folder; whether they still do has to be looked at. */
function rememberDetour(disk: Disk, path: string): void {
  disk.read(join(path, 'package.json'), MAX_JSON_BYTES);
  const folder = dirname(path);
  disk.realPath(folder);
  for (const { name } of disk.list(folder) ?? []) if (join(folder, name).startsWith(stemOf(path))) disk.realPath(join(folder, name));
}

function missing(specifier: string, why: string): Resolution {
  return { kind: 'missing', reason: `'${specifier}' ${why}` };
}
