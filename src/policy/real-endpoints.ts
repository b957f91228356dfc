import type { Endpoint } from '../model.ts';
import type { EndpointTexts } from './endpoint-texts.ts';
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
export function onlyReal(endpoints: readonly Endpoint[], origins: readonly Origin[], texts: EndpointTexts): Endpoint[] {
  const rankOf = ({ application }: Endpoint): number => {
    const origin = origins[application];
    return origin ? ORIGINS.indexOf(origin) : ORIGINS.length;
  };
  const best = new Map<string, number>();
  const put = (key: string, rank: number): void => void best.set(key, Math.min(rank, best.get(key) ?? rank));
  for (const endpoint of endpoints) {
    put(texts.placeAndPath(endpoint), rankOf(endpoint));
    put(texts.place(endpoint), rankOf(endpoint));
  }
  const first = new Map<string, number>();
  return endpoints.filter((endpoint) => {
    const rank = rankOf(endpoint);
    if (!endpoint.mounted) return best.get(texts.place(endpoint)) === rank;
    if (best.get(texts.placeAndPath(endpoint)) !== rank) return false;
    const key = texts.placePathAndVerdicts(endpoint);
    const application = first.get(key);
    if (application === undefined) first.set(key, endpoint.application);
    return application === undefined || application === endpoint.application;
  });
}
