import type { Item, Link, Middleware, Path, Program, Router } from './express-program.ts';

/** What a program must show at least once in a hundred: each sentence of the notes on Express, and each look-alike that a program can hold. */
export const features = Object.freeze([
  'a guard registered after a route',
  'a guard registered after a mount',
  'a route added to a router after its mount',
  'a guard inside a router mounted at /',
  'a guard inside a router mounted at a path',
  'a guard used at a path',
  'a guard used at /admin, with /administration registered later',
  'a guard by all() on a path',
  'app.route(path).get(handler)',
  'app.route(path).all(guard).get(handler)',
  'router.param',
  'an array of middleware',
  'a nested array of middleware',
  'Router().use(a).use(b)',
  'several middlewares on a route',
  'an array of paths',
  'a path that is a regular expression',
  'app[method]',
  'a sub-application',
  "next('route')",
  "next('router')",
  'a guard that leaves out paths',
  'error middleware among the guards',
  'error middleware at the end',
  'app.get(setting)',
  'a wildcard of Express 5',
  'an optional part of Express 5',
  'a rejected promise on Express 5',
  'a wildcard of Express 4',
  'an optional part of Express 4',
  'a rejected promise on Express 4',
  'an earlier registration for the same path',
  'a router under two mounts',
  'mergeParams',
  'a parameter in a mount path',
  'a limiter before a route',
  'a limiter after a route',
  'a limiter in a handler',
  'a counter that limits nothing',
  'a conditional registration',
  'a condition inside a middleware',
  'a middleware that only populates',
  'a handler that asks what a middleware wrote',
  'a guard that asks what a middleware wrote',
  'a guard against those who are signed in',
  'a check of the body',
  'a check of the body before a guard',
  'a strict flag that is false',
  'a wrapped guard',
  'a wrapper that guards its handler',
  'a wrapper that does not',
  'a handler that checks inline',
  'a handler that checks one call deep',
  'a handler that checks two calls deep',
  'a handler that calls a service that throws',
  'a handler that ignores its check',
  'a refusal that answers 200',
  'a router in a file of its own',
  'a function that receives the router',
  'a class that owns the router',
  'a route table',
  'require',
  'import',
  'map.get(path)',
] as const);

export type Feature = (typeof features)[number];

