import { decorate } from '../../interpreter/evaluation/decorators.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type ClassObject, type Condition, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import type { Question } from '../../guards/question.ts';
import { METHODS_OF_ALL } from '../all-methods.ts';
import { joinPaths } from '../express/paths.ts';
import type { Stop } from '../express/routing.ts';
import type { RequestChain, Route } from '../framework.ts';
import { handlerMethods, registeredPaths } from './controllers.ts';
import { GUARDS, INTERCEPTORS, PATH, VERSION } from './keys.ts';
import type { ModuleRecord } from './modules.ts';
import { ELSEWHERE, parameterNames, routerMajor, sampleOf, type ServedPath, servedPaths } from './paths.ts';
import { type EndpointFacts, nameSite, NestRequest } from './steps.ts';
import type { NestStore } from './store.ts';
import { listedEnhancers, stopsBefore, type Surroundings } from './surroundings.ts';

/** Endpoints of a controller's methods. */
export function controllerRoutes(interpreter: Interpreter, store: NestStore, around: Surroundings, controller: ClassObject, module: ModuleRecord | undefined, modulePath: Value | undefined, conditions: readonly Condition[]): Route[] {
  const { metadata, reads } = interpreter;
  decorate(interpreter, controller);
  const site = controller.site as Site;
  // Found again where the class is another one.
  const markOf = (key: string): Value => reads.unnoticed(() => metadata.find(controller, undefined, key))?.value ?? UNDEFINED;
  const outer = registeredPaths(interpreter, markOf(PATH), site);
  const version = markOf(VERSION);
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
      const application = interpreter.unknown('the application below Nest', state?.site ?? facts.place, 0, 'req.app');
      around.requests.set(key, request = new NestRequest(interpreter, store, { question, application }, endpoint, metadata));
    }
    return request.chainTo(endpoint, sent, at, before);
  };
  return (method === 'ALL' ? METHODS_OF_ALL : [method]).map((sent) => {
    const stops = stopsBefore(around, path, url, sent);
    return { ...chain(sent, url, 'seen', stops), anonymousElsewhere: () => chain(sent, ELSEWHERE, 'hidden', stops.map((stop) => ({ ...stop, url: ELSEWHERE }))) };
  });
}
