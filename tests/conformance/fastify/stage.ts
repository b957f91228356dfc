import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Major, programFrames, type Registration } from '../express/recorder.ts';
import { createStageWith, type Stage } from '../express/scenario.ts';

/** As far as the tests use it. */
export interface FastifyApplication {
  addHook(name: 'onRoute', hook: (route: { method: string | string[]; url: string }) => void): unknown;
  ready(): PromiseLike<unknown>;
  close(): PromiseLike<unknown>;
  listen(options: { port: number; host: string }): Promise<string>;
  inject(request: { method: string; url: string; headers?: Readonly<Record<string, string>>; payload?: object; remoteAddress?: string }): Promise<{ statusCode: number; body: string; headers: Readonly<Record<string, unknown>> }>;
}

/** A route as Fastify registered it. */
export interface RunningRoute {
  readonly methods: readonly string[];
  readonly url: string;
  readonly registration: Registration;
}

const installed = path.resolve(import.meta.dirname, '../../../node_modules');
const CREATED = Symbol.for('secure-routes: created a Fastify application');

/** Names under which the plugins for Fastify 4 are installed here. */
const OF_FOUR = /^fastify4-(.*)$/;

/** Fastify in one major with the plugins that belong to it; `fastify` itself reports what it creates. */
export function createFastifyStage(major: Major): Stage {
  const stage = createStageWith(`fastify-${major}-`, { fastify: `^${major}.0.0` }, (name) => {
    if (name === 'fastify' || name === 'fastify4' || OF_FOUR.test(name)) return undefined;
    return path.join(installed, major === 4 ? ofFour(name) : name);
  });
  const folder = path.join(stage.root, 'node_modules/fastify');
  mkdirSync(folder, { recursive: true });
  const real = realpathSync(path.join(installed, major === 4 ? 'fastify4' : 'fastify'));
  const { version } = JSON.parse(readFileSync(path.join(real, 'package.json'), 'utf8')) as { version: string };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'fastify', version, main: 'index.js' }));
  writeFileSync(path.join(folder, 'index.js'), `
    const real = require(${JSON.stringify(real)});
    function fastify(options) {
      const application = real(options);
      globalThis[Symbol.for('secure-routes: created a Fastify application')]?.(application);
      return application;
    }
    Object.assign(fastify, real);
    module.exports = fastify;
    module.exports.fastify = fastify;
    module.exports.default = fastify;
  `);
  return stage;
}

function ofFour(name: string): string {
  const alias = `fastify4-${name.replace(/^@fastify\//, '').replace(/^fastify-plugin$/, 'plugin')}`;
  return (name.startsWith('@fastify/') || name === 'fastify-plugin') && exists(alias) ? alias : name;
}

function exists(name: string): boolean {
  try {
    return realpathSync(path.join(installed, name)) !== '';
  } catch {
    return false;
  }
}

/** Runs with every application that is created reporting its routes. */
export async function recordingRoutes<T>(run: (routesOf: (application: FastifyApplication) => readonly RunningRoute[]) => Promise<T>): Promise<T> {
  const routes = new WeakMap<FastifyApplication, RunningRoute[]>();
  const reports = globalThis as { [CREATED]?: (application: FastifyApplication) => void };
  reports[CREATED] = (application) => {
    const own: RunningRoute[] = [];
    routes.set(application, own);
    application.addHook('onRoute', ({ method, url }) => {
      const methods = [method].flat().filter((name) => name !== 'HEAD' || Array.isArray(method));
      // Fastify adds a HEAD route to each GET route.
      if (methods.length > 0) own.push({ methods: methods.length > 6 ? ['ALL'] : methods, url, registration: { methods, frames: programFrames() } });
    });
  };
  try {
    return await run((application) => routes.get(application) ?? []);
  } finally {
    delete reports[CREATED];
  }
}

