import { clientValue, credentialStore, credentialValue } from '../../guards/request/anonymous.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ABSENT } from '../../interpreter/labels.ts';
import { type ClassObject, type Condition, HeapObject, ModelObject, Primitive, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import type { Handler } from '../handlers.ts';
import type { Route } from '../framework.ts';
import type { ApplicationState } from './application.ts';
import { PATTERN, PATTERN_HANDLER } from './keys.ts';
import { markedMethods } from './methods.ts';
import { LISTENS } from './microservices.ts';
import type { ModuleRecord } from './modules.ts';
import type { NestRequest, Transport } from './steps.ts';
import type { NestStore } from './store.ts';
import type { Surroundings } from './surroundings.ts';
import { transportRoute } from './transport-routes.ts';

/** A server that hands messages to the controllers of an application, and the global guards that reach them there. */
export interface MessageServer {
  readonly guards: readonly Handler[];
  readonly interceptors: readonly Handler[];
}

/** The application itself where it is a microservice; else those that are connected to it, which take over global guards only where they are told to. */
export function messageServersOf(around: Surroundings, state: ApplicationState): MessageServer[] {
  if (state.kind === 'microservice') return [around];
  return state.microservices.map(({ inherits, guards }) => (inherits ? { guards: [...guards, ...around.providedGuards], interceptors: around.interceptors } : { guards: [], interceptors: [] }));
}

/** Patterns of a controller, for each server. Without a server nobody sends them anything. */
export function messageRoutes(interpreter: Interpreter, store: NestStore, around: Surroundings, controller: ClassObject, module: ModuleRecord | undefined, servers: readonly MessageServer[], conditions: readonly Condition[]): Route[] {
  const { metadata, reads } = interpreter;
  return markedMethods(interpreter, controller, PATTERN).flatMap((marked) => {
    const { handler, mark, place } = marked;
    const handles = reads.unnoticed(() => metadata.own(handler, undefined, PATTERN_HANDLER))?.value;
    const listens = handles instanceof Primitive && handles.value === LISTENS;
    return interpreter.iterate(mark.value, place).elements.flatMap((pattern) => {
      const isRemoteCall = pattern instanceof HeapObject && pattern.properties.has('rpc');
      const [first, ...further] = (servers.length > 0 ? servers : [undefined]).map((server): Route => transportRoute(interpreter, store, around, {
        kind: 'message',
        type: 'rpc',
        method: isRemoteCall ? 'GRPC' : listens ? 'EVENT' : 'PATTERN',
        path: patternText(interpreter, pattern, place),
        owner: controller,
        module,
        marked,
        conditions,
        guards: server?.guards ?? [],
        interceptors: server?.interceptors ?? [],
        transport: isRemoteCall ? remoteCallTransport(interpreter, place) : messageTransport(interpreter, place),
        stops: [],
        url: '/',
        isServed: server !== undefined,
      }));
      // Every server hands the same message on, each behind guards of its own.
      return first ? [{ ...first, chains: (...asked) => [first, ...further].flatMap((route) => route.chains(...asked)) }] : [];
    });
  });
}

/** `sum`; `{"cmd":"sum"}`; `HeroService/FindOne` of gRPC. */
export function patternText(interpreter: Interpreter, pattern: Value, site: Site): string {
  const settled = interpreter.settle(pattern);
  if (settled instanceof Primitive) return String(settled.value);
  if (!(settled instanceof HeapObject)) return '?';
  const entries = interpreter.ownEntries(settled, site).entries.map(([key, value]) => [String(key.value), patternText(interpreter, value, site)] as const);
  const members = new Map(entries);
  const [service, rpc] = [members.get('service'), members.get('rpc')];
  if (service !== undefined && rpc !== undefined) return `${service}/${rpc}`;
  return `{${[...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${JSON.stringify(key)}:${value.startsWith('{') ? value : JSON.stringify(value)}`).join()}}`;
}

/** Data, and what the transport has beside it: headers of a broker are where a credential would be. */
function messageTransport(interpreter: Interpreter, site: Site): Transport {
  return { args: (run) => [clientValue('the data of a message', site), brokerContext(interpreter, run)], before: [] };
}

function brokerContext(interpreter: Interpreter, run: NestRequest): ModelObject {
  return new ModelObject(interpreter.realm.objectPrototype, {
    name: 'nest.message-context',
    get: (_interpreter, self, key) => (typeof key !== 'string' || self.properties.has(key) ? undefined : interpreter.native(key, (call) => (
      key === 'getHeaders' ? credentialStore(interpreter, run.question, 'the headers of a message') : clientValue(`${key}()`, call.site)
    ))),
  }, undefined);
}

/** Data and metadata, which is where a credential would be. */
function remoteCallTransport(interpreter: Interpreter, site: Site): Transport {
  return { args: (run) => [clientValue('the data of a call', site), callMetadata(interpreter, run), UNDEFINED], before: [] };
}

function callMetadata(interpreter: Interpreter, run: NestRequest): ModelObject {
  const { question } = run;
  return new ModelObject(interpreter.realm.objectPrototype, {
    name: 'nest.call-metadata',
    get: (_interpreter, self, key) => (typeof key !== 'string' || self.properties.has(key) ? undefined : interpreter.native(key, ({ args: [name], site }) => {
      if (key === 'getMap') return credentialStore(interpreter, question, 'metadata');
      if (key !== 'get') return clientValue(`metadata.${key}()`, site);
      if (question === 'any') return credentialValue(interpreter, question, `metadata.${name instanceof Primitive ? String(name.value) : '?'}`, site);
      const none = interpreter.array([], site);
      none.labels = ABSENT;
      return none;
    })),
  }, undefined);
}
