import type { Interpreter } from '../../interpreter/interpreter.ts';
import { HeapObject, NativeFunction, Primitive, RegExpObject, type Site, UNDEFINED, type Value, isCallable } from '../../interpreter/values.ts';
import { declaredVersion, majorOf } from '../package-version.ts';
import { loadEncapsulated } from './loading.ts';
import { createChildScope } from './scopes.ts';
import { type Scope, SKIP_OVERRIDE } from './state.ts';

const SCRIPT = /(?:(?:^.?|\.[^d]|[^.]d|[^.][^d])\.ts|\.js|\.cjs|\.mjs|\.cts|\.mts)$/i;
const INDEX = /^index(?:\.ts|\.js|\.cjs|\.mjs|\.cts|\.mts)$/i;
const AUTOHOOKS = /^[_.]?auto_?hooks(?:\.ts|\.js|\.cjs|\.mjs|\.cts|\.mts)$/i;

/** Loads one plugin with its options into a scope. */
type LoadPlugin = (scope: Scope, plugin: Value, options: Value) => void;

/** One folder: its plugins, and the hook files that count for them. */
interface Folder {
  /** Folders of one key are one. */
  readonly key: string;
  readonly plugins: { readonly file: string; readonly prefix: string }[];
  hooks: readonly string[];
}

interface Settings {
  readonly options: HeapObject;
  readonly site: Site;
  readonly directory: string;
  readonly maxDepth: number;
  /** Before version 6, folders with one prefix have one list of hook files: that of the last. */
  readonly isByPrefix: boolean;
  /** Under which hook files and what stands beside them are registered. */
  readonly hooksPrefix: string;
  readonly patterns: { readonly script: RegExp; readonly index: RegExp; readonly autohooks: RegExp; readonly ignored: RegExp | undefined };
}

