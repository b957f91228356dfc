import { METHODS } from 'node:http';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import {
  ArrayObject, type Behaviour, External, FALSE, HeapObject, ModelObject, NativeFunction, Primitive, type Site, TRUE, UNDEFINED, type Value,
} from '../../interpreter/values.ts';
import { register, UNREGISTERED } from '../../interpreter/registrations.ts';
import { handlersOf } from '../handlers.ts';
import { declaredVersion, majorOf } from '../package-version.ts';
import { placeOf } from '../places.ts';
import { isPath, pathsOf } from './arguments.ts';
import type { RouteEntry, RouteLayer, RouterState } from './layers.ts';
import type { ExpressMajor } from './paths.ts';

const VERBS: ReadonlySet<string> = new Set(METHODS.map((m) => m.toLowerCase()));

/** Registers objects that the dry run creates. */
export interface Registry {
  readonly routers: ModelObject[];
}

export function routerState(value: Value | undefined): RouterState | undefined {
  return value instanceof ModelObject && (value.behaviour.name === 'express.application' || value.behaviour.name === 'express.router') ? (value.state as RouterState) : undefined;
}

/** What `import express from 'express'` gives. */
export function createExpress(interpreter: Interpreter, registry: Registry): ModelObject {
  const { realm } = interpreter;
  const behaviour: Behaviour = {
    name: 'express',
    isFollowed: true,
    call: (_, __, ___, ____, site) => createRouter(interpreter, registry, 'application', undefined, site),
    get: (_, self, key) => (key === 'default' ? self : undefined),
  };
  const express = new ModelObject(realm.functionPrototype, behaviour, undefined);
  express.properties.set('Router', interpreter.native('Router', (call) => createRouter(interpreter, registry, 'router', call.args[0], call.site)));
  for (const name of ['static', 'json', 'urlencoded', 'raw', 'text', 'query']) {
    express.properties.set(name, new External({ step: 'get', package: 'express', name, base: new External({ step: 'import', package: 'express', name: 'default' }) }));
  }
  for (const name of ['application', 'request', 'response', 'Route']) {
    const prototype = interpreter.object();
    prototype.open = `express.${name} is not modelled`;
    express.properties.set(name, prototype);
  }
  return express;
}

export function createRouter(interpreter: Interpreter, registry: Registry, kind: RouterState['kind'], options: Value | undefined, site: Site): ModelObject {
  const state: RouterState = {
    kind,
    major: expressMajor(interpreter, site),
    layers: [],
    params: [],
    sensitive: isOn(interpreter, options, 'caseSensitive', site),
    strict: isOn(interpreter, options, 'strict', site),
    mergeParams: isOn(interpreter, options, 'mergeParams', site),
    site,
    members: new Map(),
  };
  const router = new ModelObject(interpreter.realm.functionPrototype, kind === 'application' ? APPLICATION : ROUTER, state, site);
  if (kind === 'application') {
    router.properties.set('locals', interpreter.object());
    router.properties.set('settings', interpreter.object());
    router.properties.set('mountpath', new Primitive('/'));
  }
  // Whatever is mounted nowhere is looked at in the order in which it was made.
  interpreter.amendment?.fail('makes a router');
  registry.routers.push(router);
  return router;
}

function expressMajor(interpreter: Interpreter, site: Site): ExpressMajor {
  return majorOf(declaredVersion(interpreter.loader, 'express', site.module.file)) === 4 ? 4 : 5;
}

function isOn(interpreter: Interpreter, options: Value | undefined, name: string, site: Site): boolean {
  if (!(options instanceof HeapObject)) return false;
  const value = interpreter.get(options, name, site);
  return value instanceof Primitive && value.value === true;
}

const ROUTER: Behaviour = { name: 'express.router', isFollowed: true, get: member, call: callAsMiddleware };
const APPLICATION: Behaviour = { name: 'express.application', isFollowed: true, get: member, call: callAsMiddleware };

