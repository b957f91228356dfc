import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type Behaviour, type Condition, FunctionObject, HeapObject, ModelObject, Primitive, type Site, UNDEFINED, type Value, isCallable } from '../../interpreter/values.ts';
import { isPath, pathsOf } from '../express/arguments.ts';
import { type Handler, handlersOf } from '../handlers.ts';
import type { RegisteredPath } from '../express/layers.ts';
import { declaredVersion, majorOf } from '../package-version.ts';
import { VERSIONING_TYPES } from './keys.ts';
import { Injector } from './injector.ts';
import { type ModuleGraph, scanModules } from './modules.ts';
import { mountOnExpress } from './mounted-routers.ts';
import type { NestStore } from './store.ts';

/** Middleware that the adapter's own instance got: before all of Nest. */
export interface AdapterLayer {
  /** Undefined for every path. */
  readonly paths: readonly RegisteredPath[] | undefined;
  readonly handler: Handler;
  /** A hook of Fastify. */
  readonly isHook?: boolean;
  readonly site: Site;
}

/** A route or a handler that answers below a path, registered past Nest on what stands under it. */
export interface AdapterRoute {
  /** Upper case; `ALL`; `USE` for what answers below a path. */
  readonly method: string;
  readonly paths: readonly RegisteredPath[];
  readonly handlers: readonly Handler[];
  /** How many layers stood before it. */
  readonly layers: number;
  readonly conditions: readonly Condition[];
  readonly site: Site;
}

/** What one call of `NestFactory.create` made. */
export interface ApplicationState {
  readonly kind: 'http' | 'microservice' | 'context';
  readonly root: Value;
  readonly site: Site;
  readonly conditions: readonly Condition[];
  readonly major: number;
  readonly adapter: ModelObject | undefined;
  readonly platform: 'express' | 'fastify';
  readonly layers: AdapterLayer[];
  readonly routes: AdapterRoute[];
  /** The application of Express below Nest; made once something is mounted there that Nest knows nothing of. */
  below: ModelObject | undefined;
  readonly guards: Handler[];
  readonly interceptors: Handler[];
  /** `closed` before it was started: it was made to read something from its modules. */
  phase: 'made' | 'started' | 'closed';
  prefix: { readonly paths: readonly RegisteredPath[]; readonly exclude: readonly Value[] } | undefined;
  /** What `connectMicroservice` attached. */
  readonly microservices: { readonly inherits: boolean; readonly guards: readonly Handler[] }[];
  webSocketAdapter: Value | undefined;
  versioning: { readonly type: string; readonly defaultVersion: Value; readonly prefix: Value } | undefined;
  graph: ModuleGraph | undefined;
  injector: Injector | undefined;
}

export function applicationState(value: Value | undefined): ApplicationState | undefined {
  return value instanceof ModelObject && value.behaviour instanceof ApplicationBehaviour ? (value.state as ApplicationState) : undefined;
}

/**
 * Applications that serve requests: no contexts, and none that a script makes for its services only, where another one
 * with the same modules is started.
 */
export function servingApplications(store: NestStore): ApplicationState[] {
  const states = store.applications.flatMap((application) => applicationState(application) ?? []).filter(({ kind }) => kind !== 'context');
  const rank = ({ phase }: ApplicationState): number => PHASES.indexOf(phase);
  return states.filter((state) => states.every((other) => other.root !== state.root || other.kind !== state.kind || rank(other) <= rank(state)));
}

/** What has come further is likelier to be what serves. */
const PHASES: readonly ApplicationState['phase'][] = ['closed', 'made', 'started'];

export function graphOf(interpreter: Interpreter, state: ApplicationState): ModuleGraph {
  return (state.graph ??= interpreter.isolated(() => scanModules(interpreter, state.root, state.site)));
}

export function injectorOf(interpreter: Interpreter, store: NestStore, state: ApplicationState): Injector {
  return (state.injector ??= new Injector(interpreter, store, graphOf(interpreter, state), (site) => interpreter.object([['httpAdapter', adapterOf(interpreter, state, site)]], site)));
}

/** NestFactory.create(AppModule, new FastifyAdapter(), { … }) */
export function createApplication(interpreter: Interpreter, store: NestStore, kind: ApplicationState['kind'], args: readonly Value[], site: Site): ModelObject {
  interpreter.amendment?.fail('makes an application');
  const [root, second] = args;
  const adapter = second instanceof ModelObject && second.behaviour.name === 'nest.adapter' ? second : undefined;
  const state: ApplicationState = {
    kind,
    root: root ?? UNDEFINED,
    site,
    conditions: [...interpreter.conditions],
    major: majorOf(declaredVersion(interpreter.loader, '@nestjs/core', site.module.file)) ?? 11,
    adapter,
    platform: adapter ? (adapter.state as AdapterState).platform : 'express',
    layers: [],
    routes: [],
    below: undefined,
    guards: [],
    interceptors: [],
    phase: 'made',
    microservices: [],
    webSocketAdapter: undefined,
    prefix: undefined,
    versioning: undefined,
    graph: undefined,
    injector: undefined,
  };
  const application = new ModelObject(interpreter.realm.objectPrototype, new ApplicationBehaviour(store), state, site);
  store.applications.push(application);
  return application;
}

