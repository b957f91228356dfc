import { decorate } from '../../interpreter/decorators.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ArrayObject, ClassObject, type Condition, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import type { Question } from '../../guards/question.ts';
import { type Handler, handlersOf } from '../handlers.ts';
import { joinPaths } from '../express/paths.ts';
import type { Stop } from '../express/routing.ts';
import type { FoundApplication, RequestChain, Route } from '../framework.ts';
import { type ApplicationState, applicationState, graphOf, injectorOf } from './application.ts';
import { type HandlerMethod, handlerMethods, registeredPaths } from './controllers.ts';
import { Injector } from './injector.ts';
import { APP_GUARD, APP_INTERCEPTOR, CONTROLLER, GUARDS, INTERCEPTORS, PATH, VERSION } from './keys.ts';
import { covers, type MiddlewareRule, middlewareOf } from './middleware.ts';
import type { ModuleRecord } from './modules.ts';
import { matcherOf, parameterNames, routerMajor, sampleOf, type ServedPath, servedPaths } from './paths.ts';
import { type EndpointFacts, NestRequest } from './steps.ts';
import type { NestStore } from './store.ts';

/** What stands around all endpoints of one application. */
interface Surroundings {
  readonly application: FoundApplication | undefined;
  readonly state: ApplicationState | undefined;
  readonly injector: Injector;
  readonly guards: readonly Handler[];
  readonly interceptors: readonly Handler[];
  readonly middleware: readonly MiddlewareRule[];
}

/** Endpoints of every application, then those of controllers that no module lists. */
export function nestRoutes(interpreter: Interpreter, store: NestStore): Route[] {
  const routes: Route[] = [];
  const mounted = new Set<ClassObject>();
  for (const application of store.applications) {
    const state = applicationState(application);
    if (!state || state.kind !== 'http') continue;
    const around = surroundingsOf(interpreter, store, state);
    const graph = graphOf(interpreter, state);
    const seen = new Set<string>();
    for (const module of graph.modules) {
      for (const { value, conditions } of module.controllers) {
        if (!(value instanceof ClassObject)) continue;
        for (let base: Value | undefined = value; base instanceof ClassObject; base = base.superclass) mounted.add(base);
        const modulePath = graph.paths.get(module.type);
        for (const route of controllerRoutes(interpreter, store, around, value, module, modulePath, [...state.conditions, ...module.conditions, ...conditions])) {
          const key = `${route.path} ${route.methods.join()} ${route.place.module.file}:${route.place.start}`;
          if (seen.has(key)) continue;
          seen.add(key);
          routes.push(route);
        }
      }
    }
  }
  const injector = new Injector(interpreter, store, { modules: [], paths: new Map() });
  const alone: Surroundings = { application: undefined, state: undefined, injector, guards: [], interceptors: [], middleware: [] };
  const unmounted = unmountedControllers(interpreter, mounted);
  for (const controller of unmounted) routes.push(...controllerRoutes(interpreter, store, alone, controller, undefined, undefined, []));
  return routes;
}

function surroundingsOf(interpreter: Interpreter, store: NestStore, state: ApplicationState): Surroundings {
  const injector = injectorOf(interpreter, store, state);
  const enhancers = (token: string): Handler[] => injector.everyProvider(token).flatMap((provider) => (
    handlersOf(interpreter, [interpreter.isolated(() => injector.provide(provider, state.site))], provider.conditions)
  ));
  return {
    application: { framework: 'nest', site: state.site },
    state,
    injector,
    guards: [...state.guards, ...enhancers(APP_GUARD)],
    interceptors: [...state.interceptors, ...enhancers(APP_INTERCEPTOR)],
    middleware: interpreter.isolated(() => middlewareOf(interpreter, graphOf(interpreter, state).modules, injector)),
  };
}

/** Classes of evaluated modules that are controllers, that nothing lists and that no other controller extends. */
function unmountedControllers(interpreter: Interpreter, mounted: ReadonlySet<ClassObject>): ClassObject[] {
  const found = new Set<ClassObject>();
  for (const { scope } of interpreter.modules.evaluated()) {
    for (const { value } of scope.cells.values()) {
      if (!(value instanceof ClassObject) || value.node.decorators.length === 0 || mounted.has(value)) continue;
      decorate(interpreter, value);
      if (interpreter.metadata.own(value, undefined, CONTROLLER)) found.add(value);
    }
  }
  for (const controller of [...found]) for (let base = controller.superclass; base instanceof ClassObject; base = base.superclass) found.delete(base);
  return [...found];
}

