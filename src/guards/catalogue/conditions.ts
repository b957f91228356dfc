import {
  type ArrayObject, type HeapObject, isCallable, Union, type UnionOption, type Value,
} from '../../interpreter/values.ts';
import type { ArgumentPlace, Condition, Literal } from './row.ts';

export type Truth = 'yes' | 'no' | 'unknown';

/** The arguments of the calls on the way to a value, and of the call under judgement if there is one. */
export interface Calls {
  readonly all: readonly (readonly Value[])[];
  /** The installed version of the package, where it is known. Asked only where a condition depends on it. */
  version(): string | undefined;
}

/** What stands at a place: a value, nothing, or something that cannot be said. */
export type Found =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown' };

const NOTHING: Found = { kind: 'nothing' };
const UNKNOWN: Found = { kind: 'unknown' };

export function find(place: ArgumentPlace, calls: Calls): Found {
  const args = place.call === undefined ? calls.all.at(-1) : calls.all[place.call];
  if (!args) return NOTHING;
  const argument = place.argument === 'last' ? args.at(-1) : args[place.argument];
  let found: Found = argument ? { kind: 'value', value: argument } : NOTHING;
  for (const key of place.property?.split('.') ?? []) {
    if (found.kind !== 'value') return found;
    found = member(found.value, key);
  }
  return found;
}

function member(value: Value, key: string): Found {
  if (value.kind === 'primitive') return NOTHING;
  if (value.kind === 'union') return memberOfEach(value, key);
  if (value.kind !== 'object') return UNKNOWN;
  for (let holder: HeapObject | null = value; holder; holder = holder.prototype) {
    const slot = holder.properties.get(key);
    if (slot) return slot.kind === 'accessor' ? UNKNOWN : { kind: 'value', value: slot };
    if (holder.open !== undefined) return UNKNOWN;
  }
  return NOTHING;
}

function memberOfEach(union: Union, key: string): Found {
  const options: UnionOption[] = [];
  for (const { conditions, value } of union.options) {
    const found = value ? member(value, key) : NOTHING;
    if (found.kind === 'unknown') return UNKNOWN;
    options.push({ conditions, value: found.kind === 'value' ? found.value : undefined });
  }
  return { kind: 'value', value: new Union(options) };
}

export function holds(condition: Condition, calls: Calls): Truth {
  const truth = holdsAt(condition, find(condition, calls));
  if (truth === 'no') return 'no';
  const inRange = isInRange(condition, calls.version);
  return inRange === 'yes' ? truth : inRange;
}

function holdsAt(condition: Condition, found: Found): Truth {
  if (found.kind === 'unknown') return 'unknown';
  const value = found.kind === 'value' ? found.value : undefined;
  if (value?.kind === 'union') {
    const truths = new Set(value.options.map((o) => holdsAt(condition, o.value ? { kind: 'value', value: o.value } : NOTHING)));
    return truths.size === 1 ? [...truths][0] as Truth : 'unknown';
  }
  if ('given' in condition) return isGiven(value, condition.given);
  if (value === undefined) return 'no';
  if ('is' in condition) return equals(value, condition.is);
  if ('contains' in condition) return contains(value, condition.contains);
  if (!isArray(value)) return value.kind === 'unknown' || value.kind === 'external' ? 'unknown' : 'no';
  if (value.elements.length > 0) return 'no';
  return value.open === undefined ? 'yes' : 'unknown';
}

function isGiven(value: Value | undefined, expected: boolean): Truth {
  if (value?.kind === 'unknown') return 'unknown';
  const given = value !== undefined && !(value.kind === 'primitive' && value.value === undefined);
  return given === expected ? 'yes' : 'no';
}

function equals(value: Value, literal: Literal): Truth {
  if (value.kind === 'primitive') return value.value === literal ? 'yes' : 'no';
  return value.kind === 'object' ? 'no' : 'unknown';
}

function contains(value: Value, literal: Literal): Truth {
  if (!isArray(value)) return equals(value, literal);
  const truths = value.elements.map((element) => equals(element, literal));
  if (truths.includes('yes')) return 'yes';
  return truths.includes('unknown') || value.open !== undefined ? 'unknown' : 'no';
}

function isArray(value: Value): value is ArrayObject {
  return value.kind === 'object' && 'elements' in value;
}

/** True for a function, also one that a package gave or that could not be followed. */
export function mayBeFunction(value: Value): boolean {
  if (value.kind === 'union') return value.options.some((o) => o.value !== undefined && mayBeFunction(o.value));
  return value.kind === 'unknown' || value.kind === 'external' || isCallable(value);
}

function isInRange(condition: Condition, versionOf: () => string | undefined): Truth {
  if (condition.below === undefined && condition.from === undefined) return 'yes';
  const version = versionOf();
  if (version === undefined) return 'unknown';
  if (condition.below !== undefined && compareVersions(version, condition.below) >= 0) return 'no';
  if (condition.from !== undefined && compareVersions(version, condition.from) < 0) return 'no';
  return 'yes';
}

function compareVersions(left: string, right: string): number {
  const parts = (version: string) => version.split(/[.+-]/).slice(0, 3).map(Number);
  const [a, b] = [parts(left), parts(right)];
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
