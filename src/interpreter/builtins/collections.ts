import type { Heap } from '../heap.ts';
import { ABSENT, CLIENT, CLIENT_KEY } from '../labels.ts';
import { takingReferences } from '../observation/observed-reference.ts';
import { ObservedText } from '../observation/observed.ts';
import { CollectionObject, HeapObject, labelsOf, type NativeCall, type NativeImplementation, Primitive, UNDEFINED, type Value, withLabels } from '../values.ts';
import { iteratorOf } from './array-values.ts';
import { argument, createConstructor, defineMethods, instancePrototype, type Natives } from './define.ts';
import { isSameValue, sameValue } from './equality.ts';
import { eachOption } from './options.ts';
import type { RealmParts } from './realm.ts';
import { known, mergedLabels, wrongReceiver } from './results.ts';

export function addCollections(realm: RealmParts): void {
  const { functionPrototype, globals } = realm;
  for (const [name, prototype, kind] of [
    ['Map', realm.mapPrototype, 'Map'], ['WeakMap', realm.weakMapPrototype, 'Map'],
    ['Set', realm.setPrototype, 'Set'], ['WeakSet', realm.weakSetPrototype, 'Set'],
  ] as const) {
    defineMethods(functionPrototype, prototype, kind === 'Map' ? { ...sharedMethods, ...mapMethods } : { ...sharedMethods, ...setMethods });
    globals.set(name, createConstructor(functionPrototype, name, (call) => construct(call, prototype, kind), prototype));
  }
}

function construct(call: NativeCall, prototype: HeapObject, kind: 'Map' | 'Set'): Value {
  const { interpreter, site } = call;
  const source = argument(call, 0);
  const collection = new CollectionObject(instancePrototype(call, prototype), kind, [], site);
  if (call.args.length === 0) return collection;
  const { elements, open } = interpreter.iterate(source, site);
  const entries: [Value, Value][] = [];
  for (const element of elements) {
    if (kind === 'Set') {
      entries.push([element, element]);
      continue;
    }
    eachOption(interpreter, element, site, (option) => {
      entries.push([interpreter.get(option, '0', site), interpreter.get(option, '1', site)]);
      return undefined;
    });
  }
  collection.entries = distinct(call, entries);
  collection.labels = labelsOf(source);
  if (open) collection.open = source.kind === 'unknown' ? source.reason : 'made from elements that are not known';
  return collection;
}

/** The entries in order, the last value of each key in the place of its first. */
function distinct(call: NativeCall, entries: CollectionObject['entries']): CollectionObject['entries'] {
  if (!entries.every(([key]) => key instanceof HeapObject || (key instanceof Primitive && !(key instanceof ObservedText)))) {
    return entries.reduce<CollectionObject['entries']>((all, [key, value]) => withEntry(call, all, key, value), []);
  }
  const known = new Map<unknown, readonly [Value, Value]>();
  for (const [key, value] of entries) {
    const identity = key instanceof Primitive ? key.value : key;
    known.set(identity, [known.get(identity)?.[0] ?? key, value]);
  }
  return [...known.values()];
}

/** The entries with the value under the key; a key that may or may not be one of the others is added. */
function withEntry(call: NativeCall, entries: CollectionObject['entries'], key: Value, value: Value): CollectionObject['entries'] {
  const index = entries.findIndex(([other]) => isSameValue(call, other, key) === true);
  return index === -1 ? [...entries, [key, value]] : entries.with(index, [(entries[index] as [Value, Value])[0], value]);
}

type CollectionMethod = (call: NativeCall, collection: CollectionObject, heap: Heap) => Value;

function onCollection(method: CollectionMethod): NativeImplementation {
  return (call) => (call.receiver instanceof CollectionObject ? method(call, call.receiver, call.interpreter.heap) : wrongReceiver(call, 'a collection'));
}

/** Keys are compared, and no more is done with them. */
function byKey(method: CollectionMethod): NativeImplementation {
  return takingReferences(onCollection(method));
}

