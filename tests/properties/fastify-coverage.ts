import type { AutoFolder, Item, Program, Route, Scope } from './fastify-program.ts';
import { guardNames } from './fastify-parts.ts';

/** What a program must show at least once in a hundred: the sentences of the notes on Fastify. */
export const features = Object.freeze([
  'a hook before the routes of its scope',
  'a hook behind a route of its scope',
  'a hook behind an awaited plugin with routes',
  'a hook in a plugin beside the routes',
  'a hook in a plugin that is wrapped by fastify-plugin',
  'a hook in a plugin with skip-override',
  'a hook in a plugin wrapped with encapsulate',
  'a guard in onRequest',
  'a guard in preParsing',
  'a guard in preValidation',
  'a guard in preHandler',
  'a hook behind the handler: preSerialization',
  'a hook behind the handler: onSend',
  'a hook behind the handler: onResponse',
  'a limiter that is not awaited, before a route',
  'a limiter that is not awaited, before a child plugin',
  'a limiter behind a child plugin',
  'an awaited limiter, before a route',
  'a limiter and await after()',
  'a route in after() behind a limiter that is not awaited',
  'a limiter that is not global',
  'a limiter that is not global, and a route that asks for it',
  'a limiter in a plugin wrapped by fastify-plugin',
  'a route that switches the limiter off',
  'a route that exempts everyone from its limit',
  'a limiter with a list of exempt clients',
  'a limiter that exempts everyone',
  'rateLimit outside config',
  'fastify.rateLimit()',
  'a limiter of its own',
  'a counter that limits nothing',
  '@fastify/bearer-auth',
  '@fastify/bearer-auth without its hook',
  'jwtVerify in a hook',
  'jwtVerify whose failure is swallowed',
  'jwtVerify that is not awaited',
  'a decorated guard from another file',
  'fastify.auth() with its default relation',
  'fastify.auth() with the relation and',
  'fastify.auth() with a function that lets everyone through',
  'a guard in the callback style',
  'a guard that answers without return',
  'a guard that throws',
  'a guard that asks what a hook before it wrote',
  'a hook that reads the options of the route',
  'an onRoute hook before a route that it guards',
  'an onRoute hook behind a route that it would guard',
  'an onRegister hook before a plugin with routes',
  'an onRegister hook behind a plugin with routes',
  'a route with hooks of its own',
  'hooks as an array',
  'hooks as a spread array',
  'shorthand',
  'options with a handler',
  'route()',
  'a list of methods',
  'all()',
  'withTypeProvider()',
  'a handler that checks inline',
  'a handler that throws',
  'a prefix',
  'the root of a prefix',
  'a parameter in a path',
  'a plugin under two prefixes',
  'a plugin in a file of its own',
  'a plugin by import()',
  'a plugin in the callback style',
  'a loop over plugins',
  'a hook under a switch',
  'a limiter under a switch',
  'an onRoute hook under a switch',
  'a plugin under a switch',
  'a route under a switch',
  'register().get()',
  'setNotFoundHandler',
  'a plugin that nobody registers',
  'autoload',
  'autoload with a folder below',
  'autoload with an index file',
  'autohooks',
  'autohooks that are not switched on',
  'cascadeHooks',
  'autohooks above a folder, without cascadeHooks',
  'dirNameRoutePrefix: false',
  'maxDepth',
  'ignorePattern',
  'import',
  'require',
  'Fastify 4',
  'Fastify 5',
] as const);

export type Feature = (typeof features)[number];

