import fc from 'fast-check';
import type { Major } from '../conformance/express/recorder.ts';
import type { GuardName, PopulateName } from './express-parts.ts';
import { guardNames, populateNames } from './express-parts.ts';

/** A middleware as the program applies it. */
export type Middleware =
  | { readonly kind: 'guard'; readonly name: GuardName }
  | { readonly kind: 'populate'; readonly name: PopulateName }
  | { readonly kind: 'pass' | 'error' | 'validate' | 'inverse' | 'tenant' | 'known' }
  | { readonly kind: 'strict'; readonly strict: boolean }
  | { readonly kind: 'wrapped'; readonly wrapper: 'asyncHandler' | 'compose'; readonly inner: Middleware }
  | { readonly kind: 'unless'; readonly inner: Middleware; readonly path: string }
  | { readonly kind: 'switched'; readonly inner: Middleware; readonly flag: Flag }
  | { readonly kind: 'onlyPost'; readonly inner: Middleware }
  | { readonly kind: 'limiter'; readonly name: 'limitByHand' | 'limitByPackage' | 'countOnly' }
  | { readonly kind: 'skip'; readonly to: 'route' | 'router'; readonly everybody: boolean };

/** An environment variable that is `on` or unset. */
export type Flag = 'FLAG_A' | 'FLAG_B';

/** A middleware in so many array brackets. */
export interface Link {
  readonly middleware: Middleware;
  readonly brackets: number;
}

/** How the handler decides before it does its work. `depth` is in calls, each in another file than the last. */
export interface Handler {
  readonly check: 'none' | 'inline' | 'one' | 'two' | 'three' | 'ignored' | 'populated' | 'limited' | 'successFalse';
  readonly wrapper: 'none' | 'logged' | 'withUser';
  readonly place: 'inline' | 'controllers';
  readonly isAsync: boolean;
}

/** One path in a syntax that both majors have, or one that the printer writes for the major. */
export type Path =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'wildcard' | 'optional'; readonly base: string }
  | { readonly kind: 'expression'; readonly index: number };

export type Method = 'get' | 'post' | 'delete' | 'all';

export interface Route {
  readonly kind: 'route';
  readonly method: Method;
  readonly paths: readonly Path[];
  readonly chain: readonly Link[];
  readonly handler: Handler;
  readonly call: 'direct' | 'computed' | 'bracket';
}

export interface RouteChain {
  readonly kind: 'chain';
  readonly path: Path;
  /** A call without a handler only applies its middleware. */
  readonly calls: readonly { readonly method: Method; readonly chain: readonly Link[]; readonly handler: Handler | undefined }[];
}

export interface Use {
  readonly kind: 'use';
  /** None: everything. */
  readonly paths: readonly Path[];
  readonly chain: readonly Link[];
}

/** app.all('/x', guard): a registration without a handler of its own. */
export interface Cover {
  readonly kind: 'cover';
  readonly method: 'all' | 'get';
  readonly path: Path;
  readonly chain: readonly Link[];
}

export interface Mount {
  readonly kind: 'mount';
  readonly paths: readonly Path[];
  readonly before: readonly Link[];
  readonly child: Router;
  /** Registered on the child after it was mounted. */
  readonly late: readonly Route[];
  /** A second mount, at a path of its own. */
  readonly again: readonly Link[] | undefined;
}

export interface Conditional {
  readonly kind: 'conditional';
  readonly flag: Flag;
  readonly items: readonly (Use | Route)[];
}

export interface Other {
  readonly kind: 'errorHandler' | 'setting' | 'lookalike';
}

export interface Param {
  readonly kind: 'param';
  readonly name: 'id' | 'tenant';
  readonly middleware: Middleware;
}

export type Item = Route | RouteChain | Use | Cover | Mount | Conditional | Param | Other;

/** How the program writes a router down. */
export type RouterStyle = 'inline' | 'module' | 'function' | 'class' | 'table' | 'chained';

export interface Router {
  readonly style: RouterStyle;
  readonly isApplication: boolean;
  readonly mergeParams: boolean;
  readonly items: readonly Item[];
}

export interface Program {
  readonly major: Major;
  readonly modules: 'commonjs' | 'module';
  readonly items: readonly Item[];
}

