import fc from 'fast-check';
import type { Major } from '../conformance/express/recorder.ts';
import { byCallbackNames, decoratedNames, type FunctionName, guardNames, passNames } from './fastify-parts.ts';

export const phases = Object.freeze(['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const);
export type Phase = (typeof phases)[number];

/** Hooks that run when the handler has answered. */
export type LatePhase = 'preSerialization' | 'onSend' | 'onResponse' | 'onError';

export interface RouteHook {
  readonly phase: Phase;
  readonly name: FunctionName;
  readonly written: 'function' | 'array' | 'spread';
}

export interface Route {
  readonly kind: 'route';
  readonly path: 'plain' | 'parameter' | 'root';
  readonly style: 'shorthand' | 'options' | 'route()' | 'list of methods' | 'all' | 'withTypeProvider';
  readonly hooks: readonly RouteHook[];
  readonly config: 'none' | 'limited' | 'not limited' | 'open' | 'secured' | 'exempt everyone';
  /** `rateLimit` among the options, where nothing reads it. */
  readonly hasStrayLimit: boolean;
  /** `preHandler: fastify.rateLimit(…)`, where the plugin was loaded before. */
  readonly hasLimiterHook: boolean;
  readonly handler: 'async' | 'reply.send' | 'checks' | 'checks and goes on' | 'throws';
}

export interface Scope {
  readonly kind: 'scope';
  readonly wrap: 'plain' | 'fastify-plugin' | 'skip-override' | 'encapsulate';
  readonly style: 'inline' | 'callback' | 'file' | 'import()';
  readonly hasPrefix: boolean;
  readonly isAwaited: boolean;
  /** Registered once more, under another prefix. */
  readonly isRepeated: boolean;
  readonly items: readonly Item[];
}

/** A file or a folder below an autoloaded one. */
export interface AutoFolder {
  readonly hook: FunctionName | undefined;
  /** `index.js`, else a file of another name. */
  readonly hasIndex: boolean;
  readonly route: Route;
  readonly folders: readonly AutoFolder[];
}

export interface Autoload {
  readonly kind: 'autoload';
  readonly tree: AutoFolder;
  readonly autoHooks: boolean;
  readonly cascadeHooks: boolean;
  readonly hasPrefix: boolean;
  readonly dropsFolderNames: boolean;
  readonly maxDepth: number | undefined;
  readonly ignoresFolders: boolean;
}

export type Awaited = 'no' | 'register' | 'after';

export type Item =
  | Route
  | Scope
  | Autoload
  | { readonly kind: 'hook'; readonly phase: Phase; readonly name: FunctionName }
  | { readonly kind: 'late hook'; readonly phase: LatePhase }
  | { readonly kind: 'limiter'; readonly awaited: Awaited; readonly isGlobal: boolean; readonly hook: 'onRequest' | 'preHandler'; readonly exempts: 'nobody' | 'a list' | 'everyone' }
  | { readonly kind: 'onRoute' }
  /** Puts a hook on the instance of each plugin. */
  | { readonly kind: 'onRegister'; readonly phase: Phase; readonly name: FunctionName }
  | { readonly kind: 'bearer'; readonly addHook: boolean }
  | { readonly kind: 'after'; readonly items: readonly Item[] }
  | { readonly kind: 'loop'; readonly bodies: readonly (readonly Item[])[] }
  /** Only in some deployments. */
  | { readonly kind: 'switch'; readonly items: readonly Item[] }
  | { readonly kind: 'chain'; readonly items: readonly Item[]; readonly route: Route }
  | { readonly kind: 'not found' };

export interface Program {
  readonly major: Major;
  readonly modules: 'commonjs' | 'module';
  readonly items: readonly Item[];
  /** A file with a plugin that nobody registers. */
  readonly hasUnusedPlugin: boolean;
}

const anyName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<FunctionName[]>(...guardNames) },
  { weight: 3, arbitrary: fc.constantFrom<FunctionName[]>(...passNames) },
  { weight: 3, arbitrary: fc.constantFrom<FunctionName[]>(...decoratedNames, 'limitByHand', 'unlessOpen') },
);

