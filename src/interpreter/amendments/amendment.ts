import { type ModuleRecord, standsAt } from '../modules/module-record.ts';
import type { Reads } from '../observation/reads.ts';
import type { Registered } from '../registrations.ts';
import type { Cell } from '../modules/scope.ts';
import { ArrayObject, BoundFunction, CollectionObject, type FunctionNode, type FunctionObject, HeapObject, ModelObject, PromiseObject, type Value } from '../values.ts';

/** Where a statement stands among all that the registration code did: after `from`, and no later than `to`. */
export interface Turn {
  readonly from: number;
  readonly to: number;
}

/** Something that a statement added to a list of registrations. */
export interface Registration {
  readonly list: Registered[];
  readonly item: Registered;
}

/** Objects that are looked through for what a built-in or a framework is given. */
const MAX_SEEN = 2_000;

/**
 * One statement of the registration code that is evaluated when all of that code has run, as if it were its turn. It may see
 * nothing that was written after its turn, and write nothing but what it made itself; what it registers is collected.
 * Where it does otherwise, what it did is worth nothing.
 */
export class Amendment {
  readonly turn: Turn;
  /** Modules that were evaluated in this turn, because the statement asked for them, in order. */
  readonly evaluated: ModuleRecord[] = [];
  readonly registered: Registration[] = [];
  readonly called = new Map<FunctionNode, FunctionObject>();
  /** Why it cannot be told what the statement did at its turn. */
  failure: string | undefined;
  /** What was written until then has been written when the statement comes to where it is. */
  private reached: number;
  private readonly made = new WeakSet<HeapObject>();
  private readonly seen = new Set<HeapObject>();
  /** Of the program: what is looked through here, it has not looked at. */
  private readonly programReads: Reads;

  constructor(turn: Turn, reads: Reads) {
    this.turn = turn;
    this.programReads = reads;
    this.reached = turn.from;
  }

  fail(reason: string): void {
    this.failure ??= reason;
  }

  makes<T extends HeapObject>(object: T): T {
    this.made.add(object);
    return object;
  }

  writes(target: Cell | HeapObject): void {
    const isOwn = target instanceof HeapObject ? this.made.has(target) : target.amendment === this || (target.value === undefined && target.writtenAt === 0);
    if (!isOwn) this.fail('writes what was made elsewhere');
    else if (!(target instanceof HeapObject)) target.writtenAt = this.turn.to;
  }

  /** A function without a name gets one. */
  names(target: HeapObject): void {
    if (!this.made.has(target)) this.fail('gives a name to what was made elsewhere');
  }

  /** The module is asked for. */
  asksFor(record: ModuleRecord): void {
    const { turn } = this;
    if (standsAt(record, this.reached)) return;
    if (record.state !== 'done' || record.startedAt < this.reached || record.finishedAt > turn.to) {
      this.fail('a module that is evaluated later');
      return;
    }
    this.evaluated.push(record);
    this.reached = record.finishedAt;
  }

  /** The variable is read. */
  reads({ writtenAt, amendment }: Cell): void {
    if (writtenAt > this.reached && amendment !== this) this.fail('reads a variable that is written later');
  }

  /** The value is used. */
  sees(value: Value): void {
    if (value.kind === 'union') {
      for (const option of value.options) if (option.value) this.sees(option.value);
      return;
    }
    if (value.kind !== 'object') return;
    if (value.writtenAt > this.reached && !this.made.has(value)) this.fail('uses an object that is written later');
    if (value instanceof ModelObject && value.behaviour.isFollowed !== true) this.fail('uses what a package keeps');
  }

  /** The values are handed to code that may look into them. */
  handsOver(values: readonly Value[]): void {
    this.programReads.unnoticed(() => this.lookThrough(values));
  }

  private lookThrough(values: readonly Value[]): void {
    const rest: Value[] = [...values];
    for (let value = rest.pop(); value; value = rest.pop()) {
      this.sees(value);
      if (value.kind === 'union') for (const option of value.options) if (option.value instanceof HeapObject) rest.push(option.value);
      if (!(value instanceof HeapObject) || this.seen.has(value)) continue;
      this.seen.add(value);
      if (this.seen.size > MAX_SEEN) {
        this.fail('hands over more than can be looked through');
        return;
      }
      // What frameworks registered on their own objects is not looked at by registrations on others.
      if (value instanceof ModelObject) continue;
      if (value instanceof ArrayObject) rest.push(...value.elements);
      if (value instanceof CollectionObject) for (const entry of value.entries) rest.push(...entry);
      if (value instanceof PromiseObject) rest.push(value.result);
      if (value instanceof BoundFunction) rest.push(value.target, value.receiver, ...value.boundArgs);
      if (value.prototype) rest.push(value.prototype);
      for (const slot of value.properties.values()) {
        if (slot.kind !== 'accessor') rest.push(slot);
        else for (const accessor of [slot.get, slot.set]) if (accessor) rest.push(accessor);
      }
    }
  }
}
