import { HeapObject, labelsOf, type NativeCall, Primitive, UNDEFINED, type Value } from '../values.ts';
import { derivedArray } from './array-values.ts';
import { argument, createConstructor, defineMethods, instancePrototype, type Natives } from './define.ts';
import { sameValue } from './equality.ts';
import { eachOption, perOption } from './options.ts';
import { defineProperties, defineProperty, descriptorOf, hasOwn, ownKeys } from './properties.ts';
import type { RealmParts } from './realm.ts';
import { known, unknownFunctionResult, unknownResult } from './results.ts';

export function addObject(realm: RealmParts): void {
  const { functionPrototype, objectPrototype } = realm;
  defineMethods(functionPrototype, objectPrototype, objectMethods);
  realm.globals.set('Object', createConstructor(functionPrototype, 'Object', constructObject, objectPrototype, objectFunctions));
}

const objectMethods: Natives = {
  hasOwnProperty: perOption('hasOwnProperty', (call: NativeCall) => hasOwn(call, call.receiver, argument(call, 0), 'hasOwnProperty')),
  isPrototypeOf: (call: NativeCall) => {
    let object = argument(call, 0);
    while (object instanceof HeapObject) {
      if (object.prototype === call.receiver) return known(true, [call.receiver]);
      object = object.prototype ?? UNDEFINED;
    }
    return object.kind === 'primitive' ? known(false, [call.receiver]) : unknownResult(call, 'isPrototypeOf');
  },
  propertyIsEnumerable: perOption('propertyIsEnumerable', (call: NativeCall) => hasOwn(call, call.receiver, argument(call, 0), 'propertyIsEnumerable')),
  toLocaleString: (call: NativeCall) => call.interpreter.call(call.interpreter.get(call.receiver, 'toString', call.site), call.receiver, [], call.site),
  toString: (call: NativeCall) => call.receiver.kind === 'object' ? known('[object Object]', [call.receiver]) : unknownResult(call, 'toString'),
  valueOf: (call: NativeCall) => call.receiver,
};

const objectFunctions: Natives = {
  assign: (call) => {
    const [target = UNDEFINED, ...sources] = call.args;
    for (const source of sources) eachOption(call.interpreter, source, call.site, (option) => copyInto(call, target, option));
    return target;
  },
  create: (call) => {
    const prototype = argument(call, 0);
    const object = new HeapObject(prototype instanceof HeapObject ? prototype : null, call.site);
    if (prototype.kind === 'unknown') object.open = prototype.reason;
    if (call.args[1]) defineProperties(call, object, call.args[1]);
    return object;
  },
  defineProperties: (call) => defineProperties(call, argument(call, 0), argument(call, 1)),
  defineProperty: (call) => defineProperty(call, argument(call, 0), argument(call, 1), argument(call, 2)),
  entries: (call) => listOf(call, (key, value) => call.interpreter.array([key, value], call.site)),
  freeze: first,
  fromEntries: (call) => {
    const { interpreter, site } = call;
    const object = interpreter.object([], site);
    const { elements, open } = interpreter.iterate(argument(call, 0), site);
    for (const element of elements) {
      eachOption(interpreter, element, site, (pair) => {
        const key = interpreter.toText(interpreter.get(pair, '0', site));
        if (key) interpreter.heap.setProperty(object, key.text, interpreter.get(pair, '1', site));
        else interpreter.heap.setOpen(object, 'a property whose name is not known');
        return undefined;
      });
    }
    if (open) interpreter.heap.setOpen(object, 'made from entries that are not known');
    interpreter.heap.addLabels(object, labelsOf(argument(call, 0)));
    return object;
  },
  getOwnPropertyDescriptor: (call) => descriptorOf(call, argument(call, 0), argument(call, 1)),
  getOwnPropertyDescriptors: (call) => {
    const target = argument(call, 0);
    if (!(target instanceof HeapObject)) return unknownFunctionResult(call, 'Object.getOwnPropertyDescriptors');
    return call.interpreter.object(ownKeys(target).map((key) => [key, descriptorOf(call, target, new Primitive(key))]), call.site);
  },
  getOwnPropertyNames: (call) => {
    const target = argument(call, 0);
    if (!(target instanceof HeapObject)) return unknownFunctionResult(call, 'Object.getOwnPropertyNames');
    const sites = new Map(call.interpreter.ownEntries(target, call.site).entries.map(([key]) => [key.value, key.site]));
    const names = ownKeys(target).filter((key) => typeof key === 'string');
    return derivedArray(call, target, names.map((key) => new Primitive(key, target.labels, sites.get(key))));
  },
  getOwnPropertySymbols: (call) => {
    const target = argument(call, 0);
    if (!(target instanceof HeapObject)) return unknownFunctionResult(call, 'Object.getOwnPropertySymbols');
    return derivedArray(call, target, ownKeys(target).filter((key) => typeof key === 'symbol').map((key) => new Primitive(key)));
  },
  getPrototypeOf: prototypeOf,
  groupBy: (call) => {
    const { interpreter, site } = call;
    const groups = new Map<string, Value[]>();
    for (const [index, element] of interpreter.iterate(argument(call, 0), site).elements.entries()) {
      const key = interpreter.toText(interpreter.call(argument(call, 1), UNDEFINED, [element, new Primitive(index)], site));
      if (!key) return unknownFunctionResult(call, 'Object.groupBy');
      groups.set(key.text, [...groups.get(key.text) ?? [], element]);
    }
    return interpreter.object([...groups].map(([key, elements]) => [key, interpreter.array(elements, site)]), site);
  },
  hasOwn: perOption('Object.hasOwn', (call) => hasOwn(call, argument(call, 0), argument(call, 1), 'Object.hasOwn')),
  is: perOption('Object.is', (call) => sameValue(call, argument(call, 0), argument(call, 1))),
  isExtensible: (call) => known(true, [argument(call, 0)]),
  isFrozen: (call) => unknownFunctionResult(call, 'Object.isFrozen'),
  isSealed: (call) => unknownFunctionResult(call, 'Object.isSealed'),
  keys: (call) => listOf(call, (key) => key),
  preventExtensions: first,
  seal: first,
  setPrototypeOf,
  values: (call) => listOf(call, (_, value) => value),
};

