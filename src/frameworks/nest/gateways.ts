import type { StepOutcome } from '../../guards/chain.ts';
import { StepEnd } from '../../guards/chain.ts';
import { clientValue } from '../../guards/request/anonymous.ts';
import { reasonOfControl } from '../../guards/request-run.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { BudgetExceeded, PathEnd, ThrowSignal } from '../../interpreter/signals.ts';
import { type ClassObject, FunctionObject, HeapObject, type ModelObject, Primitive, type Site, UNDEFINED, type Value, isCallable, labelsOf } from '../../interpreter/values.ts';
import type { ExpressStage } from '../express/steps.ts';
import type { Route } from '../framework.ts';
import { realOf } from '../later.ts';
import type { ApplicationState } from './application.ts';
import { withSlash } from './controllers.ts';
import type { Injector } from './injector.ts';
import { GATEWAY, GATEWAY_OPTIONS, GATEWAY_PORT, MESSAGE, MESSAGE_MAPPING } from './keys.ts';
import { patternText } from './message-handlers.ts';
import { type MarkedMethod, markedMethods } from './methods.ts';
import type { ModuleGraph } from './modules.ts';
import { classesOf, type ProvidedClass } from './provided.ts';
import { type Connecting, createServer, createSocket, serverState } from './socket.ts';
import type { NestRequest, Transport, TransportStep } from './steps.ts';
import type { NestStore } from './store.ts';
import type { Surroundings } from './surroundings.ts';
import { transportRoute } from './transport-routes.ts';

interface Gateway extends ProvidedClass {
  /** Equal for gateways that share their clients. */
  readonly server: string;
  readonly namespace: string | undefined;
  readonly messages: readonly MarkedMethod[];
}

/** Since this major, global guards and interceptors reach gateways. */
const REACHED_BY_GLOBALS = 12;

/**
 * Messages that gateways handle. Before Nest 12 global guards do not reach them: only what stands on the class and on the
 * method, and what the gateways of the same server do with a client that connects.
 */
export function gatewayRoutes(interpreter: Interpreter, store: NestStore, around: Surroundings, state: ApplicationState, graph: ModuleGraph): Route[] {
  const { metadata } = interpreter;
  const gateways = classesOf(graph).flatMap((provided): Gateway[] => {
    const messages = markedMethods(interpreter, provided.created, MESSAGE_MAPPING);
    return metadata.find(provided.created, undefined, GATEWAY) ? [{ ...provided, messages, ...serverOf(interpreter, provided.created) }] : [];
  });
  if (gateways.length === 0) return [];
  const common = adapterSteps(interpreter, state);
  const { guards, interceptors } = state.major >= REACHED_BY_GLOBALS ? around : { guards: [], interceptors: [] };
  const accepting = new Map<string, readonly TransportStep[]>();
  return gateways.flatMap(({ created, module, conditions, server, namespace, messages }) => {
    const known = accepting.get(server) ?? gateways.filter((other) => other.server === server).flatMap((other) => connectionSteps(interpreter, around.injector, other));
    accepting.set(server, known);
    return messages.map((marked): Route => {
      const message = metadata.own(marked.handler, undefined, MESSAGE)?.value ?? UNDEFINED;
      const event = patternText(interpreter, message, marked.place);
      return transportRoute(interpreter, store, around, {
        kind: 'websocket',
        type: 'ws',
        method: 'MESSAGE',
        path: namespace === undefined ? event : `${withSlash(namespace)}/${event}`,
        owner: created,
        module,
        marked,
        conditions: [...state.conditions, ...conditions],
        guards,
        interceptors,
        transport: gatewayTransport(interpreter, [...common, ...known], message, marked.place),
        stops: [],
        url: '/socket.io',
        isServed: true,
      });
    });
  });
}

function gatewayTransport(interpreter: Interpreter, before: readonly TransportStep[], message: Value, site: Site): Transport {
  const sockets = new WeakMap<NestRequest, ModelObject>();
  const socketOf = (run: NestRequest): ModelObject => {
    const socket = sockets.get(run) ?? createSocket(interpreter, run);
    sockets.set(run, socket);
    return socket;
  };
  return { args: (run) => [socketOf(run), clientValue('the body of a message', site), message], before };
}

function serverOf(interpreter: Interpreter, created: ClassObject): Pick<Gateway, 'server' | 'namespace'> {
  const { metadata } = interpreter;
  const port = metadata.find(created, undefined, GATEWAY_PORT)?.value;
  const options = metadata.find(created, undefined, GATEWAY_OPTIONS)?.value;
  const read = (name: string): Value => (options instanceof HeapObject ? interpreter.get(options, name, created.site as Site) : UNDEFINED);
  const namespace = read('namespace');
  const text = namespace instanceof Primitive && typeof namespace.value === 'string' && namespace.value !== '/' && namespace.value !== '' ? namespace.value : undefined;
  const parts = [port ?? UNDEFINED, read('path'), namespace].map((value) => (value instanceof Primitive ? String(value.value) : '?'));
  return { server: parts.join(' '), namespace: text };
}

