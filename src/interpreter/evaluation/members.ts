import type { Interpreter } from '../interpreter.ts';
import { asMember } from '../labelling.ts';
import { ObservedText } from '../observation/observed.ts';
import { ObservedReference } from '../observation/observed-reference.ts';
import { passed, settleElements } from '../branches/settling.ts';
import { ThrowSignal } from '../signals.ts';
import { identityOf } from '../text.ts';
import type { HeapObject} from '../values.ts';
import { ABSENCE, ABSENT, CLIENT, type Labels, SECRET, mergeLabels } from '../labels.ts';
import { TOO_MANY } from '../reasons.ts';
import { type Accessor, ArrayObject, BoundFunction, ClassObject, CollectionObject, type Condition, External, FunctionObject, ModelObject, NativeFunction, Primitive, type Site, type Slot, UNDEFINED, Union, type UnionOption, Unknown, type Value, labelsOf, withLabels } from '../values.ts';

const MAX_OPTIONS = 12;

export function getMember(interpreter: Interpreter, target: Value, key: PropertyKey, site: Site): Value {
  if (!interpreter.amendment) return memberOf(interpreter, target, key, site);
  interpreter.amendment.sees(target);
  const value = memberOf(interpreter, target, key, site);
  interpreter.amendment.sees(value);
  return value;
}

function memberOf(interpreter: Interpreter, target: Value, key: PropertyKey, site: Site): Value {
  switch (target.kind) {
    case 'primitive': {
      const value = getOfPrimitive(interpreter, target, key, site);
      // (verify(token) && decode(token)).role      of the false that came of a missing token
      return value instanceof Primitive && value.value === undefined && (target.labels & ABSENCE) !== 0 ? withLabels(value, ABSENT) : value;
    }
    case 'object': return passed(interpreter, getOfObject(interpreter, target, key, site, target));
    case 'external': return getOfExternal(interpreter, target, key, site);
    case 'unknown': return getOfUnknown(interpreter, target, key, site);
    case 'union': return (target instanceof ObservedReference && key === 'name' ? target.nameText() : undefined) ?? mapUnion(interpreter, target, (value) => getMember(interpreter, value, key, site));
  }
}

/** Applies `run` to each option that is possible here, under the option's conditions. */
export function mapUnion(interpreter: Interpreter, union: Union, run: (value: Value) => Value): Value {
  const settled = interpreter.settle(union);
  if (settled.kind !== 'union') return run(settled);
  const options: UnionOption[] = [];
  for (const option of settled.options) {
    if (!interpreter.isPossible(option.conditions)) continue;
    const { value } = option;
    if (value === undefined) {
      options.push(option);
      continue;
    }
    const result = interpreter.underConditions(option.conditions, () => ofOne(interpreter, option.conditions, () => run(value)));
    if (result.kind === 'union') options.push(...result.options.map((o) => ({ conditions: [...option.conditions, ...o.conditions], value: o.value })));
    else options.push({ conditions: option.conditions, value: result });
  }
  return unionIn(interpreter, options);
}

/** What throws for one of several values does not for the others: (token ? decode(token) : undefined).id */
function ofOne(interpreter: Interpreter, conditions: readonly Condition[], run: () => Value): Value {
  if (!interpreter.isJoining) return run();
  try {
    return run();
  } catch (signal) {
    if (signal instanceof ThrowSignal) interpreter.requireChoice(conditions);
    throw signal;
  }
}

/** A union without repetition; one value where all options agree; unknown where there are too many. */
export function unionOf(options: readonly UnionOption[]): Value {
  const [first] = options;
  if (!first) return UNDEFINED;
  // One option is a value that is there only sometimes; several equal ones are there whatever is decided.
  if (options.length > 1 && first.value !== undefined && options.every((o) => o.value !== undefined && sameValue(o.value, first.value as Value))) return first.value;
  if (options.length === 1 && first.conditions.length === 0 && first.value !== undefined) return first.value;
  if (options.length > MAX_OPTIONS) return new Unknown(TOO_MANY, { labels: labelsOfAll(options) });
  return new Union(options);
}

/** More things that the client sends are not told apart while a request is walked. */
const MAX_CLIENT_OPTIONS = 6;

