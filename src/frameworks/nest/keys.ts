/** Metadata keys as Nest writes them: programs read some of them through `Reflect`. */
export const PATH = 'path';
export const METHOD = 'method';
export const VERSION = '__version__';
export const GUARDS = '__guards__';
export const INTERCEPTORS = '__interceptors__';
export const CONTROLLER = '__controller__';
export const GLOBAL_MODULE = '__module:global__';
export const MODULE_FIELDS = ['imports', 'providers', 'controllers', 'exports'] as const;

/** Tokens of enhancers that reach the whole application. */
export const APP_GUARD = 'APP_GUARD';
export const APP_INTERCEPTOR = 'APP_INTERCEPTOR';

/** `RequestMethod`, in the order of its numbers. */
export const REQUEST_METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'ALL', 'OPTIONS', 'HEAD', 'SEARCH', 'PROPFIND', 'PROPPATCH', 'MKCOL', 'COPY', 'MOVE', 'LOCK', 'UNLOCK'];

/** HTTP decorators and the method each stands for. */
export const HTTP_DECORATORS: ReadonlyMap<string, string> = new Map([
  ['Get', 'GET'], ['Post', 'POST'], ['Put', 'PUT'], ['Delete', 'DELETE'], ['Patch', 'PATCH'], ['All', 'ALL'], ['Options', 'OPTIONS'], ['Head', 'HEAD'],
  ['Search', 'SEARCH'], ['Propfind', 'PROPFIND'], ['Proppatch', 'PROPPATCH'], ['Mkcol', 'MKCOL'], ['Copy', 'COPY'], ['Move', 'MOVE'], ['Lock', 'LOCK'], ['Unlock', 'UNLOCK'],
]);

export const VERSIONING_TYPES: readonly string[] = ['URI', 'HEADER', 'MEDIA_TYPE', 'CUSTOM'];

/** Of @nestjs/graphql: `Query`, `Mutation` or `Subscription` on a method, the name of a field, whether it belongs to a type; the options of the module. */
export const RESOLVER_TYPE = 'graphql:resolver_type';
export const RESOLVER_NAME = 'graphql:resolver_name';
export const RESOLVER_PROPERTY = 'graphql:resolve_property';
/** On a method that finds what another part of a federated graph refers to. */
export const RESOLVER_REFERENCE = 'graphql:resolve_reference';
export const GRAPHQL_OPTIONS = 'GqlModuleOptions';

/** Of @nestjs/websockets: the event of a method; on a class that it is a gateway, its port and its options. */
export const MESSAGE = 'message';
export const MESSAGE_MAPPING = 'websockets:message_mapping';
export const GATEWAY = 'websockets:is_gateway';
export const GATEWAY_PORT = 'port';
export const GATEWAY_OPTIONS = 'websockets:gateway_options';

/** Of @nestjs/microservices: the patterns of a method, and whether it answers (1) or only listens (2). */
export const PATTERN = 'microservices:pattern';
export const PATTERN_HANDLER = 'microservices:handler_type';
