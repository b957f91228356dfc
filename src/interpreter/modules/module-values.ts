import { jsonValue } from '../builtins/json.ts';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from './loader.ts';
import { Primitive, type Site, type Value } from '../values.ts';

export function importMeta(interpreter: Interpreter, module: LoadedModule, site: Site): Value {
  const meta = interpreter.object([
    ['url', new Primitive(`file://${module.file}`)],
    ['filename', new Primitive(module.file)],
    ['dirname', new Primitive(folderOf(module.file))],
  ], site);
  meta.open = 'a member of import.meta that is not modelled';
  return meta;
}

/** What a JSON file gives. */
export function jsonModule(interpreter: Interpreter, file: string, site: Site): Value {
  const text = interpreter.loader.readText(file);
  if (text === undefined) return interpreter.unknown(`cannot be read: ${file}`, site);
  try {
    return jsonValue(interpreter, JSON.parse(text), site);
  } catch {
    interpreter.modules.failures.set(file, 'is not valid JSON');
    return interpreter.unknown(`is not valid JSON: ${file}`, site);
  }
}

export function folderOf(file: string): string {
  return file.slice(0, Math.max(file.lastIndexOf('/'), 1));
}
