import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from 'node:http';

export type Major = 4 | 5;
export type Pattern = string | RegExp;

/** A place in the running program, as V8 reports it: 1-based, `column` at the called method's name. */
export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One call that registered something, seen by the framework. `frames` are the program's own frames, innermost first. */
export interface Registration {
  readonly methods: readonly string[];
  readonly frames: readonly Frame[];
}

/** Express's own layer. Both majors call the function `handle`. */
export interface Layer {
  readonly handle: Handler;
  readonly route?: Route;
}

interface Route {
  readonly path: Pattern | readonly Pattern[];
  readonly stack: Layer[];
}

type Handler = ((...parameters: unknown[]) => unknown) & { stack?: Layer[]; handle?: unknown; set?: unknown };

/** A running Express application. */
export interface ExpressApplication {
  (request: IncomingMessage, response: ServerResponse): void;
  readonly router?: { readonly stack: Layer[] };
  readonly _router?: { readonly stack: Layer[] };
}

interface LayerFacts {
  readonly registration: Registration;
  readonly patterns: readonly Pattern[];
  readonly child: Handler | undefined;
  /** Of the layers that `app.all` makes of one function, the first stands for all. */
  readonly standsFor?: Layer;
}

/** A registration as the framework holds it: under each combination of its paths and those of its mounts. */
export interface RunningEndpoint {
  readonly registration: Registration;
  /** `USE` for what is mounted by prefix and is no router. */
  readonly methods: readonly string[];
  /** One path, as a list of the patterns of the mounts and of the route. */
  readonly segments: readonly Pattern[];
  /** The layers of the registration's own handlers. */
  readonly layers: readonly Layer[];
  /** The layers that mount the routers on the way to it, outermost first. */
  readonly mounts: readonly Layer[];
}

/** Where a running program is. */
export interface Position {
  readonly layer: Layer;
  /** The mounts that the request is inside of, outermost first. */
  readonly mounts: readonly Layer[];
}

/** True where the program is in one of the endpoint's own functions, by the endpoint's own mounts. */
export function isAt(endpoint: RunningEndpoint, position: Position): boolean {
  return endpoint.layers.includes(position.layer)
    && endpoint.mounts.length === position.mounts.length
    && endpoint.mounts.every((mount, index) => mount === position.mounts[index]);
}

/**
 * Watches one major of Express from inside: who registered a layer, and in which layer the program is while it
 * answers. Nothing that the program can see changes.
 */
export interface Recorder {
  readonly major: Major;
  readonly express: unknown;
  /** Where the program is, also across `await`. */
  position(): Position | undefined;
  registrationOf(layer: Layer): Registration | undefined;
  endpointsOf(application: ExpressApplication): RunningEndpoint[];
  /** The applications that `listen` was called on since the last call of this function. No port is opened. */
  takeListening(): ExpressApplication[];
}

type Method = (this: unknown, ...parameters: unknown[]) => unknown;
type Methods = Record<string, Method>;

const require = createRequire(import.meta.url);

/** The package name under which the major is installed here. */
export const packageOfMajor: Readonly<Record<Major, string>> = Object.freeze({ 4: 'express4', 5: 'express' });

