import path from 'node:path';
import type { Analysis, Endpoint } from '../../../src/model.ts';
import type { Pattern } from './recorder.ts';
import type { Scenario } from './scenario.ts';
import type { Truth } from './truth.ts';

/** The truths of one environment, with the folder that was run: the frames in them lie below it. */
export interface EnvironmentTruth {
  readonly folder: string;
  readonly truths: readonly Truth[];
}

interface Claim {
  /** Several where mounts, or paths of a list, give one registration the same path twice: which is which cannot be told from outside. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]];
  /** One list per environment. Several where a registration has several paths. */
  readonly truths: Truth[][];
}

/** What keeps the fixture from proving anything: an endpoint that nobody reaches, so that nothing can be told about its guard. */
export function defectsOf(scenario: Scenario, environments: readonly EnvironmentTruth[]): string[] {
  const names = new Set(environments.flatMap(({ truths }) => truths.filter((truth) => !isMiddleware(truth)).map((truth) => truth.name)));
  const reached = new Set(environments.flatMap(({ truths }) => truths.filter((truth) => truth.reachable).map((truth) => truth.name)));
  const unreached = [...names].filter((name) => !reached.has(name) && !(name in scenario.unreachable));
  const excused = Object.keys(scenario.unreachable).filter((name) => reached.has(name));
  const unmet = [...Object.keys(scenario.requests), ...Object.keys(scenario.unknown)].filter((name) => !names.has(name));
  return [
    ...names.size === 0 ? ['no endpoint'] : [],
    ...unreached.map((name) => `${name}: nobody reaches its work, with or without credentials`),
    ...excused.map((name) => `${name}: scenario.json calls it unreachable, and it is reached`),
    ...unmet.map((name) => `${name}: named in scenario.json, not registered`),
  ];
}

/**
 * Every point on which the analysis and the framework differ, one sentence each.
 * `mayBeUnknown` is keyed by the endpoint's name.
 */
export function disagreements(environments: readonly EnvironmentTruth[], analysis: Analysis, mayBeUnknown: Readonly<Record<string, string>> = {}): string[] {
  const claims = claimsOf(analysis).map((endpoints): Claim => ({ endpoints, truths: environments.map(() => []) }));
  const found: string[] = [];
  environments.forEach(({ folder, truths }, environment) => {
    for (const truth of truths) {
      const claim = claimFor(claims, folder, truth);
      if (claim) claim.truths[environment]!.push(truth);
      // app.all('/x', guard) only hands on: a tool may call it no endpoint.
      else if (truth.reachable) found.push(`${truth.name}: not in the analysis (${placeOf(truth, folder)})`);
    }
  });
  for (const { endpoints, truths } of claims) {
    const [endpoint] = endpoints;
    const where = `${endpoint.methods.join(',')} ${endpoint.path} (${endpoint.file}:${endpoint.line})`;
    if (truths.every((own) => own.length === 0)) {
      found.push(`${where}: the framework holds no such endpoint`);
      continue;
    }
    const differences = [authDifference, rateLimitDifference].flatMap((differenceOf) => {
      const each = endpoints.map((one) => differenceOf(one, truths, mayBeUnknown));
      return each.includes(undefined) ? [] : each.slice(0, 1);
    });
    found.push(...differences.map((sentence) => `${where}: ${sentence}`));
  }
  return found;
}

function claimsOf(analysis: Analysis): (readonly [Endpoint, ...Endpoint[]])[] {
  const groups = new Map<string, [Endpoint, ...Endpoint[]]>();
  for (const endpoint of analysis.endpoints) {
    if (!endpoint.mounted) continue;
    const key = `${endpoint.file}:${endpoint.line} ${endpoint.methods.join()} ${normalise(endpoint.path)}`;
    const group = groups.get(key);
    if (group) group.push(endpoint);
    else groups.set(key, [endpoint]);
  }
  return [...groups.values()];
}

