import { Interpreter } from '../../../src/interpreter/interpreter.ts';
import type { Branching } from '../../../src/interpreter/host.ts';
import type { DirectoryEntry, Loader } from '../../../src/interpreter/modules/loader.ts';
import { ThrowSignal } from '../../../src/interpreter/signals.ts';
import { ABSENT, CLIENT, FRESH, type Labels, SECRET } from '../../../src/interpreter/labels.ts';
import { ArrayObject, CollectionObject, HeapObject, isCallable, Primitive, PromiseObject, UNDEFINED, Union, Unknown, type Value } from '../../../src/interpreter/values.ts';
import { createParse } from '../../../src/project/parse.ts';

const ROOT = '/project';
const parse = createParse();

/** Stands for a value that the interpreter does not know. */
export const UNKNOWN = '«unknown»';

export interface Evaluated {
  readonly value: Value;
  /** Plain data; `UNKNOWN` in place of what is not known; `{ thrown }` where the text throws. */
  readonly data: unknown;
  readonly interpreter: Interpreter;
}

export interface Surroundings {
  /** Further files, by path relative to the root. */
  readonly files?: Readonly<Record<string, string>>;
  readonly branching?: Branching;
}

/** Globals of the evaluated text that stand for values of each kind. */
function sampleValues(): [string, Value][] {
  return [
    ['absent', new Primitive(undefined, ABSENT)],
    ['absentText', new Primitive('', ABSENT)],
    ['client', new Unknown('from the client', { labels: CLIENT, identity: 'client' })],
    ['fresh', new Unknown('a path parameter', { labels: CLIENT | FRESH, identity: 'fresh' })],
    ['secret', new Unknown('a secret', { labels: SECRET, identity: 'secret' })],
    ['setting', new Unknown('a setting', { identity: 'setting' })],
    ['other', new Unknown('another setting', { identity: 'other' })],
    ['opaque', new Unknown('not followed')],
  ];
}

/** Evaluates an expression as the value of a CommonJS module in the root. */
export function evaluate(expression: string, surroundings: Surroundings = {}): Evaluated {
  return evaluateBody(`result = (${expression});`, surroundings);
}

/** Evaluates statements that assign to `result`. */
export function evaluateBody(body: string, surroundings: Surroundings = {}): Evaluated {
  const text = `let result; function main() { ${body} } module.exports = () => { main(); return result; };`;
  const interpreter = new Interpreter(memoryLoader({ ...surroundings.files, 'main.js': text }), {
    importPackage: () => undefined, getMember: () => undefined, callExternal: () => undefined, concerns: () => true, keepsState: () => false, keepsDecorations: () => false, forgetDecorations: () => {}, turnsAway: () => false, runsAtImport: () => false,
  });
  for (const [name, value] of sampleValues()) interpreter.realm.globals.set(name, value);
  const record = interpreter.modules.evaluate(`${ROOT}/main.js`);
  const failure = interpreter.modules.failures.get(`${ROOT}/main.js`);
  if (!record || failure !== undefined) throw new Error(`main.js ${failure}`);
  const site = { module: record.module, start: 0, end: 0 };
  const main = interpreter.get(record.moduleObject, 'exports', site);
  if (surroundings.branching) interpreter.branching = surroundings.branching;
  try {
    const value = interpreter.caught(() => interpreter.call(main, UNDEFINED, [], site));
    return { value, data: toData(interpreter, value), interpreter };
  } catch (signal) {
    if (!(signal instanceof ThrowSignal)) throw signal;
    const thrown = interpreter.get(signal.value, 'name', site);
    return { value: signal.value, data: { thrown: toData(interpreter, thrown) }, interpreter };
  }
}

export function toData(interpreter: Interpreter, value: Value): unknown {
  if (value instanceof Primitive) return value.value;
  if (value instanceof Union) return { oneOf: value.options.map((option) => (option.value ? toData(interpreter, option.value) : undefined)) };
  if (!(value instanceof HeapObject)) return UNKNOWN;
  if (value instanceof ArrayObject) {
    const elements = value.elements.map((element) => toData(interpreter, element));
    return value.open === undefined ? elements : [...elements, '…'];
  }
  if (value instanceof CollectionObject) return value.entries.map((entry) => entry.map((part) => toData(interpreter, part)));
  if (value instanceof PromiseObject) return { [value.state]: toData(interpreter, value.result) };
  if (isCallable(value)) return 'function';
  const entries = [...value.properties].filter(([key]) => typeof key === 'string' && key !== 'stack');
  return Object.fromEntries(entries.map(([key, slot]) => [key, slot.kind === 'accessor' ? 'accessor' : toData(interpreter, slot)]));
}

export function labelsIn(value: Value): Labels {
  return value.kind === 'union' ? 0 : value.labels;
}

function memoryLoader(files: Readonly<Record<string, string>>): Loader {
  const texts = new Map(Object.entries(files).map(([path, text]) => [`${ROOT}/${path}`, text]));
  const entriesOf = (folder: string): DirectoryEntry[] => {
    const names = new Map<string, 'file' | 'folder'>();
    for (const path of texts.keys()) {
      if (!path.startsWith(`${folder}/`)) continue;
      const [name = '', ...rest] = path.slice(folder.length + 1).split('/');
      names.set(name, rest.length > 0 ? 'folder' : 'file');
    }
    return [...names].map(([name, kind]) => ({ name, kind })).sort((left, right) => (left.name < right.name ? -1 : 1));
  };
  return {
    root: ROOT,
    load: (file) => {
      const text = texts.get(file);
      return text === undefined ? { ok: false, file, reason: 'does not exist' } : parse(file, text);
    },
    text: (file) => texts.get(file),
    resolve: (specifier, fromFile) => {
      if (!specifier.startsWith('.') && !specifier.startsWith('/')) return { kind: 'builtin', name: specifier.replace(/^node:/, '') };
      const base = specifier.startsWith('/') ? specifier : new URL(specifier, `file://${fromFile}`).pathname;
      const file = [base, `${base}.js`].find((path) => texts.has(path));
      return file === undefined ? { kind: 'missing', reason: `${specifier} leads nowhere` } : { kind: 'file', file };
    },
    list: (folder) => {
      const entries = entriesOf(folder);
      return entries.length > 0 ? entries : undefined;
    },
    kindOf: (path) => (texts.has(path) ? 'file' : entriesOf(path).length > 0 || path === ROOT ? 'folder' : undefined),
    readText: (path) => texts.get(path),
  };
}
