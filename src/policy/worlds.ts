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
 * which the guard really stands. What stops the request in an open deployment too is no guard: something else closes
 * the others.
 */
export function closedIn(stops: readonly Path[], open: readonly Path[]): readonly Path[] {
  const isPassed = (stop: Path): boolean => open.some((path) => isCompatible(switchesOf(stop), switchesOf(path)));
  const passed = stops.filter(isPassed);
  return stops.filter((stop) => switchesOf(stop).length > 0 && !isPassed(stop) && !passed.some((other) => isSameStop(stop, other)));
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

/** The deployments that are known to be open, until they are all. */
export class OpenDeployments {
  private readonly known: (readonly Condition[])[] = [];

  /** True where every deployment takes one of the paths given so far. */
  add(path: Path): boolean {
    const switches = conditionsOf(switchesOf(path));
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
