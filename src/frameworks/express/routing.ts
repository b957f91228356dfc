import { BoundFunction, type Condition, FunctionObject, type ModelObject, type Site, type Value } from '../../interpreter/values.ts';
import type { Handler } from '../handlers.ts';
import type { Layer, RegisteredPath, RouteEntry, RouteLayer, RouterState, UseLayer } from './layers.ts';
import { LayerIndex } from './layer-index.ts';
import type { Below, KnownTargets } from './known-targets.ts';
import { routerState } from './objects.ts';
import { type CompileFailure, type Matcher, mergeParams, type PathCompiler, type PathParams, type PathPattern } from './paths.ts';

/**
 * How one gets from an application to a mounted router: the layer, which of its handlers, by which path. A router that is
 * the handler of a route sees the whole path.
 *
 *     app.all('/entries*', entries)
 */
export type Mount = { readonly handler: number; readonly path: RegisteredPath } & (
  | { readonly layer: UseLayer; readonly entry?: undefined }
  | { readonly layer: RouteLayer; readonly entry: RouteEntry }
);

/** A registration under one chain of mounts, by one of its paths. */
export interface Target {
  readonly root: ModelObject;
  readonly mounts: readonly Mount[];
  readonly path: RegisteredPath;
  /** A route's entry, or a terminal handler that is mounted. */
  readonly what: { readonly kind: 'entry'; readonly layer: RouteLayer; readonly entry: RouteEntry } | { readonly kind: 'mounted'; readonly layer: UseLayer; readonly handler: number };
}

/** A function that the request meets, in order, with what Express gives it there. */
export interface Stop {
  readonly handler: Handler;
  readonly conditions: readonly Condition[];
  readonly site: Site;
  readonly baseUrl: string;
  readonly url: string;
  readonly params: PathParams;
  /** Set for `router.param` callbacks: value and name, the last two arguments. */
  readonly param?: { readonly name: string; readonly value: string };
  /** Index of the first stop behind this one's route, and behind its router. */
  afterRoute: number;
  afterRouter: number;
  /** A hook of Fastify, which Nest on that adapter puts among what Express runs: where it gives a promise, the request goes on when that is fulfilled. */
  readonly isHook?: boolean;
  /** True for the functions of the endpoint's own registration. */
  readonly isOwn: boolean;
  isLast: boolean;
}

/** Every registration that is reachable from `root`, under each chain of mounts. */
export function targetsOf(root: ModelObject, isTerminal: (value: Value) => boolean, known: KnownTargets): readonly Target[] {
  const visit = (router: ModelObject, mounts: readonly Mount[], around: readonly ModelObject[]): Below => known.below(mounts, () => {
    const open = [...around, router];
    const state = routerState(router) as RouterState;
    const targets: Target[] = [];
    const routers = new Set([state]);
    if (mounts.length > 12) return { targets, routers };
    /** Undefined where the value is no router, or one that is being looked through. */
    const below = (value: Value, mount: Mount): readonly Target[] | undefined => {
      if (!routerState(value) || open.includes(value as ModelObject)) return undefined;
      const inner = visit(value as ModelObject, known.mounts(mounts, mount), open);
      for (const one of inner.routers) routers.add(one);
      return inner.targets;
    };
    for (const layer of state.layers) {
      if (layer.kind === 'route') {
        for (const entry of layer.stack) {
          for (const path of layer.paths) {
            const inner = entry.handlers.flatMap(({ value }, handler) => below(value, { layer, entry, handler, path }) ?? []);
            targets.push(...inner);
            // app.get('/search', Router().use(parse).use(search))      a router that has nothing but functions: the route is the endpoint
            if (inner.length === 0 || !routerState(entry.handlers.at(-1)?.value)) targets.push(known.target(root, mounts, path, { kind: 'entry', layer, entry }));
          }
        }
        continue;
      }
      for (const [handler, { value }] of layer.handlers.entries()) {
        const isRouter = routerState(value) !== undefined;
        const answers = handler === layer.handlers.length - 1 && neverHandsOn(value);
        if (!isRouter && !isTerminal(value) && !answers) continue;
        for (const path of layer.paths) {
          if (answers && !isBelowFolder(path)) continue;
          if (isRouter) targets.push(...below(value, { layer, handler, path }) ?? []);
          else targets.push(known.target(root, mounts, path, { kind: 'mounted', layer, handler }));
        }
      }
    }
    return { targets, routers };
  });
  return visit(root, known.mountsOf(root), []).targets.filter((target) => known.isPossible(target));
}

/** app.use('/metrics', (req, res) => …)      every request, whatever its method */
export function answersAll({ what }: Target): boolean {
  const mounted = what.kind === 'mounted' ? what.layer.handlers[what.handler] : undefined;
  return mounted !== undefined && neverHandsOn(mounted.value);
}

