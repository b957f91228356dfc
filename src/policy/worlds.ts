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
  for (const { condition: x } of a) for (const { condition: y } of b) if (x.branch !== y.branch && x.key === y.key) return false;
  return true;
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
  const passing = open.map((path) => ({ switches: switchesOf(path), isCertain: isCertain(path) }));
  const stopping = stops.map((stop) => {
    const switches = switchesOf(stop);
    const passes = passing.filter((path) => isCompatible(switches, path.switches));
    return { stop, isSwitched: switches.length > 0, isPassed: passes.length > 0, isSurelyPassed: passes.some((path) => path.isCertain) };
  });
  const passed = stopping.filter(({ isSurelyPassed }) => isSurelyPassed);
  return stopping.filter(({ stop, isSwitched, isPassed }) => isSwitched && !isPassed && !passed.some((other) => isSameStop(stop, other.stop))).map(({ stop }) => stop);
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

/** Deployments by a bit for each decision: those in which it is taken, and of these the ones that take it for true. */
interface Bits {
  readonly taken: bigint;
  readonly isTrue: bigint;
}

/** The deployments that are not known to be open, until there are none. Asked for every path: bits, since there may be many worlds. */
export class ClosedDeployments {
  private readonly bits = new Map<string, bigint>();
  private worlds: readonly Bits[] = [{ taken: 0n, isTrue: 0n }];

  /** Takes out those that take the path, which lets the request through; true where none is left. */
  open(path: Path): boolean {
    const switches = switchesOf(path).map(({ condition }): Bits => {
      const bit = this.bitOf(condition.key);
      return { taken: bit, isTrue: condition.branch === 'true' ? bit : 0n };
    });
    if (this.worlds.length <= MAX_CLOSED) this.worlds = this.worlds.flatMap((world) => beside(world, switches));
    return switches.length === 0 || this.worlds.length === 0;
  }

  private bitOf(key: string): bigint {
    let bit = this.bits.get(key);
    if (bit === undefined) this.bits.set(key, bit = 1n << BigInt(this.bits.size));
    return bit;
  }
}

/** See `without`. */
function beside(world: Bits, others: readonly Bits[]): Bits | readonly Bits[] {
  if (others.some((other) => (other.taken & world.taken & (other.isTrue ^ world.isTrue)) !== 0n)) return world;
  const left: Bits[] = [];
  let { taken, isTrue } = world;
  for (const other of others) {
    if ((other.taken & world.taken) !== 0n) continue;
    taken |= other.taken;
    left.push({ taken, isTrue: isTrue | (other.taken ^ other.isTrue) });
    isTrue |= other.isTrue;
  }
  return left;
}
