import type { Path } from '../guards/explore.ts';
import type { Condition } from '../interpreter/values.ts';

/** The decisions of a path that the deployment takes, not the client. */
export function switchesOf(path: Path): Condition[] {
  return path.decisions.filter((d) => d.kind === 'configuration').map((d) => d.condition);
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