function member(interpreter: Interpreter, self: ModelObject, key: PropertyKey): Value | undefined {
  if (typeof key !== 'string' || self.properties.has(key)) return undefined;
  const state = self.state as RouterState;
  const known = state.members.get(key);
  if (known) return known;
  const implementation = memberImplementation(self, state, key);
  if (!implementation) return undefined;
  const created = interpreter.native(key, ({ args, site }) => {
    // A registration while a request is served says nothing about this request.
    if (interpreter.choosing && key !== 'get') return self;
    return implementation(interpreter, args, site);
  });
  state.members.set(key, created);
  return created;
}

type Implementation = (interpreter: Interpreter, args: readonly Value[], site: Site) => Value;

function memberImplementation(self: ModelObject, state: RouterState, key: string): Implementation | undefined {
  const isApplication = state.kind === 'application';
  if (isApplication && key === 'get') return (interpreter, args, site) => (args.length <= 1 ? readSetting(interpreter, self, args[0], site) : registerVerb(interpreter, self, state, 'GET', args, site));
  if (key === 'all') return (interpreter, args, site) => registerVerb(interpreter, self, state, 'ALL', args, site);
  if (VERBS.has(key)) return (interpreter, args, site) => registerVerb(interpreter, self, state, key.toUpperCase(), args, site);
  // Express 4 before 4.0's end of life: app.del
  if (key === 'del') return (interpreter, args, site) => registerVerb(interpreter, self, state, 'DELETE', args, site);
  switch (key) {
    case 'use': return (interpreter, args, site) => registerUse(interpreter, self, state, args, site);
    case 'route': return (interpreter, args, site) => registerRoute(interpreter, state, args, site);
    case 'param': return (interpreter, args, site) => registerParam(interpreter, self, state, args, site);
    default: return isApplication ? applicationMember(self, key) : undefined;
  }
}

function applicationMember(self: ModelObject, key: string): Implementation | undefined {
  switch (key) {
    case 'set': return (interpreter, args, site) => (args.length === 1 ? readSetting(interpreter, self, args[0], site) : writeSetting(interpreter, self, args[0], args[1] ?? UNDEFINED));
    case 'enable': return (interpreter, args) => writeSetting(interpreter, self, args[0], TRUE);
    case 'disable': return (interpreter, args) => writeSetting(interpreter, self, args[0], FALSE);
    case 'enabled': return (interpreter, args, site) => readSetting(interpreter, self, args[0], site);
    case 'engine': case 'on': case 'once': return () => self;
    case 'listen': return (interpreter, args, site) => {
      const callback = args.findLast((a) => a instanceof HeapObject);
      if (callback) interpreter.call(callback, UNDEFINED, [], site);
      return interpreter.unknown('the server that listens', site);
    };
    default: return undefined;
  }
}

function readSetting(interpreter: Interpreter, self: ModelObject, name: Value | undefined, site: Site): Value {
  const settings = self.properties.get('settings');
  if (!(settings instanceof HeapObject) || !(name instanceof Primitive)) return interpreter.unknown('a setting whose name is not known', site);
  const slot = settings.properties.get(String(name.value));
  if (slot && slot.kind !== 'accessor') return interpreter.settle(slot);
  return interpreter.unknown(`the setting ${String(name.value)}`, site, 0, `app.get(${JSON.stringify(name.value)})`);
}

function writeSetting(interpreter: Interpreter, self: ModelObject, name: Value | undefined, value: Value): Value {
  const settings = self.properties.get('settings');
  if (settings instanceof HeapObject && name instanceof Primitive) interpreter.heap.setProperty(settings, String(name.value), value);
  return self;
}

function registerUse(interpreter: Interpreter, self: ModelObject, state: RouterState, args: readonly Value[], site: Site): Value {
  const [first] = args;
  const hasPath = first !== undefined && isPath(interpreter, first, args.length === 1);
  const paths = hasPath ? pathsOf(interpreter, first, site) : undefined;
  register(interpreter, state.layers, {
    kind: 'use',
    isList: hasPath && first instanceof ArrayObject,
    paths: paths ?? [{ pattern: { kind: 'string', source: '/' }, place: site, conditions: [] }],
    handlers: handlersOf(interpreter, hasPath ? args.slice(1) : args),
    conditions: [...interpreter.conditions],
    site,
    registeredAt: UNREGISTERED,
  });
  return self;
}

