import type { Path } from '../guards/explore.ts';
import type { Condition } from '../interpreter/values.ts';

/** The decisions of a path that the deployment takes, not the client. */
export function switchesOf(path: Path): Condition[] {
  return path.decisions.filter((d) => d.kind === 'configuration').map((d) => d.condition);
}

/** Deployments, by the switches that hold together in them; without any, all of them. */
export type World = readonly Condition[];

/** Past so many, differences between deployments are given up. */
const MAX_WORLDS = 16;

const OPPOSITE: Readonly<Record<string, string>> = { true: 'false', false: 'true' };

/** The deployments of both, as one world or none. */
export function both(a: World, b: World): readonly World[] {
  return isCompatible(a, b) ? [[...a, ...b.filter((condition) => !holds(condition, a))]] : [];
}

/** The deployments of `world` that are not of `other`. A switch with more than two positions is not taken apart. */
export function without(world: World, other: World): readonly World[] {
  if (!isCompatible(world, other)) return [world];
  const free = other.filter((condition) => !holds(condition, world));
  if (free.some(({ branch }) => OPPOSITE[branch] === undefined)) return [world];
  return free.map((condition, index) => [...world, ...free.slice(0, index), { ...condition, branch: OPPOSITE[condition.branch] as string }]);
}

/** The same deployments in fewer worlds. */
export function united(worlds: readonly World[]): readonly World[] {
  const widestFirst = [...worlds].sort((a, b) => a.length - b.length);
  const kept: World[] = [];
  for (const [index, world] of widestFirst.entries()) {
    if (kept.some((other) => implies(world, other))) continue;
    for (const [twin, other] of kept.entries()) {
      const join = joined(world, other);
      if (join) return united([...kept.toSpliced(twin, 1), join, ...widestFirst.slice(index + 1)]);
    }
    kept.push(world);
  }
  return kept.length > MAX_WORLDS ? [[]] : kept;
}

/** What two worlds are together that differ in the position of one switch. */
function joined(a: World, b: World): World | undefined {
  const differing = a.filter((condition) => !holds(condition, b));
  const [only] = differing;
  if (a.length !== b.length || differing.length !== 1 || !only) return undefined;
  return holds({ ...only, branch: OPPOSITE[only.branch] ?? '' }, b) ? a.filter((condition) => condition !== only) : undefined;
}

function implies(a: World, b: World): boolean {
  return b.every((condition) => holds(condition, a));
}

function holds({ key, branch }: Condition, world: World): boolean {
  return world.some((condition) => condition.key === key && condition.branch === branch);
}

/** True where one deployment can take both paths. */
export function isCompatible(a: readonly Condition[], b: readonly Condition[]): boolean {
  return a.every((x) => b.every((y) => x.key !== y.key || x.branch === y.branch));
}

/**
 * Of paths that stop the request, those in whose deployment no other path lets it through: the switches under
 * which the guard really stands.
 */
export function closedIn(stops: readonly Path[], open: readonly Path[]): readonly Path[] {
  return stops.filter((stop) => {
    const switches = switchesOf(stop);
    return switches.length > 0 && open.every((path) => !isCompatible(switches, switchesOf(path)));
  });
}

/** The deployments that are known to be open, until they are all. */
export class OpenDeployments {
  private readonly known: (readonly Condition[])[] = [];

  /** True where every deployment takes one of the paths given so far. */
  add(path: Path): boolean {
    const switches = switchesOf(path);
    this.known.push(switches);
    return switches.length === 0 || areAll(this.known, MAX_SWITCHES);
  }
}

/** Switches tried one after the other before the answer is no. */
const MAX_SWITCHES = 12;

function areAll(deployments: readonly (readonly Condition[])[], depth: number): boolean {
  if (deployments.some((switches) => switches.length === 0)) return true;
  const first = deployments[0]?.[0];
  if (!first || depth === 0) return false;
  return ['true', 'false'].every((branch) => {
    const there = deployments.filter((switches) => switches.every((s) => s.key !== first.key || s.branch === branch));
    return areAll(there.map((switches) => switches.filter((s) => s.key !== first.key)), depth - 1);
  });
}