type Implementation = (interpreter: Interpreter, self: ModelObject, state: ApplicationState, args: readonly Value[], site: Site, store: NestStore) => Value;

class ApplicationBehaviour implements Behaviour {
  readonly name = 'nest.application';
  private readonly store: NestStore;

  constructor(store: NestStore) {
    this.store = store;
  }

  get(interpreter: Interpreter, self: ModelObject, key: PropertyKey): Value | undefined {
    if (typeof key !== 'string' || key === 'then' || self.properties.has(key)) return undefined;
    const implementation = MEMBERS[key];
    return interpreter.native(key, ({ args, site }) => {
      interpreter.amendment?.fail('uses an application');
      // A registration while a request is served says nothing about this request.
      if (interpreter.choosing && !READS.has(key)) return self;
      return implementation ? implementation(interpreter, self, self.state as ApplicationState, args, site, this.store) : self;
    });
  }
}

const READS: ReadonlySet<string> = new Set(['get', 'resolve']);

const resolve: Implementation = (interpreter, _self, state, [token], site, store) => (token ? injectorOf(interpreter, store, state).resolve(token, undefined, site) : UNDEFINED);

const MEMBERS: Readonly<Record<string, Implementation>> = {
  get: resolve,
  resolve: (interpreter, ...rest) => interpreter.promise('fulfilled', resolve(interpreter, ...rest)),
  use: (interpreter, self, state, args, site) => addLayers(interpreter, self, state, args, site),
  useGlobalGuards: (interpreter, self, state, args) => {
    state.guards.push(...handlersOf(interpreter, args, [...interpreter.conditions]));
    return self;
  },
  useGlobalInterceptors: (interpreter, self, state, args) => {
    state.interceptors.push(...handlersOf(interpreter, args, [...interpreter.conditions]));
    return self;
  },
  setGlobalPrefix: (interpreter, self, state, [path, options], site) => {
    const exclude = options instanceof HeapObject ? interpreter.get(options, 'exclude', site) : UNDEFINED;
    const paths = path && pathsOf(interpreter, path, site);
    if (paths) state.prefix = { paths, exclude: interpreter.iterate(exclude, site).elements };
    return self;
  },
  enableVersioning: (interpreter, self, state, [options], site) => {
    const read = (name: string): Value => (options instanceof HeapObject ? interpreter.get(options, name, site) : UNDEFINED);
    const type = read('type');
    const name = type instanceof Primitive && typeof type.value === 'number' ? VERSIONING_TYPES[type.value] : undefined;
    state.versioning = { type: name ?? 'URI', defaultVersion: read('defaultVersion'), prefix: read('prefix') };
    return self;
  },
  useWebSocketAdapter: (_interpreter, self, state, [adapter]) => {
    state.webSocketAdapter = adapter;
    return self;
  },
  // app.connectMicroservice(options, { inheritAppConfig: true })      with the guards that are there by now
  connectMicroservice: (interpreter, self, state, [, hybrid], site) => {
    const inherits = hybrid instanceof HeapObject && interpreter.isTrue(interpreter.get(hybrid, 'inheritAppConfig', site), site) === true;
    state.microservices.push({ inherits, guards: inherits ? [...state.guards] : [] });
    // Its handlers are bound by now, without what it gets later.
    return interpreter.object([['useGlobalGuards', interpreter.native('useGlobalGuards', ({ receiver }) => receiver)]]);
  },
  // app.register(rateLimit, { max: 100 })
  register: (interpreter, self, state, args, site) => {
    registerPlugin(interpreter, state.layers, args, site);
    return interpreter.promise('fulfilled', self, site);
  },
  getHttpAdapter: (interpreter, _self, state, _args, site) => adapterOf(interpreter, state, site),
  getHttpServer: (interpreter, _self, _state, _args, site) => interpreter.unknown('the server that listens', site),
  getUrl: (interpreter, _self, _state, _args, site) => interpreter.promise('fulfilled', interpreter.unknown('the address of the server', site), site),
  listen: (interpreter, _self, state, args, site) => {
    state.phase = 'started';
    const callback = args.findLast((a) => a instanceof HeapObject);
    if (callback) interpreter.call(callback, UNDEFINED, [], site);
    return interpreter.promise('fulfilled', interpreter.unknown('the server that listens', site), site);
  },
  init: (interpreter, self, state, _args, site) => {
    state.phase = 'started';
    return interpreter.promise('fulfilled', self, site);
  },
  close: (interpreter, _self, state, _args, site) => {
    if (state.phase === 'made') state.phase = 'closed';
    return interpreter.promise('fulfilled', UNDEFINED, site);
  },
};

