import type { Endpoint } from '../model.ts';

/** `GET /users`, `GraphQL Mutation createUser`, `WebSocket message chat`, `message pattern sum` */
export function describeEndpoint(endpoint: Pick<Endpoint, 'kind' | 'methods' | 'path'>): string {
  return `${describeMethods(endpoint)} ${endpoint.path}`;
}

/** What stands before the path. */
export function describeMethods({ kind, methods }: Pick<Endpoint, 'kind' | 'methods'>): string {
  return kind === 'http' ? methods.join(', ') : methods.map((method) => NAMES.get(method) ?? method).join(', ');
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['QUERY', 'GraphQL Query'],
  ['MUTATION', 'GraphQL Mutation'],
  ['SUBSCRIPTION', 'GraphQL Subscription'],
  ['FIELD', 'GraphQL field'],
  ['REFERENCE', 'GraphQL reference'],
  ['MESSAGE', 'WebSocket message'],
  ['PATTERN', 'message pattern'],
  ['EVENT', 'event pattern'],
  ['GRPC', 'gRPC method'],
]);
