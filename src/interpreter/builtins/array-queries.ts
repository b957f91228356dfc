import { takingReferences } from '../observation/observed-reference.ts';
import { observedJoin } from '../observation/observed.ts';
import { ArrayObject, type NativeCall, Primitive, type TextPart, type Value } from '../values.ts';
import { asArray, derivedArray, indexValue, iteratorOf, unknownElement } from './array-values.ts';
import { argument, type Natives } from './define.ts';
import { sameValue } from './equality.ts';
import { isConditional } from './options.ts';
import { known, mergedLabels, unknownResult, wrongReceiver } from './results.ts';
import { textValue } from './partial-text.ts';

const MAXIMAL_FLAT_DEPTH = 20;

type ArrayImplementation = (call: NativeCall, array: ArrayObject) => Value;

function onArray(implementation: ArrayImplementation) {
  return (call: NativeCall): Value => {
    const array = asArray(call.receiver);
    return array ? implementation(call, array) : wrongReceiver(call, 'an array');
  };
}

/** Methods that neither call back nor change the array. */
export const arrayQueries: Natives = {
  at: onArray((call, array) => elementAt(call, array, argument(call, 0))),
  concat: onArray(concat),
  entries: onArray((call, array) =>
    iteratorOf(call, array, array.elements.map((element, index) => call.interpreter.array([indexValue(array, index), element], call.site)))),
  flat: onArray((call, array) => {
    const depth = call.args[0];
    const levels = depth?.kind === 'primitive' && typeof depth.value === 'number' ? depth.value : 1;
    const { elements, open } = flatten(array, Math.min(levels, MAXIMAL_FLAT_DEPTH));
    const result = derivedArray(call, array, elements);
    if (open !== undefined) call.interpreter.heap.setOpen(result, open);
    return result;
  }),
  includes: takingReferences(onArray((call, array) => membership(call, array))),
  indexOf: onArray((call, array) => position(call, array, array.elements.map((_, index) => index))),
  join: onArray(join),
  keys: onArray((call, array) => iteratorOf(call, array, array.elements.map((_, index) => indexValue(array, index)))),
  lastIndexOf: onArray((call, array) => position(call, array, array.elements.map((_, index) => index).reverse())),
  slice: onArray((call, array) => {
    const start = integer(argument(call, 0));
    const end = integer(argument(call, 1));
    if (start === 'unknown' || end === 'unknown') return unknownResult(call, 'slice');
    return derivedArray(call, array, array.elements.slice(start, end));
  }),
  toLocaleString: onArray(join),
  toReversed: onArray((call, array) => derivedArray(call, array, array.elements.toReversed())),
  toString: onArray((call, array) => join({ ...call, args: [] }, array)),
  values: onArray((call, array) => iteratorOf(call, array, array.elements)),
  with: onArray((call, array) => {
    const index = integer(argument(call, 0));
    if (typeof index !== 'number') return unknownResult(call, 'with');
    const at = index < 0 ? array.elements.length + index : index;
    if (at < 0 || at >= array.elements.length) return call.interpreter.throwError('RangeError', `Invalid index : ${index}`, call.site);
    return derivedArray(call, array, array.elements.with(at, argument(call, 1)));
  }),
};

/** An integer argument: undefined where it is left out, 'unknown' where it cannot be told. */
export function integer(value: Value): number | undefined | 'unknown' {
  if (value.kind !== 'primitive' || typeof value.value === 'symbol' || typeof value.value === 'bigint') return 'unknown';
  if (value.value === undefined) return undefined;
  const number = Number(value.value);
  return Number.isNaN(number) ? 0 : Math.trunc(number);
}

function elementAt(call: NativeCall, array: ArrayObject, position: Value): Value {
  const index = integer(position);
  if (index === 'unknown' || hasConditional(call, array)) return unknownResult(call, 'at');
  if (array.open !== undefined && (index ?? 0) < 0) return unknownElement(call, array);
  const element = array.elements.at(index ?? 0);
  if (element !== undefined) return element;
  return array.open === undefined ? known(undefined, [array]) : unknownElement(call, array);
}

function concat(call: NativeCall, array: ArrayObject): Value {
  const elements: Value[] = [];
  let open: string | undefined;
  for (const part of [array, ...call.args]) {
    if (part instanceof ArrayObject) {
      elements.push(...part.elements);
      open ??= part.open;
    } else if (part.kind === 'unknown' || part.kind === 'external' || part.kind === 'union') {
      const iteration = call.interpreter.iterate(part, call.site);
      elements.push(...iteration.elements);
      if (iteration.open) open ??= part.kind === 'unknown' ? part.reason : 'an array that is not known';
    } else {
      elements.push(part);
    }
  }
  const result = derivedArray(call, array, elements);
  call.interpreter.heap.addLabels(result, mergedLabels([array, ...call.args.filter((part) => part instanceof ArrayObject)]));
  if (open !== undefined) call.interpreter.heap.setOpen(result, open);
  return result;
}