/** A function that is not given `next` answers by itself. */
function neverHandsOn(value: Value): boolean {
  if (value instanceof BoundFunction) return value.boundArgs.length === 0 && neverHandsOn(value.target);
  if (!(value instanceof FunctionObject) || value.node.params.length !== 2) return false;
  return value.node.params.every((param) => param.type !== 'RestElement') && !value.module.says(value.node, /\barguments\b/);
}

/** False for what stands behind all routes: a page for whatever was not found. */
function isBelowFolder({ pattern }: RegisteredPath): boolean {
  return pattern.kind === 'string' && /^\/\w/.test(pattern.source);
}

export function conditionsOf(target: Target): Condition[] {
  const all: Condition[] = [];
  for (const { layer, entry, handler, path } of target.mounts) all.push(...layer.conditions, ...path.conditions, ...(entry?.conditions ?? []), ...((entry ?? layer).handlers[handler]?.conditions ?? []));
  all.push(...target.what.layer.conditions, ...target.path.conditions);
  if (target.what.kind === 'entry') all.push(...target.what.entry.conditions);
  else all.push(...(target.what.layer.handlers[target.what.handler]?.conditions ?? []));
  return all;
}

export function patternsOf(target: Target): PathPattern[] {
  return [...prefixesOf(target.mounts), target.path.pattern];
}

/** Patterns of routes on the way whose handler is the router: the whole path has to match them too. */
export function outerPatternsOf(target: Target): PathPattern[][] {
  return target.mounts.flatMap((mount, index) => (mount.entry ? [[...prefixesOf(target.mounts.slice(0, index)), mount.path.pattern]] : []));
}

function prefixesOf(mounts: readonly Mount[]): PathPattern[] {
  return mounts.flatMap((mount) => (mount.entry ? [] : [mount.path.pattern]));
}

/** Compiles each list of paths once for each way of matching, and finds the layers worth a try. */
export class Matchers {
  private readonly compiler: PathCompiler;
  private readonly indexes = new Map<RouterState, LayerIndex>();
  private readonly known = new Map<readonly RegisteredPath[], Map<string, Matcher | CompileFailure>>();

  constructor(compiler: PathCompiler) {
    this.compiler = compiler;
  }

  /** The layers of the router are others now. */
  forget(state: RouterState): void {
    this.indexes.delete(state);
  }

  candidates(state: RouterState, url: string, own: Layer | undefined): readonly Layer[] {
    let index = this.indexes.get(state);
    if (!index) this.indexes.set(state, index = new LayerIndex(state.layers));
    return index.candidates(url, own);
  }

  of({ paths, isList }: Layer, state: RouterState, end: boolean): Matcher | CompileFailure {
    const key = `${state.major} ${state.sensitive} ${state.strict} ${end}`;
    let variants = this.known.get(paths);
    if (!variants) this.known.set(paths, variants = new Map());
    let matcher = variants.get(key);
    if (!matcher) {
      matcher = this.compiler.compile(isList || !paths[0] ? paths.map((p) => p.pattern) : paths[0].pattern, { major: state.major, end, sensitive: state.sensitive, strict: state.strict });
      variants.set(key, matcher);
    }
    return matcher;
  }
}

interface Position {
  readonly url: string;
  readonly baseUrl: string;
  readonly params: PathParams;
}

/** A router that a request comes to. */
export interface Visit {
  readonly state: RouterState;
  readonly url: string;
  /** The layer by which it reaches the target: what stands behind it does not matter. */
  last: Layer | undefined;
}

/**
 * What a request for `url` meets until the target's last function, in order. `reached` is false where the real
 * router would never get there (the path does not match in the end). `meetsRoutes`: the path of a
 * route on the way matches, whatever its method.
 */
