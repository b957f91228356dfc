import type { EndpointKind } from '../../../src/model.ts';

/** A method that is called over something else than HTTP, as Nest notes it. */
export interface Entrypoint {
  readonly kind: EndpointKind;
  /** As in `Endpoint`. */
  readonly method: string;
  readonly path: string;
  /** `CatsResolver.findAll` */
  readonly handler: string;
  /** What a client sends: the event of a socket, the pattern of a message. */
  readonly pattern: unknown;
  /** Of a gateway; `''` for the one that all have. */
  readonly namespace: string;
}

/** A started application, with what Nest keeps for its own tools. */
export interface Inspected {
  readonly container: {
    readonly serializedGraph: { toJSON(): { readonly entrypoints: Readonly<Record<string, readonly Noted[]>> } };
    getModules(): ReadonlyMap<string, { readonly providers: ReadonlyMap<unknown, { readonly id: string; readonly metatype: object | null }> }>;
  };
}

interface Noted {
  readonly type: string;
  readonly methodName: string;
  readonly className: string;
  readonly classNodeId: string;
  readonly metadata: {
    readonly key: string;
    readonly parentType?: string;
    readonly message?: unknown;
    readonly patterns?: readonly unknown[];
    readonly isEventHandler?: boolean;
  };
}

export function entrypointsOf({ container }: Inspected): readonly Entrypoint[] {
  const classes = new Map([...container.getModules().values()].flatMap(({ providers }) => [...providers.values()].map(({ id, metatype }) => [id, metatype] as const)));
  const namespaceOf = (id: string): string => {
    const options = Reflect.getMetadata('websockets:gateway_options', classes.get(id) as object) as { readonly namespace?: string };
    return options.namespace ? `/${options.namespace.replace(/^\//, '')}` : '';
  };
  return Object.values(container.serializedGraph.toJSON().entrypoints).flat().flatMap((noted): Entrypoint[] => {
    const { type, methodName, className, classNodeId, metadata } = noted;
    const common = { handler: `${className}.${methodName}`, namespace: '' };
    switch (type) {
      case 'graphql-entrypoint': {
        const method = METHODS[metadata.parentType as keyof typeof METHODS] as string | undefined;
        return [{ ...common, kind: 'graphql', method: method ?? (metadata.key === '__resolveReference' ? 'REFERENCE' : 'FIELD'), path: method ? metadata.key : `${metadata.parentType}.${metadata.key}`, pattern: metadata.key }];
      }
      case 'websocket': {
        const namespace = namespaceOf(classNodeId);
        return [{ ...common, kind: 'websocket', method: 'MESSAGE', path: namespace === '' ? metadata.key : `${namespace}/${metadata.key}`, pattern: metadata.message, namespace }];
      }
      case 'microservice': {
        const [pattern] = metadata.patterns ?? [];
        if (isRemoteCall(pattern)) return [{ ...common, kind: 'message', method: 'GRPC', path: `${pattern.service}/${pattern.rpc}`, pattern }];
        return [{ ...common, kind: 'message', method: metadata.isEventHandler ? 'EVENT' : 'PATTERN', path: routeOf(pattern), pattern }];
      }
      default: return [];
    }
  });
}

/** What gRPC calls instead of a pattern. */
export interface RemoteCall {
  readonly service: string;
  readonly rpc: string;
}

export function isRemoteCall(pattern: unknown): pattern is RemoteCall {
  return typeof pattern === 'object' && pattern !== null && 'rpc' in pattern;
}

const METHODS = { Query: 'QUERY', Mutation: 'MUTATION', Subscription: 'SUBSCRIPTION' } as const;

/** Nest takes patterns for equal whatever the order of their members. */
function routeOf(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern : JSON.stringify(Object.fromEntries(Object.entries(pattern as object).sort(([a], [b]) => (a < b ? -1 : 1))));
}
