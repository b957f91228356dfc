import type { Interpreter } from '../../interpreter.ts';
import type { NativeCall, Value } from '../../values.ts';
import { argument, objectWithFunctions, type Natives } from '../define.ts';
import { callbackOf } from '../function.ts';
import { runLater } from '../later.ts';
import { createModuleObject } from './module-object.ts';

/** `http`, `https` and `http2` alike. The listener of a server runs for requests, which this is not about. */
export function createHttpModule(interpreter: Interpreter): Value {
  return createModuleObject(interpreter, 'http', {
    createSecureServer: createServer,
    createServer,
  });
}

function createServer(call: NativeCall): Value {
  const server = objectWithFunctions(call, serverFunctions);
  server.open = 'a member of a server that is not modelled';
  return server;
}

const serverFunctions: Natives = {
  addListener: on,
  address: (call) => call.interpreter.unknown('the address of a server', call.site),
  close: listenerRuns,
  listen: listenerRuns,
  off: (call) => call.receiver,
  on,
  once: on,
  removeListener: (call) => call.receiver,
  setTimeout: (call) => call.receiver,
};

/** server.listen(port, () => …) */
function listenerRuns(call: NativeCall): Value {
  const callback = callbackOf(call.args);
  if (callback) runLater(call, callback, []);
  return call.receiver;
}

/** A server starts to listen once; the other events are requests, connections and failures. */
function on(call: NativeCall): Value {
  const event = call.interpreter.toText(argument(call, 0))?.text;
  if (event === 'listening') runLater(call, argument(call, 1), []);
  return call.receiver;
}
