import type { Heap, Write } from './heap.ts';
import type { Cell } from './scope.ts';
import type { CollectionObject, HeapObject, PromiseObject, ArrayObject } from './values.ts';

/** What a piece of a run did to the heap: each place once, with what stood there in the end. */
export type Effects = readonly ((heap: Heap) => void)[];

/** Kept for later, so that the same can be done again from the same state without running the code. Undefined where it is too much to keep. */
export function effectsSince(heap: Heap, mark: number, limit: number): Effects | undefined {
  const writes = heap.writesSince(mark);
  const places = new Map<Cell | HeapObject, Set<PropertyKey | Write['kind']>>();
  const effects: ((heap: Heap) => void)[] = [];
  for (const write of writes) {
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

function effectOf(write: Write): (heap: Heap) => void {
  switch (write.kind) {
    case 'cell': return cellEffect(write.target);
    case 'property': return propertyEffect(write.target, write.key);
    case 'elements': case 'append': return elementsEffect(write.target);
    case 'entries': return entriesEffect(write.target);
    case 'open': case 'prototype': case 'labels': return objectEffect(write.target);
    case 'promise': return promiseEffect(write.target);
  }
}

function cellEffect(target: Cell): (heap: Heap) => void {
  const { value } = target;
  return (heap) => heap.setCell(target, value);
}

function propertyEffect(target: HeapObject, key: PropertyKey): (heap: Heap) => void {
  const slot = target.properties.get(key);
  return slot === undefined ? (heap) => heap.deleteProperty(target, key) : (heap) => heap.setProperty(target, key, slot);
}

function elementsEffect(target: ArrayObject): (heap: Heap) => void {
  const { elements } = target;
  return (heap) => heap.setElements(target, elements);
}

function entriesEffect(target: CollectionObject): (heap: Heap) => void {
  const { entries } = target;
  return (heap) => heap.setEntries(target, entries);
}

function objectEffect(target: HeapObject): (heap: Heap) => void {
  const { open, prototype, labels } = target;
  return (heap) => {
    if (target.open !== open) heap.setOpen(target, open);
    if (target.prototype !== prototype) heap.setPrototype(target, prototype);
    heap.addLabels(target, labels);
  };
}

function promiseEffect(target: PromiseObject): (heap: Heap) => void {
  const { state, result } = target;
  return (heap) => heap.settle(target, state, result);
}
