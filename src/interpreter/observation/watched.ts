import { HeapObject, type Slot } from '../values.ts';

/** Is told which members of an object are looked at. */
export interface Onlooker {
  noteMember(key: PropertyKey): void;
  /** Somebody goes through them. */
  noteAll(): void;
}

/**
 * The members of an object, which tell when they are looked at, by whomever. The heap looks at what stood where it writes;
 * that counts too, since it may stand there again where branches meet.
 */
class WatchedMembers extends Map<PropertyKey, Slot> {
  private onlooker: Onlooker | undefined;

  static of(members: ReadonlyMap<PropertyKey, Slot>, onlooker: Onlooker): WatchedMembers {
    const watched = new WatchedMembers(members);
    watched.onlooker = onlooker;
    return watched;
  }

  override get(key: PropertyKey): Slot | undefined {
    this.onlooker?.noteMember(key);
    return super.get(key);
  }

  override has(key: PropertyKey): boolean {
    this.onlooker?.noteMember(key);
    return super.has(key);
  }

  override get size(): number {
    this.onlooker?.noteAll();
    return super.size;
  }

  override entries(): MapIterator<[PropertyKey, Slot]> {
    this.onlooker?.noteAll();
    return super.entries();
  }

  override keys(): MapIterator<PropertyKey> {
    this.onlooker?.noteAll();
    return super.keys();
  }

  override values(): MapIterator<Slot> {
    this.onlooker?.noteAll();
    return super.values();
  }

  override forEach(run: (slot: Slot, key: PropertyKey, map: Map<PropertyKey, Slot>) => void): void {
    this.onlooker?.noteAll();
    super.forEach(run);
  }

  override [Symbol.iterator](): MapIterator<[PropertyKey, Slot]> {
    this.onlooker?.noteAll();
    return super.entries();
  }

  /** All of them, unnoticed. */
  peek(): MapIterator<[PropertyKey, Slot]> {
    return super.entries();
  }
}

/** From now on the object tells which of its members are looked at. */
export function watch(object: HeapObject, onlooker: Onlooker): void {
  object.properties = WatchedMembers.of(object.properties, onlooker);
}

export function isWatched(value: Slot | undefined): boolean {
  return value instanceof HeapObject && value.properties instanceof WatchedMembers;
}

/** The members of an object, without telling that they are looked at. */
export function membersOf({ properties }: HeapObject): Iterable<[PropertyKey, Slot]> {
  return properties instanceof WatchedMembers ? properties.peek() : properties;
}