/** Regular expressions that a path can be, each with paths it matches. */
export const expressions: readonly { readonly source: string; readonly samples: readonly string[] }[] = Object.freeze([
  { source: '/^\\/users$/', samples: ['/users'] },
  { source: '/^\\/items\\/\\d+$/', samples: ['/items/4711'] },
  { source: '/^\\/admin\\//', samples: ['/admin/', '/admin/new'] },
  { source: '/^\\/(?:users|items)(?:\\/|$)/', samples: ['/users', '/items', '/users/new', '/items/new'] },
]);

const literals = ['/', '/users', '/users/list', '/admin', '/admin/users', '/administration', '/items', '/items/:id', '/orders', '/books', '/books/:id', '/pages/first', '/reports', '/:id', '/:section/users'] as const;
const mountLiterals = ['/', '/users', '/admin', '/api', '/books', '/orders', '/:tenant'] as const;

const literal = (texts: readonly string[]): fc.Arbitrary<Path> => fc.constantFrom(...texts).map((text) => ({ kind: 'literal' as const, text }));

const special: fc.Arbitrary<Path> = fc.oneof(
  fc.constantFrom('/users', '/admin', '').map((base) => ({ kind: 'wildcard' as const, base })),
  fc.constantFrom('/users', '/items').map((base) => ({ kind: 'optional' as const, base })),
  fc.nat({ max: expressions.length - 1 }).map((index) => ({ kind: 'expression' as const, index })),
);

const routePath: fc.Arbitrary<Path> = fc.oneof({ weight: 8, arbitrary: literal(literals) }, { weight: 2, arbitrary: special });
const usePath: fc.Arbitrary<Path> = fc.oneof({ weight: 8, arbitrary: literal(mountLiterals) }, { weight: 1, arbitrary: special });

const paths = (one: fc.Arbitrary<Path>): fc.Arbitrary<Path[]> => fc.oneof(
  { weight: 7, arbitrary: one.map((path) => [path]) },
  { weight: 1, arbitrary: fc.uniqueArray(one, { minLength: 2, maxLength: 2, selector: (path) => JSON.stringify(path) }) },
);

const flag: fc.Arbitrary<Flag> = fc.constantFrom('FLAG_A', 'FLAG_B');
const guard: fc.Arbitrary<Middleware> = fc.constantFrom(...guardNames).map((name) => ({ kind: 'guard' as const, name }));

const middleware: fc.Arbitrary<Middleware> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: 'pass' as const }) },
  { weight: 5, arbitrary: guard },
  { weight: 4, arbitrary: fc.constantFrom(...populateNames).map((name) => ({ kind: 'populate' as const, name })) },
  { weight: 1, arbitrary: fc.constantFrom('error' as const, 'validate' as const, 'inverse' as const, 'tenant' as const, 'known' as const).map((kind) => ({ kind })) },
  { weight: 1, arbitrary: fc.boolean().map((strict) => ({ kind: 'strict' as const, strict })) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wrapped' as const), wrapper: fc.constantFrom('asyncHandler' as const, 'compose' as const), inner: guard }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unless' as const), inner: guard, path: fc.constantFrom('/users', '/', '/items', '/admin/users') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switched' as const), inner: guard, flag }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('onlyPost' as const), inner: guard }) },
  { weight: 2, arbitrary: fc.constantFrom('limitByHand' as const, 'limitByPackage' as const, 'countOnly' as const).map((name) => ({ kind: 'limiter' as const, name })) },
);

const skip: fc.Arbitrary<Middleware> = fc.record({ kind: fc.constant('skip' as const), to: fc.constantFrom('route' as const, 'router' as const), everybody: fc.boolean() });

const link = (one: fc.Arbitrary<Middleware>): fc.Arbitrary<Link> => fc.record({
  middleware: one,
  brackets: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
});

const routeLinks: fc.Arbitrary<Link[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Link[]>([]) },
  { weight: 1, arbitrary: fc.array(link(fc.oneof({ weight: 12, arbitrary: middleware }, { weight: 1, arbitrary: skip })), { minLength: 1, maxLength: 3 }) },
);
const useLinks = fc.array(link(middleware), { minLength: 1, maxLength: 2 });
const routerLinks = fc.array(link(fc.oneof({ weight: 14, arbitrary: middleware }, { weight: 1, arbitrary: skip.map((one) => ({ ...one, to: 'router' as const })) })), { minLength: 1, maxLength: 2 });

