import type { StepOutcome } from '../../guards/chain.ts';
import { absentValue, clientValue, credentialStore } from '../../guards/request/anonymous.ts';
import { reasonOfControl } from '../../guards/request-run.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ObservedText } from '../../interpreter/observation/observed.ts';
import { type Condition, HeapObject, Primitive, type Site, UNDEFINED, Unknown, type Value, isCallable, labelsOf } from '../../interpreter/values.ts';
import type { RegisteredPath } from '../express/layers.ts';
import type { ModuleRecord } from './modules.ts';
import type { NestRequest, SharedRequests, Transport, TransportStep } from './steps.ts';

/** One GraphQL schema of an application, as its module was configured. */
export interface Schema {
  /** What `GraphQLModule.forRoot` got. */
  readonly options: Value;
  /** The modules whose resolvers it has; undefined for all. */
  readonly modules: ReadonlySet<ModuleRecord> | undefined;
  readonly path: string;
  /** `fieldResolverEnhancers` lists guards. */
  readonly guardsFields: boolean;
  /** It is a part of a graph whose other parts refer to what is here. */
  readonly isFederated: boolean;
  /** Options of the connections that subscriptions come over; undefined where there are none. */
  readonly subscriptions: Value | undefined;
  readonly driver: 'apollo' | 'mercurius';
  readonly platform: 'express' | 'fastify';
  /** The global prefix, where `useGlobalPrefix` puts it before the path. */
  readonly prefix: RegisteredPath | undefined;
  readonly conditions: readonly Condition[];
  /** Requests for its fields, by their type where that is a root. */
  readonly requests: Map<string, SharedRequests>;
}

/** A field as a client names it. `type`: `Query`, `Mutation`, `Subscription`, or the type that it belongs to. */
export interface Field {
  readonly type: string;
  readonly name: string;
  readonly place: Site;
}

/** Queries, mutations and the fields of types come over HTTP: the context is made of the request. */
export function graphqlTransport(interpreter: Interpreter, schema: Schema, field: Field): Transport {
  const { platform, driver } = schema;
  return {
    ...handedOver(interpreter, schema, field),
    before: [contextStep(interpreter, schema, optionOf(interpreter, schema.options, 'context', field.place), (run) => {
      const isPair = platform === 'fastify' || driver === 'mercurius';
      return isPair ? [run.request, run.response] : [interpreter.object([['req', run.request], ['res', run.response]])];
    }, (run) => run.request)],
  };
}

/** Subscriptions come over a connection, which middleware does not see: the context is made of what the client sent to open it. */
export function subscriptionTransport(interpreter: Interpreter, schema: Schema, field: Field): Transport {
  const { options, subscriptions = UNDEFINED } = schema;
  const { place } = field;
  const modern = optionOf(interpreter, subscriptions, 'graphql-ws', place);
  const old = optionOf(interpreter, subscriptions, 'subscriptions-transport-ws', place);
  const isOld = isGiven(old) && !isGiven(modern);
  const own = optionOf(interpreter, modern, 'context', place);
  const connection = (run: NestRequest): Value => run.request.properties.get(CONNECTION) as Value;
  return {
    ...handedOver(interpreter, schema, field),
    before: [
      connectStep(interpreter, optionOf(interpreter, isOld ? old : modern, 'onConnect', place), isOld),
      ...(isOld ? [] : [contextStep(interpreter, schema, isGiven(own) ? own : optionOf(interpreter, options, 'context', place), (run) => [connection(run)], connection)]),
    ],
  };
}

/** Stand on the request, so that they are taken back with the path. */
const CONTEXT = Symbol('context of a GraphQL operation');
const CONNECTION = Symbol('connection of a subscription');

function optionOf(interpreter: Interpreter, options: Value, name: string, site: Site): Value {
  if (options instanceof HeapObject) return interpreter.settle(interpreter.get(options, name, site));
  return options instanceof Unknown ? options : UNDEFINED;
}

function isGiven(value: Value): boolean {
  return !(value instanceof Primitive && value.value === undefined);
}

function handedOver(interpreter: Interpreter, { requests }: Schema, field: Field): Pick<Transport, 'args' | 'shared' | 'fact'> {
  const { type, name } = field;
  const kind = ROOTS.has(type) ? type : 'field';
  let shared = requests.get(kind);
  if (!shared) requests.set(kind, shared = new Map());
  return {
    args: (run) => argsOf(interpreter, run, field),
    shared,
    fact: (asked) => (asked === FIELD_NAME ? name : asked === PARENT_TYPE ? type : undefined),
  };
}

