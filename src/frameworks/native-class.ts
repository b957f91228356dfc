import type { Interpreter } from '../interpreter/interpreter.ts';
import type { NativeFunction} from '../interpreter/values.ts';
import { HeapObject, type NativeCall, type NativeImplementation, type Value } from '../interpreter/values.ts';

export interface NativeClassDetails {
  readonly methods?: Readonly<Record<string, NativeImplementation>>;
  readonly statics?: Readonly<Record<string, NativeImplementation>>;
  /** Runs on the instance, also on one that a subclass has begun. */
  readonly initialize?: (instance: HeapObject, call: NativeCall) => void;
}

/** A class of a package that programs instantiate, inject and extend. */
export function nativeClass(interpreter: Interpreter, name: string, { methods = {}, statics = {}, initialize }: NativeClassDetails): NativeFunction {
  const prototype = interpreter.object();
  const created = interpreter.native(name, (call): Value => {
    const isBegun = call.isNew && call.receiver instanceof HeapObject;
    const instance = isBegun && call.receiver instanceof HeapObject ? call.receiver : interpreter.object(undefined, call.site);
    if (!isBegun) instance.prototype = prototype;
    initialize?.(instance, call);
    return instance;
  });
  created.properties.set('prototype', prototype);
  prototype.properties.set('constructor', created);
  for (const [key, implementation] of Object.entries(methods)) prototype.properties.set(key, interpreter.native(key, implementation));
  for (const [key, implementation] of Object.entries(statics)) created.properties.set(key, interpreter.native(key, implementation));
  return created;
}
