import type { Interpreter } from '../../interpreter.ts';
import { ArrayObject, HeapObject, type NativeCall, NativeFunction, Primitive, UNDEFINED, type Value } from '../../values.ts';
import { argument, createConstructor, defineMethods, instancePrototype, type Natives } from '../define.ts';
import { internalKey } from '../properties.ts';
import { unknownFunctionResult } from '../results.ts';

/** Listeners by event name, each with whether it runs once. */
const LISTENERS = internalKey('listeners');
/** Marks a listener that `once` added. */
const ONCE = internalKey('once');

/** The module is the class `EventEmitter` itself. */
export function createEventsModule(interpreter: Interpreter): Value {
  const { functionPrototype, objectPrototype } = interpreter.realm;
  const prototype = new HeapObject(objectPrototype);
  defineMethods(functionPrototype, prototype, emitterMethods);
  const emitter = createConstructor(functionPrototype, 'EventEmitter', (call) =>
    call.isNew && call.receiver instanceof HeapObject ? call.receiver : new HeapObject(instancePrototype(call, prototype), call.site), prototype, {
    // await once(server, 'listening')
    once: (call) => call.interpreter.promise('fulfilled', call.interpreter.array([call.interpreter.unknown('given with an event', call.site)], call.site), call.site),
    on: (call) => unknownFunctionResult(call, 'events.on'),
    setMaxListeners: () => UNDEFINED,
  });
  emitter.properties.set('EventEmitter', emitter);
  emitter.properties.set('default', emitter);
  return emitter;
}

const emitterMethods: Natives = {
  addListener: (call) => addListener(call, argument(call, 1)),
  emit,
  eventNames: (call) => {
    const listeners = listenersOf(call.receiver);
    return call.interpreter.array(listeners ? [...listeners.properties.keys()].map((key) => new Primitive(key as string | symbol)) : [], call.site);
  },
  getMaxListeners: () => new Primitive(10),
  listenerCount: (call) => new Primitive(listenersFor(call).length),
  listeners: (call) => call.interpreter.array(listenersFor(call).map(functionOf), call.site),
  off: removeListener,
  on: (call) => addListener(call, argument(call, 1)),
  once: addOnce,
  prependListener: (call) => addListener(call, argument(call, 1)),
  prependOnceListener: addOnce,
  rawListeners: (call) => call.interpreter.array(listenersFor(call), call.site),
  removeAllListeners: (call) => {
    const listeners = listenersOf(call.receiver);
    const key = eventKey(argument(call, 0));
    if (listeners && call.args.length === 0) call.interpreter.heap.deleteProperty(call.receiver as HeapObject, LISTENERS);
    else if (listeners && key !== undefined) call.interpreter.heap.deleteProperty(listeners, key);
    return call.receiver;
  },
  removeListener,
  setMaxListeners: (call) => call.receiver,
};

function listenersOf(receiver: Value): HeapObject | undefined {
  const slot = receiver instanceof HeapObject ? receiver.properties.get(LISTENERS) : undefined;
  return slot instanceof HeapObject ? slot : undefined;
}

function eventKey(event: Value): string | symbol | undefined {
  if (event.kind !== 'primitive') return undefined;
  return typeof event.value === 'symbol' ? event.value : String(event.value);
}

/** Of the event; of every event where its name is not known. */
function listenersFor(call: NativeCall): readonly Value[] {
  const listeners = listenersOf(call.receiver);
  if (!listeners) return [];
  const key = eventKey(argument(call, 0));
  const slots = key === undefined ? [...listeners.properties.values()] : [listeners.properties.get(key)];
  return slots.flatMap((slot) => (slot instanceof ArrayObject ? slot.elements : []));
}

function addListener(call: NativeCall, listener: Value): Value {
  const { interpreter, receiver } = call;
  const key = eventKey(argument(call, 0));
  if (!(receiver instanceof HeapObject) || key === undefined) return receiver;
  let listeners = listenersOf(receiver);
  if (!listeners) {
    listeners = new HeapObject(null);
    interpreter.heap.setProperty(receiver, LISTENERS, listeners);
  }
  interpreter.heap.setProperty(listeners, key, interpreter.array([...listenersFor(call), listener], call.site));
  return receiver;
}

function addOnce(call: NativeCall): Value {
  const listener = argument(call, 1);
  const wrapper = call.interpreter.native('once', (inner) => call.interpreter.call(listener, inner.receiver, inner.args, inner.site));
  wrapper.properties.set(ONCE, listener);
  return addListener(call, wrapper);
}

function functionOf(listener: Value): Value {
  const slot = listener instanceof NativeFunction ? listener.properties.get(ONCE) : undefined;
  return slot && slot.kind !== 'accessor' ? slot : listener;
}

function removeListener(call: NativeCall): Value {
  const key = eventKey(argument(call, 0));
  const listeners = listenersOf(call.receiver);
  if (!listeners || key === undefined) return call.receiver;
  const kept = listenersFor(call).filter((listener) => functionOf(listener) !== argument(call, 1));
  call.interpreter.heap.setProperty(listeners, key, call.interpreter.array(kept, call.site));
  return call.receiver;
}

function emit(call: NativeCall): Value {
  const { interpreter, receiver, site } = call;
  const listeners = listenersFor(call);
  const key = eventKey(argument(call, 0));
  const isEmitter = receiver instanceof HeapObject && receiver.open === undefined;
  if (key === 'error' && listeners.length === 0 && isEmitter) return interpreter.throwValue(argument(call, 1), site);
  for (const listener of listeners) {
    if (functionOf(listener) !== listener) removeListener({ ...call, args: [argument(call, 0), functionOf(listener)] });
    interpreter.call(listener, receiver, call.args.slice(1), site);
  }
  return new Primitive(listeners.length > 0);
}
