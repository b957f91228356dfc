import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { ClassObject, Condition } from '../../interpreter/values.ts';
import type { EndpointKind } from '../../model.ts';
import type { Stop } from '../express/routing.ts';
import type { RequestChain, Route } from '../framework.ts';
import type { Handler } from '../handlers.ts';
import type { ModuleRecord } from './modules.ts';
import { listedEnhancers, type Surroundings } from './surroundings.ts';
import { GUARDS, INTERCEPTORS } from './keys.ts';
import type { MarkedMethod } from './methods.ts';
import { type EndpointFacts, nameSite, NestRequest, type Transport } from './steps.ts';
import type { NestStore } from './store.ts';

/** A method that is called over something else than HTTP, and how a request comes to it. */
export interface TransportEndpoint {
  readonly kind: EndpointKind;
  readonly type: EndpointFacts['type'];
  /** One word for what it is, in the place of a method: `MUTATION`. */
  readonly method: string;
  readonly path: string;
  readonly owner: ClassObject;
  readonly module: ModuleRecord | undefined;
  readonly marked: MarkedMethod;
  readonly conditions: readonly Condition[];
  /** Guards and interceptors that reach it from outside of its class. */
  readonly guards: readonly Handler[];
  readonly interceptors: readonly Handler[];
  /** Those of its class and of its own do not run. */
  readonly ignoresListed?: boolean;
  readonly transport: Transport;
  /** Middleware before all of Nest, and the path that it sees. */
  readonly stops: readonly Stop[];
  readonly url: string;
  readonly isServed: boolean;
}

export function transportRoute(interpreter: Interpreter, store: NestStore, around: Surroundings, endpoint: TransportEndpoint): Route {
  const { kind, type, method, path, owner, module, marked, transport, stops, url } = endpoint;
  const { key, handler, place } = marked;
  const listed = (metadataKey: string): Handler[] => (endpoint.ignoresListed ? [] : [...listedEnhancers(interpreter, owner, metadataKey), ...listedEnhancers(interpreter, handler, metadataKey)]);
  const facts: EndpointFacts = {
    type, controller: owner, key, handler, module, injector: around.injector, place, params: {}, transport,
    guards: [...endpoint.guards, ...listed(GUARDS)],
    interceptors: [...endpoint.interceptors, ...listed(INTERCEPTORS)],
  };
  return {
    framework: 'nest',
    kind,
    methods: [method],
    path,
    place,
    registration: place,
    handler: `${owner.name}.${String(key)}`,
    owner: { name: owner.name, site: nameSite(owner) },
    application: endpoint.isServed ? around.application : undefined,
    conditions: endpoint.conditions,
    unfollowed: undefined,
    isPublicByNature: false,
    mayBeMiddleware: false,
    chains: (_interpreter, question) => {
      const chain = (metadata: 'seen' | 'hidden'): RequestChain => {
        const key = `${question} ${metadata}`;
        let request = transport.shared?.get(key);
        if (!request) {
          const application = interpreter.unknown('the application below Nest', place, 0, 'req.app');
          request = new NestRequest(interpreter, store, { question, application }, facts, metadata);
          transport.shared?.set(key, request);
        }
        return request.chainTo(facts, 'POST', url, stops);
      };
      return [{ ...chain('seen'), anonymousElsewhere: () => chain('hidden') }];
    },
  };
}