/** As `unionOf`, for branches that are joined while a request is walked. */
export function unionIn(interpreter: Interpreter, options: readonly UnionOption[]): Value {
  if (!interpreter.isJoining || options.length <= MAX_CLIENT_OPTIONS) return unionOf(options);
  const [first] = options;
  if (first?.value && options.every((o) => o.value && sameValue(o.value, first.value as Value))) return first.value;
  if (options.every(isOfClient) && options.some((o) => o.value?.kind === 'unknown')) return new Unknown('one of several things that the client sends', { labels: labelsOfAll(options) });
  if (options.length > MAX_OPTIONS) return new Unknown(TOO_MANY, { unfollowed: true, labels: labelsOfAll(options) | CLIENT });
  return new Union(options);
}

/** What the client chooses by what it sends: an address in one of several headers, or none. */
function isOfClient({ value, conditions }: UnionOption): boolean {
  if (conditions.some((c) => c.configuration || c.isUncertain)) return false;
  if (value instanceof Primitive) return (value.labels & (ABSENCE | SECRET)) === 0;
  return value instanceof Unknown && !value.unfollowed && (value.labels & CLIENT) !== 0 && (value.labels & (ABSENCE | SECRET)) === 0;
}

function labelsOfAll(options: readonly UnionOption[]): Labels {
  return mergeLabels(...options.map((o) => (o.value ? labelsOf(o.value) : 0)));
}

/** Whether two values cannot be told apart. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof ObservedText || b instanceof ObservedText) return a instanceof ObservedText && b instanceof ObservedText && a.source.key === b.source.key && a.labels === b.labels;
  if (a instanceof Primitive && b instanceof Primitive) return Object.is(a.value, b.value) && a.labels === b.labels;
  if (a.kind === b.kind && (a.kind === 'unknown' || a.kind === 'external')) {
    const identity = identityOf(a);
    return identity !== undefined && identity === identityOf(b);
  }
  return false;
}

function getOfPrimitive(interpreter: Interpreter, target: Primitive, key: PropertyKey, site: Site): Value {
  const { realm } = interpreter;
  // Its methods note by themselves what is learned.
  if (target instanceof ObservedText && typeof key === 'string' && realm.stringPrototype.properties.has(key)) return getOfObject(interpreter, realm.stringPrototype, key, site, target);
  switch (typeof target.value) {
    case 'string': {
      if (key === 'length') return new Primitive(target.value.length, target.labels);
      const index = typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : undefined;
      if (index !== undefined) return new Primitive(target.value[index], target.labels, target.site);
      return getOfObject(interpreter, realm.stringPrototype, key, site, target);
    }
    case 'number': case 'bigint': return getOfObject(interpreter, realm.numberPrototype, key, site, target);
    case 'boolean': return getOfObject(interpreter, realm.booleanPrototype, key, site, target);
    case 'symbol': return getOfObject(interpreter, realm.symbolPrototype, key, site, target);
    default:
      // `req.user.id` of an anonymous request throws: that is what stops it.
      if ((target.labels & ABSENT) !== 0 && interpreter.choosing) {
        interpreter.throwError('TypeError', `Cannot read properties of ${String(target.value)} (reading '${String(key)}')`, site, ABSENT);
      }
      return interpreter.unknown(`member ${String(key)} of ${String(target.value)}`, site, target.labels);
  }
}

function getOfExternal(interpreter: Interpreter, target: External, key: PropertyKey, site: Site): Value {
  if (typeof key !== 'string') return interpreter.unknown('symbol member of a package value', site, target.labels);
  const modelled = interpreter.host.getMember(interpreter, target, key, site);
  if (modelled) return modelled;
  return new External({ step: 'get', package: target.package, subpath: target.subpath, base: target, name: key, labels: target.labels, site });
}

function getOfUnknown(interpreter: Interpreter, target: Unknown, key: PropertyKey, site: Site): Value {
  if (target.parts && typeof key === 'string' && interpreter.realm.stringPrototype.properties.has(key)) {
    return getOfObject(interpreter, interpreter.realm.stringPrototype, key, site, target);
  }
  if (target.pattern && key === 'test') return getOfObject(interpreter, interpreter.realm.regexpPrototype, key, site, target);
  const identity = target.identity === undefined ? undefined : `${target.identity}.${String(key)}`;
  return new Unknown(target.reason, { site, labels: target.labels, identity, unfollowed: target.unfollowed, unloaded: target.unloaded, member: typeof key === 'string' ? key : undefined });
}

export function getOfObject(interpreter: Interpreter, target: HeapObject, key: PropertyKey, site: Site, receiver: Value): Value {
  const own = ownSlot(interpreter, target, key, site);
  if (own) {
    const value = readSlot(interpreter, own, receiver, site);
    return withLabels(value, asMember(value, target.labels));
  }
  let open = target.open;
  for (let object = target.prototype; object; object = object.prototype) {
    const slot = ownSlot(interpreter, object, key, site);
    if (slot) return readSlot(interpreter, slot, receiver, site);
    open ??= object.open;
  }
  if (open !== undefined) return new Unknown(open, { site, labels: target.labels, member: typeof key === 'string' ? key : undefined });
  if (target.labels === 0) return UNDEFINED;
  return new Primitive(undefined, (target.labels & ABSENCE) === 0 ? target.labels : (target.labels & ~ABSENCE) | ABSENT);
}

/** Methods that ask nothing of the elements that are there. */
const ADDING: ReadonlySet<PropertyKey> = new Set(['push', 'unshift']);

