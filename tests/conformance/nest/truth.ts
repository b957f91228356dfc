import type { Analysis, Endpoint, EndpointKind } from '../../../src/model.ts';
import { reaches } from './clients.ts';
import type { Entrypoint } from './entrypoints.ts';
import type { Major, MappedRoute, RunningApplication } from './running.ts';

export interface Scenario {
  readonly about: string;
  readonly adapters: readonly ('express' | 'fastify')[];
  /** Majors of Nest that the packages of the fixture are there for. */
  readonly majors: readonly Major[];
  /** Headers of a request that may do everything. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers without which a handler is not asked at all, such as that of its version. */
  readonly sent: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What is registered past Nest, which notes nothing of it. */
  readonly pastNest: readonly MappedRoute[];
  readonly graphqlPath: string;
  /** Queries that get to a field which no plain query of its name does, by its path. */
  readonly queries: Readonly<Record<string, string>>;
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Handlers that nobody reaches, with the reason. */
  readonly unreachable: Readonly<Record<string, string>>;
}

export interface Truth {
  readonly route: MappedRoute & { readonly kind: EndpointKind };
  readonly reachable: boolean;
  readonly openToAnonymous: boolean;
  readonly limited: boolean;
}

/** More requests than any limiter of a fixture lets through. */
const MANY = 12;

/** Asks the running program about one route: without credentials, with them, and often. */
export async function ask({ address }: RunningApplication, route: MappedRoute, headers: Scenario['headers'], always: Scenario['headers'] = {}): Promise<Truth> {
  const methods = route.method === 'ALL' ? ['GET', 'POST', 'PUT', 'DELETE'] : [route.method === 'USE' ? 'GET' : route.method];
  const once = async (sent: Scenario['headers'], method = methods[0]): Promise<{ status: number; worked: boolean }> => {
    const url = address + route.path.replaceAll(/\/[:*{][^/]*/g, '/sample');
    const response = await fetch(url, { method, headers: { ...always, ...sent }, redirect: 'manual' });
    return { status: response.status, worked: (await response.text()).includes('"reached"') };
  };
  const works = async (sent: Scenario['headers']): Promise<boolean> => {
    for (const method of methods) if ((await once(sent, method)).worked) return true;
    return false;
  };
  const openToAnonymous = await works({});
  const worked = await works(headers);
  let limited = false;
  for (let sent = 0; sent < MANY; sent++) limited ||= (await once(headers)).status === 429;
  return { route: { ...route, kind: 'http' }, reachable: worked || openToAnonymous, openToAnonymous, limited };
}

/** The same for what is not called over HTTP; a limiter shows where a call that worked does not any more. */
export async function askEntrypoint(running: RunningApplication, entrypoint: Entrypoint, scenario: Scenario): Promise<Truth> {
  const once = (credentials: Scenario['headers']): Promise<boolean> => reaches(running, entrypoint, credentials, scenario);
  const openToAnonymous = await once({});
  const worked = await once(scenario.headers);
  let limited = false;
  for (let sent = 0; worked && !limited && sent < MANY; sent++) limited = !(await once(scenario.headers));
  return { route: entrypoint, reachable: worked || openToAnonymous, openToAnonymous, limited };
}

/** Every point on which the analysis and the framework differ, one sentence each. */
export function disagreements(truths: readonly Truth[], analysis: Analysis, scenario: Pick<Scenario, 'unreachable'>): string[] {
  const mounted = analysis.endpoints.filter((e) => e.mounted);
  const isFor = (endpoint: Endpoint, { route }: Truth): boolean => endpoint.kind === route.kind && endpoint.handler === route.handler && endpoint.methods.includes(route.method) && normalise(endpoint.path) === normalise(route.path);
  const found = mounted.filter((e) => !truths.some((t) => isFor(e, t))).map((e) => `${e.methods.join()} ${e.path} ${e.handler}: Nest maps no such route`);
  for (const truth of truths) {
    const { route } = truth;
    const name = `${route.method} ${route.path} ${route.handler}`;
    const endpoint = mounted.find((e) => isFor(e, truth));
    if (!endpoint) {
      found.push(`${name}: not in the analysis`);
      continue;
    }
    if (!truth.reachable && !(route.handler in scenario.unreachable)) found.push(`${name}: nobody reaches its work`);
    const isOpen = endpoint.auth.status === 'naked' || endpoint.auth.status === 'public';
    if (endpoint.auth.status === 'unknown' || isOpen !== truth.openToAnonymous) found.push(`${name}: auth ${JSON.stringify(endpoint.auth)}, Nest ${truth.openToAnonymous ? 'lets a stranger in' : 'keeps strangers out'}`);
    if ((endpoint.rateLimit.status === 'guarded') !== truth.limited) found.push(`${name}: rate limit ${JSON.stringify(endpoint.rateLimit)}, Nest ${truth.limited ? 'limits' : 'does not limit'}`);
  }
  return found;
}

/** Nest 11 writes wildcards as `{*path}`. */
function normalise(path: string): string {
  return `/${path}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
}