function first(call: NativeCall): Value {
  return argument(call, 0);
}

function constructObject(call: NativeCall): Value {
  const value = argument(call, 0);
  const isNothing = value.kind === 'primitive' && (value.value === undefined || value.value === null);
  return isNothing || call.receiver.kind === 'object'
    ? new HeapObject(instancePrototype(call, call.interpreter.realm.objectPrototype), call.site)
    : value;
}

function listOf(call: NativeCall, element: (key: Primitive, value: Value) => Value): Value {
  const target = argument(call, 0);
  return eachOption(call.interpreter, target, call.site, (option) => {
    if (option.kind === 'unknown' || option.kind === 'external') {
      const array = derivedArray(call, option, []);
      call.interpreter.heap.setOpen(array, option.kind === 'unknown' ? option.reason : 'the members of a value of a package');
      return array;
    }
    const { entries, open } = call.interpreter.ownEntries(option, call.site);
    const array = derivedArray(call, option, entries.map(([key, value]) => element(key, value)));
    if (open && array.open === undefined) call.interpreter.heap.setOpen(array, 'the members of an object that is not known');
    return array;
  }) ?? UNDEFINED;
}

function copyInto(call: NativeCall, target: Value, source: Value): undefined {
  const { interpreter, site } = call;
  if (target.kind !== 'object' || source.kind === 'primitive') return undefined;
  const { entries, open } = interpreter.ownEntries(source, site);
  for (const [key, value] of entries) interpreter.set(target, String(key.value), value, site);
  if (source instanceof HeapObject) {
    for (const key of ownKeys(source)) if (typeof key === 'symbol') interpreter.set(target, key, interpreter.get(source, key, site), site);
  }
  if (open) interpreter.heap.setOpen(target, source.kind === 'unknown' ? source.reason : 'copied from a value that is not known');
  return undefined;
}

export function prototypeOf(call: NativeCall): Value {
  const target = argument(call, 0);
  if (!(target instanceof HeapObject)) return unknownFunctionResult(call, 'Object.getPrototypeOf');
  return target.prototype ?? new Primitive(null);
}

export function setPrototypeOf(call: NativeCall): Value {
  const [target, prototype] = [argument(call, 0), argument(call, 1)];
  if (!(target instanceof HeapObject)) return target;
  if (prototype instanceof HeapObject || prototype.kind === 'primitive') {
    call.interpreter.heap.setPrototype(target, prototype instanceof HeapObject ? prototype : null);
  } else {
    call.interpreter.heap.setOpen(target, 'its prototype is not known');
  }
  return target;
}
