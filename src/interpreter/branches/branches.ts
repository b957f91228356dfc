import type { Write } from '../heap.ts';
import type { Interpreter } from '../interpreter.ts';
import { unionIn, unionOf } from '../evaluation/members.ts';
import { type Cell, isGone } from '../modules/scope.ts';
import { boundOf, PathEnd, ThrowSignal } from '../signals.ts';
import type { Completion } from '../evaluation/statements.ts';
import { conditionOf, type Truth } from '../evaluation/truth.ts';
import type { Labels } from '../labels.ts';
import type { ArrayObject, CollectionObject, PromiseObject, PromiseState } from '../values.ts';
import { type Condition, HeapObject, type Slot, Union, type UnionOption, type Value } from '../values.ts';

type Target = Cell | HeapObject;
/** Last state of every place that a branch wrote. */
export type BranchEffects = Map<Target, Map<PropertyKey, unknown>>;

const CELL = Symbol('cell');
const ELEMENTS = Symbol('elements');
const ENTRIES = Symbol('entries');
export const LABELS = Symbol('labels');
const OPEN = Symbol('open');
const PROTOTYPE = Symbol('prototype');
const PROMISE = Symbol('promise');
const PLACES: ReadonlySet<symbol> = new Set([CELL, ELEMENTS, ENTRIES, LABELS, OPEN, PROTOTYPE, PROMISE]);

/**
 * While a request is walked: both branches of a test that is not known, at once, where neither ends the path. What
 * they did is joined, and a choice is taken only where it turns out to matter. `undefined` where it does now: the
 * caller takes one branch.
 */
export function tryBoth<T>(interpreter: Interpreter, run: () => T): { readonly result: T } | undefined {
  const { branching } = interpreter;
  if (!interpreter.choosing || branching.mode !== 'choose') return undefined;
  const mark = interpreter.heap.mark();
  const depths = interpreter.depths();
  const { lastControl, forks, meetings } = interpreter;
  interpreter.branching = { mode: 'join' };
  interpreter.meetings = [];
  try {
    return { result: run() };
  } catch (signal) {
    if (boundOf(signal)) throw signal;
    interpreter.heap.undoTo(mark);
    interpreter.restoreDepths(depths);
    Object.assign(interpreter, { lastControl, forks });
    return undefined;
  } finally {
    Object.assign(interpreter, { branching, meetings });
  }
}

interface Outcome {
  readonly completion: Completion | undefined;
  readonly left: boolean;
  readonly effects: BranchEffects;
}

/**
 * Runs both branches of a decision that is not known, each from the same state, and joins what they did: each
 * place holds a union of what either branch left there. A branch that throws or ends the program leaves
 * nothing behind.
 */
export function runBoth(interpreter: Interpreter, truth: Truth & { known: false }, whenTrue: () => Completion | undefined, whenFalse: () => Completion | undefined): Completion | undefined {
  const onTrue = conditionOf(truth, 'true');
  const onFalse = conditionOf(truth, 'false');
  const first = runOne(interpreter, onTrue, whenTrue);
  const second = runOne(interpreter, onFalse, whenFalse);
  if (first.left && second.left) return first.completion;
  if (first.left || second.left) {
    const going = first.left ? second : first;
    applyEffects(interpreter, going.effects);
    return going.completion;
  }
  joinEffects(interpreter, onTrue, first.effects, onFalse, second.effects);
  return joinCompletions(interpreter, onTrue, first.completion, onFalse, second.completion);
}

function runOne(interpreter: Interpreter, condition: Condition, run: () => Completion | undefined): Outcome {
  const mark = interpreter.heap.mark();
  let completion: Completion | undefined;
  let left = false;
  try {
    completion = interpreter.caught(() => interpreter.underConditions([condition], run));
  } catch (signal) {
    if (interpreter.choosing || (!(signal instanceof ThrowSignal) && !(signal instanceof PathEnd))) throw signal;
    left = true;
  }
  const effects = branchEffects(interpreter.heap.writesSince(mark));
  interpreter.heap.undoTo(mark);
  return { completion, left, effects };
}

