import { ArrayObject, type CollectionObject, HeapObject, labelsOf, type NativeCall, Primitive, type Value } from '../values.ts';

export function asArray(value: Value): ArrayObject | undefined {
  return value instanceof ArrayObject ? value : undefined;
}

/** A fresh array that carries the labels of the array it was made from, and is open where that was. */
export function derivedArray(call: NativeCall, source: Value, elements: readonly Value[]): ArrayObject {
  const result = call.interpreter.array(elements, call.site);
  call.interpreter.heap.addLabels(result, labelsOf(source));
  if (source instanceof HeapObject && source.open !== undefined) call.interpreter.heap.setOpen(result, source.open);
  return result;
}

/** What `keys()`, `values()` and `entries()` of a collection or an array give. */
export function iteratorOf(call: NativeCall, source: ArrayObject | CollectionObject, elements: readonly Value[]): ArrayObject {
  const result = derivedArray(call, source, elements);
  call.interpreter.heap.setPrototype(result, call.interpreter.realm.iteratorPrototype);
  return result;
}

/** A further element of an open array. */
export function unknownElement(call: NativeCall, array: HeapObject): Value {
  return call.interpreter.unknown(array.open ?? 'an element of an array that is not known', call.site, array.labels);
}

export function indexValue(array: ArrayObject, index: number): Primitive {
  return new Primitive(index, array.labels);
}
