import { nameOf } from '../../guards/names.ts';
import type { Registered } from '../../interpreter/registrations.ts';
import { External, type ModelObject, type Site, type Value } from '../../interpreter/values.ts';
import type { FoundApplication, Route } from '../framework.ts';
import { KnownTargets } from './known-targets.ts';
import type { Layer, RouterState } from './layers.ts';
import { type Registry, routerState } from './objects.ts';
import { joinPaths } from './paths.ts';
import type { ChangedLayer, Requests } from './requests.ts';
import { answersAll, conditionsOf, type Target, targetsOf } from './routing.ts';

/** The routes of all applications and routers; those that are as they were stay the same objects. */
export class RouteTable {
  private readonly registry: Registry;
  private readonly requests: Requests;
  private readonly isTerminal: (value: Value) => boolean;
  private readonly known = new KnownTargets();
  private readonly mounted = new Map<RouterState, readonly Value[]>();
  /** Null for what no request reaches. */
  private readonly knownRoutes = new WeakMap<Target, Route | null>();

  constructor(registry: Registry, requests: Requests, isTerminal: (value: Value) => boolean) {
    this.registry = registry;
    this.requests = requests;
    this.isTerminal = isTerminal;
  }

  roots(): ModelObject[] {
    return rootsOf(this.registry, this.mounted);
  }

  routes(): Route[] {
    const routes: Route[] = [];
    for (const root of this.roots()) {
      for (const target of targetsOf(root, this.isTerminal, this.known)) {
        let route = this.knownRoutes.get(target);
        if (route === undefined) this.knownRoutes.set(target, (route = this.routeOf(target) ?? null));
        if (route) routes.push(route);
      }
    }
    return routes;
  }

  /** Registrations came or went. */
  forget(changes: readonly { readonly list: readonly Registered[]; readonly item: Registered }[]): void {
    const layers = this.registry.routers.flatMap((router): ChangedLayer[] => {
      const state = routerState(router);
      return state ? changes.filter(({ list }) => list === state.layers).map(({ item }) => ({ router: state, layer: item as Layer })) : [];
    });
    for (const { router } of layers) {
      this.requests.forgetLayersOf(router);
      this.known.forget(router);
      this.mounted.delete(router);
    }
    for (const target of this.requests.forgetWhereMet(layers)) this.knownRoutes.delete(target);
  }

  private routeOf(target: Target): Route | undefined {
    return this.requests.canReach(target) ? routeOf(target, this.requests) : undefined;
  }
}

/** Applications and routers that nothing mounts. `known` has what is mounted on routers that were looked through. */
export function rootsOf({ routers }: Registry, known: Map<RouterState, readonly Value[]>): ModelObject[] {
  const mounted = new Set<Value>();
  for (const router of routers) {
    const state = routerState(router) as RouterState;
    let inner = known.get(state);
    if (!inner) known.set(state, (inner = mountedOn(state)));
    for (const value of inner) if (value !== router) mounted.add(value);
  }
  return routers.filter((router) => !mounted.has(router));
}

function mountedOn({ layers }: RouterState): readonly Value[] {
  return layers.flatMap((layer) => (layer.kind === 'use' ? layer.handlers : layer.stack.flatMap(({ handlers }) => handlers))).flatMap(({ value }) => (routerState(value) ? [value] : []));
}

export function applicationOf(root: ModelObject): FoundApplication {
  return { framework: 'express', site: root.site as Site };
}

export function isStatic(value: Value): boolean {
  return value instanceof External && value.step === 'call' && (nameOf(value) === 'express.static' || value.package === 'serve-static');
}

function routeOf(target: Target, requests: Requests): Route {
  const { what } = target;
  const entry = what.kind === 'entry' ? what.entry : undefined;
  const handlers = entry?.handlers ?? [];
  const last = what.kind === 'mounted' ? what.layer.handlers[what.handler]?.value : handlers.at(-1)?.value;
  const answers = answersAll(target);
  const isApplication = routerState(target.root)?.kind === 'application';
  return {
    framework: 'express',
    methods: [entry?.method ?? (answers ? 'ALL' : 'USE')],
    path: joinPaths(requests.servedPatternsOf(target)),
    place: entry?.place ?? target.path.place,
    registration: entry?.site ?? what.layer.site,
    handler: last ? nameOf(last) : '(none)',
    application: isApplication ? applicationOf(target.root) : undefined,
    conditions: conditionsOf(target),
    unfollowed: undefined,
    isPublicByNature: last !== undefined && isStatic(last),
    mayBeMiddleware: entry?.method === 'ALL',
    mayRefuseAll: answers,
    chains: (_interpreter, question) => requests.chainsOf(target, question),
  };
}
