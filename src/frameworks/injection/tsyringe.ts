import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ClassObject, HeapObject, type NativeImplementation, Primitive, type Site, TRUE, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { type Bindings, lateToken } from './bindings.ts';
import { containerObject, plainDecorator } from './objects.ts';
import type { Exports } from './exports.ts';

/** The package tsyringe: one container for the program, classes resolved by their constructors' types. */
export function tsyringe(bindings: Bindings): Exports {
  const decorators: Readonly<Record<string, NativeImplementation>> = {
    injectable: plainDecorator, singleton: plainDecorator, scoped: plainDecorator, autoInjectable: plainDecorator,
    registry: ({ interpreter, args, site }) => {
      for (const entry of interpreter.iterate(args[0] ?? UNDEFINED, site).elements) registerProvider(interpreter, bindings, interpreter.get(entry, 'token', site), entry, site);
      return plainDecorator({ interpreter, args, site, receiver: UNDEFINED, isNew: false });
    },
    inject: injects(bindings, false), injectWithTransform: injects(bindings, false),
    injectAll: injects(bindings, true), injectAllWithTransform: injects(bindings, true),
    delay: ({ interpreter, args }) => lateToken(interpreter, args[0]),
    // instanceCachingFactory((container) => …)
    instanceCachingFactory: ({ args }) => args[0] ?? UNDEFINED, instancePerContainerCachingFactory: ({ args }) => args[0] ?? UNDEFINED,
  };
  return new Map<string, (interpreter: Interpreter) => Value>([
    ...Object.entries(decorators).map(([name, implementation]) => [name, (interpreter: Interpreter) => interpreter.native(name, implementation)] as const),
    ['container', (interpreter) => createContainer(interpreter, bindings)],
  ]);
}

export function injects(bindings: Bindings, all: boolean): NativeImplementation {
  return ({ interpreter, args: [token] }) => interpreter.native('inject', (call) => {
    bindings.noteInjection(call.args, { token: token instanceof Primitive && token.value === undefined ? undefined : token, all });
    return UNDEFINED;
  });
}

function createContainer(interpreter: Interpreter, bindings: Bindings): Value {
  const container = containerObject(interpreter, {
    register: ({ args: [token, provider], site }) => {
      if (token && provider) registerProvider(interpreter, bindings, token, provider, site);
      return container;
    },
    // registerSingleton(Class), registerSingleton(token, Class)
    registerSingleton: ({ args: [token, type] }) => {
      if (token && type) bindings.bind(interpreter, token, (site) => bindings.resolve(interpreter, type, site));
      return container;
    },
    registerType: ({ args: [token, type] }) => {
      if (token && type) bindings.bind(interpreter, token, (site) => bindings.resolve(interpreter, type, site));
      return container;
    },
    registerInstance: ({ args: [token, value] }) => {
      if (token && value) bindings.bind(interpreter, token, () => value);
      return container;
    },
    resolve: ({ args: [token], site }) => bindings.resolve(interpreter, token ?? UNDEFINED, site),
    resolveAll: ({ args: [token], site }) => bindings.resolveAll(interpreter, token ?? UNDEFINED, site),
    isRegistered: ({ args: [token] }) => (token && bindings.isBound(interpreter, token) ? TRUE : interpreter.unknown('whether a token is registered', undefined)),
    createChildContainer: () => container,
    clearInstances: () => UNDEFINED, reset: () => UNDEFINED, dispose: () => UNDEFINED,
  });
  return container;
}

/** `register(token, Class)`, `register(token, { useClass, useValue, useFactory, useToken })` */
function registerProvider(interpreter: Interpreter, bindings: Bindings, token: Value, provider: Value, site: Site): void {
  const given = interpreter.settle(provider);
  if (given instanceof ClassObject) {
    bindings.bind(interpreter, token, (at) => bindings.instanceOf(interpreter, given, at), { adds: true });
    return;
  }
  if (!(given instanceof HeapObject)) {
    bindings.bind(interpreter, token, () => interpreter.unfollowed('a provider that is not known', site), { adds: true });
    return;
  }
  const member = (name: string): Value | undefined => (given.properties.has(name) ? interpreter.get(given, name, site) : undefined);
  const [value, factory, other] = [member('useValue'), member('useFactory'), member('useClass') ?? member('useToken')];
  bindings.bind(interpreter, token, (at) => {
    if (value) return value;
    if (factory) return interpreter.call(factory, UNDEFINED, [createContainer(interpreter, bindings)], at);
    return other ? (other instanceof ClassObject ? bindings.instanceOf(interpreter, other, at) : bindings.resolve(interpreter, other, at)) : interpreter.unfollowed('a provider that is not known', at);
  }, { adds: true });
}