/** Installs the recorder in the loaded copy of the major. Call it once per major and process. */
export function createRecorder(major: Major): Recorder {
  const entry = require.resolve(packageOfMajor[major]);
  const requireFromExpress = createRequire(entry);
  const express = require(packageOfMajor[major]) as { application: Methods; Router: Methods & { prototype: Methods }; Route: { prototype: Methods } };
  const layerClass = requireFromExpress(major === 4 ? './lib/router/layer.js' : 'router/lib/layer.js') as { prototype: Methods };
  const routerMethods = major === 4 ? express.Router : express.Router.prototype;

  const context = new AsyncLocalStorage<Position>();
  const facts = new WeakMap<Layer, LayerFacts>();
  let listening: ExpressApplication[] = [];
  let registrationOfAll: Registration | undefined;

  for (const name of major === 4 ? ['handle_request', 'handle_error'] : ['handleRequest', 'handleError']) {
    replace(layerClass.prototype, name, (original) => function (...parameters) {
      const layer = this as Layer;
      const outer = context.getStore();
      const mounts = outer?.mounts ?? [];
      if (!facts.get(layer)?.child) return context.run({ layer, mounts }, () => original.apply(this, parameters));
      // What a mounted router hands on is outside of it again.
      const next = parameters.pop() as (...rest: unknown[]) => unknown;
      const leave = (...rest: unknown[]) => context.run({ layer, mounts }, () => next(...rest));
      return context.run({ layer, mounts: [...mounts, facts.get(layer)?.standsFor ?? layer] }, () => original.apply(this, [...parameters, leave]));
    });
  }

  replace(routerMethods, 'use', (original) => function (...parameters) {
    const router = this as { stack: Layer[] };
    const before = router.stack.length;
    const result = original.apply(this, parameters);
    const registration: Registration = { methods: ['USE'], frames: programFrames() };
    const first = parameters[0];
    const patterns = isPath(first) ? [first].flat(Infinity) as Pattern[] : ['/'];
    for (const layer of router.stack.slice(before)) {
      facts.set(layer, { registration, patterns, child: isRouterLike(layer.handle) ? layer.handle : undefined });
    }
    return result;
  });

  // app.use(path, subApplication) mounts a wrapper function that hides the sub-application.
  replace(express.application, 'use', (original) => function (...parameters) {
    const before = stackOf(this as ExpressApplication).length;
    const result = original.apply(this, parameters);
    const functions = parameters.flat(Infinity).filter((value): value is Handler => typeof value === 'function');
    const added = stackOf(this as ExpressApplication).slice(-functions.length);
    if (stackOf(this as ExpressApplication).length === before) return result;
    added.forEach((layer, index) => {
      const mounted = functions[index];
      const known = facts.get(layer);
      if (mounted && known && isRouterLike(mounted)) facts.set(layer, { ...known, child: mounted });
    });
    return result;
  });

  // app.all calls every method of the route in turn; it is one registration.
  replace(express.application, 'all', (original) => function (...parameters) {
    registrationOfAll = { methods: ['ALL'], frames: programFrames() };
    try {
      return original.apply(this, parameters);
    } finally {
      registrationOfAll = undefined;
    }
  });

  const routePrototype = express.Route.prototype;
  for (const name of Object.keys(routePrototype)) {
    if (name.startsWith('_') || name === 'dispatch' || typeof routePrototype[name] !== 'function') continue;
    replace(routePrototype, name, (original) => function (...parameters) {
      const route = this as Route;
      const before = route.stack.length;
      const result = original.apply(this, parameters);
      const registration = registrationOfAll ?? { methods: [name.toUpperCase()], frames: programFrames() };
      for (const layer of route.stack.slice(before)) {
        const first = route.stack.find((other) => other.handle === layer.handle && facts.get(other)?.registration === registration);
        facts.set(layer, { registration, patterns: [], child: isRouterLike(layer.handle) ? layer.handle : undefined, ...(first && { standsFor: first }) });
      }
      return result;
    });
  }

  replace(express.application, 'listen', () => function () {
    listening.push(this as ExpressApplication);
    return new Server();
  });

  const endpointsBelow = (stack: readonly Layer[], prefixes: readonly (readonly Pattern[])[], mounts: readonly Layer[], seen: readonly (readonly Layer[])[]): RunningEndpoint[] => {
    if (seen.includes(stack)) return [];
    return stack.flatMap((layer) => {
      if (layer.route) {
        const route = layer.route;
        const paths = product(prefixes, [route.path].flat(Infinity) as Pattern[]);
        const registrations = new Set(route.stack.map((inner) => facts.get(inner)?.registration).filter((value) => value !== undefined));
        return [...registrations].flatMap((registration) => {
          const layers = route.stack.filter((inner) => facts.get(inner)?.registration === registration);
          // app.all('/x*', router): the router sees the whole path
          const within = layers.flatMap((inner) => {
            const child = facts.get(inner)?.standsFor ? undefined : facts.get(inner)?.child;
            return child ? endpointsBelow(stackOf(child), prefixes, [...mounts, inner], [...seen, stack]) : [];
          });
          const last = layers.at(-1);
          const final = last && facts.get(last)?.child;
          // app.get('/search', Router().use(parse).use(search)): the route is the endpoint, its work is done in the router
          if (last && final && stackOf(final).every((inner) => !inner.route && !facts.get(inner)?.child)) {
            return paths.map((segments) => ({ registration, methods: registration.methods, segments, layers: stackOf(final), mounts: [...mounts, last] }));
          }
          if (final) return within;
          return [...within, ...paths.map((segments) => ({ registration, methods: registration.methods, segments, layers, mounts }))];
        });
      }
      const known = facts.get(layer);
      if (!known) return [];
      const paths = product(prefixes, known.patterns);
      if (known.child) return endpointsBelow(stackOf(known.child), paths, [...mounts, layer], [...seen, stack]);
      return paths.map((segments) => ({ registration: known.registration, methods: known.registration.methods, segments, layers: [layer], mounts }));
    });
  };

  return {
    major,
    express,
    position: () => context.getStore(),
    registrationOf: (layer) => facts.get(layer)?.registration,
    endpointsOf: (application) => endpointsBelow(stackOf(application), [[]], [], []),
    takeListening() {
      const taken = listening;
      listening = [];
      return taken;
    },
  };
}

function replace(target: Methods, name: string, wrap: (original: Method) => Method): void {
  const original = target[name];
  if (!original) throw new Error(`Express has no ${name} to record`);
  target[name] = wrap(original);
}

function isPath(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value.flat(Infinity)[0] : value;
  return typeof first === 'string' || first instanceof RegExp;
}

function isRouterLike(value: Handler): boolean {
  return Array.isArray(value.stack) || (Boolean(value.handle) && Boolean(value.set));
}

function stackOf(value: unknown): Layer[] {
  const router = value as { stack?: Layer[]; _router?: { stack: Layer[] }; router?: { stack: Layer[] } };
  if (Array.isArray(router.stack)) return router.stack;
  // Express 4 throws on `app.router`, and has no `_router` before the first registration.
  const isMajorFour = 'lazyrouter' in (value as object);
  return (isMajorFour ? router._router?.stack : router.router?.stack) ?? [];
}

function product(prefixes: readonly (readonly Pattern[])[], patterns: readonly Pattern[]): Pattern[][] {
  return prefixes.flatMap((prefix) => patterns.map((pattern) => [...prefix, pattern]));
}

export function programFrames(): Frame[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 60;
    Error.prepareStackTrace = (_error, sites) => sites;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, programFrames);
    return (holder.stack ?? []).flatMap((site) => {
      const name = site.getFileName();
      if (!name || name.startsWith('node:') || name.includes('/node_modules/')) return [];
      const file = name.startsWith('file://') ? fileURLToPath(name) : name;
      if (file.startsWith(import.meta.dirname)) return [];
      return [{ file, line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 }];
    });
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