const styles = { shorthand: 'shorthand', options: 'options with a handler', 'route()': 'route()', 'list of methods': 'a list of methods', all: 'all()', withTypeProvider: 'withTypeProvider()' } as const;
const names: Readonly<Record<string, Feature>> = Object.freeze({
  limitByHand: 'a limiter of its own', countOnly: 'a counter that limits nothing', verifyToken: 'jwtVerify in a hook', swallow: 'jwtVerify whose failure is swallowed', forgetToAwait: 'jwtVerify that is not awaited',
  authenticate: 'a decorated guard from another file', 'auth or': 'fastify.auth() with its default relation', 'auth and': 'fastify.auth() with the relation and', 'auth or anyone': 'fastify.auth() with a function that lets everyone through',
  failByCallback: 'a guard in the callback style', answerWithoutReturn: 'a guard that answers without return', throwIfAnonymous: 'a guard that throws', unlessOpen: 'a hook that reads the options of the route',
});
const wraps = { 'fastify-plugin': 'a hook in a plugin that is wrapped by fastify-plugin', 'skip-override': 'a hook in a plugin with skip-override', encapsulate: 'a hook in a plugin wrapped with encapsulate', plain: 'a hook in a plugin beside the routes' } as const;

const switched: Readonly<Record<string, Feature>> = Object.freeze({ hook: 'a hook under a switch', limiter: 'a limiter under a switch', onRoute: 'an onRoute hook under a switch', scope: 'a plugin under a switch', route: 'a route under a switch' });