function controllerRoutes(interpreter: Interpreter, store: NestStore, around: Surroundings, controller: ClassObject, module: ModuleRecord | undefined, modulePath: Value | undefined, conditions: readonly Condition[]): Route[] {
  const { metadata } = interpreter;
  decorate(interpreter, controller);
  const listed = (bearer: ClassObject | HandlerMethod['handler'], key: string): Handler[] => {
    const list = metadata.find(bearer, undefined, key)?.value;
    return list instanceof ArrayObject ? handlersOf(interpreter, list.elements) : [];
  };
  const site = controller.site as Site;
  const outer = registeredPaths(interpreter, metadata.find(controller, undefined, PATH)?.value ?? UNDEFINED, site);
  const version = metadata.find(controller, undefined, VERSION)?.value ?? UNDEFINED;
  return handlerMethods(interpreter, controller).flatMap((method) => {
    const own = isGiven(method.version) ? method.version : version;
    const facts: Omit<EndpointFacts, 'params'> = {
      type: 'http', controller, key: method.key, handler: method.handler, module, injector: around.injector, place: method.place,
      guards: [...around.guards, ...listed(controller, GUARDS), ...listed(method.handler, GUARDS)],
      interceptors: [...around.interceptors, ...listed(controller, INTERCEPTORS), ...listed(method.handler, INTERCEPTORS)],
    };
    return servedPaths(interpreter, around.state, modulePath, outer, method.paths, own, method.method).map((path): Route => ({
      framework: 'nest',
      methods: [method.method],
      path: joinPaths(path.patterns),
      place: method.place,
      registration: method.place,
      handler: `${controller.name}.${String(method.key)}`,
      application: around.application,
      conditions: [...conditions, ...path.parts.flatMap((p) => p.conditions)],
      unfollowed: undefined,
      isPublicByNature: false,
      mayBeMiddleware: false,
      chains: (_interpreter, question) => chainsOf(interpreter, store, around, facts, path, method.method, question),
    }));
  });
}

function isGiven(value: Value): boolean {
  return !(value.kind === 'primitive' && value.value === undefined);
}

function chainsOf(interpreter: Interpreter, store: NestStore, around: Surroundings, facts: Omit<EndpointFacts, 'params'>, path: ServedPath, method: string, question: Question): RequestChain[] {
  const { state } = around;
  const major = routerMajor(state);
  const url = sampleOf(path.patterns, major);
  const params = Object.fromEntries(parameterNames(joinPaths(path.patterns)).map((name) => [name, name]));
  const stops = stopsBefore(around, path, url, method);
  const application = interpreter.unknown('the application below Nest', facts.place, 0, 'req.app');
  const chain = (at: string, metadata: 'seen' | 'hidden', before: readonly Stop[]): RequestChain => {
    const request = new NestRequest(interpreter, store, { question, application }, { ...facts, params }, metadata);
    return request.chain(method === 'ALL' ? 'GET' : method, at, before);
  };
  return [{ ...chain(url, 'seen', stops), anonymousElsewhere: () => chain(ELSEWHERE, 'hidden', stops.map((stop) => ({ ...stop, url: ELSEWHERE }))) }];
}

/** A path that no list in the program names. */
const ELSEWHERE = '/elsewhere7q/x1z9';

/** Middleware of the adapter, then of the modules. */
function stopsBefore({ state, middleware }: Surroundings, path: ServedPath, url: string, method: string): Stop[] {
  if (!state) return [];
  const stops: Stop[] = [];
  const add = (handler: Handler, conditions: readonly Condition[], site: Site): void => {
    const index = stops.length + 1;
    stops.push({ handler, conditions: [...conditions, ...handler.conditions], site, baseUrl: '', url, params: {}, afterRoute: index, afterRouter: index, isOwn: false, isLast: false });
  };
  for (const layer of state.layers) {
    const isCovered = layer.paths === undefined || layer.paths.some((p) => p.pattern.kind !== 'string' || matcherOf(p.pattern.source, routerMajor(state), 'below')?.match(url) !== undefined);
    if (isCovered) add(layer.handler, [], layer.site);
  }
  const [first] = path.parts;
  const isPrefixed = state.prefix !== undefined && first !== undefined && state.prefix.paths.some((p) => p.place === first.place);
  const inner = isPrefixed ? sampleOf(path.patterns.slice(path.patterns.length > 1 ? 1 : 0), routerMajor(state)) : url;
  for (const rule of middleware) {
    if (!covers(rule, state, inner, method)) continue;
    for (const { value, conditions } of rule.functions) add({ value, conditions }, rule.conditions, rule.site);
  }
  return stops;
}