/** app.use(helmet()), app.use('/admin', requireAdmin) */
function addLayers(interpreter: Interpreter, self: ModelObject, state: ApplicationState, args: readonly Value[], site: Site): Value {
  const [first] = args;
  const hasPath = first !== undefined && isPath(interpreter, first, args.length === 1);
  const paths = hasPath ? pathsOf(interpreter, first, site) : undefined;
  mountOnExpress(interpreter, state, args, site);
  const handlers = handlersOf(interpreter, hasPath ? args.slice(1) : args, [...interpreter.conditions]);
  if (paths && handlers.length > 0 && endsRequest(handlers.at(-1)?.value)) addRoute(interpreter, state, 'USE', paths, handlers, site);
  else for (const handler of handlers) state.layers.push({ paths, handler, site });
  return self;
}

/** app.use('/status', (request, response) => response.send('up'))      without a next(), it hands nothing on */
function endsRequest(value: Value | undefined): boolean {
  return value instanceof FunctionObject && value.node.params.length < 3 && value.node.params.every(({ type }) => type !== 'RestElement');
}

function addRoute(interpreter: Interpreter, state: ApplicationState, method: string, paths: readonly RegisteredPath[], handlers: readonly Handler[], site: Site): void {
  if (handlers.length > 0) state.routes.push({ method, paths, handlers, layers: state.layers.length, conditions: [...state.conditions, ...interpreter.conditions], site });
}

/** adapter.get('/status', handler); with the options of Fastify, whose hooks run first. False for what is no registration: app.get('trust proxy') */
function registers(interpreter: Interpreter, state: ApplicationState, name: string, args: readonly Value[], site: Site): boolean {
  const [first, ...rest] = args;
  if (!ROUTE_METHODS.has(name) || first === undefined || rest.length === 0) return false;
  const paths = pathsOf(interpreter, first, site);
  if (!paths) return false;
  const handlers = rest.flatMap((given) => {
    const settled = interpreter.settle(given);
    const isOptions = settled instanceof HeapObject && !isCallable(settled) && settled.kind === 'object' && state.platform === 'fastify';
    const values = isOptions ? [...GUARDING_HOOKS].map((hook) => interpreter.get(settled, hook, site)) : [settled];
    return handlersOf(interpreter, values, [...interpreter.conditions]);
  });
  addRoute(interpreter, state, name.toUpperCase(), paths, handlers, site);
  return true;
}

const ROUTE_METHODS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all']);

function adapterOf(interpreter: Interpreter, state: ApplicationState, site: Site): Value {
  const inner = state.adapter ? instanceOfAdapter(state.adapter) : undefined;
  const instance = inner ?? new ModelObject(interpreter.realm.objectPrototype, INSTANCE, state, site);
  const reached = ['use', ...ROUTE_METHODS].map((name) => [name, interpreter.get(instance, name, site)] as const);
  const adapter = interpreter.object([['getInstance', interpreter.native('getInstance', () => instance)], ...reached], site);
  adapter.open = 'a member of the HTTP adapter';
  return adapter;
}

/** Of `new ExpressAdapter(server)`. */
export interface AdapterState {
  readonly platform: ApplicationState['platform'];
  readonly given: Value | undefined;
}

/** The framework's own application that an adapter was given. */
export function instanceOfAdapter(adapter: ModelObject): Value | undefined {
  const { given } = adapter.state as AdapterState;
  return given instanceof ModelObject && given.behaviour.name !== 'nest.adapter' && /application|instance/.test(given.behaviour.name) ? given : undefined;
}

/** The framework below Nest, where the program reaches through to it. */
const INSTANCE: Behaviour = {
  name: 'nest.instance',
  get(interpreter, self, key) {
    if (typeof key !== 'string' || key === 'then' || self.properties.has(key)) return undefined;
    const state = self.state as ApplicationState;
    return interpreter.native(key, ({ args, site }) => {
      if (interpreter.choosing) return self;
      if (key === 'use') return addLayers(interpreter, self, state, args, site);
      if (registers(interpreter, state, key, args, site)) return self;
      if (key === 'register') registerPlugin(interpreter, state.layers, args, site);
      const [hook, handler] = args;
      if (key === 'addHook' && handler && hook instanceof Primitive && GUARDING_HOOKS.has(String(hook.value))) {
        for (const found of handlersOf(interpreter, [handler], [...interpreter.conditions])) state.layers.push({ paths: undefined, handler: found, isHook: true, site });
      }
      return self;
    });
  },
};

const GUARDING_HOOKS: ReadonlySet<string> = new Set(['onRequest', 'preParsing', 'preValidation', 'preHandler']);

function registerPlugin(interpreter: Interpreter, layers: AdapterLayer[], args: readonly Value[], site: Site): void {
  const [plugin, ...options] = args;
  if (plugin?.kind !== 'external') return;
  const registered = interpreter.call(plugin, UNDEFINED, options, site);
  for (const handler of handlersOf(interpreter, [registered], [...interpreter.conditions])) layers.push({ paths: undefined, handler, site });
}
