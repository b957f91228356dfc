import type { ArrayObject, NativeCall, Value } from '../values.ts';
import { asArray, derivedArray, unknownElement } from './array-values.ts';
import { integer } from './array-queries.ts';
import { sortElements } from './array-sort.ts';
import { argument, type Natives } from './define.ts';
import { known, unknownResult, wrongReceiver } from './results.ts';

type Change = (call: NativeCall, array: ArrayObject) => Value;

function changing(change: Change) {
  return (call: NativeCall): Value => {
    const array = asArray(call.receiver);
    return array ? change(call, array) : wrongReceiver(call, 'an array');
  };
}

function replace(call: NativeCall, array: ArrayObject, elements: readonly Value[]): void {
  call.interpreter.heap.setElements(array, elements);
}

function lengthOf(call: NativeCall, array: ArrayObject): Value {
  return array.open === undefined ? known(array.elements.length, [array]) : unknownElement(call, array);
}

/** Longer lists are no tables of routes. */
const MAXIMAL_LENGTH = 50_000;

/** Methods that change the array in place. */
export const arrayMutation: Natives = {
  copyWithin: changing((call, array) => {
    call.interpreter.heap.setOpen(array, 'the elements of the array are copied within it');
    return array;
  }),
  fill: changing((call, array) => {
    const [start, end] = [integer(argument(call, 1)), integer(argument(call, 2))];
    if (start === 'unknown' || end === 'unknown') call.interpreter.heap.setOpen(array, 'a part of the array is filled');
    else replace(call, array, [...array.elements].fill(argument(call, 0), start, end));
    return array;
  }),
  pop: changing((call, array) => {
    if (array.open !== undefined) return unknownElement(call, array);
    const last = array.elements.at(-1);
    if (last === undefined) return known(undefined, [array]);
    replace(call, array, array.elements.slice(0, -1));
    return last;
  }),
  push: changing((call, array) => {
    if (array.elements.length + call.args.length > MAXIMAL_LENGTH) call.interpreter.heap.setOpen(array, 'the array grows beyond what is followed');
    else call.interpreter.heap.appendElements(array, call.args);
    return lengthOf(call, array);
  }),
  reverse: changing((call, array) => {
    replace(call, array, array.elements.toReversed());
    return array;
  }),
  shift: changing((call, array) => {
    const [first, ...rest] = array.elements;
    if (first === undefined) return array.open === undefined ? known(undefined, [array]) : unknownElement(call, array);
    replace(call, array, rest);
    return first;
  }),
  sort: changing((call, array) => {
    replace(call, array, sortElements(call, array));
    return array;
  }),
  splice: changing((call, array) => {
    const result = spliced(call, array);
    if (!result) {
      call.interpreter.heap.setOpen(array, 'elements of the array are removed or added at a place that is not known');
      return unknownResult(call, 'splice');
    }
    replace(call, array, result.elements);
    return derivedArray(call, array, result.removed);
  }),
  toSorted: changing((call, array) => derivedArray(call, array, sortElements(call, array))),
  toSpliced: changing((call, array) => {
    const result = spliced(call, array);
    return result ? derivedArray(call, array, result.elements) : unknownResult(call, 'toSpliced');
  }),
  unshift: changing((call, array) => {
    replace(call, array, [...call.args, ...array.elements]);
    return lengthOf(call, array);
  }),
};

function spliced(call: NativeCall, array: ArrayObject): { elements: Value[]; removed: Value[] } | undefined {
  const [start, count] = [integer(argument(call, 0)), integer(argument(call, 1))];
  if (start === 'unknown' || count === 'unknown') return undefined;
  const elements = [...array.elements];
  if (call.args.length === 0) return { elements, removed: [] };
  const removed = call.args.length === 1 ? elements.splice(start ?? 0) : elements.splice(start ?? 0, count ?? 0, ...call.args.slice(2));
  return { elements, removed };
}
