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
