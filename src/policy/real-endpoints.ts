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
export function onlyReal(endpoints: readonly Endpoint[], origins: readonly Origin[], texts: EndpointTexts): readonly Endpoint[] {
  // As most programs have it: one application, and everything is mounted there.
  if (endpoints.every(({ mounted, application }) => mounted && application === endpoints[0]?.application)) return endpoints;
  const rankOf = ({ application }: Endpoint): number => {
    const origin = origins[application];
    return origin ? ORIGINS.indexOf(origin) : ORIGINS.length;
  };
  const best = new Map<string, number>();
  const put = (key: string, rank: number): void => void best.set(key, Math.min(rank, best.get(key) ?? rank));
  for (const endpoint of endpoints) {
    const { place, placeAndPath } = texts.of(endpoint);
    put(placeAndPath, rankOf(endpoint));
    put(place, rankOf(endpoint));
  }
  const first = new Map<string, number>();
  return endpoints.filter((endpoint) => {
    const rank = rankOf(endpoint);
    const { place, placeAndPath } = texts.of(endpoint);
    if (!endpoint.mounted) return best.get(place) === rank;
    if (best.get(placeAndPath) !== rank) return false;
    const key = texts.of(endpoint).placePathAndVerdicts;
    const application = first.get(key);
    if (application === undefined) first.set(key, endpoint.application);
    return application === undefined || application === endpoint.application;
  });
}
