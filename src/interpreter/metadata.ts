import { type ClassObject, type HeapObject, Primitive, type Site, type Value } from './values.ts';

export interface MetadataEntry {
  readonly value: Value;
  /** The decorator in the user's code that was being applied. */
  readonly origin: Site | undefined;
  /** What comparisons take it for, once something has looked: see metadata-look.ts. */
  description?: string;
}

/**
 * What `Reflect.defineMetadata` keeps: per object, per member of it, per key. Decorators run once, outside of any
 * request, so that nothing of it is ever taken back.
 */
export class Metadata {
  private readonly entries = new WeakMap<HeapObject, Map<PropertyKey | undefined, Map<unknown, MetadataEntry>>>();
  /** Classes whose decorators have run. */
  readonly decorated = new WeakSet<ClassObject>();
  /** The decorator that is being applied. */
  origin: Site | undefined;
  /** How often something was written. */
  writes = 0;

  define(target: HeapObject, member: PropertyKey | undefined, key: unknown, value: Value): void {
    this.writes++;
    let members = this.entries.get(target);
    if (!members) this.entries.set(target, members = new Map());
    let entries = members.get(member);
    if (!entries) members.set(member, entries = new Map());
    entries.set(key, { value, origin: this.origin });
  }

  delete(target: HeapObject, member: PropertyKey | undefined, key: unknown): boolean {
    this.writes++;
    return this.entries.get(target)?.get(member)?.delete(key) ?? false;
  }

  own(target: HeapObject, member: PropertyKey | undefined, key: unknown): MetadataEntry | undefined {
    return this.entries.get(target)?.get(member)?.get(key);
  }

  /** Of the object or the nearest it inherits from: a class inherits from its base class. */
  find(target: HeapObject, member: PropertyKey | undefined, key: unknown): MetadataEntry | undefined {
    for (let object: HeapObject | null = target; object; object = object.prototype) {
      const entry = this.own(object, member, key);
      if (entry) return entry;
    }
    return undefined;
  }

  keys(target: HeapObject, member: PropertyKey | undefined): readonly unknown[] {
    return [...(this.entries.get(target)?.get(member)?.keys() ?? [])];
  }
}

/** A metadata key as the store compares it: the content of a primitive, the object itself otherwise. */
export function metadataKey(value: Value): unknown {
  return value instanceof Primitive ? value.value : value;
}
