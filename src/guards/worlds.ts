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
  if (known.some((other) => isWithin(world, other))) return undefined;
  for (const decision of world) {
    const rest = world.filter((other) => other !== decision);
    // if (A && B) …      beside the world of !A, that of A and !B is no more than that of !B
    const isCovered = known.some((other) => {
      const missing = other.filter((one) => !rest.some((held) => isSame(held, one)));
      return missing.length === 1 && missing[0]?.condition.key === decision.condition.key;
    });
    if (isCovered) return beyond(known, rest);
  }
  return world;
}

/** The same in fewer and wider worlds. */
export function united(worlds: readonly World[]): readonly World[] {
  for (const [index, world] of worlds.entries()) {
    const others = worlds.toSpliced(index, 1);
    const wider = beyond(others, world);
    if (!wider) return united(others);
    if (wider !== world) return united([...others.filter((other) => !isWithin(other, wider)), wider]);
  }
  return worlds;
}
