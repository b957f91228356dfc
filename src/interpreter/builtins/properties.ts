import { ArrayObject, HeapObject, ModelObject, type NativeCall, Primitive, type Slot, UNDEFINED, type Value } from '../values.ts';
import { known, mergedLabels, unknownFunctionResult } from './results.ts';

/** Own keys of an object, indices of an array first; keys that only this interpreter uses are left out. */
export function ownKeys(target: HeapObject): PropertyKey[] {
  const indices = target instanceof ArrayObject ? target.elements.map((_, index) => String(index)) : [];
  return [...indices, ...[...target.properties.keys()].filter((key) => !isInternal(key))];
}

const INTERNAL = 'interpreter.';

/** A key for state that a native keeps on an object of the program. */
export function internalKey(name: string): symbol {
  return Symbol(INTERNAL + name);
}

function isInternal(key: PropertyKey): boolean {
  return typeof key === 'symbol' && (key.description?.startsWith(INTERNAL) ?? false);
}

/** The key that a value stands for; undefined where it is not known. */
export function propertyKey(value: Value): string | symbol | undefined {
  if (value.kind !== 'primitive') return undefined;
  return typeof value.value === 'symbol' ? value.value : String(value.value);
}

export function hasOwn(call: NativeCall, target: Value, keyValue: Value, name: string): Value {
  const key = propertyKey(keyValue);
  const operands = [target, keyValue];
  if (key === undefined || !(target instanceof HeapObject)) return unknownFunctionResult(call, name, operands);
  const isOwn = ownKeys(target).includes(key) || (target instanceof ArrayObject && key === 'length');
  if (isOwn) return known(true, operands);
  return target.open === undefined && !(target instanceof ModelObject)
    ? known(false, operands)
    : call.interpreter.unknown(target.open ?? 'a member of a framework object', call.site, mergedLabels(operands));
}

/** `Object.defineProperty`. Returns the target. */
export function defineProperty(call: NativeCall, target: Value, keyValue: Value, descriptor: Value): Value {
  const { interpreter, site } = call;
  const key = propertyKey(keyValue);
  if (!(target instanceof HeapObject)) return target;
  if (key === undefined || !(descriptor instanceof HeapObject)) {
    interpreter.heap.setOpen(target, 'a property is defined whose name or value is not known');
    return target;
  }
  const isAccessor = descriptor.properties.has('get') || descriptor.properties.has('set');
  if (!isAccessor && (target instanceof ArrayObject || target instanceof ModelObject)) {
    interpreter.set(target, key, interpreter.get(descriptor, 'value', site), site);
    return target;
  }
  interpreter.heap.setProperty(target, key, isAccessor ? accessorOf(call, descriptor) : interpreter.get(descriptor, 'value', site));
  return target;
}

function accessorOf(call: NativeCall, descriptor: HeapObject): Slot {
  const part = (name: 'get' | 'set') =>
    descriptor.properties.has(name) ? call.interpreter.get(descriptor, name, call.site) : undefined;
  return { kind: 'accessor', get: part('get'), set: part('set') };
}

export function defineProperties(call: NativeCall, target: Value, descriptors: Value): Value {
  const { entries, open } = call.interpreter.ownEntries(descriptors, call.site);
  for (const [key, descriptor] of entries) defineProperty(call, target, key, descriptor);
  if (open && target instanceof HeapObject) call.interpreter.heap.setOpen(target, 'properties are defined that are not known');
  return target;
}

export function descriptorOf(call: NativeCall, target: Value, keyValue: Value): Value {
  const { interpreter, site } = call;
  const key = propertyKey(keyValue);
  if (key === undefined || !(target instanceof HeapObject)) return unknownFunctionResult(call, 'Object.getOwnPropertyDescriptor');
  const slot = target.properties.get(key);
  const flags: [PropertyKey, Value][] = [['enumerable', new Primitive(true)], ['configurable', new Primitive(true)]];
  if (slot?.kind === 'accessor') {
    return interpreter.object([['get', slot.get ?? UNDEFINED], ['set', slot.set ?? UNDEFINED], ...flags], site);
  }
  if (!ownKeys(target).includes(key)) {
    return target.open === undefined ? known(undefined, [target]) : interpreter.unknown(target.open, site, target.labels);
  }
  return interpreter.object([['value', interpreter.get(target, key, site)], ['writable', new Primitive(true)], ...flags], site);
}
