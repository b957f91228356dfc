import type { Interpreter } from '../../interpreter.ts';
import { HeapObject, type NativeCall, UNDEFINED, type Value } from '../../values.ts';
import { argument, createConstructor, defineMethods, instancePrototype } from '../define.ts';
import { internalKey } from '../properties.ts';
import { createModuleObject } from './module-object.ts';

const STORE = internalKey('store');

export function createAsyncHooksModule(interpreter: Interpreter): Value {
  const { functionPrototype, objectPrototype } = interpreter.realm;
  const storage = new HeapObject(objectPrototype);
  defineMethods(functionPrototype, storage, {
    disable: () => UNDEFINED,
    enterWith: (call) => {
      enter(call, argument(call, 0));
      return UNDEFINED;
    },
    exit: (call) => within(call, UNDEFINED, argument(call, 0), call.args.slice(1)),
    getStore: (call) => {
      const slot = call.receiver instanceof HeapObject ? call.receiver.properties.get(STORE) : undefined;
      return slot && slot.kind !== 'accessor' ? slot : UNDEFINED;
    },
    run: (call) => within(call, argument(call, 0), argument(call, 1), call.args.slice(2)),
  });
  const resource = new HeapObject(objectPrototype);
  defineMethods(functionPrototype, resource, {
    runInAsyncScope: (call) => call.interpreter.call(argument(call, 0), argument(call, 1), call.args.slice(2), call.site),
  });
  const create = (prototype: HeapObject) => (call: NativeCall) => new HeapObject(instancePrototype(call, prototype), call.site);
  return createModuleObject(interpreter, 'async_hooks', {}, {
    AsyncLocalStorage: createConstructor(functionPrototype, 'AsyncLocalStorage', create(storage), storage),
    AsyncResource: createConstructor(functionPrototype, 'AsyncResource', create(resource), resource),
  });
}

function enter(call: NativeCall, store: Value): void {
  if (call.receiver instanceof HeapObject) call.interpreter.heap.setProperty(call.receiver, STORE, store);
}

/** Code that goes on later, such as what follows `next()`, runs inside: everything runs at once here. */
function within(call: NativeCall, store: Value, callback: Value, args: readonly Value[]): Value {
  const before = call.receiver instanceof HeapObject ? call.receiver.properties.get(STORE) : undefined;
  enter(call, store);
  try {
    return call.interpreter.call(callback, UNDEFINED, args, call.site);
  } finally {
    enter(call, before && before.kind !== 'accessor' ? before : UNDEFINED);
  }
}