/** `preParsing` has another parameter before `done`. */
function fits({ phase, name }: { phase: Phase; name: FunctionName }): boolean {
  return phase !== 'preParsing' || !(byCallbackNames as readonly string[]).includes(name);
}

const phase = fc.constantFrom(...phases, 'onRequest' as const, 'preHandler' as const);
const routeHook: fc.Arbitrary<RouteHook> = fc.record({ phase, name: anyName, written: fc.constantFrom('function' as const, 'array' as const, 'spread' as const) }).filter(fits);

const route: fc.Arbitrary<Route> = fc.record({
  kind: fc.constant('route' as const),
  path: fc.constantFrom('plain' as const, 'plain' as const, 'parameter' as const, 'root' as const),
  style: fc.constantFrom('shorthand' as const, 'options' as const, 'route()' as const, 'list of methods' as const, 'all' as const, 'withTypeProvider' as const),
  hooks: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: fc.uniqueArray(routeHook, { minLength: 1, maxLength: 2, selector: (one) => one.phase }) }),
  config: fc.oneof({ weight: 3, arbitrary: fc.constant('none' as const) }, { weight: 4, arbitrary: fc.constantFrom('limited' as const, 'not limited' as const, 'open' as const, 'secured' as const, 'exempt everyone' as const) }),
  hasStrayLimit: fc.constantFrom(false, false, false, true),
  hasLimiterHook: fc.boolean(),
  handler: fc.constantFrom('async' as const, 'async' as const, 'reply.send' as const, 'checks' as const, 'checks and goes on' as const, 'throws' as const),
});

const hook = fc.record({ kind: fc.constant('hook' as const), phase, name: anyName }).filter(fits);
/** It may run before the decorated ones are there. */
const registerHook = fc.record({ kind: fc.constant('onRegister' as const), phase, name: fc.constantFrom<FunctionName[]>(...guardNames, ...passNames, 'unlessOpen') }).filter(fits);
const lateHook = fc.record({ kind: fc.constant('late hook' as const), phase: fc.constantFrom('preSerialization' as const, 'onSend' as const, 'onResponse' as const, 'onError' as const) });
const limiter = fc.record({
  kind: fc.constant('limiter' as const),
  awaited: fc.constantFrom<Awaited[]>('no', 'register', 'after'),
  isGlobal: fc.constantFrom(true, true, false),
  hook: fc.constantFrom('onRequest' as const, 'preHandler' as const),
  exempts: fc.constantFrom('nobody' as const, 'nobody' as const, 'nobody' as const, 'a list' as const, 'everyone' as const),
});

function folder(depth: number): fc.Arbitrary<AutoFolder> {
  return fc.record({
    hook: fc.option(anyName, { nil: undefined, freq: 2 }),
    hasIndex: fc.boolean(),
    route,
    folders: depth === 0 ? fc.constant([]) : fc.array(folder(depth - 1), { maxLength: 2 }),
  });
}

const autoloaded: fc.Arbitrary<Autoload> = fc.record({
  kind: fc.constant('autoload' as const),
  tree: folder(2),
  autoHooks: fc.boolean(),
  cascadeHooks: fc.boolean(),
  hasPrefix: fc.boolean(),
  dropsFolderNames: fc.constantFrom(false, false, true),
  maxDepth: fc.constantFrom(undefined, undefined, undefined, 0, 1),
  ignoresFolders: fc.constantFrom(false, false, false, true),
});

/** A hook file of a folder, and a folder below that has none. */
const autoloadedBelow: fc.Arbitrary<Autoload> = fc.tuple(autoloaded, fc.constantFrom(...guardNames), route, fc.array(folder(0), { minLength: 1, maxLength: 2 })).map(([one, hook, below, folders]) => ({
  ...one,
  autoHooks: one.autoHooks || one.hasPrefix,
  maxDepth: undefined,
  ignoresFolders: false,
  tree: { hook, hasIndex: one.tree.hasIndex, route: one.tree.route, folders: folders.map((inner, at) => (at === 0 ? { ...inner, hook: undefined, route: { ...below, hooks: [], handler: 'async' as const } } : inner)) },
}));