export function flatten(array: ArrayObject, depth: number): { elements: Value[]; open: string | undefined } {
  const elements: Value[] = [];
  let { open } = array;
  for (const element of array.elements) {
    if (!(element instanceof ArrayObject) || depth < 1) {
      elements.push(element);
      continue;
    }
    const inner = flatten(element, depth - 1);
    elements.push(...inner.elements);
    open ??= inner.open;
  }
  return { elements, open };
}

function membership(call: NativeCall, array: ArrayObject): Value {
  const { interpreter, site } = call;
  const search = argument(call, 0);
  const answers = array.elements.map((element) => sameValue(call, element, search));
  const truths = answers.map((answer) => interpreter.whether(answer, site));
  // Only the element that is found decides, and where none is, all of them do.
  const found = answers[truths.findIndex((truth) => truth.known && truth.value)];
  if (found !== undefined) return known(true, [array, found]);
  const operands = comparedOperands(array, search, answers);
  const undecided = answers.filter((_, index) => truths[index]?.known !== true);
  const [only] = undecided;
  if (only === undefined && array.open === undefined) return known(false, operands);
  if (only !== undefined && undecided.length === 1 && array.open === undefined) return only;
  return unknownOfArray(call, 'includes', operands, array);
}

function hasConditional(call: NativeCall, array: ArrayObject): boolean {
  return array.elements.some((element) => isConditional(call.interpreter, element));
}

/** What a search that found nothing follows from: its comparisons, which carry what was compared. */
function comparedOperands(array: ArrayObject, search: Value, answers: readonly Value[]): Value[] {
  return answers.length === 0 ? [array, search] : [array, ...answers];
}

function position(call: NativeCall, array: ArrayObject, order: readonly number[]): Value {
  const { interpreter, site } = call;
  const search = argument(call, 0);
  const answers = array.elements.map((element) => sameValue(call, element, search));
  const operands = comparedOperands(array, search, answers);
  if (call.args.length > 1 || hasConditional(call, array)) return unknownOfArray(call, 'indexOf', operands, array);
  // indexOf compares with ===
  if (search.kind === 'primitive' && Number.isNaN(search.value)) return known(-1, operands);
  for (const index of order) {
    const answer = answers[index] as Value;
    const truth = interpreter.whether(answer, site);
    if (!truth.known) return unknownOfArray(call, 'indexOf', operands, array);
    if (truth.value) return known(index, [array, answer]);
  }
  return array.open === undefined ? known(-1, operands) : unknownOfArray(call, 'indexOf', operands, array);
}

function unknownOfArray(call: NativeCall, name: string, operands: readonly Value[], array: ArrayObject): Value {
  const cause = operands.find((operand) => operand.kind === 'unknown');
  const reason = cause?.reason ?? array.open ?? `the result of ${name} is not known`;
  return call.interpreter.unknown(reason, call.site, mergedLabels(operands));
}

function join(call: NativeCall, array: ArrayObject): Value {
  const { interpreter, site } = call;
  const separator = argument(call, 0);
  const separatorParts = separator.kind === 'primitive' && separator.value === undefined ? [','] : interpreter.textParts(separator);
  const operands = [array, ...array.elements, ...call.args];
  if (array.open !== undefined || hasConditional(call, array)) return unknownOfArray(call, 'join', operands, array);
  const observed = separator instanceof Primitive && separatorParts.length === 1 ? observedJoin(array.elements.flatMap((element, index) => (index > 0 ? [new Primitive(separatorParts[0] as string), element] : [element]))) : undefined;
  if (observed) return observed;
  const parts: TextPart[] = [];
  for (const [index, element] of array.elements.entries()) {
    if (index > 0) parts.push(...separatorParts);
    if (element instanceof ArrayObject) {
      const inner = join({ ...call, args: [] }, element);
      parts.push(...interpreter.textParts(inner));
    } else if (element.kind !== 'primitive' || (element.value !== null && element.value !== undefined)) {
      parts.push(...interpreter.textParts(element));
    }
  }
  const [only] = array.elements;
  // [path].join('')
  const literal = array.elements.length === 1 && only?.kind === 'primitive' ? only.site : undefined;
  return textValue(parts, mergedLabels(operands), literal ?? site);
}
