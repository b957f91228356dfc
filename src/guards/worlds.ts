import type { Decision } from '../interpreter/host.ts';

/** Where a run can be, by the decisions that hold there together; without any, everywhere. Every decision has two branches. */
export type World = readonly Decision[];

export function isSame(a: Decision, b: Decision): boolean {
  return a.condition.key === b.condition.key && a.condition.branch === b.condition.branch;
}

/** True where all of `outer` holds in `world`. */
export function isWithin(world: World, outer: World): boolean {
  return outer.every((decision) => world.some((held) => isSame(held, decision)));
}

/** Keys of decisions that only one of the two has. */
export function differing(a: World, b: World): string[] {
  return [...keysBeside(a, b), ...keysBeside(b, a)];
}

function keysBeside(world: World, other: World): string[] {
  return world.filter((decision) => !other.some((held) => isSame(held, decision))).map(({ condition }) => condition.key);
}

/** The world without the decisions that make no difference beside the known ones; undefined where they cover it. */
export function beyond(known: readonly World[], world: World): World | undefined {
  const branches = new Map(world.map(({ condition }) => [condition.key, condition.branch]));
  for (const other of known) {
    const missing = missingIn(other, (key) => branches.get(key));
    if (missing.length === 0) return undefined;
    const reduced = withoutOpposite(world, missing, (key) => branches.has(key));
    if (reduced) return beyond(known, reduced);
  }
  return world;
}

/** The first decisions of the world, two at most, that do not hold where the branches of others are these. */
function missingIn(world: World, branchOf: (key: string) => string | undefined): readonly Decision[] {
  const missing: Decision[] = [];
  for (const decision of world) {
    if (branchOf(decision.condition.key) === decision.condition.branch) continue;
    missing.push(decision);
    if (missing.length === 2) break;
  }
  return missing;
}

/** if (A && B) …      beside the world of !A, that of A and !B is no more than that of !B */
function withoutOpposite(world: World, missing: readonly Decision[], isDecided: (key: string) => boolean): World | undefined {
  const [only] = missing;
  if (!only || missing.length > 1 || !isDecided(only.condition.key)) return undefined;
  return world.filter((decision) => decision.condition.key !== only.condition.key);
}

/** The same in fewer and wider worlds. */
export function united(worlds: readonly World[]): readonly World[] {
  return worlds.reduce<readonly World[]>(unitedWith, []);
}

/** `worlds`, as `united` gives them, and one more. */
export function unitedWith(worlds: readonly World[], world: World): readonly World[] {
  const waiting = [world];
  let known = worlds;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const wider = beyond(known, next);
    if (!wider) continue;
    known = [...known.filter((other) => !isNarrowed(other, wider, waiting)), wider];
  }
  return known;
}

/** True where `other` is no more than a part of the wider world, or becomes wider itself beside it: that waits to be added. */
function isNarrowed(other: World, wider: World, waiting: World[]): boolean {
  const branchOf = (key: string): string | undefined => other.find(({ condition }) => condition.key === key)?.condition.branch;
  const missing = missingIn(wider, branchOf);
  if (missing.length === 0) return true;
  const reduced = withoutOpposite(other, missing, (key) => branchOf(key) !== undefined);
  if (reduced) waiting.push(reduced);
  return reduced !== undefined;
}