const handler: fc.Arbitrary<Handler> = fc.record({
  check: fc.oneof(
    { weight: 9, arbitrary: fc.constant('none' as const) },
    { weight: 4, arbitrary: fc.constantFrom('inline' as const, 'one' as const, 'two' as const, 'three' as const, 'ignored' as const, 'populated' as const, 'limited' as const, 'successFalse' as const) },
  ),
  wrapper: fc.oneof({ weight: 8, arbitrary: fc.constant('none' as const) }, { weight: 1, arbitrary: fc.constantFrom('logged' as const, 'withUser' as const) }),
  place: fc.constantFrom('inline' as const, 'controllers' as const),
  isAsync: fc.boolean(),
});

const method: fc.Arbitrary<Method> = fc.oneof({ weight: 6, arbitrary: fc.constant('get' as const) }, { weight: 3, arbitrary: fc.constantFrom('post' as const, 'delete' as const) }, { weight: 1, arbitrary: fc.constant('all' as const) });

const route: fc.Arbitrary<Route> = fc.record({
  kind: fc.constant('route' as const),
  method,
  paths: paths(routePath),
  chain: routeLinks,
  handler,
  call: fc.oneof({ weight: 8, arbitrary: fc.constant('direct' as const) }, { weight: 1, arbitrary: fc.constantFrom('computed' as const, 'bracket' as const) }),
});

const routeChain: fc.Arbitrary<RouteChain> = fc.record({
  kind: fc.constant('chain' as const),
  path: routePath,
  calls: fc.array(fc.record({ method, chain: routeLinks, handler: fc.option(handler, { nil: undefined, freq: 4 }) }), { minLength: 1, maxLength: 3 })
    .map((calls) => calls.filter((call) => call.handler !== undefined || call.chain.length > 0)),
});

const use: fc.Arbitrary<Use> = fc.record({
  kind: fc.constant('use' as const),
  paths: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: paths(usePath) }),
  chain: routerLinks,
});

const cover: fc.Arbitrary<Cover> = fc.record({ kind: fc.constant('cover' as const), method: fc.constantFrom('all' as const, 'get' as const), path: routePath, chain: useLinks });
const param: fc.Arbitrary<Param> = fc.record({ kind: fc.constant('param' as const), name: fc.constantFrom('id' as const, 'tenant' as const), middleware: guard });
const conditional: fc.Arbitrary<Conditional> = fc.record({ kind: fc.constant('conditional' as const), flag, items: fc.array(fc.oneof<fc.Arbitrary<Use | Route>[]>(use, route), { minLength: 1, maxLength: 2 }) });
const other: fc.Arbitrary<Other> = fc.constantFrom('errorHandler' as const, 'setting' as const, 'lookalike' as const).map((kind) => ({ kind }));

const mount = (depth: number): fc.Arbitrary<Mount> => fc.record({
  kind: fc.constant('mount' as const),
  paths: paths(literal(mountLiterals)),
  before: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: useLinks }),
  child: router(depth - 1),
  late: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(route, { minLength: 1, maxLength: 1 }) }),
  again: fc.option(fc.array(link(middleware), { maxLength: 1 }), { nil: undefined, freq: 8 }),
});

const single = (depth: number): fc.Arbitrary<Item> => fc.oneof<{ weight: number; arbitrary: fc.Arbitrary<Item> }[]>(
  { weight: 10, arbitrary: route },
  { weight: 3, arbitrary: use },
  { weight: 1, arbitrary: routeChain },
  { weight: 1, arbitrary: cover },
  { weight: 1, arbitrary: param },
  { weight: 1, arbitrary: conditional },
  { weight: 1, arbitrary: other },
  ...depth > 0 ? [{ weight: 4, arbitrary: mount(depth) }] : [],
);

const guardLinks = guard.map((middleware): Link[] => [{ middleware, brackets: 0 }]);

const mountOf = (path: string, inside: readonly Item[]): Mount => ({
  kind: 'mount', paths: [{ kind: 'literal', text: path }], before: [], late: [], again: undefined, child: { style: 'inline', isApplication: false, mergeParams: false, items: inside },
});