/** What a gateway does with a client that connects: middleware that `afterInit` puts on the server, then `handleConnection`. */
function connectionSteps(interpreter: Interpreter, injector: Injector, { created, module, conditions }: Gateway): TransportStep[] {
  const site = created.site as Site;
  const member = (name: string): Value => interpreter.get(created.instances, name, site);
  const steps: TransportStep[] = [];
  const initialize = member('afterInit');
  if (initialize instanceof FunctionObject) {
    const server = createServer(interpreter);
    attempt(interpreter, () => interpreter.call(initialize, realOf(injector.instanceOf(created, module, site)), [server], site));
    steps.push(...(serverState(server)?.connecting ?? []).map(connectingStep));
  }
  const connect = member('handleConnection');
  if (connect instanceof FunctionObject) {
    steps.push({
      name: `${created.name}.handleConnection`,
      value: connect,
      conditions,
      run: (run, stage) => connected(run, stage, connect, realOf(injector.instanceOf(created, module, site))),
    });
  }
  return steps;
}

/** What the program's own adapter asks of every client. */
function adapterSteps(interpreter: Interpreter, { webSocketAdapter: adapter, site }: ApplicationState): TransportStep[] {
  if (!(adapter instanceof HeapObject)) return [];
  const create = interpreter.get(adapter, 'createIOServer', site);
  if (!(create instanceof FunctionObject)) return [];
  const state = serverState(attempt(interpreter, () => interpreter.call(create, adapter, [new Primitive(0), interpreter.object()], site)));
  if (!state) return [];
  const allow = state.options ? interpreter.get(state.options, 'allowRequest', site) : UNDEFINED;
  const asks: TransportStep[] = isCallable(allow) ? [{ name: 'allowRequest', value: allow, conditions: [], run: (run, stage) => allowed(run, stage, allow) }] : [];
  return [...asks, ...state.connecting.map(connectingStep)];
}

/** Registration code that stands in the classes: what it leaves stays, what it cannot do is left out. */
function attempt(interpreter: Interpreter, run: () => Value): Value {
  try {
    return interpreter.isolated(() => interpreter.withBudget(interpreter.bounds.steps, run));
  } catch (signal) {
    if (!(signal instanceof ThrowSignal) && !(signal instanceof PathEnd) && !(signal instanceof BudgetExceeded)) throw signal;
    return UNDEFINED;
  }
}

function connectingStep({ event, value, conditions }: Connecting): TransportStep {
  return {
    name: event === 'use' ? 'server.use' : 'connection',
    value,
    conditions,
    run: (run, stage) => (event === 'use' ? run.passMiddleware(value, [run.contextArgs()[0] ?? UNDEFINED], stage) : connected(run, stage, value, UNDEFINED)),
  };
}

/** handleConnection(client) { if (!verify(client.handshake.auth.token)) client.disconnect(); } */
function connected(run: NestRequest, stage: ExpressStage, connect: Value, receiver: Value): StepOutcome {
  const { interpreter } = run;
  const returned = interpreter.awaitValue(interpreter.call(connect, receiver, [run.contextArgs()[0] ?? UNDEFINED, run.request], stage.site), stage.site);
  const answer = run.answers.at(-1);
  return answer ? run.stopped(reasonOfControl(answer.control, labelsOf(returned)), answer.site, answer.control) : { kind: 'continues' };
}

/** allowRequest: (request, callback) => callback(null, isAllowed(request)) */
function allowed(run: NestRequest, stage: ExpressStage, allow: Value): StepOutcome {
  const { interpreter } = run;
  const answer = interpreter.native('callback', ({ args: [error = UNDEFINED, isAllowed = UNDEFINED], site }) => {
    interpreter.commit();
    const isRefused = interpreter.isTrue(error, site) || !interpreter.isTrue(isAllowed, site);
    const labels = labelsOf(isAllowed) | labelsOf(error);
    throw new StepEnd(isRefused ? run.stopped(reasonOfControl(interpreter.controls.at(-1), labels), site, interpreter.controls.at(-1)) : { kind: 'continues' });
  });
  interpreter.awaitValue(interpreter.call(allow, UNDEFINED, [run.request, answer], stage.site), stage.site);
  return { kind: 'unknown', reason: 'allowRequest does not call back, as far as it could be followed', site: stage.site };
}
