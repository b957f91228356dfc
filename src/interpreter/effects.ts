import type { Heap, Write } from './heap.ts';
import { ObservedText, type Texts } from './observation/observed.ts';
import { type Cell, isGone } from './modules/scope.ts';
import type { CollectionObject, HeapObject, PromiseObject, ArrayObject } from './values.ts';

/** Does one write again. Texts that are observed are as they are where it is done: `texts` gives those. */
type Effect = (heap: Heap, texts: Texts) => void;

/** What a piece of a run did to the heap: each place once, with what stood there in the end. */
export type Effects = readonly Effect[];

/** Kept for later, so that the same can be done again from the same state without running the code. Undefined where it is too much to keep. */
export function effectsSince(heap: Heap, mark: number, limit: number): Effects | undefined {
  const writes = heap.writesSince(mark);
  const places = new Map<Cell | HeapObject, Set<PropertyKey | Write['kind']>>();
  const effects: Effect[] = [];
  for (const write of writes) {
    if (write.kind === 'cell' && isGone(write.target)) continue;
    const place = write.kind === 'property' ? write.key : write.kind === 'append' ? 'elements' : write.kind;
    let done = places.get(write.target);
    if (!done) places.set(write.target, done = new Set());
    const key = write.kind === 'property' && typeof place === 'string' ? `.${place}` : place;
    if (done.has(key)) continue;
    done.add(key);
    if (effects.length >= limit) return undefined;
    effects.push(effectOf(write));
  }
  return effects;
}

function effectOf(write: Write): Effect {
  switch (write.kind) {
    case 'cell': return cellEffect(write.target);
    case 'property': return propertyEffect(write.target, write.key);
    case 'elements': case 'append': return elementsEffect(write.target);
    case 'entries': return entriesEffect(write.target);
    case 'open': case 'prototype': case 'labels': return objectEffect(write.target);
    case 'promise': return promiseEffect(write.target);
  }
}

function cellEffect(target: Cell): Effect {
  const { value } = target;
  return value instanceof ObservedText ? (heap, texts) => heap.setCell(target, value.as(texts)) : (heap) => heap.setCell(target, value);
}

function propertyEffect(target: HeapObject, key: PropertyKey): Effect {
  const slot = target.properties.get(key);
  if (slot instanceof ObservedText) return (heap, texts) => heap.setProperty(target, key, slot.as(texts));
  return slot === undefined ? (heap) => heap.deleteProperty(target, key) : (heap) => heap.setProperty(target, key, slot);
}

function elementsEffect(target: ArrayObject): Effect {
  const { elements } = target;
  return (heap) => heap.setElements(target, elements);
}

function entriesEffect(target: CollectionObject): Effect {
  const { entries } = target;
  return (heap) => heap.setEntries(target, entries);
}

function objectEffect(target: HeapObject): Effect {
  const { open, prototype, labels } = target;
  return (heap) => {
    if (target.open !== open) heap.setOpen(target, open);
    if (target.prototype !== prototype) heap.setPrototype(target, prototype);
    heap.addLabels(target, labels);
  };
}

function promiseEffect(target: PromiseObject): Effect {
  const { state, result } = target;
  return (heap) => heap.settle(target, state, result);
}