function ownSlot(interpreter: Interpreter, target: HeapObject, key: PropertyKey, site: Site): Slot | undefined {
  if (target instanceof ModelObject) {
    const modelled = target.behaviour.get?.(interpreter, target, key, site);
    if (modelled) return modelled;
  }
  const slot = target.properties.get(key);
  if (slot) return slot;
  if (target instanceof ArrayObject) {
    const isUnsettled = !ADDING.has(key) && settleElements(interpreter, target);
    if (key === 'length') return target.open === undefined && !isUnsettled ? new Primitive(target.elements.length, target.labels) : interpreter.unknown(target.open ?? 'elements that are there only sometimes', site, target.labels);
    if (typeof key === 'string' && /^\d+$/.test(key)) return target.elements[Number(key)];
  }
  if (target instanceof CollectionObject && key === 'size') {
    return target.open === undefined ? new Primitive(target.entries.length, target.labels) : interpreter.unknown(target.open, site, target.labels);
  }
  if (target instanceof ClassObject && key === 'prototype') return target.instances;
  if (target instanceof FunctionObject && key === 'prototype' && target.node.type !== 'ArrowFunctionExpression') {
    const prototype = interpreter.object([['constructor', target]]);
    target.properties.set('prototype', prototype);
    return prototype;
  }
  if (key === 'name' && (target instanceof FunctionObject || target instanceof ClassObject || target instanceof NativeFunction)) return new Primitive(target.name);
  if (key === 'length' && target instanceof FunctionObject) return new Primitive(target.node.params.filter((p) => p.type !== 'AssignmentPattern' && p.type !== 'RestElement').length);
  if (key === 'name' && target instanceof BoundFunction) return interpreter.get(target.target, 'name', site);
  return undefined;
}

function readSlot(interpreter: Interpreter, slot: Slot, receiver: Value, site: Site): Value {
  if (slot.kind !== 'accessor') return slot;
  return slot.get ? interpreter.call(slot.get, receiver, [], site) : UNDEFINED;
}

export function setMember(interpreter: Interpreter, target: Value, key: PropertyKey, value: Value, site: Site): void {
  if (target.kind === 'union') {
    if (interpreter.isJoining) interpreter.requireChoice(target.options.flatMap((o) => o.conditions));
    mapUnion(interpreter, target, (option) => {
      setMember(interpreter, option, key, value, site);
      return UNDEFINED;
    });
    return;
  }
  if (target.kind !== 'object') return;
  if (target instanceof ModelObject && target.behaviour.set?.(interpreter, target, key, value, site)) return;
  const accessor = findAccessor(target, key);
  if (accessor) {
    if (accessor.set) interpreter.call(accessor.set, target, [value], site);
    return;
  }
  if (target instanceof ArrayObject && setArrayMember(interpreter, target, key, value)) return;
  if (target instanceof FunctionObject && key === 'name') return;
  interpreter.heap.setProperty(target, key, interpreter.underControl(value));
}

function setArrayMember(interpreter: Interpreter, target: ArrayObject, key: PropertyKey, value: Value): boolean {
  if (key === 'length') {
    if (value instanceof Primitive && typeof value.value === 'number') interpreter.heap.setElements(target, target.elements.slice(0, value.value));
    return true;
  }
  const index = typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : undefined;
  if (index === undefined || index > 100_000) return false;
  const elements = [...target.elements];
  while (elements.length < index) elements.push(UNDEFINED);
  elements[index] = value;
  interpreter.heap.setElements(target, elements);
  return true;
}

function findAccessor(target: HeapObject, key: PropertyKey): Accessor | undefined {
  for (let object: HeapObject | null = target; object; object = object.prototype) {
    const slot = object.properties.get(key);
    if (slot) return slot.kind === 'accessor' ? slot : undefined;
  }
  return undefined;
}