/** The features that occur in the program. */
export function featuresOf(program: Program): ReadonlySet<Feature> {
  const found = new Set<Feature>();
  const add = (feature: Feature | undefined, condition = true) => condition && feature && found.add(feature);
  const text = JSON.stringify(program);
  const visitName = (name: string) => {
    add(names[name]);
    add('a guard that asks what a hook before it wrote', name === 'requireVisitor' && text.includes('"readVisitor"'));
  };
  const visitRoute = (route: Route) => {
    add(styles[route.style]);
    add('a route with hooks of its own', route.hooks.length > 0);
    for (const { name, written } of route.hooks) {
      visitName(name);
      add('hooks as an array', written === 'array');
      add('hooks as a spread array', written === 'spread');
    }
    add('a route that switches the limiter off', route.config === 'not limited' && text.includes('"limiter"'));
    add('a route that exempts everyone from its limit', route.config === 'exempt everyone' && text.includes('"limiter"'));
    add('rateLimit outside config', route.hasStrayLimit && text.includes('"limiter"'));
    add('a parameter in a path', route.path === 'parameter');
    add('a handler that checks inline', route.handler === 'checks');
    add('a handler that throws', route.handler === 'throws');
  };
  const visitFolder = (folder: AutoFolder, isOn: boolean) => {
    add('autoload with an index file', folder.hasIndex);
    add('autoload with a folder below', folder.folders.length > 0);
    add(isOn ? 'autohooks' : 'autohooks that are not switched on', folder.hook !== undefined);
    visitRoute(folder.route);
    for (const one of folder.folders) visitFolder(one, isOn);
  };
  const visit = (items: readonly Item[], scope: Scope | undefined) => {
    items.forEach((item, index) => {
      const [before, behind] = [items.slice(0, index), items.slice(index + 1)];
      switch (item.kind) {
        case 'route': {
          visitRoute(item);
          add('the root of a prefix', item.path === 'root' && scope?.hasPrefix === true && scope.wrap === 'plain');
          add('an onRoute hook before a route that it guards', item.config === 'secured' && before.some(({ kind }) => kind === 'onRoute'));
          add('an onRoute hook behind a route that it would guard', item.config === 'secured' && behind.some(({ kind }) => kind === 'onRoute'));
          add('fastify.rateLimit()', item.hasLimiterHook && before.some((one) => one.kind === 'limiter' && one.awaited !== 'no'));
          break;
        }
        case 'hook': {
          visitName(item.name);
          add(`a guard in ${item.phase}`, (guardNames as readonly string[]).includes(item.name));
          add('a hook before the routes of its scope', behind.some(({ kind }) => kind === 'route'));
          add('a hook behind a route of its scope', before.some(({ kind }) => kind === 'route'));
          add('a hook behind an awaited plugin with routes', before.some((one) => one.kind === 'scope' && one.isAwaited && one.items.some(({ kind }) => kind === 'route')));
          if (scope) add(wraps[scope.wrap]);
          break;
        }
        case 'late hook': if (item.phase !== 'onError') add(`a hook behind the handler: ${item.phase}`); break;
        case 'limiter': {
          const hasRoute = behind.some(({ kind }) => kind === 'route');
          add('a limiter that is not awaited, before a route', item.awaited === 'no' && hasRoute);
          add('a limiter that is not awaited, before a child plugin', item.awaited === 'no' && behind.some(({ kind }) => kind === 'scope'));
          add('a limiter behind a child plugin', before.some(({ kind }) => kind === 'scope'));
          add('an awaited limiter, before a route', item.awaited === 'register' && hasRoute);
          add('a limiter and await after()', item.awaited === 'after' && hasRoute);
          add('a route in after() behind a limiter that is not awaited', item.awaited === 'no' && behind.some((one) => one.kind === 'after' && one.items.some(({ kind }) => kind === 'route')));
          add('a limiter that is not global', !item.isGlobal);
          add('a limiter that is not global, and a route that asks for it', !item.isGlobal && behind.some((one) => one.kind === 'route' && one.config === 'limited'));
          add('a limiter in a plugin wrapped by fastify-plugin', scope?.wrap === 'fastify-plugin');
          add('a limiter with a list of exempt clients', item.exempts === 'a list');
          add('a limiter that exempts everyone', item.exempts === 'everyone');
          break;
        }
        case 'bearer': add(item.addHook ? '@fastify/bearer-auth' : '@fastify/bearer-auth without its hook'); break;
        case 'not found': add('setNotFoundHandler'); break;
        case 'onRoute': break;
        case 'onRegister': {
          const hasRoutes = (one: Item): boolean => one.kind === 'scope' && one.items.some(({ kind }) => kind === 'route');
          visitName(item.name);
          add('an onRegister hook before a plugin with routes', behind.some(hasRoutes));
          add('an onRegister hook behind a plugin with routes', before.some(hasRoutes));
          break;
        }
        case 'after': visit(item.items, scope); break;
        case 'switch': {
          for (const [kind, feature] of Object.entries(switched)) add(feature, item.items.some((one) => one.kind === kind));
          visit(item.items, scope);
          break;
        }
        case 'loop': add('a loop over plugins'); item.bodies.forEach((body) => visit(body, undefined)); break;
        case 'chain': add('register().get()'); visit(item.items, undefined); break;
        case 'autoload': {
          add('autoload');
          add('cascadeHooks', item.autoHooks && item.cascadeHooks && item.tree.hook !== undefined && item.tree.folders.length > 0);
          add('autohooks above a folder, without cascadeHooks', item.autoHooks && !item.cascadeHooks && item.tree.hook !== undefined && item.tree.folders.some(({ hook }) => hook === undefined));
          add('dirNameRoutePrefix: false', item.dropsFolderNames);
          add('maxDepth', item.maxDepth !== undefined);
          add('ignorePattern', item.ignoresFolders);
          visitFolder(item.tree, item.autoHooks);
          break;
        }
        case 'scope': {
          add('a prefix', item.hasPrefix);
          const isFile = item.style === 'file' || item.style === 'import()';
          add('a plugin in a file of its own', item.style === 'file');
          add('a plugin by import()', item.style === 'import()');
          add('a plugin in the callback style', item.style === 'callback');
          add('a plugin under two prefixes', item.isRepeated && isFile && item.hasPrefix && item.wrap === 'plain');
          visit(item.items, item);
          break;
        }
      }
    });
  };
  visit(program.items, undefined);
  add('a plugin that nobody registers', program.hasUnusedPlugin);
  add(program.modules === 'module' ? 'import' : 'require');
  add(program.major === 4 ? 'Fastify 4' : 'Fastify 5');
  return found;
}