/** What fields that share a request differ in. */
const FIELD_NAME = 'info.fieldName';
const PARENT_TYPE = 'info.parentType.name';

function argsOf(interpreter: Interpreter, run: NestRequest, { type, name, place }: Field): readonly Value[] {
  const { reads } = run.facts;
  const isRoot = ROOTS.has(type);
  // No parent: where a guard takes it for the request over HTTP, everybody is turned away, the anonymous as well.
  const parent = isRoot ? absentValue() : interpreter.unknown('what another field gave', place);
  const operation = interpreter.object([['operation', isRoot ? new Primitive(type.toLowerCase()) : interpreter.unknown('the operation of a client', place)]], place);
  operation.open = 'the operation of a client';
  const parentType = interpreter.object([['name', ObservedText.named(PARENT_TYPE, type, reads)]]);
  const info = interpreter.object([['fieldName', ObservedText.named(FIELD_NAME, name, reads)], ['parentType', parentType], ['operation', operation]], place);
  info.open = 'the field that a client asks for';
  const context = run.request.properties.get(CONTEXT);
  return [parent, clientValue('args', place), context && context.kind !== 'accessor' ? context : UNDEFINED, info];
}

const ROOTS: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** context: ({ req }) => ({ user: userOf(req) }) */
function contextStep(interpreter: Interpreter, { options, driver }: Schema, context: Value, argsFor: (run: NestRequest) => readonly Value[], requestOf: (run: NestRequest) => Value): TransportStep {
  return {
    name: 'context',
    value: context,
    conditions: [],
    run: (run, { site }) => {
      if (context instanceof Unknown) return { kind: 'unknown', reason: context.reason, site: context.site ?? site };
      const made = isCallable(context) ? interpreter.awaitValue(interpreter.call(context, options, argsFor(run), site), site) : context;
      const whole = withRequest(interpreter, made, requestOf(run), site);
      if (driver === 'mercurius' && whole instanceof HeapObject) addReply(interpreter, run, whole);
      interpreter.heap.setProperty(run.request, CONTEXT, whole);
      return { kind: 'continues' };
    },
  };
}

/** Nest puts the request on the context where the program has not. */
function withRequest(interpreter: Interpreter, context: Value, request: Value, site: Site): Value {
  if (context instanceof Primitive) return context.value ? context : interpreter.object([['req', request]]);
  if (!(context instanceof HeapObject)) return context;
  const known = interpreter.get(context, 'req', site);
  if (!(known instanceof HeapObject)) interpreter.heap.setProperty(context, 'req', request);
  return context;
}

/** Mercurius adds its reply, through which a resolver gets at the request as well. */
function addReply(interpreter: Interpreter, run: NestRequest, context: HeapObject): void {
  const reply = interpreter.object([['request', run.request]]);
  reply.open = 'a member of the reply';
  interpreter.heap.setProperty(context, 'reply', reply);
}

/** onConnect: ({ connectionParams }) => verify(connectionParams.token) */
function connectStep(interpreter: Interpreter, onConnect: Value, isOld: boolean): TransportStep {
  return {
    name: 'onConnect',
    value: onConnect,
    conditions: [],
    run: (run, { site }): StepOutcome => {
      if (onConnect instanceof Unknown) return { kind: 'unknown', reason: onConnect.reason, site: onConnect.site ?? site };
      const parameters = credentialStore(interpreter, run.question, 'connectionParams');
      const connection = interpreter.object([['connectionParams', parameters], ['extra', interpreter.object([['request', run.request]])]]);
      interpreter.heap.setProperty(run.request, CONNECTION, connection);
      const given = isCallable(onConnect) ? interpreter.awaitValue(interpreter.call(onConnect, UNDEFINED, [isOld ? parameters : connection], site), site) : UNDEFINED;
      if (given instanceof Primitive && given.value === false) return run.stopped(reasonOfControl(interpreter.controls.at(-1), labelsOf(given)), site, interpreter.controls.at(-1) ?? interpreter.lastControl);
      if (isOld) interpreter.heap.setProperty(run.request, CONTEXT, given instanceof HeapObject ? given : interpreter.object());
      return { kind: 'continues' };
    },
  };
}