function authDifference(endpoint: Endpoint, truths: Claim['truths'], mayBeUnknown: Readonly<Record<string, string>>): string | undefined {
  const { auth } = endpoint;
  const open = truths.flatMap((own) => {
    const told = own.filter(tellsAboutAuth);
    return told.length === 0 ? [] : [told.some((truth) => truth.openToAnonymous)];
  });
  if (open.length === 0) return undefined;
  if (auth.status === 'unknown') {
    return isExcused(truths, mayBeUnknown) ? undefined : `auth unknown (${auth.because.map(({ reason }) => reason).join('; ')}), the framework says ${open.includes(true) ? 'open' : 'guarded'}`;
  }
  // A guard that may stand in an environment in which nobody gets through, with or without credentials.
  if (auth.status === 'guarded' && auth.conditional && truths.some((own) => own.length > 0 && !own.some(tellsAboutAuth))) return undefined;
  const expected = open.includes(false) ? 'guarded' : 'naked';
  const actual = auth.status === 'guarded' ? 'guarded' : 'naked';
  if (expected !== actual) return `auth ${JSON.stringify(auth)}, the framework says ${expected}`;
  if (auth.status !== 'guarded' || open.length === 1) return undefined;
  const conditional = open.includes(true);
  return auth.conditional === conditional ? undefined : `auth conditional ${auth.conditional}, open by environment: ${open.join(', ')}`;
}

function rateLimitDifference(endpoint: Endpoint, truths: Claim['truths'], mayBeUnknown: Readonly<Record<string, string>>): string | undefined {
  const { rateLimit } = endpoint;
  const limits = truths.flatMap((own) => {
    const told = own.map((truth) => truth.limited).filter((limited) => limited !== undefined);
    return told.length === 0 ? [] : [!told.includes(false)];
  });
  if (limits.length === 0) return undefined;
  if (rateLimit.status === 'unknown') {
    return isExcused(truths, mayBeUnknown) ? undefined : `rate limit unknown (${rateLimit.because.map(({ reason }) => reason).join('; ')}), the framework says ${limits.includes(true) ? 'limited' : 'not limited'}`;
  }
  // A limiter that may stand in an environment in which nobody gets through.
  if (rateLimit.status === 'guarded' && rateLimit.conditional && truths.some((own) => own.length > 0 && own.every((truth) => truth.isClosed))) return undefined;
  const expected = limits.includes(true) ? 'guarded' : 'naked';
  if (expected !== rateLimit.status) return `rate limit ${JSON.stringify(rateLimit)}, the framework says ${expected}`;
  if (rateLimit.status !== 'guarded' || limits.length === 1) return undefined;
  return rateLimit.conditional === limits.includes(false) ? undefined : `rate limit conditional ${rateLimit.conditional}, limited by environment: ${limits.join(', ')}`;
}

function isExcused(truths: readonly (readonly Truth[])[], mayBeUnknown: Readonly<Record<string, string>>): boolean {
  return truths.flat().every((truth) => truth.name in mayBeUnknown);
}

// app.get('/x', (req, res, next) => next()) has no work of its own: what it lets through to is judged there.
function tellsAboutAuth(truth: Truth): boolean {
  return truth.reachable || !truth.passedOn;
}

function isMiddleware(truth: Truth): boolean {
  return truth.endpoint.methods.includes('USE');
}

function claimFor(claims: readonly Claim[], folder: string, truth: Truth): Claim | undefined {
  const { methods, registration, segments } = truth.endpoint;
  // What is mounted and answers every method by itself may be called so.
  const isMethod = ({ endpoints: [endpoint] }: Claim) => methods.every((method) => endpoint.methods.includes(method) || (method === 'USE' && endpoint.methods.includes('ALL')));
  const isPath = ({ endpoints: [endpoint] }: Claim) => samePath(endpoint.path, segments);
  const isPlace = ({ endpoints: [endpoint] }: Claim) => registration.frames.some((frame) => frame.line === endpoint.line && sourceName(path.relative(folder, frame.file)) === sourceName(endpoint.file));
  const byMethod = claims.filter(isMethod);
  const byPlace = byMethod.filter(isPlace);
  // A table-driven route is reported at its row, where no frame of the registration lies.
  if (byPlace.length === 0) return byMethod.find(isPath);
  return byPlace.find(isPath) ?? (byPlace.length === 1 ? byPlace[0] : undefined);
}

function sourceName(file: string): string {
  return file.replace(/\.ts$/, '.js');
}

function samePath(stated: string, segments: readonly Pattern[]): boolean {
  return normalise(stated) === normalise(segments.map(String).join('/'));
}

function normalise(joined: string): string {
  return `/${joined}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

function placeOf(truth: Truth, folder: string): string {
  const [frame] = truth.endpoint.registration.frames;
  return frame ? `${path.relative(folder, frame.file)}:${frame.line}` : 'no place';
}
