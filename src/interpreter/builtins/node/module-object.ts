import type { Interpreter } from '../../interpreter.ts';
import { HeapObject, type Value } from '../../values.ts';
import { defineFunctions, type Natives } from '../define.ts';

/** The exports of a Node module. Those that are left out give unknown values. */
export function createModuleObject(interpreter: Interpreter, name: string, functions: Natives, others: Readonly<Record<string, Value>> = {}): HeapObject {
  const { realm } = interpreter;
  const module = new HeapObject(realm.objectPrototype);
  module.open = `an export of node:${name} that is not modelled`;
  defineFunctions(realm.functionPrototype, module, functions);
  for (const [key, value] of Object.entries(others)) module.properties.set(key, value);
  return module;
}

/** A module that exports globals. */
export function moduleOfGlobals(interpreter: Interpreter, name: string, globals: readonly string[]): HeapObject {
  return createModuleObject(interpreter, name, {}, Object.fromEntries(globals.map((global) => [global, interpreter.realm.globals.get(global) as Value])));
}
