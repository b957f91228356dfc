import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ArrayObject, type Condition, type HeapObject, type Site } from '../../interpreter/values.ts';
import { type Handler, handlersOf } from '../handlers.ts';
import type { Stop } from '../express/routing.ts';
import type { FoundApplication } from '../framework.ts';
import { type AdapterLayer, type ApplicationState, graphOf, injectorOf } from './application.ts';
import type { Injector } from './injector.ts';
import { APP_GUARD, APP_INTERCEPTOR } from './keys.ts';
import { covers, type MiddlewareRule, middlewareOf } from './middleware.ts';
import { matcherOf, routerMajor, sampleOf, type ServedPath } from './paths.ts';
import type { SharedRequests } from './steps.ts';
import type { NestStore } from './store.ts';

/** What stands around all endpoints of one application. */
export interface Surroundings {
  readonly application: FoundApplication | undefined;
  readonly state: ApplicationState | undefined;
  readonly injector: Injector;
  /** Of every `APP_GUARD`. */
  readonly providedGuards: readonly Handler[];
  /** These and those of `useGlobalGuards`. */
  readonly guards: readonly Handler[];
  readonly interceptors: readonly Handler[];
  readonly middleware: readonly MiddlewareRule[];
  /** Requests that its HTTP endpoints share, by what is asked of them. */
  readonly requests: SharedRequests;
}

export function surroundingsOf(interpreter: Interpreter, store: NestStore, state: ApplicationState): Surroundings {
  const injector = injectorOf(interpreter, store, state);
  const enhancers = (token: string): Handler[] => injector.everyProvider(token).flatMap((provider) => (
    handlersOf(interpreter, [interpreter.isolated(() => injector.provide(provider, state.site))], provider.conditions)
  ));
  const providedGuards = enhancers(APP_GUARD);
  return {
    application: { framework: 'nest', site: state.site },
    state,
    injector,
    providedGuards,
    guards: [...state.guards, ...providedGuards],
    interceptors: [...state.interceptors, ...enhancers(APP_INTERCEPTOR)],
    middleware: interpreter.isolated(() => middlewareOf(interpreter, graphOf(interpreter, state).modules, injector)),
    requests: new Map(),
  };
}

/** Guards or interceptors that a decorator above a class or a method lists. Who asks has to ask again where the class is another one. */
export function listedEnhancers(interpreter: Interpreter, bearer: HeapObject, key: string): Handler[] {
  const list = interpreter.reads.unnoticed(() => interpreter.metadata.find(bearer, undefined, key))?.value;
  return list instanceof ArrayObject ? handlersOf(interpreter, list.elements) : [];
}

/** Middleware of the adapter, then of the modules. */
export function stopsBefore({ state, middleware }: Surroundings, path: ServedPath, url: string, method: string): Stop[] {
  if (!state) return [];
  const stops: Stop[] = [];
  const add = (handler: Handler, conditions: readonly Condition[], site: Site, isHook = false): void => {
    const index = stops.length + 1;
    stops.push({ handler, conditions: [...conditions, ...handler.conditions], site, baseUrl: '', url, params: {}, afterRoute: index, afterRouter: index, isHook, isOwn: false, isLast: false });
  };
  for (const { layer } of layersBefore(state, url)) add(layer.handler, [], layer.site, layer.isHook);
  const [first] = path.parts;
  const isPrefixed = state.prefix !== undefined && first !== undefined && state.prefix.paths.some((p) => p.place === first.place);
  const inner = isPrefixed ? sampleOf(path.patterns.slice(path.patterns.length > 1 ? 1 : 0), routerMajor(state)) : url;
  for (const rule of middleware) {
    if (!covers(rule, state, inner, method)) continue;
    for (const { value, conditions } of rule.functions) add({ value, conditions }, rule.conditions, rule.site);
  }
  return stops;
}

/** The adapter's layers that a request path meets, with their place in the order of registration. */
export function layersBefore(state: ApplicationState, url: string): { readonly layer: AdapterLayer; readonly index: number }[] {
  return state.layers.map((layer, index) => ({ layer, index })).filter(({ layer: { paths } }) => (
    paths === undefined || paths.some(({ pattern }) => pattern.kind !== 'string' || matcherOf(pattern.source, routerMajor(state), 'below')?.match(url) !== undefined)
  ));
}
