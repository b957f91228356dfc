import { decorate } from '../../interpreter/decorators.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ClassObject, type Condition, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import type { Question } from '../../guards/question.ts';
import { METHODS_OF_ALL } from '../all-methods.ts';
import { joinPaths } from '../express/paths.ts';
import type { Stop } from '../express/routing.ts';
import type { RequestChain, Route } from '../framework.ts';
import { adapterRoutes } from './adapter-routes.ts';
import { type ApplicationState, graphOf, servingApplications } from './application.ts';
import { handlerMethods, registeredPaths } from './controllers.ts';
import { gatewayRoutes } from './gateways.ts';
import { Injector } from './injector.ts';
import { CONTROLLER, GUARDS, INTERCEPTORS, PATH, VERSION } from './keys.ts';
import { messageRoutes, messageServersOf } from './message-handlers.ts';
import type { ModuleRecord } from './modules.ts';
import { ELSEWHERE, parameterNames, routerMajor, sampleOf, type ServedPath, servedPaths } from './paths.ts';
import { resolverRoutes } from './resolvers.ts';
import { type EndpointFacts, nameSite, NestRequest } from './steps.ts';
import type { NestStore } from './store.ts';
import { listedEnhancers, stopsBefore, type Surroundings, surroundingsOf } from './surroundings.ts';

/** Endpoints of every application, then those of controllers that no module lists. */
export function nestRoutes(interpreter: Interpreter, store: NestStore): Route[] {
  const mounted = new Set<ClassObject>();
  const routes = servingApplications(store).flatMap((state) => applicationRoutes(interpreter, store, state, mounted));
  const injector = new Injector(interpreter, store, { modules: [], paths: new Map() }, (site) => interpreter.unknown('the adapter of no application', site));
  const alone: Surroundings = { application: undefined, state: undefined, injector, providedGuards: [], guards: [], interceptors: [], middleware: [], requests: new Map() };
  for (const controller of unmountedControllers(interpreter, mounted)) {
    routes.push(...controllerRoutes(interpreter, store, alone, controller, undefined, undefined, []), ...messageRoutes(interpreter, store, alone, controller, undefined, [], []));
  }
  return routes;
}

function applicationRoutes(interpreter: Interpreter, store: NestStore, state: ApplicationState, mounted: Set<ClassObject>): Route[] {
  const around = surroundingsOf(interpreter, store, state);
  const graph = graphOf(interpreter, state);
  const servers = messageServersOf(around, state);
  const isHttp = state.kind === 'http';
  const routes: Route[] = [];
  const seen = new Set<string>();
  const add = (route: Route): void => {
    const key = `${route.path} ${route.methods.join()} ${route.place.module.file}:${route.place.start}`;
    if (!seen.has(key)) routes.push(route);
    seen.add(key);
  };
  for (const module of graph.modules) {
    for (const { value, conditions } of module.controllers) {
      if (!(value instanceof ClassObject)) continue;
      for (let base: Value | undefined = value; base instanceof ClassObject; base = base.superclass) mounted.add(base);
      const under = [...state.conditions, ...module.conditions, ...conditions];
      if (isHttp) controllerRoutes(interpreter, store, around, value, module, graph.paths.get(module.type), under).forEach(add);
      messageRoutes(interpreter, store, around, value, module, servers, under).forEach(add);
    }
  }
  if (isHttp) around.injector.startAdapterUsers();
  if (isHttp) adapterRoutes(interpreter, store, around, state).forEach(add);
  if (isHttp) resolverRoutes(interpreter, store, around, state, graph).forEach(add);
  gatewayRoutes(interpreter, store, around, state, graph).forEach(add);
  return routes;
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
  const site = controller.site as Site;
  const outer = registeredPaths(interpreter, metadata.find(controller, undefined, PATH)?.value ?? UNDEFINED, site);
  const version = metadata.find(controller, undefined, VERSION)?.value ?? UNDEFINED;
  return handlerMethods(interpreter, controller).flatMap((method) => {
    const own = isGiven(method.version) ? method.version : version;
    const facts: Omit<EndpointFacts, 'params'> = {
      type: 'http', controller, key: method.key, handler: method.handler, module, injector: around.injector, place: method.place,
      guards: [...around.guards, ...listedEnhancers(interpreter, controller, GUARDS), ...listedEnhancers(interpreter, method.handler, GUARDS)],
      interceptors: [...around.interceptors, ...listedEnhancers(interpreter, controller, INTERCEPTORS), ...listedEnhancers(interpreter, method.handler, INTERCEPTORS)],
    };
    return servedPaths(interpreter, around.state, modulePath, outer, method.paths, own, method.method).map((path): Route => ({
      framework: 'nest',
      methods: [method.method],
      path: joinPaths(path.patterns),
      place: method.place,
      registration: method.place,
      handler: `${controller.name}.${String(method.key)}`,
      owner: { name: controller.name, site: nameSite(controller) },
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
  const endpoint: EndpointFacts = { ...facts, params };
  const chain = (sent: string, at: string, metadata: 'seen' | 'hidden', before: readonly Stop[]): RequestChain => {
    const key = `${question} ${metadata}`;
    let request = around.requests.get(key);
    if (!request) {
      const application = interpreter.unknown('the application below Nest', facts.place, 0, 'req.app');
      around.requests.set(key, request = new NestRequest(interpreter, store, { question, application }, endpoint, metadata));
    }
    return request.chainTo(endpoint, sent, at, before);
  };
  return (method === 'ALL' ? METHODS_OF_ALL : [method]).map((sent) => {
    const stops = stopsBefore(around, path, url, sent);
    return { ...chain(sent, url, 'seen', stops), anonymousElsewhere: () => chain(sent, ELSEWHERE, 'hidden', stops.map((stop) => ({ ...stop, url: ELSEWHERE }))) };
  });
}
