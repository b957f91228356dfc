import { type ArrayObject, type NativeCall, type Primitive, UNDEFINED, type Value } from '../values.ts';
import { argument } from './define.ts';

/** More elements than this are left in their order where a function of the program compares them. */
const MAXIMAL_COMPARED = 200;

/** The elements in order; in the order they stand in where a comparison is not known. */
export function sortElements(call: NativeCall, array: ArrayObject): readonly Value[] {
  const compare = argument(call, 0);
  if (compare.kind === 'primitive' && compare.value === undefined) return sortedAsText(array.elements) ?? array.elements;
  return sortedByCallback(call, compare, array.elements) ?? array.elements;
}

function sortedAsText(elements: readonly Value[]): readonly Value[] | undefined {
  const primitives = elements.filter((element): element is Primitive => element.kind === 'primitive' && typeof element.value !== 'symbol');
  if (primitives.length < elements.length) return undefined;
  const defined = primitives.filter((element) => element.value !== undefined);
  const texts = new Map(defined.map((element) => [element, String(element.value)]));
  defined.sort((left, right) => compareCodeUnits(texts.get(left) ?? '', texts.get(right) ?? ''));
  return [...defined, ...primitives.filter((element) => element.value === undefined)];
}

function compareCodeUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** A stable merge sort that gives up at the first comparison that is not a known number. */
function sortedByCallback(call: NativeCall, compare: Value, elements: readonly Value[]): readonly Value[] | undefined {
  if (elements.length < 2) return elements;
  if (elements.length > MAXIMAL_COMPARED || elements.some((element) => element.kind === 'union')) return undefined;
  const middle = elements.length >> 1;
  const left = sortedByCallback(call, compare, elements.slice(0, middle));
  const right = left && sortedByCallback(call, compare, elements.slice(middle));
  if (!left || !right) return undefined;
  const merged: Value[] = [];
  let [fromLeft, fromRight] = [0, 0];
  while (fromLeft < left.length && fromRight < right.length) {
    const pair = [left[fromLeft] as Value, right[fromRight] as Value];
    const order = call.interpreter.call(compare, UNDEFINED, pair, call.site);
    if (order.kind !== 'primitive' || typeof order.value === 'symbol') return undefined;
    if (Number(order.value) > 0) merged.push(right[fromRight++] as Value);
    else merged.push(left[fromLeft++] as Value);
  }
  return [...merged, ...left.slice(fromLeft), ...right.slice(fromRight)];
}
