import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { ClassObject} from '../../interpreter/values.ts';
import { External, HeapObject, Primitive, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import type { Route } from '../framework.ts';
import type { RegisteredPath } from '../express/layers.ts';
import { joinPaths } from '../express/paths.ts';
import type { Stop } from '../express/routing.ts';
import type { ApplicationState } from './application.ts';
import { withSlash } from './controllers.ts';
import { graphqlTransport, type Schema, subscriptionTransport } from './graphql-request.ts';
import { GRAPHQL_OPTIONS, RESOLVER_NAME, RESOLVER_PROPERTY, RESOLVER_REFERENCE, RESOLVER_TYPE } from './keys.ts';
import { type MarkedMethod, markedMethods } from './methods.ts';
import type { ModuleGraph, ModuleRecord } from './modules.ts';
import type { NestStore } from './store.ts';
import { classesOf } from './provided.ts';
import { stopsBefore, type Surroundings } from './surroundings.ts';
import { transportRoute } from './transport-routes.ts';

/** Fields of the GraphQL schemas of an application. A field of a type is one of its own only where guards run for it. */
export function resolverRoutes(interpreter: Interpreter, store: NestStore, around: Surroundings, state: ApplicationState, graph: ModuleGraph): Route[] {
  const schemas = schemasOf(interpreter, around, state, graph);
  const none = noSchema();
  return classesOf(graph).flatMap(({ created, module, conditions }) => {
    const serving = schemas.filter(({ modules }) => modules === undefined || modules.has(module));
    const under = [...state.conditions, ...conditions];
    const routeOf = (marked: MarkedMethod, type: string, name: string, schema: Schema | undefined): Route => {
      const isSubscription = type === 'Subscription';
      const parent = METHODS.has(type) ? undefined : type;
      const known = schema ?? none;
      const isUnguarded = name === REFERENCE && !known.guardsFields;
      return transportRoute(interpreter, store, around, {
        kind: 'graphql',
        type: 'graphql',
        method: METHODS.get(type) ?? (name === REFERENCE ? 'REFERENCE' : 'FIELD'),
        path: parent === undefined ? name : `${parent}.${name}`,
        owner: created,
        module,
        marked,
        conditions: [...under, ...known.conditions],
        guards: isUnguarded ? [] : around.guards,
        ignoresListed: isUnguarded,
        interceptors: parent === undefined ? around.interceptors : [],
        transport: (isSubscription ? subscriptionTransport : graphqlTransport)(interpreter, known, { type, name, place: marked.place }),
        stops: isSubscription || !schema ? [] : stopsOf(around, state, schema),
        url: joinPaths([...(known.prefix ? [known.prefix.pattern] : []), { kind: 'string', source: known.path }]),
        isServed: schema !== undefined && (!isSubscription || schema.subscriptions !== undefined),
      });
    };
    const roots = markedMethods(interpreter, created, RESOLVER_TYPE).flatMap((marked) => (
      (serving.length > 0 ? serving : [undefined]).map((schema) => routeOf(marked, String((marked.mark.value as Primitive).value), nameOf(interpreter, marked), schema))
    ));
    const fields = serving.filter(({ guardsFields }) => guardsFields).flatMap((schema) => (
      markedMethods(interpreter, created, RESOLVER_PROPERTY).map((marked) => routeOf(marked, typeOf(interpreter, created), nameOf(interpreter, marked), schema))
    ));
    // Whoever may ask for `_entities` names what is to be found; guards run for it where they do for fields.
    const references = serving.filter(({ isFederated }) => isFederated).flatMap((schema) => (
      markedMethods(interpreter, created, RESOLVER_REFERENCE).map((marked) => routeOf(marked, typeOf(interpreter, created), REFERENCE, schema))
    ));
    return [...roots, ...fields, ...references];
  });
}

const METHODS: ReadonlyMap<string, string> = new Map([['Query', 'QUERY'], ['Mutation', 'MUTATION'], ['Subscription', 'SUBSCRIPTION']]);

/** The field that Nest keeps such a method under. */
const REFERENCE = '__resolveReference';

/** Where none is known to serve them. */
function noSchema(): Schema {
  return { options: UNDEFINED, modules: undefined, path: '/graphql', guardsFields: false, isFederated: false, subscriptions: undefined, driver: 'apollo', platform: 'express', prefix: undefined, conditions: [], requests: new Map() };
}

function nameOf(interpreter: Interpreter, { key, handler }: MarkedMethod): string {
  const name = interpreter.metadata.own(handler, undefined, RESOLVER_NAME)?.value;
  return name instanceof Primitive && typeof name.value === 'string' ? name.value : String(key);
}

/** The type that a resolver class adds fields to. */
function typeOf(interpreter: Interpreter, created: ClassObject): string {
  const name = interpreter.metadata.find(created, undefined, RESOLVER_NAME)?.value;
  return name instanceof Primitive && typeof name.value === 'string' ? name.value : created.name;
}

/** What every `GraphQLModule` of the application was configured with. */
function schemasOf(interpreter: Interpreter, { injector }: Surroundings, state: ApplicationState, graph: ModuleGraph): Schema[] {
  return injector.everyProvider(GRAPHQL_OPTIONS).map((provider): Schema => {
    const { site } = state;
    const options = interpreter.isolated(() => injector.provide(provider, site));
    const read = (name: string): Value => (options instanceof HeapObject ? interpreter.settle(interpreter.get(options, name, site)) : UNDEFINED);
    const driver = read('driver');
    const path = read('path');
    const prefix = interpreter.isTrue(read('useGlobalPrefix'), site) ? state.prefix?.paths[0] : undefined;
    return {
      options,
      modules: included(interpreter, read('include'), graph, site),
      path: withSlash(path instanceof Primitive && typeof path.value === 'string' ? path.value : 'graphql'),
      guardsFields: interpreter.iterate(read('fieldResolverEnhancers'), site).elements.some((e) => e instanceof Primitive && e.value === 'guards'),
      isFederated: driver instanceof External && (driver.name?.includes('Federation') ?? false),
      subscriptions: subscriptionsOf(interpreter, read, site),
      driver: driver instanceof External && driver.package === '@nestjs/mercurius' ? 'mercurius' : 'apollo',
      platform: state.platform,
      prefix,
      conditions: provider.conditions,
      requests: new Map(),
    };
  });
}

/** The listed modules and all that they import; undefined for all modules, also where the list is not known: options mostly leave it out. */
function included(interpreter: Interpreter, include: Value, graph: ModuleGraph, site: Site): ReadonlySet<ModuleRecord> | undefined {
  const listed = new Set(include.kind === 'unknown' ? [] : interpreter.iterate(include, site).elements);
  if (listed.size === 0) return undefined;
  const found = new Set(graph.modules.filter(({ type }) => listed.has(type)));
  for (const module of found) for (const imported of module.imports) found.add(imported);
  return found;
}

/** The options of the connections that subscriptions come over; undefined where there are none. */
function subscriptionsOf(interpreter: Interpreter, read: (name: string) => Value, site: Site): Value | undefined {
  return ['subscriptions', 'subscription', 'installSubscriptionHandlers'].map(read).find((value) => interpreter.isTrue(value, site) !== false);
}

/** Middleware of the adapter, and of the modules where its paths, which the global prefix stands before, can lead to the schema. */
function stopsOf(around: Surroundings, state: ApplicationState, { path, prefix }: Schema): readonly Stop[] {
  const own: RegisteredPath = { pattern: { kind: 'string', source: path }, place: state.site, conditions: [] };
  const parts = prefix ? [prefix, own] : [own];
  const patterns = parts.map(({ pattern }) => pattern);
  const isReached = prefix !== undefined || state.prefix === undefined;
  return stopsBefore(isReached ? around : { ...around, middleware: [] }, { patterns, parts }, joinPaths(patterns), 'POST');
}