export function branchEffects(writes: readonly Write[]): BranchEffects {
  const effects: BranchEffects = new Map();
  const put = (target: Target, key: PropertyKey, value: unknown): void => {
    let places = effects.get(target);
    if (!places) effects.set(target, places = new Map());
    places.set(key, value);
  };
  for (const write of writes) {
    switch (write.kind) {
      case 'cell': if (!isGone(write.target)) put(write.target, CELL, write.target.value); break;
      case 'property': put(write.target, write.key, write.target.properties.get(write.key)); break;
      case 'elements': case 'append': put(write.target, ELEMENTS, write.target.elements); break;
      case 'entries': put(write.target, ENTRIES, write.target.entries); break;
      case 'labels': put(write.target, LABELS, write.target.labels); break;
      case 'open': put(write.target, OPEN, write.target.open); break;
      case 'prototype': put(write.target, PROTOTYPE, write.target.prototype); break;
      case 'promise': put(write.target, PROMISE, [write.target.state, write.target.result]); break;
    }
  }
  return effects;
}

export function applyEffects(interpreter: Interpreter, effects: BranchEffects): void {
  for (const [target, places] of effects) for (const [key, value] of places) write(interpreter, target, key, value);
}

function write(interpreter: Interpreter, target: Target, key: PropertyKey, value: unknown): void {
  const { heap } = interpreter;
  if (!(target instanceof HeapObject)) heap.setCell(target, value as Value | undefined);
  else if (key === ELEMENTS) heap.setElements(target as ArrayObject, value as readonly Value[]);
  else if (key === ENTRIES) heap.setEntries(target as CollectionObject, value as CollectionObject['entries']);
  else if (key === LABELS) heap.addLabels(target, value as Labels);
  else if (key === OPEN) heap.setOpen(target, value as string | undefined);
  else if (key === PROTOTYPE) heap.setPrototype(target, value as HeapObject | null);
  else if (key === PROMISE) heap.settle(target as PromiseObject, ...(value as readonly [PromiseState, Value]));
  else if (value === undefined) heap.deleteProperty(target, key);
  else heap.setProperty(target, key, value as Slot);
}

function current(target: Target, key: PropertyKey): unknown {
  if (!(target instanceof HeapObject)) return target.value;
  if (key === ELEMENTS) return (target as ArrayObject).elements;
  if (key === ENTRIES) return (target as CollectionObject).entries;
  if (key === LABELS) return target.labels;
  if (key === OPEN) return target.open;
  if (key === PROTOTYPE) return target.prototype;
  return target.properties.get(key);
}

/** What one of several branches did. */
export interface Branch {
  /** Under which it is the one that counts, where none before it is. */
  readonly conditions: readonly Condition[];
  readonly effects: BranchEffects;
  /** False for an object that came to be in another branch. */
  readonly mayHold: (object: HeapObject) => boolean;
}

/** Joins what several branches did. False where there is no value that says so; nothing is written then. */
export function joinAll(interpreter: Interpreter, branches: readonly Branch[]): boolean {
  const places = new Map<Target, Set<PropertyKey>>();
  for (const { effects } of branches) {
    for (const [target, keys] of effects) {
      let known = places.get(target);
      if (!known) places.set(target, known = new Set());
      for (const key of keys.keys()) known.add(key);
    }
  }
  const writes: (() => void)[] = [];
  for (const [target, keys] of places) {
    const holders = branches.filter(({ effects, mayHold }) => effects.has(target) || !(target instanceof HeapObject) || mayHold(target));
    for (const key of keys) {
      const before = current(target, key);
      const values = holders.map(({ effects }) => (effects.get(target)?.has(key) ? effects.get(target)?.get(key) : before));
      const [first] = values;
      if (values.every((value) => value === first)) writes.push(() => write(interpreter, target, key, first));
      else if (typeof key === 'symbol' && PLACES.has(key) && key !== CELL) return false;
      else if (values.some((value) => (value as Slot | undefined)?.kind === 'accessor')) return false;
      else {
        const options = holders.flatMap(({ conditions }, at): UnionOption[] => optionsOfAll(conditions, values[at] as Slot | undefined));
        interpreter.countWork(options.length);
        writes.push(() => write(interpreter, target, key, unionIn(interpreter, options)));
      }
    }
  }
  for (const one of writes) one();
  return true;
}

function optionsOfAll(conditions: readonly Condition[], slot: Slot | undefined): UnionOption[] {
  if (slot?.kind !== 'union') return [{ conditions, value: slot?.kind === 'accessor' ? undefined : slot }];
  return slot.options.map((option) => ({ conditions: [...conditions, ...option.conditions], value: option.value }));
}

