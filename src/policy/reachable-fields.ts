import type { Endpoint } from '../model.ts';

/**
 * A field of a GraphQL type is reached through a query, a mutation or a subscription that gives the type. Where each of
 * them in the application asks for a credential, nobody without one gets to a field: it is guarded by what guards them.
 */
export function onlyReachableFields(endpoints: readonly Endpoint[]): Endpoint[] {
  if (!endpoints.some(isField)) return [...endpoints];
  const roots = endpoints.filter((endpoint) => endpoint.kind === 'graphql' && endpoint.mounted && !isField(endpoint));
  return endpoints.map((endpoint) => {
    if (!isField(endpoint) || endpoint.auth.status === 'guarded') return endpoint;
    const own = roots.filter(({ application }) => application === endpoint.application);
    const guards = own.flatMap(({ auth }) => (auth.status === 'guarded' && !auth.conditional ? [auth] : []));
    const [first] = guards;
    return first && guards.length === own.length ? { ...endpoint, auth: first } : endpoint;
  });
}

function isField({ kind, methods }: Endpoint): boolean {
  return kind === 'graphql' && methods.includes('FIELD');
}
