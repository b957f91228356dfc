import { applyEffects, branchEffects, joinAll } from '../../interpreter/branches/branches.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import {
  ArrayObject, type Condition, HeapObject, Primitive, type Site, TRUE, UNDEFINED, Union, Unknown, type Value, isCallable,
} from '../../interpreter/values.ts';
import { handlersOf } from '../handlers.ts';
import { placeOf } from '../places.ts';
import { runAsCause } from './causes.ts';
import type { Hook, RouteHandler, Scope } from './state.ts';
import { type Text, textsOf } from './texts.ts';

/** get(path, handler), get(path, options), get(path, options, handler) */
export function registerShorthand(interpreter: Interpreter, scope: Scope, methods: readonly string[], args: readonly Value[], site: Site): Value {
  const [path, second, third] = args;
  if (!path || !second) return scope.instance;
  const isHandler = third === undefined && (isCallable(second) || second.kind === 'external' || second.kind === 'unknown');
  eachOption(interpreter, isHandler ? UNDEFINED : second, (options) => {
    const own = copyOf(interpreter, options);
    own.properties.set('url', path);
    const handler = third ?? (isHandler ? second : undefined);
    if (handler) own.properties.set('handler', handler);
    add(interpreter, scope, methods, own, site);
  });
  return scope.instance;
}

/** route({ method, url, handler, … }) */
export function registerRoute(interpreter: Interpreter, scope: Scope, value: Value, site: Site): Value {
  eachOption(interpreter, value, (options) => {
    const own = copyOf(interpreter, options);
    const given = interpreter.get(own, 'method', site);
    const list = given instanceof ArrayObject ? given.elements : [given];
    const methods = list.flatMap((method) => textsOf(interpreter, method).map(({ text }) => text.toUpperCase()));
    add(interpreter, scope, methods.length > 0 ? methods : ['ALL'], own, site);
  });
  return scope.instance;
}

function eachOption(interpreter: Interpreter, value: Value, run: (value: Value) => void): void {
  const settled = interpreter.settle(value);
  if (!(settled instanceof Union)) {
    run(settled);
    return;
  }
  for (const option of settled.options) if (option.value && interpreter.isPossible(option.conditions)) interpreter.underConditions(option.conditions, () => run(option.value as Value));
}

/** Fastify works on a copy: one options object may serve several routes. */
function copyOf(interpreter: Interpreter, options: Value): HeapObject {
  const copy = interpreter.object();
  if (options instanceof HeapObject) {
    for (const [key, slot] of options.properties) copy.properties.set(key, slot);
    copy.open = options.open;
    copy.site = options.site;
  } else if (!(options instanceof Primitive)) copy.open = options instanceof Unknown ? options.reason : 'options that a package made';
  return copy;
}

function add(interpreter: Interpreter, scope: Scope, methods: readonly string[], options: HeapObject, site: Site): void {
  const url = interpreter.get(options, 'url', site);
  const given = url instanceof Primitive && url.value === undefined ? interpreter.get(options, 'path', site) : url;
  const texts = textsOf(interpreter, given);
  const all: readonly Text[] = texts.length > 0 ? texts : [{ text: given instanceof Primitive && given.value === undefined ? '' : '{path}', value: given, conditions: [] }];
  for (const [index, { text, value, conditions }] of all.entries()) {
    const own = index === 0 ? options : copyOf(interpreter, options);
    const path = fullPath(scope.prefix, text);
    own.properties.set('method', methods.length === 1 ? new Primitive(methods[0]) : interpreter.array(methods.map((m) => new Primitive(m))));
    for (const [key, content] of [['url', path], ['path', path], ['routePath', text], ['prefix', scope.prefix]] as const) own.properties.set(key, new Primitive(content));
    const { cause } = scope.application;
    const hooks = interpreter.underConditions(conditions, () => callOnRoute(interpreter, scope, own, site));
    scope.application.routes.push({
      scope, methods, path, options: own,
      handlers: handlersIn(interpreter, own, site),
      conditions: [...interpreter.conditions, ...conditions],
      site,
      place: placeOf(interpreter, value, site),
      cause,
      hooks,
    });
  }
}

/** As served; a route at `/` of a prefix is served without the slash too. */
function fullPath(prefix: string, path: string): string {
  if (path === '/' && prefix !== '') return prefix;
  if (path.startsWith('/') && prefix.endsWith('/')) return prefix + path.slice(1);
  return prefix + path || '/';
}

/** Hooks that see the route's options and may change them. One that is there only sometimes acts under its conditions. */
function callOnRoute(interpreter: Interpreter, scope: Scope, options: HeapObject, site: Site): readonly Hook[] {
  const called: Hook[] = [];
  for (const hook of scope.onRoute) {
    const { handler, cause } = hook;
    if (!interpreter.isPossible(handler.conditions)) continue;
    called.push(hook);
    const run = (): void => runAsCause(interpreter, scope.application, handler.value, hook.site, () => interpreter.call(handler.value, scope.instance, [options], site), cause);
    const conditions = news(interpreter, handler.conditions);
    if (conditions.length === 0) run();
    else under(interpreter, conditions, run);
  }
  return called;
}

/** What it writes is there under the conditions only: route.onRequest = [...hooks, authorize] */
function under(interpreter: Interpreter, conditions: readonly Condition[], run: () => unknown): void {
  const mark = interpreter.heap.mark();
  interpreter.underConditions(conditions, run);
  const effects = branchEffects(interpreter.heap.writesSince(mark));
  interpreter.heap.undoTo(mark);
  const mayHold = (): boolean => true;
  if (!joinAll(interpreter, [{ conditions, effects, mayHold }, { conditions: [], effects: new Map(), mayHold }])) applyEffects(interpreter, effects);
}

function news(interpreter: Interpreter, conditions: readonly Condition[]): Condition[] {
  return conditions.filter((c) => !interpreter.conditions.some((held) => held.key === c.key && held.branch === c.branch));
}

function handlersIn(interpreter: Interpreter, options: HeapObject, site: Site): RouteHandler[] {
  const isSocket = interpreter.get(options, 'websocket', site);
  const of = (key: string, isWebSocket: boolean): RouteHandler[] => {
    const value = interpreter.get(options, key, site);
    return handlersOf(interpreter, [value]).map((handler) => ({ handler, isWebSocket }));
  };
  return [...of('handler', isSocket instanceof Primitive && isSocket.value === TRUE.value), ...of('wsHandler', true)];
}

/** Puts a function on a route from within an `onRoute` hook: `options.onRequest.push(…)`. */
export function addToRoute(interpreter: Interpreter, options: HeapObject, hook: string, value: Value): void {
  const before = options.properties.get(hook);
  const list = before === undefined || before.kind === 'accessor' || (before instanceof Primitive && before.value === undefined) ? [] : before instanceof ArrayObject ? before.elements : [before];
  const added = interpreter.conditions.length === 0 ? value : new Union([{ conditions: [...interpreter.conditions], value }]);
  interpreter.heap.setProperty(options, hook, interpreter.array([...list, added]));
}
