import { HeapObject, NativeFunction, type NativeCall, type NativeImplementation, type Slot, UNDEFINED, type Value } from '../values.ts';
import { eachOption } from './options.ts';

/** Native functions by the name of the property that holds them. */
export type Natives = Readonly<Record<string, NativeImplementation>>;

export function argument(call: NativeCall, index: number): Value {
  return call.args[index] ?? UNDEFINED;
}

/** Methods of a prototype. A receiver that is one of several values is taken apart before the implementation sees it. */
export function defineMethods(functionPrototype: HeapObject, target: HeapObject, methods: Natives): void {
  for (const [name, implementation] of Object.entries(methods)) {
    target.properties.set(name, new NativeFunction(functionPrototype, name, onEachReceiver(implementation)));
  }
}

/** Functions that do not look at their receiver: static methods, members of `Math`, exports of a Node module. */
export function defineFunctions(functionPrototype: HeapObject, target: HeapObject, functions: Natives): void {
  for (const [name, implementation] of Object.entries(functions)) {
    target.properties.set(name, new NativeFunction(functionPrototype, name, implementation));
  }
}

export function defineGetters(functionPrototype: HeapObject, target: HeapObject, getters: Natives): void {
  for (const [name, implementation] of Object.entries(getters)) {
    const get = new NativeFunction(functionPrototype, `get ${name}`, onEachReceiver(implementation));
    target.properties.set(name, { kind: 'accessor', get, set: undefined });
  }
}

export function createConstructor(
  functionPrototype: HeapObject, name: string, implementation: NativeImplementation, prototype: HeapObject, statics: Natives = {},
): NativeFunction {
  const constructor = new NativeFunction(functionPrototype, name, implementation);
  constructor.properties.set('prototype', prototype);
  prototype.properties.set('constructor', constructor);
  defineFunctions(functionPrototype, constructor, statics);
  return constructor;
}

/**
 * The prototype for what a constructor makes. With `super(...)` the receiver is the instance that the
 * subclass has begun; what the constructor returns takes its place.
 */
export function instancePrototype(call: NativeCall, own: HeapObject): HeapObject | null {
  return call.isNew && call.receiver.kind === 'object' ? call.receiver.prototype : own;
}

/** A fresh object with natives as members, such as a timer or a server. */
export function objectWithFunctions(call: Pick<NativeCall, 'interpreter' | 'site'>, functions: Natives, entries: Iterable<[PropertyKey, Slot]> = []): HeapObject {
  const { realm } = call.interpreter;
  const object = new HeapObject(realm.objectPrototype, call.site);
  for (const [key, slot] of entries) object.properties.set(key, slot);
  defineFunctions(realm.functionPrototype, object, functions);
  return object;
}

function onEachReceiver(implementation: NativeImplementation): NativeImplementation {
  const onEach: NativeImplementation = (call) =>
    call.receiver.kind === 'union'
      ? eachOption(call.interpreter, call.receiver, call.site, (receiver) => implementation({ ...call, receiver })) ?? UNDEFINED
      : implementation(call);
  return Object.assign(onEach, { takesReferences: implementation.takesReferences });
}
