import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { untilQuiet } from '../express/rest.ts';
import { type Attempt, nativeImport, type Scenario } from '../express/scenario.ts';
import type { Truth } from '../express/truth.ts';
import { type FastifyApplication, recordingRoutes, type RunningRoute } from './stage.ts';

interface Question {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: object | undefined;
}

interface Booted {
  readonly application: FastifyApplication;
  readonly routes: readonly RunningRoute[];
}

/** An application for one row of requests, and where they come from. */
interface Line {
  readonly application: FastifyApplication;
  readonly address?: string;
  close(): PromiseLike<unknown>;
}

/** The framework itself never comes to the end of starting the program, and says nothing about it either. */
export class NeverStarts extends Error {}

/**
 * Asks every route that the fixture's `build()` registers. What limiters counted is kept from one row of requests to the next by a
 * freshly built application for each or, where the program counts by address alone, by another address.
 *
 * @throws {NeverStarts}
 */
export async function askFastify(scenario: Scenario, copy: () => string, apart: 'by application' | 'by address' = 'by application'): Promise<Truth[]> {
  return recordingRoutes(async (routesOf) => {
    const start = async (): Promise<Booted> => {
      const exported = await nativeImport(pathToFileURL(path.join(copy(), scenario.entry.replace(/\.ts$/, '.js'))).href);
      const build = (exported['build'] ?? (exported['default'] as { build?: unknown } | undefined)?.build) as () => Promise<FastifyApplication>;
      const application = await build();
      await application.ready();
      return { application, routes: routesOf(application) };
    };
    const { application, routes } = await unlessAtRest(start);
    let lines = 0;
    const open = async (): Promise<Line> => {
      if (apart === 'by address') return { application, address: `10.9.${lines >> 8}.${lines++ & 255}`, close: async () => {} };
      const { application: own } = await unlessAtRest(start);
      return { application: own, close: () => own.close() };
    };
    if (apart === 'by application') await application.close();
    const truths: Truth[] = [];
    for (const route of routes) truths.push(await askRoute(scenario, open, route));
    if (apart === 'by address') await application.close();
    return truths;
  });
}

/** Some programs make Fastify wait for itself, which none of its timeouts ends: a plugin with `await after()`, `await register(a)`, `register(b)`. */
async function unlessAtRest(start: () => Promise<Booted>): Promise<Booted> {
  let isDone = false;
  const started = start().finally(() => {
    isDone = true;
  });
  const failed = started.then(() => undefined, () => undefined);
  await Promise.race([failed, untilQuiet(() => isDone)]);
  if (!isDone) throw new NeverStarts();
  return started;
}

async function askRoute(scenario: Scenario, open: () => Promise<Line>, route: RunningRoute): Promise<Truth> {
  const name = `${route.methods.join(',')} ${route.url}`;
  const endpoint = { registration: route.registration, methods: route.methods, segments: [route.url], layers: [], mounts: [] };
  const questions = questionsFor(scenario, name, route);
  const rows: boolean[][] = [];
  for (const withCredentials of [false, true]) {
    for (const question of questions) {
      const { reached, statuses } = await row(scenario, open, question, withCredentials);
      if (reached[0]) return { endpoint, name, openToAnonymous: !withCredentials, reachable: true, passedOn: false, limited: reached.includes(false) || rows.some((r) => r.includes(true)) };
      rows.push(statuses.map((status) => status === 429 && statuses[0] !== 429));
    }
  }
  return { endpoint, name, openToAnonymous: false, reachable: false, passedOn: false, limited: rows.some((r) => r.includes(true)) || undefined };
}

async function row(scenario: Scenario, open: () => Promise<Line>, question: Question, withCredentials: boolean): Promise<{ reached: boolean[]; statuses: number[] }> {
  const line = await open();
  try {
    const headers = withCredentials ? { ...question.headers, ...await credentials(scenario, line.application) } : question.headers;
    const reached: boolean[] = [];
    const statuses: number[] = [];
    for (let attempt = 0; attempt < scenario.attempts; attempt++) {
      const { body, statusCode } = await ask(line, { ...question, headers }, scenario.transport);
      reached.push(body.includes('"reached"'));
      statuses.push(statusCode);
    }
    return { reached, statuses };
  } finally {
    await line.close();
  }
}

async function ask({ application, address: from }: Line, { method, url, headers, payload }: Question, transport: Scenario['transport']): Promise<{ body: string; statusCode: number }> {
  if (transport === 'inject') return application.inject({ method, url, headers, ...payload && { payload }, ...from !== undefined && { remoteAddress: from } });
  const address = listening.get(application) ?? await application.listen({ port: 0, host: '127.0.0.1' });
  listening.set(application, address);
  const response = await fetch(address + url, { method, headers: { ...headers, connection: 'close', ...payload && { 'content-type': 'application/json' } }, ...payload && { body: JSON.stringify(payload) } });
  return { body: await response.text(), statusCode: response.status };
}

/** Where an application listens, once it does. */
const listening = new WeakMap<FastifyApplication, string>();

async function credentials({ credentials: { headers, login } }: Scenario, application: FastifyApplication): Promise<Record<string, string>> {
  if (!login) return { ...headers };
  const { headers: answered } = await application.inject({ method: login.method, url: login.path, ...login.body !== undefined && { payload: login.body as object } });
  const cookies = [answered['set-cookie'] ?? []].flat().map((cookie) => String(cookie).split(';')[0]);
  return { ...headers, ...cookies.length > 0 && { cookie: cookies.join('; ') } };
}

function questionsFor(scenario: Scenario, name: string, { methods, url }: RunningRoute): Question[] {
  const attempts: readonly Attempt[] = [...scenario.requests[name] ?? [], {}];
  const path = url.replace(/:[A-Za-z0-9_]+/g, 'p7q').replace('*', 'p7q') || '/';
  const asked = methods.flatMap((method) => (method === 'ALL' ? ['GET', 'POST', 'PUT', 'DELETE'] : method));
  return asked.flatMap((method) => attempts.map(({ headers, query, body }): Question => ({
    method,
    url: query ? `${path}?${query}` : path,
    headers: headers ?? {},
    payload: body as object | undefined,
  })));
}
