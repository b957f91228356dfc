import type { Amendment, Turn } from './amendments/amendment.ts';
import type { Reads } from './observation/reads.ts';
import { type ClassObject, FunctionObject, type HeapObject, Primitive, type Site, type Value } from './values.ts';

export interface MetadataEntry {
  readonly value: Value;
  /** The decorator in the user's code that was being applied. */
  readonly origin: Site | undefined;
  /** What comparisons take it for, once something has looked: see metadata-look.ts. */
  description?: string;
}

/** What metadata has to know of who reads and writes it. */
export interface MetadataUser {
  readonly reads: Reads;
  readonly amendment: Amendment | undefined;
}

/**
 * What `Reflect.defineMetadata` keeps: per object, per member of it, per key. Decorators run once, outside of any
 * request, so that nothing of it is taken back, unless a class is decorated anew because its text is another one.
 */
export class Metadata {
  private readonly user: MetadataUser;
  private readonly entries = new WeakMap<HeapObject, Map<PropertyKey | undefined, Map<unknown, MetadataEntry>>>();
  /** Classes whose decorators have run, and when. */
  private readonly decorated = new WeakMap<ClassObject, Turn>();
  /** What got metadata from other code than decorators of the class that it is, or is a method of. */
  private readonly fromElsewhere = new WeakSet<HeapObject>();
  /** The class whose decorators are running. */
  decorating: ClassObject | undefined;
  /** The decorator that is being applied. */
  origin: Site | undefined;
  /** How often something was written. */
  writes = 0;

  constructor(user: MetadataUser) {
    this.user = user;
  }

  isDecorated(created: ClassObject): boolean {
    return this.decorated.has(created);
  }

  /** When its decorators had their turn, by the clock of the heap. */
  turnOf(created: ClassObject): Turn | undefined {
    return this.decorated.get(created);
  }

  setDecorated(created: ClassObject, turn: Turn): void {
    this.decorated.set(created, turn);
  }

  /** False where other code than its decorators has written to one of what belongs to the class. */
  isFromDecorators(bearers: readonly HeapObject[]): boolean {
    return bearers.every((bearer) => !this.fromElsewhere.has(bearer));
  }

  /** As if the decorators of the class had not run, of which those are what they write to. */
  forget(created: ClassObject, bearers: readonly HeapObject[]): void {
    this.decorated.delete(created);
    for (const bearer of bearers) this.entries.delete(bearer);
  }

  define(target: HeapObject, member: PropertyKey | undefined, key: unknown, value: Value): void {
    this.noteWrite(target);
    let members = this.entries.get(target);
    if (!members) this.entries.set(target, members = new Map());
    let entries = members.get(member);
    if (!entries) members.set(member, entries = new Map());
    entries.set(key, { value, origin: this.origin });
  }

  delete(target: HeapObject, member: PropertyKey | undefined, key: unknown): boolean {
    this.noteWrite(target);
    return this.entries.get(target)?.get(member)?.delete(key) ?? false;
  }

  own(target: HeapObject, member: PropertyKey | undefined, key: unknown): MetadataEntry | undefined {
    this.noteRead(target);
    return this.entries.get(target)?.get(member)?.get(key);
  }

  /** Of the object or the nearest it inherits from: a class inherits from its base class. */
  find(target: HeapObject, member: PropertyKey | undefined, key: unknown): MetadataEntry | undefined {
    for (let object: HeapObject | null = target; object; object = object.prototype) {
      if (object !== target) this.user.reads.note(object);
      else this.noteRead(object);
      const entry = this.entries.get(object)?.get(member)?.get(key);
      if (entry) return entry;
    }
    return undefined;
  }

  keys(target: HeapObject, member: PropertyKey | undefined): readonly unknown[] {
    this.noteRead(target);
    return [...(this.entries.get(target)?.get(member)?.keys() ?? [])];
  }

  private noteWrite(target: HeapObject): void {
    this.writes++;
    if (this.isOfDecorating(target)) return;
    this.fromElsewhere.add(target);
    this.user.amendment?.fail('writes metadata of something else');
  }

  private noteRead(target: HeapObject): void {
    // What decorators of one thing tell each other is told anew with them.
    if (this.isOfDecorating(target)) return;
    this.user.reads.note(target);
    // Others may have been decorated later.
    this.user.amendment?.fail('reads metadata of something else');
  }

  private isOfDecorating(target: HeapObject): boolean {
    const { decorating } = this;
    if (!decorating) return false;
    const home = target instanceof FunctionObject ? target.home : undefined;
    return [target, home].some((one) => one === decorating || one === decorating.instances);
  }
}

/** A metadata key as the store compares it: the content of a primitive, the object itself otherwise. */
export function metadataKey(value: Value): unknown {
  return value instanceof Primitive ? value.value : value;
}
