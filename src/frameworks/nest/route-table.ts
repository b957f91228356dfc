import { decorate } from '../../interpreter/evaluation/decorators.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ClassObject, type Value } from '../../interpreter/values.ts';
import type { Route } from '../framework.ts';
import { adapterRoutes } from './adapter-routes.ts';
import { type ApplicationState, graphOf, servingApplications } from './application.ts';
import { controllerRoutes } from './endpoints.ts';
import { gatewayRoutes } from './gateways.ts';
import { Injector } from './injector.ts';
import { CONTROLLER } from './keys.ts';
import { messageRoutes, messageServersOf } from './message-handlers.ts';
import { resolverRoutes } from './resolvers.ts';
import type { NestStore } from './store.ts';
import { type Surroundings, surroundingsOf } from './surroundings.ts';

/** Routes that were found together: those of one controller in one module, or all of another kind. */
interface Part {
  routes: readonly KeyedRoute[];
  /** Set where they can be found again. */
  readonly again: { readonly controller: ClassObject; find(): readonly Route[] } | undefined;
}

interface KeyedRoute {
  readonly route: Route;
  /** Equal for what is one endpoint of an application, however often it was listed. */
  readonly key: string | undefined;
}

/** Endpoints of every application, then those of controllers that no module lists; those that are as they were stay the same objects. */
export class RouteTable {
  private readonly store: NestStore;
  /** For each application, and for controllers that no module lists. */
  private found: readonly (readonly Part[])[] | undefined;

  constructor(store: NestStore) {
    this.store = store;
  }

  routes(interpreter: Interpreter): Route[] {
    this.found ??= this.find(interpreter);
    return this.found.flatMap((parts) => {
      const routes: Route[] = [];
      const seen = new Set<string>();
      for (const { route, key } of parts.flatMap((part) => part.routes)) {
        if (key === undefined || !seen.has(key)) routes.push(route);
        if (key !== undefined) seen.add(key);
      }
      return routes;
    });
  }

  /** The class is a controller and nothing else, which some module lists. */
  isController(created: ClassObject): boolean {
    const { found, store } = this;
    if (!found?.some((parts) => parts.some(({ again }) => again?.controller === created))) return false;
    return servingApplications(store).every(({ graph }) => graph?.modules.every(({ type, providers }) => type !== created && providers.every(({ token, subject }) => token !== created && subject !== created)) ?? false);
  }

  /** Such controllers have other decorators or methods now. */
  findAgain(controllers: readonly ClassObject[]): void {
    for (const part of this.found?.flat() ?? []) if (part.again && controllers.includes(part.again.controller)) part.routes = keyed(part.again.find());
  }

  private find(interpreter: Interpreter): Part[][] {
    const { store } = this;
    const mounted = new Set<ClassObject>();
    const parts = servingApplications(store).map((state) => this.partsOf(interpreter, state, mounted));
    const injector = new Injector(interpreter, store, { modules: [], paths: new Map() }, (site) => interpreter.unknown('the adapter of no application', site));
    const alone: Surroundings = { application: undefined, state: undefined, injector, providedGuards: [], guards: [], interceptors: [], middleware: [], requests: new Map() };
    const rest = unmountedControllers(interpreter, mounted).flatMap((controller) => [
      ...controllerRoutes(interpreter, store, alone, controller, undefined, undefined, []),
      ...messageRoutes(interpreter, store, alone, controller, undefined, [], []),
    ]);
    return [...parts, [{ routes: rest.map((route) => ({ route, key: undefined })), again: undefined }]];
  }

  private partsOf(interpreter: Interpreter, state: ApplicationState, mounted: Set<ClassObject>): Part[] {
    const { store } = this;
    const around = surroundingsOf(interpreter, store, state);
    const graph = graphOf(interpreter, state);
    const servers = messageServersOf(around, state);
    const isHttp = state.kind === 'http';
    const parts: Part[] = [];
    for (const module of graph.modules) {
      for (const { value, conditions } of module.controllers) {
        if (!(value instanceof ClassObject)) continue;
        for (let base: Value | undefined = value; base instanceof ClassObject; base = base.superclass) mounted.add(base);
        const under = [...state.conditions, ...module.conditions, ...conditions];
        const find = (): readonly Route[] => [
          ...isHttp ? controllerRoutes(interpreter, store, around, value, module, graph.paths.get(module.type), under) : [],
          ...messageRoutes(interpreter, store, around, value, module, servers, under),
        ];
        parts.push({ routes: keyed(find()), again: { controller: value, find } });
      }
    }
    if (isHttp) around.injector.startAdapterUsers();
    if (isHttp) parts.push(fixed(adapterRoutes(interpreter, store, around, state)), fixed(resolverRoutes(interpreter, store, around, state, graph)));
    parts.push(fixed(gatewayRoutes(interpreter, store, around, state, graph)));
    return parts;
  }
}

function fixed(routes: readonly Route[]): Part {
  return { routes: keyed(routes), again: undefined };
}

function keyed(routes: readonly Route[]): KeyedRoute[] {
  return routes.map((route) => ({ route, key: `${route.path} ${route.methods.join()} ${route.place.module.file}:${route.place.start}` }));
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
