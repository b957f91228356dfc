import type { Registered } from '../../interpreter/registrations.ts';
import type { Condition, Site, Value } from '../../interpreter/values.ts';
import type { Handler } from '../handlers.ts';
import type { ExpressMajor, PathPattern } from './paths.ts';

/** A path as given, with the place to report and the decisions it depends on. */
export interface RegisteredPath {
  readonly pattern: PathPattern;
  readonly place: Site;
  readonly conditions: readonly Condition[];
}

/** `router.use(path, …)` */
export interface UseLayer extends Registered {
  readonly kind: 'use';
  /** The path was written as a list: the router compiles it in another way, even a list of one. */
  readonly isList: boolean;
  readonly paths: readonly RegisteredPath[];
  readonly handlers: readonly Handler[];
  readonly conditions: readonly Condition[];
  readonly site: Site;
}

/** `router.get(path, …)`, or `router.route(path)` with all that is chained to it. */
export interface RouteLayer extends Registered {
  readonly kind: 'route';
  readonly isList: boolean;
  readonly paths: readonly RegisteredPath[];
  readonly stack: RouteEntry[];
  readonly conditions: readonly Condition[];
  readonly site: Site;
}

export interface RouteEntry {
  /** Upper case, or `ALL`. */
  readonly method: string;
  readonly handlers: readonly Handler[];
  readonly conditions: readonly Condition[];
  /** The registering call. */
  readonly site: Site;
  /** Where the user would change it, where not at the path's place. */
  readonly place: Site | undefined;
}

export type Layer = UseLayer | RouteLayer;

/** `router.param('id', callback)`: runs before the first layer that has the parameter, wherever it was registered. */
export interface ParamCallback {
  readonly name: string;
  readonly handler: Handler;
  readonly site: Site;
}

/** What an application or a router holds. */
export interface RouterState {
  readonly kind: 'application' | 'router';
  readonly major: ExpressMajor;
  readonly layers: Layer[];
  readonly params: ParamCallback[];
  readonly sensitive: boolean;
  readonly strict: boolean;
  readonly mergeParams: boolean;
  readonly site: Site;
  /** Member functions, made once. */
  readonly members: Map<string, Value>;
}
