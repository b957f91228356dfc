import { describe, expect, it } from 'vitest';
import { effectsSince } from '../../src/interpreter/effects.ts';
import { Heap } from '../../src/interpreter/heap.ts';
import { ABSENT } from '../../src/interpreter/labels.ts';
import { Scope } from '../../src/interpreter/modules/scope.ts';
import { ArrayObject, CollectionObject, HeapObject, Primitive, PromiseObject, UNDEFINED } from '../../src/interpreter/values.ts';

describe('effects', () => {
  it('do again what was undone, each place once', () => {
    const heap = new Heap({ choosing: true, amendment: undefined });
    const object = new HeapObject(null);
    const kept = new Primitive('kept');
    object.properties.set('gone', kept);
    const list = new ArrayObject(null, [kept]);
    const map = new CollectionObject(null, 'Map', []);
    const promise = new PromiseObject(null, 'pending', UNDEFINED);
    const cell = new Scope(undefined).declare('cell', kept);
    const mark = heap.mark();
    const done = new Primitive('done');
    heap.setProperty(object, 'kind', new Primitive('first'));
    heap.setProperty(object, 'kind', done);
    heap.setProperty(object, 'cell', done);
    heap.deleteProperty(object, 'gone');
    heap.setOpen(object, 'may hold more');
    heap.addLabels(object, ABSENT);
    heap.appendElements(list, [done]);
    heap.appendElements(list, [done]);
    heap.setEntries(map, [[kept, done]]);
    heap.settle(promise, 'fulfilled', done);
    heap.setCell(cell, done);
    const effects = effectsSince(heap, mark, 100) ?? [];
    expect(effects).toHaveLength(9);

    const snapshot = () => ({
      properties: [...object.properties], open: object.open, labels: object.labels, elements: [...list.elements], entries: map.entries, promise: [promise.state, promise.result], cell: cell.value,
    });
    const after = snapshot();
    heap.undoTo(mark);
    const before = snapshot();
    expect(before.properties).toEqual([['gone', kept]]);
    expect(before.elements).toEqual([kept]);
    for (const effect of effects) effect(heap, () => undefined);
    expect(snapshot()).toEqual(after);
    heap.undoTo(mark);
    expect(snapshot()).toEqual(before);
  });

  it('are not kept where there are too many', () => {
    const heap = new Heap({ choosing: true, amendment: undefined });
    const object = new HeapObject(null);
    for (const key of ['a', 'b', 'c']) heap.setProperty(object, key, UNDEFINED);
    expect(effectsSince(heap, 0, 3)).toHaveLength(3);
    expect(effectsSince(heap, 0, 2)).toBeUndefined();
  });
});