const plain: fc.Arbitrary<Item> = fc.oneof(
  { weight: 8, arbitrary: route },
  { weight: 5, arbitrary: hook },
  { weight: 1, arbitrary: lateHook },
  { weight: 3, arbitrary: limiter },
  { weight: 1, arbitrary: fc.constant({ kind: 'onRoute' as const }) },
  { weight: 2, arbitrary: registerHook },
);

/** Orders that count, and that chance alone would hardly ever draw. */
const ordered: fc.Arbitrary<Item[]> = fc.oneof(
  fc.tuple(limiter, route).map(([one, behind]): Item[] => [{ ...one, awaited: 'no', exempts: 'nobody' }, { kind: 'after', items: [behind] }]),
  fc.tuple(limiter, route, route).map(([one, first, second]): Item[] => [{ ...one, awaited: 'register', isGlobal: false, exempts: 'nobody' }, { ...first, config: 'limited' }, second]),
  fc.tuple(phase, route, route).map(([at, first, second]): Item[] => [{ kind: 'hook', phase: at, name: 'unlessOpen' }, { ...first, config: 'open', hooks: [], handler: 'async' }, { ...second, config: 'none', hooks: [], handler: 'async' }]),
  fc.tuple(route, route).map(([first, second]): Item[] => [{ ...first, config: 'secured' }, { kind: 'onRoute' }, { ...second, config: 'secured' }]),
);

const orderedScope: fc.Arbitrary<Scope> = fc.record({
  kind: fc.constant('scope' as const),
  wrap: fc.constantFrom('plain' as const, 'fastify-plugin' as const),
  style: fc.constantFrom('inline' as const, 'file' as const),
  hasPrefix: fc.boolean(),
  isAwaited: fc.boolean(),
  isRepeated: fc.constant(false),
  items: ordered,
});

function items(depth: number, most: number): fc.Arbitrary<Item[]> {
  if (depth === 0) return fc.array(plain, { minLength: 1, maxLength: most });
  const inner = items(depth - 1, 3);
  return fc.array(fc.oneof(
    { weight: 12, arbitrary: plain },
    { weight: 7, arbitrary: scope(depth) },
    { weight: 2, arbitrary: orderedScope },
    { weight: 2, arbitrary: fc.oneof(autoloaded, autoloadedBelow) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('bearer' as const), addHook: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('after' as const), items: inner }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('switch' as const), items: fc.oneof({ weight: 4, arbitrary: inner }, { weight: 1, arbitrary: inner.map((behind): Item[] => [{ kind: 'onRoute' }, ...behind]) }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('loop' as const), bodies: fc.array(inner, { minLength: 1, maxLength: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('chain' as const), items: inner, route }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'not found' as const }) },
  ), { minLength: 1, maxLength: most });
}

function scope(depth: number): fc.Arbitrary<Scope> {
  return fc.record({
    kind: fc.constant('scope' as const),
    wrap: fc.constantFrom('plain' as const, 'plain' as const, 'plain' as const, 'fastify-plugin' as const, 'fastify-plugin' as const, 'skip-override' as const, 'encapsulate' as const),
    style: fc.constantFrom('inline' as const, 'inline' as const, 'callback' as const, 'file' as const, 'import()' as const),
    hasPrefix: fc.boolean(),
    isAwaited: fc.boolean(),
    isRepeated: fc.constantFrom(false, false, false, true),
    items: items(depth - 1, 3),
  });
}

/** Any Fastify program that the printer can write. */
export const program: fc.Arbitrary<Program> = fc.record({
  major: fc.constantFrom<Major[]>(4, 5),
  modules: fc.constantFrom('commonjs' as const, 'module' as const),
  items: items(2, 5),
  hasUnusedPlugin: fc.boolean(),
});