/** The features that occur in the program. */
export function featuresOf(program: Program): ReadonlySet<Feature> {
  const found = new Set<Feature>();
  const add = (feature: Feature, condition = true) => condition && found.add(feature);
  add(program.modules === 'module' ? 'import' : 'require');
  const visitPath = (path: Path) => {
    if (path.kind === 'expression') add('a path that is a regular expression');
    if (path.kind === 'wildcard') add(program.major === 5 ? 'a wildcard of Express 5' : 'a wildcard of Express 4');
    if (path.kind === 'optional') add(program.major === 5 ? 'an optional part of Express 5' : 'an optional part of Express 4');
  };
  const visitMiddleware = (middleware: Middleware) => {
    add('a middleware that only populates', middleware.kind === 'populate');
    add('a guard against those who are signed in', middleware.kind === 'inverse');
    add('a check of the body', middleware.kind === 'validate');
    add('a guard that asks what a middleware wrote', middleware.kind === 'known');
    add('error middleware among the guards', middleware.kind === 'error');
    add('a strict flag that is false', middleware.kind === 'strict' && !middleware.strict);
    add('a guard that leaves out paths', middleware.kind === 'unless');
    add('a condition inside a middleware', middleware.kind === 'switched');
    add('a wrapped guard', middleware.kind === 'wrapped');
    add('a counter that limits nothing', middleware.kind === 'limiter' && middleware.name === 'countOnly');
    if (middleware.kind === 'skip') add(middleware.to === 'route' ? "next('route')" : "next('router')");
    if (middleware.kind === 'guard' && middleware.name === 'rejectIfAnonymous') add(program.major === 5 ? 'a rejected promise on Express 5' : 'a rejected promise on Express 4');
    add('a refusal that answers 200', middleware.kind === 'guard' && middleware.name === 'answerSuccessFalse');
    if ('inner' in middleware) visitMiddleware(middleware.inner);
  };
  const visitLinks = (links: readonly Link[]) => {
    add('an array of middleware', links.some((link) => link.brackets === 1));
    add('a nested array of middleware', links.some((link) => link.brackets === 2));
    for (const link of links) visitMiddleware(link.middleware);
  };
  const visitHandler = (handler: NonNullable<Extract<Item, { kind: 'chain' }>['calls'][number]['handler']>) => {
    add('a wrapper that guards its handler', handler.wrapper === 'withUser');
    add('a wrapper that does not', handler.wrapper === 'logged');
    const byCheck: Partial<Record<typeof handler.check, Feature>> = {
      inline: 'a handler that checks inline',
      one: 'a handler that checks one call deep',
      two: 'a handler that checks two calls deep',
      three: 'a handler that calls a service that throws',
      ignored: 'a handler that ignores its check',
      limited: 'a limiter in a handler',
      populated: 'a handler that asks what a middleware wrote',
    };
    const feature = byCheck[handler.check];
    if (feature) add(feature);
  };
  const visitItems = (items: readonly Item[], owner: Router | undefined, mountedAtRoot: boolean) => {
    items.forEach((item, index) => {
      const earlier = items.slice(0, index);
      const later = items.slice(index + 1);
      if (item.kind === 'use') {
        const guards = item.chain.some(({ middleware }) => isGuard(middleware));
        const limits = item.chain.some(({ middleware }) => isLimiter(middleware));
        add('a guard registered after a route', guards && earlier.some((one) => one.kind === 'route'));
        add('a guard registered after a mount', guards && earlier.some((one) => one.kind === 'mount'));
        add('a guard used at a path', guards && item.paths.length > 0);
        add('a guard used at /admin, with /administration registered later', guards && item.paths.some((path) => textOf(path) === '/admin') && later.some((one) => one.kind === 'route' && one.paths.some((path) => textOf(path) === '/administration')));
        add('a limiter before a route', limits && later.some((one) => one.kind === 'route'));
        add('a limiter after a route', limits && earlier.some((one) => one.kind === 'route'));
        if (owner) add(mountedAtRoot ? 'a guard inside a router mounted at /' : 'a guard inside a router mounted at a path', guards);
        add('an array of paths', item.paths.length > 1);
        add('Router().use(a).use(b)', owner?.style === 'chained' && index > 0 && earlier.every((one) => one.kind === 'use'));
        item.paths.forEach(visitPath);
        visitLinks(item.chain);
      }
      if (item.kind === 'route') {
        add('several middlewares on a route', item.chain.length > 1);
        add('a check of the body before a guard', item.chain.some(({ middleware }, at) => middleware.kind === 'validate' && item.chain.slice(at).some((other) => isGuard(other.middleware))));
        add('an array of paths', item.paths.length > 1);
        add('app[method]', item.call !== 'direct');
        add('an earlier registration for the same path', earlier.some((one) => (one.kind === 'route' && one.paths.some((path) => item.paths.some((own) => textOf(own) === textOf(path)))) || (one.kind === 'cover' && item.paths.some((own) => textOf(own) === textOf(one.path)))));
        add('a limiter before a route', item.chain.some(({ middleware }) => isLimiter(middleware)));
        item.paths.forEach(visitPath);
        visitLinks(item.chain);
        visitHandler(item.handler);
      }
      if (item.kind === 'cover') {
        add('a guard by all() on a path', item.method === 'all' && item.chain.some(({ middleware }) => isGuard(middleware)));
        visitPath(item.path);
        visitLinks(item.chain);
      }
      if (item.kind === 'chain') {
        visitPath(item.path);
        add('app.route(path).get(handler)', item.calls.some((call) => call.handler));
        const all = item.calls.findIndex((call) => call.method === 'all' && !call.handler);
        add('app.route(path).all(guard).get(handler)', all !== -1 && item.calls.slice(all).some((call) => call.handler));
        for (const call of item.calls) {
          visitLinks(call.chain);
          if (call.handler) visitHandler(call.handler);
        }
      }
      if (item.kind === 'param') {
        add('router.param');
        visitMiddleware(item.middleware);
      }
      if (item.kind === 'conditional') {
        add('a conditional registration');
        visitItems(item.items, owner, mountedAtRoot);
      }
      if (item.kind === 'errorHandler') add('error middleware at the end');
      if (item.kind === 'setting') add(owner && !owner.isApplication ? 'map.get(path)' : 'app.get(setting)');
      if (item.kind === 'lookalike') add('map.get(path)');
      if (item.kind === 'mount') {
        add('a route added to a router after its mount', item.late.length > 0);
        add('a router under two mounts', item.again !== undefined);
        add('an array of paths', item.paths.length > 1);
        add('a parameter in a mount path', item.paths.some((path) => textOf(path).includes(':')));
        add('mergeParams', item.child.mergeParams && !item.child.isApplication && JSON.stringify(item.child).includes('"tenant"'));
        add('a sub-application', item.child.isApplication);
        const style = { module: 'a router in a file of its own', function: 'a function that receives the router', class: 'a class that owns the router', table: 'a route table', inline: undefined, chained: undefined } as const;
        const feature = style[item.child.style];
        if (feature) add(feature);
        visitLinks(item.before);
        visitItems(item.child.items, item.child, item.paths.some((path) => textOf(path) === '/'));
        visitItems(item.late, item.child, false);
      }
    });
  };
  visitItems(program.items, undefined, true);
  return found;
}

function isGuard(middleware: Middleware): boolean {
  return middleware.kind === 'guard' || ('inner' in middleware && isGuard(middleware.inner));
}

function isLimiter(middleware: Middleware): boolean {
  return middleware.kind === 'limiter' && middleware.name !== 'countOnly';
}

function textOf(path: Path): string {
  return path.kind === 'literal' ? path.text : JSON.stringify(path);
}
