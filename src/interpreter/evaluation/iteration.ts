import type { Interpreter } from '../interpreter.ts';
import { mapUnion, sameValue } from './members.ts';
import { settleElements } from '../branches/settling.ts';
import {
  ArrayObject, CollectionObject, ClassObject, type Condition, FunctionObject, HeapObject, ModelObject, NativeFunction, Primitive, type Site, Union, type UnionOption, type Value, labelsOf,
} from '../values.ts';

/** What a loop or a spread runs over. Open: there may be more elements than these. */
export interface Iteration {
  readonly elements: readonly Value[];
  readonly open: boolean;
}

export interface OwnEntries {
  readonly entries: readonly (readonly [Primitive, Value])[];
  readonly open: boolean;
}

/** Elements of anything iterable; an unknown value counts as one unknown element of an open list. */
export function iterateValue(interpreter: Interpreter, value: Value, site: Site): Iteration {
  const settled = interpreter.settle(value);
  if (settled instanceof ArrayObject) settleElements(interpreter, settled);
  if (settled instanceof ArrayObject) return { elements: settled.elements.map((e) => interpreter.settle(e)), open: settled.open !== undefined };
  if (settled instanceof CollectionObject) {
    const elements = settled.collection === 'Set'
      ? settled.entries.map(([key]) => key)
      : settled.entries.map(([key, item]) => interpreter.array([key, item], site));
    return { elements, open: settled.open !== undefined };
  }
  if (settled instanceof Primitive && typeof settled.value === 'string') {
    return { elements: [...settled.value].map((c) => new Primitive(c, settled.labels, settled.site)), open: false };
  }
  if (settled instanceof Primitive && settled.value == null) return { elements: [], open: false };
  if (settled.kind === 'union') return iterateUnion(interpreter, settled, site);
  if (settled.kind === 'object') {
    const iterator = interpreter.get(settled, Symbol.iterator, site);
    if (iterator instanceof FunctionObject) {
      const made = interpreter.call(iterator, settled, [], site);
      if (made instanceof ArrayObject) return iterateValue(interpreter, made, site);
    }
  }
  return { elements: [interpreter.unknown('an element of a collection that is not known', site, labelsOf(settled))], open: true };
}

function iterateUnion(interpreter: Interpreter, union: Union, site: Site): Iteration {
  const lists = union.options.flatMap(({ conditions, value }) => (
    value && interpreter.isPossible(conditions) ? [{ conditions, ...iterateValue(interpreter, value, site) }] : []
  ));
  const isExhaustive = union.options.length > 1 && union.options.every(({ value }) => value !== undefined);
  const shared = isExhaustive ? sharedStart(lists.map(({ elements }) => elements)) : [];
  interpreter.countWork(lists.reduce((all, { elements }) => all + elements.length, 0));
  const rests = lists.map(({ conditions, elements }) => elements.slice(shared.length).map((element): readonly UnionOption[] => (
    element.kind === 'union' ? element.options.map((o) => ({ conditions: [...conditions, ...o.conditions], value: o.value })) : [{ conditions, value: element }]
  )));
  return { elements: [...shared, ...mergedStarts(rests).map(presentUnder)], open: lists.some(({ open }) => open) };
}

/**
 * One list of all, in which what several begin with stands once: a list that is added to under one decision after the
 * other would double with each of them.
 *
 *     if (isPlainObject(actions)) permissions = [...permissions, ...Object.values(actions)]
 */
function mergedStarts(lists: readonly (readonly (readonly UnionOption[])[])[]): readonly (readonly UnionOption[])[] {
  const [first = [], ...others] = lists;
  const merged = first.map((options) => [...options]);
  for (const list of others) {
    let at = 0;
    for (; at < list.length && at < first.length && isOneValue([...merged[at] ?? [], ...list[at] ?? []]); at++) merged[at]?.push(...list[at] ?? []);
    merged.push(...list.slice(at).map((options) => [...options]));
  }
  return merged;
}

function isOneValue([first, ...others]: readonly UnionOption[]): boolean {
  const value = first?.value;
  return value !== undefined && others.every((option) => option.value !== undefined && sameValue(value, option.value));
}

