import { type ArrayObject, labelsOf, type NativeCall, Primitive, UNDEFINED, type Value, withLabels } from '../values.ts';
import { asArray, derivedArray, indexValue, unknownElement } from './array-values.ts';
import { flatten } from './array-queries.ts';
import { callWith, Decisions } from './decisions.ts';
import { argument, type Natives } from './define.ts';
import { eachOption, fillMissing, isConditional, select } from './options.ts';
import { mergedLabels, wrongReceiver } from './results.ts';

type Iterating = (call: NativeCall, array: ArrayObject, callback: Value) => Value;

function iterating(implementation: Iterating) {
  return (call: NativeCall): Value => {
    const array = asArray(call.receiver);
    return array ? implementation(call, array, argument(call, 0)) : wrongReceiver(call, 'an array');
  };
}

/** Methods that call a function of the program for each element, in order. */
export const arrayIteration: Natives = {
  every: iterating((call, array, callback) => quantify(call, array, callback, 'every')),
  filter: iterating(filter),
  find: iterating((call, array, callback) => search(call, entries(call, array), callback, 'element')),
  findIndex: iterating((call, array, callback) => search(call, entries(call, array), callback, 'index')),
  findLast: iterating((call, array, callback) => search(call, entries(call, array).reverse(), callback, 'element')),
  findLastIndex: iterating((call, array, callback) => search(call, entries(call, array).reverse(), callback, 'index')),
  flatMap: iterating((call, array, callback) => {
    const mapped = map(call, array, callback);
    const { elements, open } = flatten(mapped, 1);
    const result = derivedArray(call, mapped, elements);
    if (open !== undefined) call.interpreter.heap.setOpen(result, open);
    return result;
  }),
  forEach: iterating((call, array, callback) => {
    for (const { element, index } of entries(call, array)) callWith(call, callback, element, [index, array]);
    return UNDEFINED;
  }),
  map: iterating(map),
  reduce: iterating((call, array, callback) => reduce(call, entries(call, array), callback)),
  reduceRight: iterating((call, array, callback) => reduce(call, entries(call, array).reverse(), callback)),
  some: iterating((call, array, callback) => quantify(call, array, callback, 'some')),
};

interface Entry {
  readonly element: Value;
  readonly index: Value;
  readonly array: ArrayObject;
  /** Stands for any number of further elements of an open array, also for none. */
  readonly further: boolean;
}

function entries(call: NativeCall, array: ArrayObject): Entry[] {
  const known = array.elements.map((element, index): Entry => ({ element, index: indexValue(array, index), array, further: false }));
  if (array.open === undefined) return known;
  const further: Entry = { element: unknownElement(call, array), index: unknownElement(call, array), array, further: true };
  return [...known, further];
}

function map(call: NativeCall, array: ArrayObject, callback: Value): ArrayObject {
  const results: Value[] = [];
  for (const { element, index } of entries(call, array)) {
    const result = callWith(call, callback, element, [index, array]);
    if (result !== undefined) results.push(result);
  }
  return derivedArray(call, array, results);
}

function filter(call: NativeCall, array: ArrayObject, callback: Value): Value {
  const { interpreter, site } = call;
  const decisions = new Decisions(call);
  const kept: Value[] = [];
  for (const { element, index } of entries(call, array)) {
    const result = eachOption(interpreter, element, site, (option) => {
      const decision = interpreter.call(callback, call.args[1] ?? UNDEFINED, [option, index, array], site);
      const truth = decisions.read(decision);
      if (truth === undefined) return interpreter.when(decision, 'true', site, option);
      return truth ? option : undefined;
    });
    if (result !== undefined) kept.push(result);
  }
  const result = derivedArray(call, array, kept);
  interpreter.heap.addLabels(result, mergedLabels([array, ...decisions.values]));
  return result;
}

function quantify(call: NativeCall, array: ArrayObject, callback: Value, name: 'some' | 'every'): Value {
  const { interpreter } = call;
  const deciding = name === 'some';
  const decisions = new Decisions(call);
  let uncertain = array.open !== undefined;
  for (const { element, index, further } of entries(call, array)) {
    const decision = callWith(call, callback, element, [index, array]);
    if (decision === undefined) continue;
    const truth = decisions.read(decision);
    if (truth === undefined || isConditional(interpreter, element)) uncertain ||= truth !== !deciding;
    else if (truth === deciding && !further) return decisions.result(deciding, array);
  }
  if (!uncertain) return decisions.result(!deciding, array);
  const labels = mergedLabels([array, ...decisions.values]);
  const single = decisions.values.length === 1 && array.open === undefined ? decisions.values[0] : undefined;
  // The answer of one element is the answer of the list.
  if (single?.kind === 'unknown') return withLabels(single, labels);
  return call.interpreter.unknown(reasonOf(decisions.values, array, name), call.site, labels);
}

function reasonOf(decisions: readonly Value[], array: ArrayObject, name: string): string {
  const cause = decisions.find((decision) => decision.kind === 'unknown');
  return cause?.reason ?? array.open ?? `what ${name} decides about an element is not known`;
}

function search(call: NativeCall, candidates: readonly Entry[], callback: Value, wanted: 'element' | 'index'): Value {
  const { interpreter, site } = call;
  const decisions = new Decisions(call);
  // users.find((user) => user.token === token): each candidate under its condition, from the last to the first.
  const conditional: { decision: Value; candidate: Value }[] = [];
  let last: Value | undefined;
  for (const { element, index, array, further } of candidates) {
    const decision = callWith(call, callback, element, [index, array]);
    if (decision === undefined) continue;
    const truth = decisions.read(decision);
    const candidate = wanted === 'element' ? element : index;
    const certain = !isConditional(interpreter, element) && (!further || interpreter.branching.mode === 'choose');
    if (truth === true && certain) {
      last = candidate;
      break;
    }
    if (truth === undefined) conditional.push({ decision, candidate });
    else if (truth) conditional.push({ decision: interpreter.unknown('an element that may not be there', site), candidate });
  }
  const labels = mergedLabels([call.receiver, ...decisions.values]);
  let result: Value = last === undefined ? new Primitive(wanted === 'element' ? undefined : -1, labels) : withLabels(last, labels);
  for (const { decision, candidate } of conditional.reverse()) {
    result = select(interpreter, decision, site, withLabels(candidate, labels), result);
  }
  return result;
}

function reduce(call: NativeCall, steps: readonly Entry[], callback: Value): Value {
  const { interpreter, site } = call;
  let [accumulator] = call.args.slice(1);
  let rest = steps;
  if (accumulator === undefined) {
    const [first, ...others] = steps;
    if (!first) return interpreter.throwError('TypeError', 'Reduce of empty array with no initial value', site, labelsOf(call.receiver));
    accumulator = first.element;
    rest = others;
  }
  for (const { element, index, array } of rest) {
    const before: Value = accumulator;
    const after = eachOption(interpreter, element, site, (option) =>
      interpreter.call(callback, UNDEFINED, [before, option, index, array], site));
    accumulator = fillMissing(interpreter, after, before);
  }
  return accumulator;
}
