import { ArrayObject, CollectionObject, type HeapObject, labelsOf, type NativeCall, UNDEFINED, type Value } from '../values.ts';
import { arrayIteration } from './array-iteration.ts';
import { arrayMutation } from './array-mutation.ts';
import { arrayQueries } from './array-queries.ts';
import { asArray, unknownElement } from './array-values.ts';
import { argument, createConstructor, defineMethods, instancePrototype } from './define.ts';
import { eachOption } from './options.ts';
import type { RealmParts } from './realm.ts';
import { known, unknownFunctionResult, wrongReceiver } from './results.ts';

/** An array that the program asks for by its length is written out up to here. */
const MAXIMAL_LENGTH = 1000;

export function addArray(realm: RealmParts): void {
  const { functionPrototype, arrayPrototype, iteratorPrototype } = realm;
  defineMethods(functionPrototype, arrayPrototype, { ...arrayQueries, ...arrayIteration, ...arrayMutation });
  defineMethods(functionPrototype, iteratorPrototype, { next, toArray: (call) => asArray(call.receiver) ?? wrongReceiver(call, 'an iterator') });
  realm.globals.set('Array', createConstructor(functionPrototype, 'Array', constructArray, arrayPrototype, {
    isArray: (call) => {
      const value = argument(call, 0);
      if (value.kind === 'unknown' || value.kind === 'external') return unknownFunctionResult(call, 'Array.isArray');
      return eachOption(call.interpreter, value, call.site, (option) => known(isPlainArray(option), [option])) ?? UNDEFINED;
    },
    of: (call) => call.interpreter.array(call.args, call.site),
    from: arrayFrom,
  }));
}

function isPlainArray(value: Value): boolean {
  // What entries() and values() give is an array only here.
  return value instanceof ArrayObject && !(value.prototype?.properties.has('next') ?? false);
}

function next(call: NativeCall): Value {
  const { interpreter, receiver, site } = call;
  const iterator = asArray(receiver);
  if (!iterator) return wrongReceiver(call, 'an iterator');
  const [first, ...rest] = iterator.elements;
  if (first !== undefined) {
    interpreter.heap.setElements(iterator, rest);
    return interpreter.object([['value', first], ['done', known(false, [iterator])]], site);
  }
  return iterator.open === undefined
    ? interpreter.object([['value', known(undefined, [iterator])], ['done', known(true, [iterator])]], site)
    : interpreter.object([['value', unknownElement(call, iterator)], ['done', unknownElement(call, iterator)]], site);
}

function constructArray(call: NativeCall): Value {
  const { interpreter, args, site } = call;
  const [length] = args;
  let elements = args;
  let open: string | undefined;
  if (args.length === 1 && length?.kind === 'primitive' && typeof length.value === 'number') {
    elements = Array.from<Value>({ length: Math.min(Math.max(0, Math.trunc(length.value)), MAXIMAL_LENGTH) }).fill(UNDEFINED);
    if (length.value > MAXIMAL_LENGTH) open = `an array of more than ${MAXIMAL_LENGTH} elements`;
  } else if (args.length === 1 && length?.kind === 'unknown') {
    elements = [];
    open = length.reason;
  }
  const array = new ArrayObject(instancePrototype(call, interpreter.realm.arrayPrototype), elements, site);
  array.open = open;
  return array;
}

function arrayFrom(call: NativeCall): Value {
  const { interpreter, site } = call;
  const source = argument(call, 0);
  const mapper = call.args[1];
  const result = interpreter.array(sourceElements(call, source), site);
  interpreter.heap.addLabels(result, labelsOf(source));
  const iteration = isIterable(source) ? interpreter.iterate(source, site) : undefined;
  if (iteration?.open || source.kind === 'unknown' || source.kind === 'external') {
    interpreter.heap.setOpen(result, source.kind === 'unknown' ? source.reason : 'a collection that is not known');
  }
  return mapper === undefined || (mapper.kind === 'primitive' && mapper.value === undefined)
    ? result
    : interpreter.call(interpreter.get(result, 'map', site), result, [mapper], site);
}

function sourceElements(call: NativeCall, source: Value): readonly Value[] {
  if (isIterable(source)) return call.interpreter.iterate(source, call.site).elements;
  const length = source.kind === 'object' ? call.interpreter.get(source, 'length', call.site) : undefined;
  // Array.from({ length: 3 }, (_, index) => index)
  if (source.kind !== 'object' || length?.kind !== 'primitive' || typeof length.value !== 'number') return [];
  return Array.from({ length: Math.min(Math.max(0, Math.trunc(length.value)), MAXIMAL_LENGTH) }, (_, index) =>
    call.interpreter.get(source, String(index), call.site));
}

function isIterable(value: Value): boolean {
  if (value.kind === 'union' || value instanceof ArrayObject || value instanceof CollectionObject) return true;
  if (value.kind === 'primitive') return typeof value.value === 'string';
  if (value.kind !== 'object') return true;
  for (let object: HeapObject | null = value; object; object = object.prototype) {
    if (object.properties.has(Symbol.iterator)) return true;
  }
  return !value.properties.has('length') && value.properties.has('next');
}
