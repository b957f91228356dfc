import type { Interpreter } from '../../interpreter/interpreter.ts';
import { HeapObject, type NativeCall, UNDEFINED, type Value, isCallable } from '../../interpreter/values.ts';

/** How a dynamic module gets its options: the members of the provider beside `provide`, and the providers that it needs. */
export interface OptionsProvider {
  readonly members: readonly (readonly [PropertyKey, Value])[];
  readonly further: readonly Value[];
}

/**
 * What `forRootAsync({ useFactory, inject })`, `({ useClass })` and `({ useExisting })` say. `method` is the one that a
 * class of options has to have, such as `createGqlOptions`.
 */
export function asyncOptions({ interpreter, args: [options], site }: NativeCall, method: string): OptionsProvider {
  const read = (name: string): Value => (options instanceof HeapObject ? interpreter.get(options, name, site) : UNDEFINED);
  const factory = read('useFactory');
  if (isCallable(factory)) return { members: [['useFactory', factory], ['inject', read('inject')]], further: [] };
  const [own, other] = [read('useClass'), read('useExisting')];
  return {
    members: [['useFactory', callerOf(interpreter, method)], ['inject', interpreter.array([own instanceof HeapObject ? own : other])]],
    further: own instanceof HeapObject ? [own] : [],
  };
}

function callerOf(interpreter: Interpreter, method: string): Value {
  return interpreter.native(method, ({ args: [service], site }) => (service ? interpreter.call(interpreter.get(service, method, site), service, [], site) : UNDEFINED));
}
