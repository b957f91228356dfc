import { clientValue, credentialStore, credentialValue, headersObject, namesIdentity } from '../../guards/request/anonymous.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { CLIENT_KEY } from '../../interpreter/labels.ts';
import { type Behaviour, type Condition, FALSE, type HeapObject, ModelObject, Primitive, type Site, TRUE, UNDEFINED, type Value } from '../../interpreter/values.ts';
import type { NestRequest } from './steps.ts';

/** Functions of the program that a server runs when a client connects. */
export interface Connecting {
  /** `use`: called with the client and what hands it on; `connection`: with the client. */
  readonly event: 'use' | 'connection';
  readonly value: Value;
  readonly conditions: readonly Condition[];
}

export interface ServerState {
  readonly connecting: Connecting[];
  /** What the server was made with. */
  readonly options: HeapObject | undefined;
}

/** A server of socket.io, or a namespace of one. */
export function createServer(interpreter: Interpreter, options?: HeapObject): ModelObject {
  const state: ServerState = { connecting: [], options };
  return new ModelObject(interpreter.realm.objectPrototype, SERVER, state);
}

export function serverState(value: Value | undefined): ServerState | undefined {
  return value instanceof ModelObject && value.behaviour === SERVER ? (value.state as ServerState) : undefined;
}

const SERVER: Behaviour = {
  name: 'nest.socket-server',
  get(interpreter, self, key) {
    if (typeof key !== 'string' || key === 'then' || self.properties.has(key)) return undefined;
    const { connecting } = self.state as ServerState;
    return interpreter.native(key, ({ args: [first, second] }) => {
      if (interpreter.choosing) return self;
      const conditions = [...interpreter.conditions];
      if (key === 'use' && first) connecting.push({ event: 'use', value: first, conditions });
      if (key === 'on' && second && first instanceof Primitive && first.value === 'connection') connecting.push({ event: 'connection', value: second, conditions });
      return self;
    });
  },
};

/** The client's end of a connection, of socket.io or of ws. */
export function createSocket(interpreter: Interpreter, run: NestRequest): ModelObject {
  const { question } = run;
  const handshake = new ModelObject(interpreter.realm.objectPrototype, {
    name: 'nest.handshake',
    isPlain: true,
    get: (_interpreter, self, key, site) => (typeof key !== 'string' || self.properties.has(key) ? undefined : key === 'address' ? clientValue('handshake.address', site, CLIENT_KEY) : clientValue(`handshake.${key}`, site)),
  }, undefined);
  handshake.properties.set('headers', headersObject(interpreter, question));
  handshake.properties.set('auth', credentialStore(interpreter, question, 'handshake.auth'));
  const socket = new ModelObject(interpreter.realm.objectPrototype, {
    name: 'nest.socket',
    get(_interpreter, self, key, site) {
      if (typeof key !== 'string' || key === 'then' || self.properties.has(key)) return undefined;
      return memberOf(interpreter, run, self, key, site);
    },
  }, undefined);
  socket.properties.set('handshake', handshake);
  socket.properties.set('request', run.request);
  socket.properties.set('data', interpreter.object());
  return socket;
}

/** Methods that end the connection. */
const ENDS: ReadonlySet<string> = new Set(['disconnect', 'close', 'terminate', 'destroy', 'disconnectSockets']);

/** Methods that do something to the connection, or to others, and say nothing about who is at its other end. */
const ACTS: ReadonlySet<string> = new Set(['emit', 'send', 'join', 'leave', 'to', 'in', 'on', 'once', 'off', 'use', 'except', 'compress', 'timeout', 'removeAllListeners', 'emitWithAck', 'ping']);

function memberOf(interpreter: Interpreter, run: NestRequest, self: ModelObject, key: string, site: Site): Value {
  if (ENDS.has(key)) {
    return interpreter.native(key, (call) => {
      run.answered({ status: 403, isRedirect: false, method: key, control: interpreter.controls.at(-1), site: call.site });
      return self;
    });
  }
  if (ACTS.has(key)) return interpreter.native(key, () => (key === 'emit' || key === 'send' ? TRUE : self));
  switch (key) {
    case 'id': return clientValue('the id of a connection', site, CLIENT_KEY);
    case 'connected': return TRUE;
    case 'disconnected': return FALSE;
    case 'conn': case 'client': case 'nsp': case 'rooms': case 'server': case 'broadcast': case 'readyState': case 'upgradeReq': return interpreter.unknown(`${key} of a connection`, site);
    default:
      if (namesIdentity(key)) return credentialValue(run.interpreter, run.question, `client.${key}`, site);
      return run.question === 'any' ? clientValue(`client.${key}`, site) : UNDEFINED;
  }
}
