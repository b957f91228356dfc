/**
 * The vocabulary that the stages share. Types only, and all of it plain data: an `Analysis` can be
 * cached, compared, printed and sent to another thread.
 */

/** A place a person can open. `file` is relative to the analysis root, with `/`; `line` and `column` are 1-based. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A place that decided a verdict, with the name of what stands there and a sentence that says what it does. */
export interface Evidence {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly evidence: string;
}

/** Why something could not be judged, and where. */
export interface Unfollowed {
  readonly reason: string;
  readonly file: string;
  readonly line: number;
}

/** No anonymous request gets through (auth), or a limiter stands in the way (rate limit). */
export interface Guarded {
  readonly status: 'guarded';
  /** True where the guard stands only under a configuration switch; `by` then names the switch. */
  readonly conditional: boolean;
  readonly by: readonly Evidence[];
}

/** The request reaches the handler's work. `through` names what it passed, in order. */
export interface Naked {
  readonly status: 'naked';
  readonly through: readonly string[];
}

/** Would be naked, and the author said so. `by` tells where. Only for auth. */
export interface Public {
  readonly status: 'public';
  readonly by: readonly Evidence[];
}

/** Could not be followed. Never counted as naked nor as guarded. */
export interface Unknown {
  readonly status: 'unknown';
  readonly because: readonly Unfollowed[];
}

export type AuthVerdict = Guarded | Naked | Public | Unknown;
export type RateLimitVerdict = Guarded | Naked | Unknown;
export type Verdict = AuthVerdict;

export type FrameworkName = 'express' | 'fastify' | 'nest';

/** Over what a request comes. `message`: a pattern of a microservice. */
export type EndpointKind = 'http' | 'graphql' | 'websocket' | 'message';

/** One registration under one mount, with its verdicts. */
export interface Endpoint {
  readonly framework: FrameworkName;
  readonly kind: EndpointKind;
  /**
   * Upper case; `ALL` for every method, `USE` for a terminal handler of a package that is mounted by prefix. One word where it is not
   * HTTP: `QUERY`, `MUTATION`, `SUBSCRIPTION`, `FIELD` and `REFERENCE`; `MESSAGE`; `PATTERN`, `EVENT` and `GRPC`.
   */
  readonly methods: readonly string[];
  /**
   * The full path as served, in the framework's own parameter syntax. A field of GraphQL is its name, one of a type
   * `User.posts`; a message of a WebSocket the event, behind the namespace; a pattern is as Nest writes it.
   */
  readonly path: string;
  /** Where the user would change it: see `Place`. The place is the registering method's name or the row that supplied the path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The handler's name in the source, or `(anonymous)`. */
  readonly handler: string;
  /** The class that the handler is a method of, where the framework knows handlers by their classes. */
  readonly owner?: HandlerClass;
  /** False where no application of the program mounts the router, plugin or controller. */
  readonly mounted: boolean;
  /** Index into `Analysis.applications`; -1 where not mounted. */
  readonly application: number;
  /** What a `@publicEndpoint` tag on the registration says; `''` where it has no reason. */
  readonly publicTag?: string;
  readonly auth: AuthVerdict;
  readonly rateLimit: RateLimitVerdict;
}

/** A controller, a resolver or a gateway, at its name. */
export interface HandlerClass {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One created application (`express()`), at the place of its creation. */
export interface Application {
  readonly framework: FrameworkName;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Something that was left out of the judgement: a file that does not parse, a bound that was hit. */
export interface Note {
  readonly file: string;
  readonly reason: string;
}

/** Everything that is known about one program. */
export interface Analysis {
  readonly version: 1;
  /** Absolute path of the project root. */
  readonly root: string;
  readonly endpoints: readonly Endpoint[];
  readonly applications: readonly Application[];
  readonly notes: readonly Note[];
}

/** A function named by the user, by where it is exported. */
export type ExportReference =
  | { readonly package: string; readonly export: string }
  | { readonly file: string; readonly export: string };

/** A method and path that the user declares public. `method` `*` stands for any; `path` matches whole segments, `*` one, `**` any number. */
export interface PublicPath {
  readonly method: string;
  readonly path: string;
}

/** `settings['secure-routes']`, checked and with defaults. Plain data, so that it can be part of a cache key. */
export interface Settings {
  /** As written; the project resolves it against the config's folder. */
  readonly root: string | undefined;
  readonly entries: readonly string[];
  readonly guards: readonly ExportReference[];
  readonly limiters: readonly ExportReference[];
  readonly notGuards: readonly ExportReference[];
  readonly publicPaths: readonly PublicPath[];
  /** Glob patterns of files that are no part of the program: tests by default. */
  readonly ignore: readonly string[];
}
