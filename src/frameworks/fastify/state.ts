import type { Condition, HeapObject, ModelObject, Site, Value } from '../../interpreter/values.ts';
import type { FoundApplication } from '../framework.ts';
import type { Handler } from '../handlers.ts';
import type { Cause } from './causes.ts';

/** Hooks that run before the handler, in this order. Those behind it cannot guard. */
export const BEFORE_HANDLER = ['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const;
export type BeforeHandler = (typeof BEFORE_HANDLER)[number];

/** One function that `addHook` put on a scope. */
export interface Hook {
  readonly handler: Handler;
  readonly site: Site;
  /** What was running when it was added. */
  readonly cause?: Cause | undefined;
  /** Set for `use(path, middleware)`: the path below which it runs, `''` for all. */
  readonly middleware?: { readonly path: string };
}

/** What one instance holds: the root's, or that of an encapsulated plugin. */
export interface Scope {
  readonly application: ApplicationState;
  readonly instance: ModelObject;
  readonly parent: Scope | undefined;
  /** The prefixes of the plugins around it, joined. */
  readonly prefix: string;
  /** As Fastify keeps them: a child starts with its parent's and gets what the parent adds later. */
  readonly hooks: Map<BeforeHandler, Hook[]>;
  /** A child starts with its parent's; what the parent adds later does not reach it. */
  readonly onRoute: Hook[];
  /** Those that see the instance of each plugin that is encapsulated. */
  readonly onRegister: Hook[];
  readonly children: Scope[];
  readonly requestMembers: Map<string, Value>;
  readonly replyMembers: Map<string, Value>;
  /** Member functions, made once. */
  readonly members: Map<string, Value>;
}

/** A plugin whose function has begun, with what it has registered and not yet loaded. The first one is the program itself. */
export interface Loading {
  readonly scope: Scope;
  readonly queue: (() => void)[];
}

/** One `fastify()`. */
export interface ApplicationState {
  readonly site: Site;
  readonly major: 4 | 5;
  /** Undefined where only a plugin is known, and no application that registers it. */
  readonly found: FoundApplication | undefined;
  readonly loading: Loading[];
  readonly routes: RegisteredRoute[];
  /** `inject` is called in the module that makes the application: a harness, where it does not listen too. */
  isInjected: boolean;
  listens: boolean;
  /** A package of which nothing is known has had the instance and may have decorated it. */
  opaquePackage: string | undefined;
  /** Of what is registered now. */
  cause: Cause | undefined;
  /** Code that leads to itself without end. */
  readonly endless: Set<object>;
}

/** A registration, under one of its paths. */
export interface RegisteredRoute {
  readonly scope: Scope;
  /** Upper case; `ALL`; `USE` for what a package serves below a prefix. */
  readonly methods: readonly string[];
  readonly path: string;
  /** The route's options as `onRoute` hooks left them. */
  readonly options: HeapObject;
  readonly handlers: readonly RouteHandler[];
  readonly conditions: readonly Condition[];
  readonly site: Site;
  readonly place: Site;
  readonly cause: Cause | undefined;
  /** The `onRoute` hooks that saw it. */
  readonly hooks: readonly Hook[];
}

export interface RouteHandler {
  readonly handler: Handler;
  /** Gets the socket before the request. */
  readonly isWebSocket: boolean;
}

/** What marks a function whose hooks and decorations belong to the instance that registers it. */
export const SKIP_OVERRIDE = Symbol.for('skip-override');
