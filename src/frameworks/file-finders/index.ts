import { posix } from 'node:path';
import { runLater } from '../../interpreter/builtins/later.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ArrayObject, External, HeapObject, ModelObject, type NativeCall, NULL, Primitive, UNDEFINED, type Value, isCallable } from '../../interpreter/values.ts';
import type { PackageModel } from '../framework.ts';
import { declaredVersion, majorOf } from '../package-version.ts';
import { globPattern } from './glob-pattern.ts';

/** How a package is called: what its functions are named, by whether they answer at once. */
interface Finder {
  readonly atOnce: readonly string[];
  readonly later: readonly string[];
  /** Folders are found as well, unless it is told not to. */
  readonly findsFolders: boolean;
}

const FINDERS: ReadonlyMap<string, Finder> = new Map([
  ['glob', { atOnce: ['sync', 'globSync'], later: ['default', 'glob'], findsFolders: true }],
  ['fast-glob', { atOnce: ['sync', 'globSync'], later: ['default', 'async', 'glob'], findsFolders: false }],
  ['globby', { atOnce: ['sync', 'globbySync'], later: ['default', 'globby'], findsFolders: false }],
  ['tinyglobby', { atOnce: ['globSync'], later: ['glob'], findsFolders: false }],
]);

/**
 * Packages that find files by patterns. Programs load their routes, controllers or models so.
 *
 *     for (const file of globSync('./app/routes/*.js')) require(path.resolve(file))(app)
 */
export function createFileFinders(): PackageModel {
  const made = new Map<string, Value>();

  const exported = (interpreter: Interpreter, external: External, name: string): Value | undefined => {
    const finder = FINDERS.get(external.package) as Finder;
    const isLater = finder.later.includes(name);
    if (!isLater && !finder.atOnce.includes(name) && name !== '*') return undefined;
    const key = `${external.package} ${name}`;
    const known = made.get(key) ?? new ModelObject(interpreter.realm.functionPrototype, {
      isFollowed: true,
      name: 'file finder',
      call: (_, _self, receiver, args, site) => find({ interpreter, receiver, args, site, isNew: false }, external, finder, isLater || name === '*'),
      get: (_, self, member, site) => {
        if (typeof member !== 'string') return undefined;
        if (member === 'default') return self;
        return exported(interpreter, external, member) ?? (self.properties.has(member) ? undefined : new External({ step: 'get', package: external.package, base: external, name: member, site }));
      },
    }, undefined);
    made.set(key, known);
    return known;
  };

  return {
    packages: [...FINDERS.keys()],
    // Nothing is registered by it: who registers what is found is evaluated for that.
    isFollowed: true,
    entry: /(?!)/,
    importPackage: (interpreter, external) => (FINDERS.has(external.package) && external.subpath === '' ? exported(interpreter, external, external.name) : undefined),
    owns: (value) => value instanceof ModelObject && value.behaviour.name === 'file finder',
  };
}

function find(call: NativeCall, external: External, finder: Finder, isLater: boolean): Value {
  const { interpreter, args, site } = call;
  const found = filesFor(call, external, finder);
  if (!found) return new External({ step: 'call', package: external.package, base: external, args, site });
  const files = interpreter.array(found.map((file) => new Primitive(file)), site);
  if (!isLater) return files;
  // glob(pattern, (error, files) => …)      before version 9
  const callback = args.findLast((arg, index) => index > 0 && isCallable(arg));
  if (callback) {
    runLater(call, callback, [NULL, files]);
    return UNDEFINED;
  }
  return interpreter.promise('fulfilled', files, site);
}

/** Undefined where the patterns are not known, or no folder of the project is where they point. */
function filesFor(call: NativeCall, external: External, { findsFolders }: Finder): readonly string[] | undefined {
  const { interpreter, args: [given, options], site } = call;
  const { loader } = interpreter;
  const option = (name: string): Value => (options instanceof HeapObject && !isCallable(options) ? interpreter.get(options, name, site) : UNDEFINED);
  const cwd = textsOf(interpreter, option('cwd'));
  const patterns = textsOf(interpreter, given ?? UNDEFINED);
  const ignored = textsOf(interpreter, option('ignore'));
  if (!cwd || !patterns || patterns.length === 0 || !ignored) return undefined;
  const base = posix.resolve(loader.root, cwd[0] ?? '.');
  const isOn = (name: string): boolean => interpreter.isTrue(option(name), site) === true;
  const includesFolders = findsFolders && !isOn('nodir') && !isOn('onlyFiles');
  const excluded = [...ignored, ...patterns.filter(excludes).map((pattern) => pattern.slice(1))].map((pattern) => globPattern(pattern)?.matches);
  const keepsDot = external.package === 'glob' && (majorOf(declaredVersion(loader, 'glob', site.module.file)) ?? 9) < 9;
  const files: string[] = [];
  for (const source of patterns.filter((pattern) => !excludes(pattern))) {
    const isAbsolute = source.startsWith('/');
    const pattern = globPattern(source);
    const start = pattern && posix.resolve(base, pattern.folder === '' && isAbsolute ? '/' : pattern.folder);
    if (!pattern || !start || !loader.list(start)) return undefined;
    for (const path of listDeep(interpreter, start, includesFolders)) {
      const relative = posix.relative(base, path);
      const compared = isAbsolute ? path : relative;
      if (!pattern.matches.test(compared) || excluded.some((matches) => matches?.test(compared))) continue;
      files.push(isAbsolute || isOn('absolute') ? path : keepsDot && source.startsWith('./') ? `./${relative}` : relative);
    }
  }
  return [...new Set(files)];
}

/** globby(['routes/*.js', '!routes/index.js']); not !(index).js */
function excludes(pattern: string): boolean {
  return pattern.startsWith('!') && !pattern.startsWith('!(');
}

function textsOf(interpreter: Interpreter, value: Value): readonly string[] | undefined {
  const settled = interpreter.settle(value);
  if (settled instanceof Primitive && settled.value === undefined) return [];
  const all = (settled instanceof ArrayObject ? settled.open === undefined && settled.elements : [settled]) || [UNDEFINED];
  const texts = all.map((element) => interpreter.toText(element)?.text);
  return texts.every((text) => text !== undefined && text !== 'undefined') ? texts as string[] : undefined;
}

function listDeep(interpreter: Interpreter, folder: string, includesFolders: boolean): readonly string[] {
  return (interpreter.loader.list(folder) ?? []).flatMap(({ name, kind }) => {
    interpreter.countStep();
    const path = posix.join(folder, name);
    if (kind === 'file') return [path];
    if (name === 'node_modules') return [];
    return [...(includesFolders ? [path] : []), ...listDeep(interpreter, path, includesFolders)];
  });
}
