import type { Answer } from '../../guards/request/response.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type Behaviour, HeapObject, ModelObject, Primitive, type Site, UNDEFINED, type Value, isCallable } from '../../interpreter/values.ts';

/** The connection that a WebSocket handler gets: closing it refuses, sending is the work. */
export function createSocket(interpreter: Interpreter, answered: (answer: Answer) => void): ModelObject {
  const answer = (site: Site, status: number): void => answered({ status, isRedirect: false, control: interpreter.controls.at(-1), site });
  const behaviour: Behaviour = {
    name: 'fastify.socket',
    get(_, self, key) {
      switch (key) {
        // @fastify/websocket before 10 gives a stream with the socket in it.
        case 'socket': return self;
        case 'close': case 'terminate': case 'end': case 'destroy': return interpreter.native(key, ({ site }) => {
          answer(site, 401);
          return UNDEFINED;
        });
        case 'send': case 'write': return interpreter.native(key, ({ site }) => {
          answer(site, 200);
          return UNDEFINED;
        });
        case 'on': case 'once': case 'addEventListener': return interpreter.native(key, ({ args, site }) => {
          const [event, listener] = args;
          if (event instanceof Primitive && event.value === 'message' && listener instanceof HeapObject && isCallable(listener)) interpreter.call(listener, self, [interpreter.unknown('a message', site)], site);
          return self as Value;
        });
        default: return undefined;
      }
    },
  };
  const socket = new ModelObject(interpreter.realm.objectPrototype, behaviour, undefined);
  socket.open = 'a member of a socket that is not modelled';
  return socket;
}
