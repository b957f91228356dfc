import type { Amendment } from './amendments/amendment.ts';
import type { Cell } from './modules/scope.ts';
import type { Labels } from './labels.ts';
import type { ArrayObject, CollectionObject, HeapObject, PromiseObject, PromiseState, Slot, Value } from './values.ts';

/** One place of the heap that was written, with what stood there before. */
export type Write =
  | { readonly kind: 'cell'; readonly target: Cell; readonly old: Value | undefined }
  | { readonly kind: 'property'; readonly target: HeapObject; readonly key: PropertyKey; readonly old: Slot | undefined }
  | { readonly kind: 'elements'; readonly target: ArrayObject; readonly old: readonly Value[] }
  | { readonly kind: 'append'; readonly target: ArrayObject; readonly length: number }
  | { readonly kind: 'entries'; readonly target: CollectionObject; readonly old: CollectionObject['entries'] }
  | { readonly kind: 'open'; readonly target: HeapObject; readonly old: string | undefined }
  | { readonly kind: 'prototype'; readonly target: HeapObject; readonly old: HeapObject | null }
  | { readonly kind: 'labels'; readonly target: HeapObject; readonly old: Labels }
  | { readonly kind: 'promise'; readonly target: PromiseObject; readonly old: readonly [PromiseState, Value] };

/** What the heap has to know of who writes. */
export interface Running {
  readonly choosing: boolean;
  readonly amendment: Amendment | undefined;
}

/** Every write of the running program goes through here, so that a branch can be taken back. */
export class Heap {
  private trail: Write[] = [];
  /** Lists that only their array holds, so that appending need not copy them. */
  private owned = new WeakSet<readonly Value[]>();

  private readonly made = new WeakMap<HeapObject, number>();
  private makings = 0;

  private readonly running: Running;
  private clock = 0;
  /** What is written for the first time now would be the same at any time: see timeless.ts. */
  isTimeless = false;

  constructor(running: Running) {
    this.running = running;
  }

  /** What is written from now on is written later. */
  tick(): number {
    return ++this.clock;
  }

  now(): number {
    return this.clock;
  }

  /** What is written while a request is walked is taken back. */
  private note(target: Cell | HeapObject): void {
    const { amendment, choosing } = this.running;
    if (amendment) amendment.writes(target);
    else if (!choosing && !this.isTimeless) target.writtenAt = ++this.clock;
  }

  /** Notes that the object is new: nothing else can hold it yet. */
  noteMade<T extends HeapObject>(object: T): T {
    this.made.set(object, ++this.makings);
    return object;
  }

  /** How many objects have been noted as new so far. */
  madeSoFar(): number {
    return this.makings;
  }

  /** The object's number among them; 0 where it was not noted. */
  madeAs(object: HeapObject): number {
    return this.made.get(object) ?? 0;
  }

  /** True where the object is known to be newer than that. */
  isNewerThan(object: HeapObject, made: number): boolean {
    return (this.made.get(object) ?? 0) > made;
  }

  mark(): number {
    return this.trail.length;
  }

  /** Writes since the mark, oldest first. */
  writesSince(mark: number): readonly Write[] {
    const writes = this.trail.slice(mark);
    for (const write of writes) if (write.kind === 'append' || write.kind === 'elements') this.owned.delete(write.target.elements);
    return writes;
  }

  undoTo(mark: number): void {
    for (let index = this.trail.length - 1; index >= mark; index--) restore(this.trail[index] as Write);
    this.trail.length = mark;
  }

  /** Makes everything permanent that was written since the mark. */
  forgetSince(mark: number): void {
    this.trail.length = mark;
  }

  /** Runs with a trail of its own and keeps what it wrote: for modules, which are evaluated once. */
  permanently<T>(run: () => T): T {
    const outer = this.trail;
    this.trail = [];
    try {
      return run();
    } finally {
      this.trail = outer;
    }
  }

  setCell(cell: Cell, value: Value | undefined): void {
    this.note(cell);
    this.trail.push({ kind: 'cell', target: cell, old: cell.value });
    cell.value = value;
    cell.thunk = undefined;
  }

  setProperty(target: HeapObject, key: PropertyKey, slot: Slot): void {
    this.note(target);
    this.trail.push({ kind: 'property', target, key, old: target.properties.get(key) });
    target.properties.set(key, slot);
  }

  deleteProperty(target: HeapObject, key: PropertyKey): void {
    this.note(target);
    this.trail.push({ kind: 'property', target, key, old: target.properties.get(key) });
    target.properties.delete(key);
  }

  setElements(target: ArrayObject, elements: readonly Value[]): void {
    this.note(target);
    this.trail.push({ kind: 'elements', target, old: target.elements });
    target.elements = elements;
  }

  /** Adds at the end; many additions in a row cost no copies. */
  appendElements(target: ArrayObject, values: readonly Value[]): void {
    if (!this.owned.has(target.elements)) {
      const copy = [...target.elements, ...values];
      this.setElements(target, copy);
      this.owned.add(copy);
      return;
    }
    this.note(target);
    this.trail.push({ kind: 'append', target, length: target.elements.length });
    (target.elements as Value[]).push(...values);
  }

  setEntries(target: CollectionObject, entries: CollectionObject['entries']): void {
    this.note(target);
    this.trail.push({ kind: 'entries', target, old: target.entries });
    target.entries = entries;
  }

  /** Says that the object may hold more than is known. */
  setOpen(target: HeapObject, reason: string | undefined): void {
    this.note(target);
    this.trail.push({ kind: 'open', target, old: target.open });
    target.open = reason;
  }

  /** Leaves it as it is where it would close a ring, which throws in a real program. */
  setPrototype(target: HeapObject, prototype: HeapObject | null): void {
    for (let object = prototype; object; object = object.prototype) if (object === target) return;
    this.note(target);
    this.trail.push({ kind: 'prototype', target, old: target.prototype });
    target.prototype = prototype;
  }

  addLabels(target: HeapObject, labels: Labels): void {
    if ((target.labels | labels) === target.labels) return;
    this.note(target);
    this.trail.push({ kind: 'labels', target, old: target.labels });
    target.labels |= labels;
  }

  settle(target: PromiseObject, state: PromiseState, result: Value): void {
    this.note(target);
    this.trail.push({ kind: 'promise', target, old: [target.state, target.result] });
    target.state = state;
    target.result = result;
  }
}

function restore(write: Write): void {
  switch (write.kind) {
    case 'cell': write.target.value = write.old; break;
    case 'property':
      if (write.old === undefined) write.target.properties.delete(write.key);
      else write.target.properties.set(write.key, write.old);
      break;
    case 'elements': write.target.elements = write.old; break;
    case 'append': write.target.elements = write.target.elements.slice(0, write.length); break;
    case 'entries': write.target.entries = write.old; break;
    case 'open': write.target.open = write.old; break;
    case 'prototype': write.target.prototype = write.old; break;
    case 'labels': write.target.labels = write.old; break;
    case 'promise': [write.target.state, write.target.result] = write.old; break;
  }
}
