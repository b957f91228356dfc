import { type NativeCall, NativeFunction, UNDEFINED, type Value } from '../values.ts';
import { argument, objectWithFunctions, type Natives } from './define.ts';
import { callbackOf } from './function.ts';
import { runLater } from './later.ts';
import type { RealmParts } from './realm.ts';

export function addTimers(realm: RealmParts): void {
  for (const [name, implementation] of Object.entries(timerFunctions)) {
    realm.globals.set(name, new NativeFunction(realm.functionPrototype, name, implementation));
  }
}

/** The callback runs once, where it is handed over, however long the delay. */
export const timerFunctions: Natives = {
  clearImmediate: () => UNDEFINED,
  clearInterval: () => UNDEFINED,
  clearTimeout: () => UNDEFINED,
  queueMicrotask: (call) => {
    runLater(call, argument(call, 0), []);
    return UNDEFINED;
  },
  setImmediate: (call) => schedule(call, 1),
  setInterval: (call) => schedule(call, 2),
  setTimeout: (call) => schedule(call, 2),
};

/** `parameters` is where the callback's own arguments begin. */
function schedule(call: NativeCall, parameters: number): Value {
  // promisify(setTimeout)(100) hands the callback over as the last argument.
  const callback = callbackOf(call.args) ?? argument(call, 0);
  runLater(call, callback, call.args.slice(parameters).filter((arg) => arg !== callback));
  return timerOf(call);
}

function timerOf(call: NativeCall): Value {
  const itself = (inner: NativeCall) => inner.receiver;
  return objectWithFunctions(call, { hasRef: (inner) => inner.interpreter.unknown('a running timer', inner.site), ref: itself, refresh: itself, unref: itself });
}