/** An element that is there under each of the options. What is there whichever way a decision is taken does not hang on it. */
function presentUnder(options: readonly UnionOption[]): Value {
  const left = [...options];
  for (let at = 0; at < left.length; at++) {
    const { conditions, value } = left[at] as UnionOption;
    const twin = left.findIndex((other, index) => index > at && other.value === value && differsInOne(conditions, other.conditions));
    if (twin < 0) continue;
    const other = left[twin] as UnionOption;
    left.splice(twin, 1);
    left[at] = { conditions: conditions.filter((c) => other.conditions.some((d) => d.key === c.key && d.branch === c.branch)), value };
    at = -1;
  }
  const [only] = left;
  return left.length === 1 && only?.conditions.length === 0 && only.value ? only.value : new Union(left);
}

/** The same decisions, of which one is taken the other way. */
function differsInOne(a: readonly Condition[], b: readonly Condition[]): boolean {
  if (a.length !== b.length) return false;
  const others = a.map((c) => b.find((d) => d.key === c.key));
  return others.every((d) => d !== undefined && isBinary(d.branch)) && a.filter((c, at) => isBinary(c.branch) && others[at]?.branch !== c.branch).length === 1;
}

function isBinary(branch: string): boolean {
  return branch === 'true' || branch === 'false';
}

/**
 * Elements that all lists begin with: they are there whatever is decided.
 * A list that is added to in both branches of a test, each time it is added to, would double otherwise.
 */
function sharedStart([first = [], ...others]: readonly (readonly Value[])[]): readonly Value[] {
  const end = first.findIndex((element, index) => !others.every((other) => other[index] !== undefined && isAlike(element, other[index])));
  return end === -1 ? first : first.slice(0, end);
}

function isAlike(a: Value, b: Value): boolean {
  if (!(a instanceof Union) || !(b instanceof Union)) return sameValue(a, b);
  return a === b || (a.options.length === b.options.length && a.options.every((option, index) => isAlikeOption(option, b.options[index] as UnionOption)));
}

function isAlikeOption(a: UnionOption, b: UnionOption): boolean {
  const isSame = a.value === undefined || b.value === undefined ? a.value === b.value : isAlike(a.value, b.value);
  return isSame && a.conditions.length === b.conditions.length && a.conditions.every(({ key, branch }, index) => b.conditions[index]?.key === key && b.conditions[index]?.branch === branch);
}

/** Own enumerable properties with text keys, array indices first. The key carries the place of the property. */
export function ownEntriesOf(interpreter: Interpreter, value: Value, site: Site): OwnEntries {
  const settled = interpreter.settle(value);
  if (settled.kind === 'union') {
    const all: (readonly [Primitive, Value])[] = [];
    let open = false;
    mapUnion(interpreter, settled, (option) => {
      const inner = ownEntriesOf(interpreter, option, site);
      all.push(...inner.entries);
      open ||= inner.open;
      return option;
    });
    return { entries: all, open };
  }
  if (settled instanceof Primitive) {
    if (typeof settled.value !== 'string') return { entries: [], open: false };
    return { entries: [...settled.value].map((c, i) => [new Primitive(String(i)), new Primitive(c)] as const), open: false };
  }
  if (!(settled instanceof HeapObject)) return { entries: [], open: true };
  const entries: (readonly [Primitive, Value])[] = [];
  if (settled instanceof ArrayObject) settled.elements.forEach((e, i) => entries.push([new Primitive(String(i)), interpreter.settle(e)]));
  const keys = settled instanceof ModelObject && settled.behaviour.keys ? settled.behaviour.keys(interpreter, settled) : [...settled.properties.keys()];
  for (const key of keys) {
    if (typeof key !== 'string') continue;
    if ((settled instanceof FunctionObject || settled instanceof ClassObject || settled instanceof NativeFunction) && key === 'prototype') continue;
    if (key === 'constructor' && isPrototype(settled)) continue;
    const item = interpreter.get(settled, key, site);
    entries.push([new Primitive(key, settled.labels, keySite(settled, key, item)), item]);
  }
  return { entries, open: settled.open !== undefined };
}

/** What `prototype` of a class or function gives: its `constructor` cannot be enumerated. */
function isPrototype(object: HeapObject): boolean {
  const slot = object.properties.get('constructor');
  return slot instanceof ClassObject ? slot.instances === object : slot instanceof HeapObject && slot.properties.get('prototype') === object;
}

/** Where the property stands: recorded for object literals, else where its value stands. */
function keySite(object: HeapObject, key: string, item: Value): Site | undefined {
  return object.keySites?.get(key) ?? (item.kind === 'union' ? undefined : item.site);
}