/** Combinations that chance alone would hardly ever put next to each other. */
const motif: fc.Arbitrary<Item[]> = fc.oneof(
  // app.use('/admin', guard); app.get('/administration', handler)
  fc.tuple(guardLinks, route).map(([chain, covered]): Item[] => [
    { kind: 'use', paths: [{ kind: 'literal', text: '/admin' }], chain },
    { ...covered, paths: [{ kind: 'literal', text: '/administration' }] },
  ]),
  // app.route('/x').all(guard).get(handler)
  fc.tuple(routePath, guardLinks, method, handler).map(([path, chain, verb, own]): Item[] => [
    { kind: 'chain', path, calls: [{ method: 'all', chain, handler: undefined }, { method: verb, chain: [], handler: own }] },
  ]),
  // express.Router().use(a).use(b).get('/x', handler)
  fc.tuple(usePath, use, use, route).map(([path, first, second, own]): Item[] => [
    { kind: 'mount', paths: [path], before: [], late: [], again: undefined, child: { style: 'chained', isApplication: false, mergeParams: false, items: [first, second, own] } },
  ]),
  // app.get('/x', guard); app.get('/x', handler)
  fc.tuple(guardLinks, route).map(([chain, own]): Item[] => [
    { kind: 'cover', method: own.method === 'get' ? 'get' : 'all', path: own.paths[0]!, chain },
    own,
  ]),
  // A guard in a router at / stops what comes after the mount.
  fc.tuple(guardLinks, route, route).map(([chain, inside, after]): Item[] => [
    mountOf('/', [{ kind: 'use', paths: [], chain }, inside]),
    after,
  ]),
  // app.get('/x', skip, guard); app.get('/x', handler): next('route') leaves the guard out
  fc.tuple(fc.boolean(), guardLinks, route).map(([everybody, chain, own]): Item[] => [
    { kind: 'cover', method: own.method === 'get' ? 'get' : 'all', path: own.paths[0]!, chain: [{ middleware: { kind: 'skip', to: 'route', everybody }, brackets: 0 }, ...chain] },
    own,
  ]),
  // next('router') leaves out the guards of a router, for a route behind its mount
  fc.tuple(fc.boolean(), guardLinks, route).map(([everybody, chain, own]): Item[] => [
    mountOf('/', [{ kind: 'use', paths: [], chain: [{ middleware: { kind: 'skip', to: 'router', everybody }, brackets: 0 }] }, { kind: 'use', paths: [], chain }]),
    own,
  ]),
  // A guard that only sees the parameter of the mount where the router merges them
  fc.tuple(fc.boolean(), route).map(([mergeParams, own]): Item[] => {
    const inner = mountOf('/:tenant', [{ ...own, chain: [{ middleware: { kind: 'tenant' }, brackets: 0 }] }]);
    return [{ ...inner, child: { ...inner.child, mergeParams } }];
  }),
  // app.use(/^\/admin\//, guard): what a mounted expression matches must end at a boundary
  fc.tuple(guardLinks, route).map(([chain, own]): Item[] => [
    { kind: 'use', paths: [{ kind: 'expression', index: 2 }], chain },
    { ...own, paths: [{ kind: 'literal', text: '/admin/users' }] },
  ]),
  // app.post('/x', validateText, guard, handler): what a check of the body refuses was not judged by it
  fc.tuple(guardLinks, route).map(([chain, own]): Item[] => [
    { ...own, chain: [{ middleware: { kind: 'validate' }, brackets: 0 }, ...chain] },
  ]),
  // app.get('/x', requireKnown, handler); app.use(welcome); app.get('/y', requireKnown, handler)
  fc.tuple(fc.constantFrom('welcome' as const, 'optionalAuth' as const), route, route).map(([name, before, behind]): Item[] => {
    const chain: Link[] = [{ middleware: { kind: 'known' }, brackets: 0 }];
    return [{ ...before, chain }, { kind: 'use', paths: [], chain: [{ middleware: { kind: 'populate', name }, brackets: 0 }] }, { ...behind, chain }];
  }),
  // if (process.env.FLAG === 'on') app.use(guard)
  fc.tuple(flag, guardLinks, route).map(([name, chain, own]): Item[] => [
    { kind: 'conditional', flag: name, items: [{ kind: 'use', paths: [], chain }] },
    own,
  ]),
);

const items = (depth: number): fc.Arbitrary<Item[]> => fc.array(
  fc.oneof({ weight: 5, arbitrary: single(depth).map((item) => [item]) }, { weight: 1, arbitrary: motif }),
  { minLength: 1, maxLength: depth === 2 ? 5 : 3 },
).map((lists) => lists.flat());

const router = (depth: number): fc.Arbitrary<Router> => fc.record({
  style: fc.constantFrom<RouterStyle[]>('inline', 'module', 'function', 'class', 'table', 'chained'),
  isApplication: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  mergeParams: fc.boolean(),
  items: items(depth),
});

/** Any Express program that the printer can write. */
export const program: fc.Arbitrary<Program> = fc.record({
  major: fc.constantFrom<Major[]>(5, 4),
  modules: fc.constantFrom('commonjs' as const, 'module' as const),
  items: items(2),
});
