import type { Path } from '../guards/explore.ts';
import { isSame, united, type World } from '../guards/worlds.ts';
import type { Decision } from '../interpreter/host.ts';
import type { Condition } from '../interpreter/values.ts';

/** Past so many, differences between deployments are given up. */
const MAX_WORLDS = 16;

const OPPOSITE: Readonly<Record<string, string>> = { true: 'false', false: 'true' };

/** The decisions of a path that the deployment takes, not the client. */
export function switchesOf(path: Path): World {
  return path.decisions.filter((d) => d.kind === 'configuration');
}

export function conditionsOf(world: World): readonly Condition[] {
  return world.map((decision) => decision.condition);
}

/** True where one deployment can take both paths. */
export function isCompatible(a: World, b: World): boolean {
  return a.every((x) => b.every((y) => x.condition.key !== y.condition.key || x.condition.branch === y.condition.branch));
}

/** The deployments of both, as one world or none. */
export function both(a: World, b: World): readonly World[] {
  return isCompatible(a, b) ? [[...a, ...b.filter((decision) => !holds(decision, a))]] : [];
}

/** The deployments of `world` that are not of `other`. */
export function without(world: World, other: World): readonly World[] {
  if (!isCompatible(world, other)) return [world];
  const free = other.filter((decision) => !holds(decision, world));
  return free.map((decision, index) => [...world, ...free.slice(0, index), opposite(decision)]);
}

/** The same deployments in fewer worlds. */
export function summarized(worlds: readonly World[]): readonly World[] {
  if (worlds.length < 2) return worlds;
  const wide = united(worlds);
  return wide.length > MAX_WORLDS ? [[]] : wide;
}

/**
 * Of paths that stop the request, those in whose deployment no other path lets it through: the switches under
 * which the guard really stands. What stops the request in a deployment that is surely open too is no guard: something
 * else closes the others.
 */
export function closedIn(stops: readonly Path[], open: readonly Path[], isCertain: (path: Path) => boolean): readonly Path[] {
  const passes = (path: Path, stop: Path): boolean => isCompatible(switchesOf(stop), switchesOf(path));
  const certain = open.filter(isCertain);
  const passed = stops.filter((stop) => certain.some((path) => passes(path, stop)));
  return stops.filter((stop) => switchesOf(stop).length > 0 && !open.some((path) => passes(path, stop)) && !passed.some((other) => isSameStop(stop, other)));
}

function isSameStop({ end: a }: Path, { end: b }: Path): boolean {
  return a.kind === 'stopped' && b.kind === 'stopped' && a.step === b.step && a.by.site.module === b.by.site.module && a.by.site.start === b.by.site.start;
}

function opposite({ condition, kind }: Decision): Decision {
  return { condition: { ...condition, branch: OPPOSITE[condition.branch] ?? condition.branch }, kind };
}

function holds(decision: Decision, world: World): boolean {
  return world.some((held) => isSame(held, decision));
}

/** Past so many, whether all deployments are open is not asked any more. */
const MAX_CLOSED = 512;

/** The deployments that are not known to be open, until there are none. */
export class ClosedDeployments {
  private worlds: readonly World[] = [[]];

  /** Takes out those that take the path, which lets the request through; true where none is left. */
  open(path: Path): boolean {
    const switches = switchesOf(path);
    if (this.worlds.length <= MAX_CLOSED) this.worlds = this.worlds.flatMap((world) => without(world, switches));
    return switches.length === 0 || this.worlds.length === 0;
  }
}