/** What @fastify/autoload registers for a folder, by its own rules. */
export function autoload(interpreter: Interpreter, scope: Scope, options: Value, site: Site, loadPlugin: LoadPlugin): void {
  if (!(options instanceof HeapObject)) return;
  const directory = interpreter.toText(interpreter.get(options, 'dir', site))?.text.replace(/^file:\/\//, '').replace(/(.)\/+$/, '$1');
  if (directory === undefined) return;
  const depth = interpreter.get(options, 'maxDepth', site);
  const settings: Settings = {
    options, site, directory, hooksPrefix: '',
    isByPrefix: (majorOf(declaredVersion(interpreter.loader, '@fastify/autoload', site.module.file)) ?? (scope.application.major === 4 ? 5 : 6)) < 6,
    maxDepth: depth instanceof Primitive && typeof depth.value === 'number' ? depth.value : Number.POSITIVE_INFINITY,
    patterns: {
      script: patternIn(interpreter, options, 'scriptPattern', site) ?? SCRIPT,
      index: patternIn(interpreter, options, 'indexPattern', site) ?? INDEX,
      autohooks: patternIn(interpreter, options, 'autoHooksPattern', site) ?? AUTOHOOKS,
      ignored: patternIn(interpreter, options, 'ignorePattern', site),
    },
  };
  const folders: Folder[] = [];
  collect(interpreter, settings, directory, { prefix: '', depth: 0, hooks: [] }, folders);
  const common = settings.isByPrefix ? '' : commonPrefix(interpreter, scope, settings, folders);
  for (const folder of folders) registerFolder(interpreter, scope, { ...settings, hooksPrefix: common }, folder, loadPlugin);
}

/**
 * Since 6.4, where all plugins that have a prefix have the same one, hook files and what stands beside them are registered
 * under it, also where the plugin has none of its own.
 */
function commonPrefix(interpreter: Interpreter, scope: Scope, settings: Settings, folders: readonly Folder[]): string {
  if (folders.every(({ hooks }) => hooks.length === 0)) return '';
  const prefixes = new Set(folders.flatMap((folder) => pluginsOf(interpreter, settings, folder)).map((entry) => prefixIn(pluginOptions(interpreter, scope, settings, entry))).filter((prefix) => prefix !== ''));
  const [first = ''] = prefixes;
  return prefixes.size === 1 ? first : '';
}

function prefixIn(options: HeapObject): string {
  const prefix = options.properties.get('prefix');
  return prefix instanceof Primitive && typeof prefix.value === 'string' ? prefix.value : '';
}

function patternIn(interpreter: Interpreter, options: HeapObject, name: string, site: Site): RegExp | undefined {
  const value = interpreter.get(options, name, site);
  try {
    if (value instanceof RegExpObject) return new RegExp(value.source, value.flags.replace(/[gy]/g, ''));
    return value instanceof Primitive && typeof value.value === 'string' ? new RegExp(value.value) : undefined;
  } catch {
    return undefined;
  }
}

function isOn(interpreter: Interpreter, { options, site }: Settings, name: string): boolean {
  const value = interpreter.get(options, name, site);
  return value instanceof Primitive && value.value === true;
}

function collect(interpreter: Interpreter, settings: Settings, directory: string, at: { prefix: string; depth: number; hooks: readonly string[] }, folders: Folder[]): void {
  const { loader } = interpreter;
  const { patterns } = settings;
  const entries = loader.list(directory) ?? [];
  const key = settings.isByPrefix ? at.prefix || '/' : directory;
  let folder = folders.find((known) => known.key === key);
  if (!folder) folders.push(folder = { key, plugins: [], hooks: [] });
  let hooks: readonly string[] = [];
  if (isOn(interpreter, settings, 'autoHooks')) {
    const own = entries.find((e) => patterns.autohooks.test(e.name));
    const inherited = own && isOn(interpreter, settings, 'overwriteHooks') ? [] : at.hooks;
    hooks = own ? [...inherited, `${directory}/${own.name}`] : at.hooks;
    folder.hooks = hooks;
  }
  const index = entries.find((e) => patterns.index.test(e.name));
  if (index) {
    addPlugin(interpreter, settings, folder, `${directory}/${index.name}`, at.prefix);
    if (entries.every((e) => e.kind !== 'folder')) return;
  }
  for (const entry of entries) {
    const path = `${directory}/${entry.name}`;
    if (patterns.ignored?.test(path.slice(settings.directory.length + 1))) continue;
    if (entry.kind === 'folder' && settings.maxDepth > at.depth) {
      const prefix = (at.prefix === '' ? '/' : `${at.prefix}/`) + folderPrefix(interpreter, settings, directory, entry.name);
      const passedOn = isOn(interpreter, settings, 'autoHooks') && isOn(interpreter, settings, 'cascadeHooks') ? hooks : [];
      collect(interpreter, settings, path, { prefix, depth: at.depth + 1, hooks: passedOn }, folders);
    } else if (!index && entry.kind === 'file' && patterns.script.test(entry.name) && !patterns.autohooks.test(entry.name)) {
      addPlugin(interpreter, settings, folder, path, at.prefix);
    }
  }
}

function folderPrefix(interpreter: Interpreter, { options, site }: Settings, directory: string, name: string): string {
  const choice = interpreter.get(options, 'dirNameRoutePrefix', site);
  if (isCallable(choice)) return interpreter.toText(interpreter.call(choice, UNDEFINED, [new Primitive(directory), new Primitive(name)], site))?.text ?? '';
  return choice instanceof Primitive && choice.value === false ? '' : name;
}

function addPlugin(interpreter: Interpreter, settings: Settings, folder: Folder, file: string, prefix: string): void {
  const path = file.slice(settings.directory.length);
  const { options, site } = settings;
  const only = interpreter.get(options, 'matchFilter', site);
  const without = interpreter.get(options, 'ignoreFilter', site);
  if (isSet(only) && !filters(interpreter, only, path, site)) return;
  if (isSet(without) && filters(interpreter, without, path, site)) return;
  folder.plugins.push({ file, prefix });
}

function isSet(value: Value): boolean {
  return !(value instanceof Primitive && (value.value === undefined || value.value === null));
}

function filters(interpreter: Interpreter, filter: Value, path: string, site: Site): boolean {
  if (filter instanceof Primitive) return path.includes(String(filter.value));
  if (filter instanceof RegExpObject) return new RegExp(filter.source, filter.flags).test(path);
  return interpreter.isTrue(interpreter.call(filter, UNDEFINED, [new Primitive(path)], site), site) !== false;
}

function registerFolder(interpreter: Interpreter, parent: Scope, settings: Settings, folder: Folder, loadPlugin: LoadPlugin): void {
  if (folder.hooks.length === 0) {
    registerPlugins(interpreter, parent, settings, folder, loadPlugin);
    return;
  }
  const scope = createChildScope(interpreter, parent, settings.hooksPrefix);
  const given = interpreter.object(settings.hooksPrefix === '' ? [] : [['prefix', new Primitive(settings.hooksPrefix)]]);
  loadEncapsulated(interpreter, scope, given, settings.site, () => {
    for (const file of folder.hooks) {
      const hook = exportOf(interpreter, file, settings.site);
      if (hook instanceof HeapObject && isCallable(hook)) interpreter.heap.setProperty(hook, SKIP_OVERRIDE, new Primitive(true));
      loadPlugin(scope, hook, UNDEFINED);
    }
    registerPlugins(interpreter, scope, settings, folder, loadPlugin, settings.hooksPrefix);
  });
}

/** The file's default export, or what it assigns to `module.exports`. */
function exportOf(interpreter: Interpreter, file: string, site: Site): Value {
  const module = interpreter.modules.exportOf(file, '*', site);
  if (!(module instanceof HeapObject) || isCallable(module)) return module;
  const inner = interpreter.get(module, 'default', site);
  return isSet(inner) && !(inner.kind === 'unknown') ? inner : module;
}

/** A file that is registered. */
interface Entry {
  readonly file: string;
  readonly prefix: string;
  readonly plugin: Value;
  readonly module: Value;
}

function pluginsOf(interpreter: Interpreter, { site }: Settings, { plugins }: Folder): readonly Entry[] {
  return plugins.map(({ file, prefix }) => ({ file, prefix, plugin: exportOf(interpreter, file, site), module: interpreter.modules.exportOf(file, '*', site) })).filter(({ plugin, module }) => isPlugin(plugin) && !declines(interpreter, plugin, module, site));
}

/** `around`: the prefix of the instance, which those of the plugins begin with. */
function registerPlugins(interpreter: Interpreter, scope: Scope, settings: Settings, folder: Folder, loadPlugin: LoadPlugin, around = ''): void {
  const { site } = settings;
  const found = pluginsOf(interpreter, settings, folder);
  const done = new Set<string>();
  const register = (entry: Entry, open: ReadonlySet<string>): void => {
    if (done.has(entry.file) || open.has(entry.file)) return;
    for (const name of dependenciesOf(interpreter, entry.plugin, site)) {
      const needed = found.find((other) => nameOf(interpreter, other.plugin, site) === name);
      if (needed) register(needed, new Set([...open, entry.file]));
    }
    done.add(entry.file);
    const options = pluginOptions(interpreter, scope, settings, entry);
    const prefix = prefixIn(options);
    if (around !== '' && prefix.startsWith(around)) interpreter.heap.setProperty(options, 'prefix', new Primitive(prefix.slice(around.length)));
    loadPlugin(scope, asPlugin(interpreter, entry.plugin, site), options);
  };
  for (const entry of found) register(entry, new Set());
}

function isPlugin(value: Value): boolean {
  return isCallable(value) || value.kind === 'external' || (value instanceof HeapObject && value.properties.has('method'));
}

function declines(interpreter: Interpreter, plugin: Value, module: Value, site: Site): boolean {
  return [plugin, module].some((holder) => {
    const value = holder instanceof HeapObject ? interpreter.get(holder, 'autoload', site) : UNDEFINED;
    return value instanceof Primitive && value.value === false;
  });
}

/** module.exports = { method: 'GET', url: '/', handler } */
function asPlugin(interpreter: Interpreter, plugin: Value, site: Site): Value {
  if (!(plugin instanceof HeapObject) || isCallable(plugin)) return plugin;
  return new NativeFunction(interpreter.realm.functionPrototype, 'route', ({ args }) => {
    const [instance] = args;
    return instance ? interpreter.call(interpreter.get(instance, 'route', site), instance, [plugin], site) : UNDEFINED;
  });
}

function metaOf(interpreter: Interpreter, plugin: Value, site: Site): HeapObject | undefined {
  const meta = plugin instanceof HeapObject ? interpreter.get(plugin, Symbol.for('plugin-meta'), site) : undefined;
  return meta instanceof HeapObject ? meta : undefined;
}

function nameOf(interpreter: Interpreter, plugin: Value, site: Site): string | undefined {
  const meta = metaOf(interpreter, plugin, site);
  return meta && interpreter.toText(interpreter.get(meta, 'name', site))?.text;
}

function dependenciesOf(interpreter: Interpreter, plugin: Value, site: Site): string[] {
  const meta = metaOf(interpreter, plugin, site);
  if (!meta) return [];
  return interpreter.iterate(interpreter.get(meta, 'dependencies', site), site).elements.flatMap((name) => interpreter.toText(name)?.text ?? []);
}

/** `autoConfig` of the file, then `options` of the call, then the prefix of the folder or what the file says in its place. */
function pluginOptions(interpreter: Interpreter, scope: Scope, settings: Settings, entry: Entry): HeapObject {
  const { options, site } = settings;
  const { heap } = interpreter;
  const own = (name: string): Value => {
    const value = [entry.plugin, entry.module].flatMap((holder) => (holder instanceof HeapObject ? [interpreter.get(holder, name, site)] : [])).find((v) => isSet(v) && v.kind !== 'unknown');
    return value ?? UNDEFINED;
  };
  const merged = interpreter.object();
  const config = own('autoConfig');
  const shared = interpreter.get(options, 'options', site);
  for (const part of [isCallable(config) ? interpreter.call(config, UNDEFINED, [scope.instance], site) : config, shared]) {
    if (part instanceof HeapObject) {
      for (const [key, value] of interpreter.ownEntries(part, site).entries) heap.setProperty(merged, String(key.value), value);
      if (part.open !== undefined) heap.setOpen(merged, part.open);
    } else if (part.kind === 'unknown' || part.kind === 'external') heap.setOpen(merged, 'options that could not be followed');
  }
  const text = (value: Value): string | undefined => interpreter.toText(value)?.text;
  const declared = own('autoPrefix');
  const folderPrefix = isSet(declared)
    ? (isOn(interpreter, settings, 'appendAutoPrefix') && entry.prefix !== '' ? `${entry.prefix}/${text(declared) ?? ''}` : text(declared) ?? '')
    : entry.prefix;
  const override = own('prefixOverride');
  const base = merged.properties.get('prefix');
  const before = base && base.kind === 'primitive' && typeof base.value === 'string' ? base.value.replace(/\/$/, '') : '';
  if (isSet(override)) heap.setProperty(merged, 'prefix', override);
  else if (folderPrefix !== '') heap.setProperty(merged, 'prefix', new Primitive(withParameters(interpreter, settings, before + folderPrefix.replace(/\/+/g, '/'))));
  else if (before !== '') heap.setProperty(merged, 'prefix', new Primitive(before));
  return merged;
}

/** `routeParams`: a folder `_id` is `:id`, `a__b` is `a:b`. */
function withParameters(interpreter: Interpreter, settings: Settings, prefix: string): string {
  if (!isOn(interpreter, settings, 'routeParams')) return prefix;
  if (prefix.includes('__')) return prefix.replace(/__/g, ':');
  return prefix.replace(/\/_/g, '/:');
}

