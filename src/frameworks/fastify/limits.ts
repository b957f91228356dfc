import type { Judgement } from '../../guards/catalogue/row.ts';
import type { Judge } from '../../guards/judge.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { External, HeapObject, Primitive, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { hookIn } from './hook-option.ts';
import { addToRoute } from './routes.ts';
import type { Scope } from './state.ts';

/**
 * A limiter that acts on routes as they are registered, so only on those that come after it: on each one unless it
 * is registered with `global: false`, and as `config.rateLimit` of the route says.
 */
export function limitRoutes(interpreter: Interpreter, scope: Scope, registered: External, judgement: Judgement, options: Value, site: Site): void {
  const onRoute = interpreter.native('onRoute', ({ args }) => {
    const [route] = args;
    if (!(route instanceof HeapObject)) return UNDEFINED;
    const config = interpreter.get(route, 'config', site);
    const own = config instanceof HeapObject ? interpreter.get(config, 'rateLimit', site) : UNDEFINED;
    if (own instanceof Primitive && own.value == null) {
      if (judgement.applies !== 'no') addToRoute(interpreter, route, hookIn(interpreter, options, 'hook', site), registered);
    } else if (!(own instanceof Primitive)) {
      const hook = hookIn(interpreter, own, 'hook', site);
      addToRoute(interpreter, route, hook === 'onRequest' ? hookIn(interpreter, options, 'hook', site) : hook, perRoute(registered, [mergedLimits(interpreter, options, own), options], site));
    }
    return UNDEFINED;
  });
  scope.onRoute.push({ handler: { value: onRoute, conditions: [...interpreter.conditions] }, site });
}

/** What the route leaves out is as the plugin was registered; whether that limits every route says nothing about this one. */
function mergedLimits(interpreter: Interpreter, options: Value, own: Value): Value {
  if (!(own instanceof HeapObject) || !(options instanceof HeapObject)) return own;
  const all = interpreter.object(undefined, own.site);
  for (const { properties } of [options, own]) for (const [key, slot] of properties) if (key !== 'global') all.properties.set(key, slot);
  all.open = own.open;
  return all;
}

/** A route with settings of its own is limited even where the plugin is not global. */
function perRoute(registered: External, args: readonly [own: Value, options: Value], site: Site): External {
  const [own] = args;
  return new External({ step: 'call', package: registered.package, subpath: registered.subpath, base: registered.base, args, site: own.kind === 'object' && own.site ? own.site : site });
}

/** `fastify.rateLimit({ max: 5 })`: what it leaves out is as the plugin was registered. */
export function limiterFactory(interpreter: Interpreter, member: External, options: Value): Value {
  return interpreter.native(member.name ?? '', ({ args, site }) =>
    new External({ step: 'call', package: member.package, subpath: member.subpath, base: member, args: [mergedLimits(interpreter, options, args[0] ?? options), options], site }));
}

/** Equal for limiters of one registration of the plugin; undefined where each counts by itself. */
export function registrationOf(judge: Judge, value: Value): Value | undefined {
  const row = value instanceof External ? judge.known(value)?.row : undefined;
  return row?.role === 'limiter' && row.isOnce && value instanceof External ? value.args[1] ?? value.args[0] : undefined;
}
