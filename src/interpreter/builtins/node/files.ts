import { posix } from 'node:path';
import type { DirectoryEntry } from '../../modules/loader.ts';
import { SECRET } from '../../labels.ts';
import { ArrayObject, type HeapObject, type NativeCall, Primitive, type Value } from '../../values.ts';
import { bytesOf } from '../buffer.ts';
import { argument, objectWithFunctions } from '../define.ts';
import { known, mergedLabels, unknownFunctionResult } from '../results.ts';
import { textOfUrl } from '../url.ts';

/** A file that registration code looks for and does not find is not there, where it would be code or data of the project. */
const PROJECT_FILE = /\.(?:[cm]?[jt]sx?|json)$/;

/** The absolute path that a value stands for; undefined where it is not known. */
export function pathOf(call: NativeCall, value: Value): string | undefined {
  const url = textOfUrl(value)?.text;
  const text = url?.startsWith('file://') ? decodeURIComponent(new URL(url).pathname) : call.interpreter.toText(value)?.text ?? bytesOf(value);
  return text === undefined ? undefined : posix.resolve(call.interpreter.loader.root, text);
}

/** `readdirSync(folder, options)`; the elements are texts, or directory entries where the options ask for them. */
export function readFolder(call: NativeCall): Value {
  const path = pathOf(call, argument(call, 0));
  const entries = path === undefined ? undefined : call.interpreter.loader.list(path);
  if (path === undefined || !entries) return unknownFunctionResult(call, 'fs.readdir', call.args.slice(0, 1));
  const labels = mergedLabels(call.args.slice(0, 1));
  const found = isSet(call, 'recursive') ? listDeep(call, path, '') : entries.map((entry) => ({ entry, folder: '' }));
  const withTypes = isSet(call, 'withFileTypes');
  const elements = found.map(({ entry, folder }) =>
    withTypes ? directoryEntry(call, entry, posix.join(path, folder), labels) : new Primitive(posix.join(folder, entry.name), labels));
  const array = call.interpreter.array(elements, call.site);
  array.labels = labels;
  return array;
}

interface FoundEntry {
  readonly entry: DirectoryEntry;
  /** Relative to the folder that was asked for. */
  readonly folder: string;
}

function listDeep(call: NativeCall, root: string, folder: string): FoundEntry[] {
  const entries = call.interpreter.loader.list(posix.join(root, folder)) ?? [];
  return entries.flatMap((entry) => {
    call.interpreter.countStep();
    const inner = entry.kind === 'folder' ? listDeep(call, root, posix.join(folder, entry.name)) : [];
    return [{ entry, folder }, ...inner];
  });
}

function isSet(call: NativeCall, option: string): boolean {
  const options = argument(call, 1);
  if (options.kind !== 'object' || options instanceof ArrayObject) return false;
  return call.interpreter.isTrue(call.interpreter.get(options, option, call.site), call.site) === true;
}

function directoryEntry(call: NativeCall, entry: DirectoryEntry, folder: string, labels: number): HeapObject {
  return objectWithFunctions(call, kindTests(entry.kind, labels), [
    ['name', new Primitive(entry.name, labels)], ['path', new Primitive(folder, labels)], ['parentPath', new Primitive(folder, labels)],
  ]);
}

function kindTests(kind: 'file' | 'folder', labels: number) {
  return {
    isDirectory: () => new Primitive(kind === 'folder', labels),
    isFile: () => new Primitive(kind === 'file', labels),
    isSymbolicLink: () => new Primitive(false, labels),
  };
}

export function fileStatus(call: NativeCall): Value {
  const path = pathOf(call, argument(call, 0));
  const kind = path === undefined ? undefined : call.interpreter.loader.kindOf(path);
  if (kind === undefined) return unknownFunctionResult(call, 'fs.stat', call.args.slice(0, 1));
  const status = objectWithFunctions(call, kindTests(kind, mergedLabels(call.args.slice(0, 1))));
  status.open = 'the size and times of a file';
  return status;
}

export function fileExists(call: NativeCall): Value {
  const path = pathOf(call, argument(call, 0));
  const { loader } = call.interpreter;
  const subject = call.args.slice(0, 1);
  if (path === undefined) return unknownFunctionResult(call, 'fs.exists', subject);
  if (loader.kindOf(path) !== undefined) return known(true, subject);
  // Build output and uploads appear later; a module beside the others would be there now.
  return PROJECT_FILE.test(path) && loader.kindOf(posix.dirname(path)) === 'folder' ? known(false, subject) : unknownFunctionResult(call, 'fs.exists', subject);
}

/** The content of a file of the project, also where the program asked for bytes; what is read elsewhere is configuration. */
export function readFile(call: NativeCall): Value {
  const path = pathOf(call, argument(call, 0));
  const text = path === undefined ? undefined : call.interpreter.loader.readText(path);
  const subject = call.args.slice(0, 1);
  if (text !== undefined) return known(text, subject);
  const unknown = unknownFunctionResult(call, 'fs.readFile', subject);
  return call.interpreter.unknown('the content of a file', call.site, unknown.labels | SECRET, unknown.identity);
}