function registerVerb(interpreter: Interpreter, self: ModelObject, state: RouterState, method: string, args: readonly Value[], site: Site): Value {
  const [path, ...rest] = args;
  // map.get('x') of something that is no router does not come here; router.get('/x') without a handler registers nothing.
  if (path === undefined || rest.length === 0) return self;
  const paths = pathsOf(interpreter, path, site) ?? [{ pattern: { kind: 'parts' as const, parts: [{ unknown: 'path' }] }, place: site, conditions: [] }];
  const entry: RouteEntry = { method, handlers: handlersOf(interpreter, rest), conditions: [], site, place: undefined };
  register(interpreter, state.layers, { kind: 'route', isList: path instanceof ArrayObject, paths, stack: [entry], conditions: [...interpreter.conditions], site, registeredAt: UNREGISTERED });
  return self;
}

/** router.route('/users').all(requireAuth).get(list).post(create) */
function registerRoute(interpreter: Interpreter, state: RouterState, args: readonly Value[], site: Site): Value {
  const paths = (args[0] && pathsOf(interpreter, args[0], site)) ?? [{ pattern: { kind: 'parts' as const, parts: [{ unknown: 'path' }] }, place: site, conditions: [] }];
  const layer: RouteLayer = { kind: 'route', isList: args[0] instanceof ArrayObject, paths, stack: [], conditions: [...interpreter.conditions], site, registeredAt: UNREGISTERED };
  register(interpreter, state.layers, layer);
  const isSupplied = paths.some((p) => p.place !== site);
  const route = new ModelObject(interpreter.realm.objectPrototype, ROUTE, { layer, isSupplied }, site);
  return route;
}

const ROUTE: Behaviour = {
  name: 'express.route',
  isFollowed: true,
  get(interpreter, self, key) {
    if (typeof key !== 'string' || (!VERBS.has(key) && key !== 'all')) return undefined;
    return interpreter.native(key, ({ args, site }) => {
      if (interpreter.choosing) return self;
      const { layer } = self.state as { layer: RouteLayer; isSupplied: boolean };
      if (interpreter.amendment && !interpreter.amendment.registered.some(({ item }) => item === layer)) interpreter.amendment.fail('adds to a route of another statement');
      const entry: RouteEntry = {
        method: key.toUpperCase(),
        handlers: handlersOf(interpreter, args),
        conditions: [...interpreter.conditions],
        site,
        place: (self.state as { isSupplied: boolean }).isSupplied ? placeOf(interpreter, UNDEFINED, site) : site,
      };
      layer.stack.push(entry);
      return self;
    });
  },
};

function registerParam(interpreter: Interpreter, self: ModelObject, state: RouterState, args: readonly Value[], site: Site): Value {
  interpreter.amendment?.fail('registers for a parameter');
  const [names, callback] = args;
  if (!names || !callback) return self;
  for (const name of interpreter.iterate(names instanceof Primitive ? interpreter.array([names]) : names, site).elements) {
    if (!(name instanceof Primitive)) continue;
    for (const handler of handlersOf(interpreter, [callback])) state.params.push({ name: String(name.value), handler: { ...handler, conditions: [...interpreter.conditions, ...handler.conditions] }, site });
  }
  return self;
}

/** router(req, res, next) inside a middleware: handled where a chain is run. */
function callAsMiddleware(interpreter: Interpreter, self: ModelObject, _receiver: Value, args: readonly Value[], site: Site): Value {
  const next = args[2];
  void self;
  if (next instanceof ModelObject || next instanceof NativeFunction) return interpreter.call(next, UNDEFINED, [], site);
  return interpreter.unknown('what a router gives', site);
}
