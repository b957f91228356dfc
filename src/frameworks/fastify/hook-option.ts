import type { Interpreter } from '../../interpreter/interpreter.ts';
import { HeapObject, Primitive, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { BEFORE_HANDLER, type BeforeHandler } from './state.ts';

/** `addHook: 'preParsing'`: the hook that an option names, `onRequest` where it names none. */
export function hookIn(interpreter: Interpreter, options: Value, option: string, site: Site): BeforeHandler {
  const value = options instanceof HeapObject ? interpreter.get(options, option, site) : UNDEFINED;
  const name = value instanceof Primitive ? BEFORE_HANDLER.find((hook) => hook === value.value) : undefined;
  return name ?? 'onRequest';
}