export function joinEffects(interpreter: Interpreter, onTrue: Condition, first: BranchEffects, onFalse: Condition, second: BranchEffects): void {
  for (const target of new Set([...first.keys(), ...second.keys()])) {
    const keys = new Set([...(first.get(target)?.keys() ?? []), ...(second.get(target)?.keys() ?? [])]);
    for (const key of keys) {
      const before = current(target, key);
      const a = first.get(target)?.has(key) ? first.get(target)?.get(key) : before;
      const b = second.get(target)?.has(key) ? second.get(target)?.get(key) : before;
      if (a === b) write(interpreter, target, key, a);
      else if (key === ELEMENTS) write(interpreter, target, key, joinLists(onTrue, a as readonly Value[], onFalse, b as readonly Value[]));
      else if (key === ENTRIES) write(interpreter, target, key, joinEntries(onTrue, a as CollectionObject['entries'], onFalse, b as CollectionObject['entries']));
      else if (key === LABELS) write(interpreter, target, key, (a as Labels) | (b as Labels));
      else if (key === PROMISE) write(interpreter, target, key, joinSettled(interpreter, onTrue, a as Settled | undefined, b as Settled | undefined));
      else if (key === OPEN || key === PROTOTYPE) write(interpreter, target, key, a === before || a === undefined ? b : a);
      else write(interpreter, target, key, joinSlots(interpreter, onTrue, a as Slot | undefined, onFalse, b as Slot | undefined));
    }
  }
}

type Settled = readonly [PromiseState, Value];

/** No value says that a promise is settled in two ways: the request takes one of them. A program is taken to start well. */
function joinSettled(interpreter: Interpreter, onTrue: Condition, a: Settled | undefined, b: Settled | undefined): Settled | undefined {
  if (interpreter.choosing) interpreter.requireChoice([onTrue]);
  return a?.[0] === 'fulfilled' ? a : b ?? a;
}

function joinSlots(interpreter: Interpreter, onTrue: Condition, a: Slot | undefined, onFalse: Condition, b: Slot | undefined): Slot {
  if (a?.kind === 'accessor') return a;
  if (b?.kind === 'accessor') return b;
  return unionIn(interpreter, [...optionsUnder(onTrue, a), ...optionsUnder(onFalse, b)]);
}

export function optionsUnder(condition: Condition, value: Value | undefined): UnionOption[] {
  if (value?.kind === 'union') {
    return value.options
      .filter((o) => o.conditions.every((c) => c.key !== condition.key || c.branch === condition.branch))
      .map((o) => ({ conditions: o.conditions.some((c) => c.key === condition.key) ? o.conditions : [condition, ...o.conditions], value: o.value }));
  }
  return [{ conditions: [condition], value }];
}

/** Both branches start from the same list: what they share stays, what one adds is there only under its condition. */
function joinLists(onTrue: Condition, a: readonly Value[], onFalse: Condition, b: readonly Value[]): readonly Value[] {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++;
  return [...a.slice(0, shared), ...a.slice(shared).map((v) => only(onTrue, v)), ...b.slice(shared).map((v) => only(onFalse, v))];
}

function only(condition: Condition, value: Value): Value {
  return new Union(optionsUnder(condition, value));
}

function joinEntries(onTrue: Condition, a: CollectionObject['entries'], onFalse: Condition, b: CollectionObject['entries']): CollectionObject['entries'] {
  const same = a.filter((entry) => b.includes(entry));
  return [
    ...same,
    ...a.filter((e) => !same.includes(e)).map(([k, v]) => [k, only(onTrue, v)] as const),
    ...b.filter((e) => !same.includes(e)).map(([k, v]) => [k, only(onFalse, v)] as const),
  ];
}

/** A branch that returns: the rest of the function runs under the other branch's condition. */
function joinCompletions(interpreter: Interpreter, onTrue: Condition, a: Completion | undefined, onFalse: Condition, b: Completion | undefined): Completion | undefined {
  if (a?.type === 'return' && b?.type === 'return') return { type: 'return', value: unionOf([...optionsUnder(onTrue, a.value), ...optionsUnder(onFalse, b.value)]) };
  if (a?.type === 'return' || b?.type === 'return') {
    const [returned, condition, other, otherCondition] = a?.type === 'return' ? [a, onTrue, b, onFalse] as const : [b as Completion & { type: 'return' }, onFalse, a, onTrue] as const;
    interpreter.pendingReturns.at(-1)?.push(...optionsUnder(condition, returned.value).map((o) => ({ conditions: [...interpreter.conditions, ...o.conditions], value: o.value ?? returned.value })));
    interpreter.conditions.push(otherCondition);
    return other;
  }
  // break and continue: the loop goes on in the other branch.
  if (a && b) return a;
  if (a || b) interpreter.hasLeftRound = true;
  return undefined;
}
