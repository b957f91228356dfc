import { HeapObject, type NativeCall, NativeFunction, Primitive, UNDEFINED, type Value } from '../values.ts';
import { derivedArray } from './array-values.ts';
import { argument, defineFunctions, type Natives } from './define.ts';
import { argumentList } from './function.ts';
import { prototypeOf, setPrototypeOf } from './object.ts';
import { defineProperty, hasOwn, ownKeys, propertyKey } from './properties.ts';
import type { RealmParts } from './realm.ts';
import { reflectMetadataFunctions } from './reflect-metadata.ts';
import { known, unknownFunctionResult } from './results.ts';

export function addReflect(realm: RealmParts): void {
  const reflect = new HeapObject(realm.objectPrototype);
  defineFunctions(realm.functionPrototype, reflect, reflectFunctions);
  defineFunctions(realm.functionPrototype, reflect, reflectMetadataFunctions);
  reflect.open = 'a member of Reflect that is not modelled';
  realm.globals.set('Reflect', reflect);
  realm.globals.set('Proxy', new NativeFunction(realm.functionPrototype, 'Proxy', createProxy));
}

/** The target itself: a handler mostly adds to what the target does. */
function createProxy(call: NativeCall): Value {
  const target = argument(call, 0);
  if (target instanceof HeapObject) call.interpreter.heap.setOpen(target, 'a Proxy stands before it');
  return target;
}

const reflectFunctions: Natives = {
  apply: (call) => call.interpreter.call(argument(call, 0), argument(call, 1), argumentList(call, argument(call, 2)), call.site),
  construct: (call) => call.interpreter.construct(argument(call, 0), argumentList(call, argument(call, 1)), call.site),
  defineProperty: (call) => {
    defineProperty(call, argument(call, 0), argument(call, 1), argument(call, 2));
    return new Primitive(true);
  },
  deleteProperty: (call) => {
    const [target, key] = [argument(call, 0), propertyKey(argument(call, 1))];
    if (target instanceof HeapObject && key !== undefined) call.interpreter.heap.deleteProperty(target, key);
    return new Primitive(true);
  },
  get: (call) => {
    const key = propertyKey(argument(call, 1));
    return key === undefined ? unknownFunctionResult(call, 'Reflect.get') : call.interpreter.get(argument(call, 0), key, call.site);
  },
  getPrototypeOf: prototypeOf,
  has: (call) => {
    const key = argument(call, 1);
    for (let object = argument(call, 0); object instanceof HeapObject; object = object.prototype ?? UNDEFINED) {
      const own = hasOwn(call, object, key, 'Reflect.has');
      if (own.kind !== 'primitive' || own.value === true) return own;
    }
    return argument(call, 0) instanceof HeapObject ? known(false, call.args) : unknownFunctionResult(call, 'Reflect.has');
  },
  ownKeys: (call) => {
    const target = argument(call, 0);
    if (!(target instanceof HeapObject)) return unknownFunctionResult(call, 'Reflect.ownKeys');
    return derivedArray(call, target, ownKeys(target).map((key) => new Primitive(key as string | symbol, target.labels)));
  },
  set: (call) => {
    const [target, key] = [argument(call, 0), propertyKey(argument(call, 1))];
    if (key !== undefined) call.interpreter.set(target, key, argument(call, 2), call.site);
    else if (target instanceof HeapObject) call.interpreter.heap.setOpen(target, 'a property is set whose name is not known');
    return new Primitive(true);
  },
  setPrototypeOf: (call) => {
    setPrototypeOf(call);
    return new Primitive(true);
  },
};
