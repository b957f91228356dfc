import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ArrayObject, ClassObject, HeapObject, type NativeImplementation, Primitive, type Site, UNDEFINED, type Value, isCallable } from '../../interpreter/values.ts';
import { nativeClass } from '../native-class.ts';
import type { Bindings } from './bindings.ts';
import type { Exports } from './exports.ts';
import { containerObject } from './objects.ts';
import { injects } from './tsyringe.ts';

/** The package typedi: a container that is a set of functions, services that register themselves by a decorator. */
export function typedi(bindings: Bindings): Exports {
  let container: Value | undefined;
  const containerOf = (interpreter: Interpreter): Value => (container ??= createContainer(interpreter, bindings));
  return new Map<string, (interpreter: Interpreter) => Value>([
    ['Container', containerOf],
    ['default', containerOf],
    ['Token', (interpreter) => nativeClass(interpreter, 'Token', {})],
    ['Service', (interpreter) => interpreter.native('Service', service(bindings))],
    ['Inject', (interpreter) => interpreter.native('Inject', injects(bindings, false))],
    ['InjectMany', (interpreter) => interpreter.native('InjectMany', injects(bindings, true))],
  ]);
}

/** `@Service()`, `@Service('id')`, `@Service({ id, factory })` */
function service(bindings: Bindings): NativeImplementation {
  return ({ interpreter, args: [given], site }) => interpreter.native('Service', ({ args: [created] }) => {
    if (!(created instanceof ClassObject) || given === undefined) return UNDEFINED;
    const options = given instanceof HeapObject && !isToken(given) ? given : undefined;
    const id = options ? interpreter.get(options, 'id', site) : given;
    const factory = options?.properties.has('factory') ? interpreter.get(options, 'factory', site) : undefined;
    const make = (at: Site): Value => (factory ? callFactory(interpreter, bindings, factory, at) : bindings.instanceOf(interpreter, created, at));
    if (factory) bindings.bind(interpreter, created, make);
    if (!(id instanceof Primitive && id.value === undefined)) bindings.bind(interpreter, id, make, { adds: options?.properties.has('multiple') ?? false });
    return UNDEFINED;
  });
}

function isToken(value: HeapObject): boolean {
  return !(value.properties.has('id') || value.properties.has('factory') || value.properties.has('transient') || value.properties.has('global') || value.properties.has('multiple') || value.properties.has('eager'));
}

function createContainer(interpreter: Interpreter, bindings: Bindings): Value {
  const get: NativeImplementation = ({ args: [token], site }) => bindings.resolve(interpreter, token ?? UNDEFINED, site);
  const container = containerObject(interpreter, {
    get,
    getMany: ({ args: [token], site }) => bindings.resolveAll(interpreter, token ?? UNDEFINED, site),
    set: ({ args: [first, value], site }) => {
      if (first instanceof ArrayObject) for (const entry of first.elements) set(interpreter, bindings, entry, site);
      else if (value) bindings.bind(interpreter, first as Value, () => value);
      else if (first) set(interpreter, bindings, first, site);
      return container;
    },
    of: () => container,
    import: () => container, remove: () => container, reset: () => container,
  });
  return container;
}

/** `Container.set({ id, value })`, `{ id, type }`, `{ id, factory }` */
function set(interpreter: Interpreter, bindings: Bindings, entry: Value, site: Site): void {
  if (!(entry instanceof HeapObject)) return;
  const member = (name: string): Value | undefined => (entry.properties.has(name) ? interpreter.get(entry, name, site) : undefined);
  const [value, type, factory] = [member('value'), member('type'), member('factory')];
  const id = member('id') ?? type;
  if (!id) return;
  bindings.bind(interpreter, id, (at) => {
    if (value) return value;
    if (factory) return callFactory(interpreter, bindings, factory, at);
    return type instanceof ClassObject ? bindings.instanceOf(interpreter, type, at) : interpreter.unfollowed('a service that is not known', at);
  });
}

/** A function, or a class and the name of its method. */
function callFactory(interpreter: Interpreter, bindings: Bindings, factory: Value, site: Site): Value {
  if (isCallable(factory)) return interpreter.call(factory, UNDEFINED, [createContainer(interpreter, bindings)], site);
  if (!(factory instanceof ArrayObject)) return interpreter.unfollowed('a factory that is not known', site);
  const [owner, method] = factory.elements;
  if (!owner || !(method instanceof Primitive)) return interpreter.unfollowed('a factory that is not known', site);
  const receiver = bindings.resolve(interpreter, owner, site);
  return interpreter.call(interpreter.get(receiver, String(method.value), site), receiver, [], site);
}