export function stopsTo(target: Target, url: string, method: string, matchers: Matchers): { stops: Stop[]; reached: boolean; meetsRoutes: boolean; visits: readonly Visit[] } {
  const stops: Stop[] = [];
  const visits: Visit[] = [];
  let meetsRoutes = false;
  const given = new Map(conditionsOf(target).map(({ key, branch }) => [key, branch]));

  /** Undefined for what is never there together with the target. */
  const add = (handler: Handler, conditions: readonly Condition[], site: Site, at: Position, isOwn: boolean, param?: Stop['param']): Stop | undefined => {
    const all = [...conditions, ...handler.conditions];
    if (all.some(({ key, branch }) => (given.get(key) ?? branch) !== branch)) return undefined;
    const stop: Stop = { handler, conditions: all.filter(({ key }) => !given.has(key)), site, ...at, param, afterRoute: -1, afterRouter: -1, isOwn, isLast: false };
    stops.push(stop);
    return stop;
  };

  const matched = (layer: Layer, state: RouterState, end: boolean, at: Position, accepted: RegisteredPath | undefined) => {
    const matcher = matchers.of(layer, state, end);
    if ('match' in matcher) return matcher.match(at.url);
    // A pattern that is not known still is the target's own.
    return accepted ? { matched: at.url, rest: '/', base: '', params: {} } : undefined;
  };

  const runParams = (state: RouterState, params: PathParams, done: Set<string>, conditions: readonly Condition[], at: Position): void => {
    for (const [name, value] of Object.entries(params)) {
      if (value === undefined || done.has(name)) continue;
      done.add(name);
      for (const callback of state.params) {
        if (callback.name === name) add(callback.handler, conditions, callback.site, { ...at, params }, false, { name, value: typeof value === 'string' ? value : value.join('/') });
      }
    }
  };

  /** True where the target lies in this router and has been reached. */
  const walk = (router: ModelObject, at: Position, depth: number, onWay: boolean, outer: readonly Condition[], open: ReadonlySet<ModelObject>): boolean => {
    const state = routerState(router) as RouterState;
    const first = stops.length;
    const done = new Set<string>();
    const mount = onWay ? target.mounts[depth] : undefined;
    let reached = false;
    const own = mount?.layer ?? (onWay ? target.what.layer : undefined);
    const visit: Visit = { state, url: at.url, last: undefined };
    visits.push(visit);
    for (const layer of matchers.candidates(state, at.url, own)) {
      const conditions = [...outer, ...layer.conditions];
      const isMount = layer === mount?.layer;
      const isTarget = layer === own && !isMount;
      if (layer.kind === 'use') {
        const match = matched(layer, state, false, at, isTarget || isMount ? layer.paths[0] : undefined);
        if (!match) continue;
        const params = state.mergeParams ? mergeParams(match.params, at.params) : match.params;
        const inner: Position = { url: match.rest, baseUrl: at.baseUrl + match.base, params };
        runParams(state, match.params, done, conditions, inner);
        for (const [index, handler] of layer.handlers.entries()) {
          if (routerState(handler.value)) {
            const sub = handler.value as ModelObject;
            const leads = isMount && mount?.handler === index;
            if (open.has(sub) && !leads) continue;
            if (walk(sub, inner, depth + 1, leads, [...conditions, ...handler.conditions], new Set([...open, sub]))) {
              reached = true;
              break;
            }
          } else {
            const isLast = isTarget && target.what.kind === 'mounted' && target.what.handler === index;
            add(handler, conditions, layer.site, inner, isLast);
            if (isLast) {
              reached = true;
              break;
            }
          }
        }
      } else {
        const match = matched(layer, state, true, at, isTarget ? layer.paths[0] : undefined);
        if (!match) continue;
        meetsRoutes ||= layer.stack.length > 0;
        const entries = layer.stack.filter((e) => e.method === 'ALL' || e.method === method || (method === 'HEAD' && e.method === 'GET'));
        if (entries.length === 0 && !isTarget) continue;
        const params = state.mergeParams ? mergeParams(match.params, at.params) : match.params;
        const inner: Position = { url: at.url, baseUrl: at.baseUrl, params };
        runParams(state, match.params, done, conditions, inner);
        const direct: Stop[] = [];
        for (const entry of entries) {
          const isEntry = isTarget && target.what.kind === 'entry' && target.what.entry === entry;
          for (const [index, handler] of entry.handlers.entries()) {
            const leads = isMount && mount?.entry === entry && mount.handler === index;
            if (routerState(handler.value)) {
              const sub = handler.value as ModelObject;
              if (open.has(sub) && !leads) continue;
              reached = walk(sub, inner, depth + 1, leads, [...conditions, ...entry.conditions, ...handler.conditions], new Set([...open, sub]));
              if (reached) break;
            } else {
              const stop = add(handler, [...conditions, ...entry.conditions], entry.site, inner, isEntry);
              if (stop) direct.push(stop);
            }
          }
          reached ||= isEntry;
          if (reached) break;
        }
        for (const stop of direct) stop.afterRoute = stops.length;
      }
      if (reached) break;
    }
    if (reached) visit.last = own;
    for (let index = first; index < stops.length; index++) {
      const stop = stops[index] as Stop;
      if (stop.afterRouter === -1) stop.afterRouter = stops.length;
      if (stop.afterRoute === -1) stop.afterRoute = index + 1;
    }
    return reached;
  };

  const reached = walk(target.root, { url, baseUrl: '', params: {} }, 0, true, [], new Set([target.root]));
  const last = stops.at(-1);
  if (reached && last) last.isLast = true;
  return { stops, reached, meetsRoutes, visits };
}