const sharedMethods: Natives = {
  clear: onCollection((_, collection, heap) => {
    heap.setEntries(collection, []);
    heap.setOpen(collection, undefined);
    return UNDEFINED;
  }),
  delete: byKey((call, collection, heap) => {
    const found = has(call, collection);
    heap.setEntries(collection, collection.entries.filter(([key]) => isSameValue(call, key, argument(call, 0)) !== true));
    return found;
  }),
  entries: onCollection((call, collection) =>
    iteratorOf(call, collection, collection.entries.map((entry) => call.interpreter.array(entry, call.site)))),
  forEach: onCollection((call, collection) => {
    const { interpreter, site } = call;
    const receiver = argument(call, 1);
    for (const [key, value] of collection.entries) {
      eachOption(interpreter, value, site, (option) => interpreter.call(argument(call, 0), receiver, [option, key, collection], site));
    }
    if (collection.open !== undefined) {
      const further = interpreter.unknown(collection.open, site, collection.labels);
      interpreter.call(argument(call, 0), receiver, [further, further, collection], site);
    }
    return UNDEFINED;
  }),
  has: byKey(has),
  keys: onCollection((call, collection) => iteratorOf(call, collection, collection.entries.map(([key]) => key))),
  values: onCollection((call, collection) => iteratorOf(call, collection, collection.entries.map(([, value]) => value))),
};

const mapMethods: Natives = {
  get: byKey((call, collection) => {
    const lookup = find(call, collection);
    if (!lookup.entry) return lookup.isKnown ? known(undefined, lookup.operands) : unknownEntry(call, collection, lookup.operands);
    const [, value] = lookup.entry;
    return withLabels(value, mergedLabels([...lookup.operands, value]));
  }),
  set: byKey((call, collection, heap) => {
    heap.setEntries(collection, withEntry(call, collection.entries, argument(call, 0), argument(call, 1)));
    return collection;
  }),
};

const setMethods: Natives = {
  add: byKey((call, collection, heap) => {
    heap.setEntries(collection, withEntry(call, collection.entries, argument(call, 0), argument(call, 0)));
    return collection;
  }),
};

interface Lookup {
  readonly entry: readonly [Value, Value] | undefined;
  /** False where the key may or may not be one of the entries. */
  readonly isKnown: boolean;
  /** What the answer follows from. */
  readonly operands: readonly Value[];
}

/** What is compared with something unknown is work: `wanted.filter((one) => known.has(one))` over lists of thousands. */
function find(call: NativeCall, collection: CollectionObject): Lookup {
  const { interpreter, site } = call;
  const key = argument(call, 0);
  const answers: Value[] = [];
  let isKnown = collection.open === undefined;
  for (const entry of collection.entries) {
    const answer = sameValue(call, entry[0], key);
    const truth = interpreter.whether(answer, site);
    if (truth.known && truth.value) return { entry, isKnown: true, operands: [collection, answer] };
    answers.push(answer);
    if (truth.known) continue;
    isKnown = false;
    interpreter.countStep();
  }
  return { entry: undefined, isKnown: isKnown && !isKeptByClient(call, collection, key), operands: answers.length === 0 ? [collection, key] : [collection, ...answers] };
}

/** hits.get(req.ip): what earlier requests left in it is not known. */
function isKeptByClient({ interpreter }: NativeCall, collection: CollectionObject, key: Value): boolean {
  const labels = labelsOf(key);
  if (!interpreter.choosing || (labels & ABSENT) !== 0) return false;
  return (labels & CLIENT_KEY) !== 0 || ((labels & CLIENT) !== 0 && collection.entries.length === 0);
}

function has(call: NativeCall, collection: CollectionObject): Value {
  const { entry, isKnown, operands } = find(call, collection);
  return isKnown ? known(entry !== undefined, operands) : unknownEntry(call, collection, operands);
}

function unknownEntry(call: NativeCall, collection: CollectionObject, operands: readonly Value[]): Value {
  const key = argument(call, 0);
  const reason = key.kind === 'unknown' ? key.reason : collection.open ?? 'which entry of the collection is meant is not known';
  return call.interpreter.unknown(reason, call.site, mergedLabels(operands));
}
