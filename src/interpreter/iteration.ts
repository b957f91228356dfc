import type { Interpreter } from './interpreter.ts';
import { mapUnion, sameValue } from './members.ts';
import { settleElements } from './settling.ts';
import {
  ArrayObject, CollectionObject, ClassObject, FunctionObject, HeapObject, ModelObject, NativeFunction, Primitive, type Site, Union, type UnionOption, type Value, labelsOf,
} from './values.ts';

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
  const sometimes = lists.flatMap(({ conditions, elements }) => elements.slice(shared.length).map((element) => (
    element.kind === 'union'
      ? new Union(element.options.map((o) => ({ conditions: [...conditions, ...o.conditions], value: o.value })))
      : new Union([{ conditions, value: element }])
  )));
  return { elements: [...shared, ...sometimes], open: lists.some(({ open }) => open) };
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
