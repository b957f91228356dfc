import type { Endpoint } from '../model.ts';
import type { Origin } from '../program.ts';

/** The most real first. */
const ORIGINS: readonly Origin[] = ['start', 'module', 'uncalled function'];

/**
 * Each endpoint once. A function that makes the application is called by the program's start, and may be called by a
 * script beside it or by nobody: what stands under the application that is started is not repeated for the others. What
 * nothing mounts is not repeated where the same registration is mounted.
 *
 * @param origins of the applications, by their index
 */
export function onlyReal(endpoints: readonly Endpoint[], origins: readonly Origin[]): Endpoint[] {
  const rankOf = ({ application }: Endpoint): number => {
    const origin = origins[application];
    return origin ? ORIGINS.indexOf(origin) : ORIGINS.length;
  };
  const best = new Map<string, number>();
  const put = (key: string, rank: number): void => void best.set(key, Math.min(rank, best.get(key) ?? rank));
  for (const endpoint of endpoints) {
    put(placeAndPath(endpoint), rankOf(endpoint));
    put(place(endpoint), rankOf(endpoint));
  }
  const first = new Map<string, number>();
  return endpoints.filter((endpoint) => {
    const rank = rankOf(endpoint);
    if (!endpoint.mounted) return best.get(place(endpoint)) === rank;
    if (best.get(placeAndPath(endpoint)) !== rank) return false;
    const key = `${placeAndPath(endpoint)} ${JSON.stringify([endpoint.auth, endpoint.rateLimit])}`;
    const application = first.get(key);
    if (application === undefined) first.set(key, endpoint.application);
    return application === undefined || application === endpoint.application;
  });
}

function place({ file, line, column, methods }: Endpoint): string {
  return `${file}:${line}:${column} ${methods.join()}`;
}

function placeAndPath(endpoint: Endpoint): string {
  return `${place(endpoint)} ${endpoint.path}`;
}
