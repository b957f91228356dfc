import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ClassObject, type HeapObject, isCallable, type NativeCall, type NativeImplementation, Primitive, type Site, TRUE, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { nativeClass } from '../native-class.ts';
import { type Binding, type Bindings, lateToken } from './bindings.ts';
import type { Exports } from './exports.ts';
import { containerObject, type Methods, plainDecorator } from './objects.ts';
import { injects } from './tsyringe.ts';

/** The package inversify: bindings written out token by token. */
export function inversify(bindings: Bindings): Exports {
  const methods = containerMethods(bindings);
  const functions: Readonly<Record<string, NativeImplementation>> = {
    injectable: plainDecorator, named: plainDecorator, tagged: plainDecorator, optional: plainDecorator, unmanaged: plainDecorator,
    targetName: plainDecorator, postConstruct: plainDecorator, preDestroy: plainDecorator, injectFromBase: plainDecorator, injectFromHierarchy: plainDecorator,
    inject: injects(bindings, false), multiInject: injects(bindings, true),
    decorate: applyDecorator,
  };
  return new Map<string, (interpreter: Interpreter) => Value>([
    ...Object.entries(functions).map(([name, implementation]) => [name, (interpreter: Interpreter) => interpreter.native(name, implementation)] as const),
    ['LazyServiceIdentifier', (interpreter) => interpreter.native('LazyServiceIdentifier', ({ args }) => lateToken(interpreter, args[0]))],
    ['LazyServiceIdentifer', (interpreter) => interpreter.native('LazyServiceIdentifer', ({ args }) => lateToken(interpreter, args[0]))],
    ['Container', (interpreter) => nativeClass(interpreter, 'Container', { methods })],
    ['ContainerModule', containerModule],
    ['AsyncContainerModule', containerModule],
  ]);
}

const REGISTRATION = Symbol('registration of a container module');

/** `new ContainerModule((bind) => …)`, since 7 `new ContainerModule((options) => …)` */
function containerModule(interpreter: Interpreter): Value {
  return nativeClass(interpreter, 'ContainerModule', {
    initialize: (instance, { args: [registration] }) => {
      if (registration) instance.properties.set(REGISTRATION, registration);
    },
  });
}

/** decorate(injectable(), Class); decorate(inject('Token'), Class, 0) */
function applyDecorator({ interpreter, args: [decorator, target, member], site }: NativeCall): Value {
  if (!decorator || !target) return UNDEFINED;
  const index = member instanceof Primitive && typeof member.value === 'number' ? member : undefined;
  const args = index ? [target, UNDEFINED, index] : member && target instanceof ClassObject ? [target.instances, member] : [target];
  return interpreter.call(decorator, UNDEFINED, args, site);
}

function containerMethods(bindings: Bindings): Methods {
  const resolve: NativeImplementation = ({ interpreter, args: [token], site }) => bindings.resolve(interpreter, token ?? UNDEFINED, site);
  const resolveLater: NativeImplementation = (call) => call.interpreter.promise('fulfilled', resolve(call), call.site);
  const load: NativeImplementation = (call) => {
    for (const module of call.args) {
      const registration = call.interpreter.get(module, REGISTRATION, call.site);
      if (isCallable(registration)) call.interpreter.awaitValue(call.interpreter.call(registration, UNDEFINED, moduleArguments(call.interpreter, bindings), call.site), call.site);
    }
    return call.interpreter.promise('fulfilled', UNDEFINED, call.site);
  };
  return {
    bind: (call) => bind(bindings, call, false), rebind: (call) => bind(bindings, call, true), rebindSync: (call) => bind(bindings, call, true),
    get: resolve, resolve, getNamed: narrowed, getTagged: narrowed, getAsync: resolveLater,
    getAll: ({ interpreter, args: [token], site }) => bindings.resolveAll(interpreter, token ?? UNDEFINED, site),
    isBound: ({ interpreter, args: [token] }) => (token && bindings.isBound(interpreter, token) ? TRUE : interpreter.unknown('whether a token is bound', undefined)),
    createChild: ({ receiver }) => receiver,
    load, loadSync: load, loadAsync: load,
    unbind: () => UNDEFINED, unbindAll: () => UNDEFINED, snapshot: () => UNDEFINED, restore: () => UNDEFINED, applyMiddleware: () => UNDEFINED,
  };
}

const narrowed: NativeImplementation = ({ interpreter, site }) => interpreter.unfollowed('a binding that is chosen by its name', site);

/** (bind, unbind, isBound, rebind) before 7; ({ bind, unbind, isBound, rebind }) since. */
function moduleArguments(interpreter: Interpreter, bindings: Bindings): Value[] {
  const methods = containerMethods(bindings);
  const make = (name: string): HeapObject => interpreter.native(name, methods[name] as NativeImplementation);
  const [first, ...rest] = ['bind', 'unbind', 'isBound', 'rebind'].map((name) => [name, make(name)] as const);
  if (!first) return [];
  for (const [name, method] of [first, ...rest]) first[1].properties.set(name, method);
  return [first[1], ...rest.map(([, method]) => method)];
}

/** bind(token): what is called on it says what it stands for. */
function bind(bindings: Bindings, { interpreter, args: [given] }: NativeCall, replaces: boolean): Value {
  const token = given ?? UNDEFINED;
  const to = (make: (at: Site) => Value): Value => fluent(interpreter, bindings.bind(interpreter, token, make, { adds: !replaces }));
  const self = (at: Site): Value => (token instanceof ClassObject ? bindings.instanceOf(interpreter, token, at) : interpreter.unfollowed('a class that is not known', at));
  const context = (): Value => containerObject(interpreter, containerMethods(bindings));
  const contextOfFactory = (): Value => {
    const outer = context();
    // context.container.get(…) before 7, context.get(…) since
    if (outer.kind === 'object') outer.properties.set('container', context());
    return outer;
  };
  const givesFunction: NativeImplementation = ({ args: [factory] }) => to((at) => (factory ? interpreter.call(factory, UNDEFINED, [contextOfFactory()], at) : UNDEFINED));
  return containerObject(interpreter, {
    to: ({ args: [type] }) => to((at) => (type instanceof ClassObject ? bindings.instanceOf(interpreter, type, at) : bindings.resolve(interpreter, type ?? UNDEFINED, at))),
    toSelf: () => to(self),
    toConstantValue: ({ args: [value] }) => to(() => value ?? UNDEFINED),
    toFunction: ({ args: [value] }) => to(() => value ?? UNDEFINED),
    toConstructor: ({ args: [value] }) => to(() => value ?? UNDEFINED),
    toDynamicValue: ({ args: [factory] }) => to((at) => (factory ? interpreter.awaitValue(interpreter.call(factory, UNDEFINED, [contextOfFactory()], at), at) : UNDEFINED)),
    toResolvedValue: ({ args: [factory, dependencies], site: call }) => to((at) => (factory ? interpreter.call(factory, UNDEFINED, interpreter.iterate(dependencies ?? UNDEFINED, call).elements.map((one) => bindings.resolve(interpreter, one, at)), at) : UNDEFINED)),
    toFactory: givesFunction, toProvider: givesFunction,
    toAutoFactory: ({ args: [type] }) => to(() => interpreter.native('factory', (call) => bindings.resolve(interpreter, type ?? UNDEFINED, call.site))),
    toService: ({ args: [other] }) => to((at) => bindings.resolve(interpreter, other ?? UNDEFINED, at)),
    // bind(Class).inSingletonScope()
    inSingletonScope: () => to(self), inTransientScope: () => to(self), inRequestScope: () => to(self),
  });
}

const NARROWS = ['when', 'whenTargetNamed', 'whenNamed', 'whenTargetTagged', 'whenTagged', 'whenInjectedInto', 'whenParentIs', 'whenAnyAncestorIs', 'whenDefault', 'whenTargetIsDefault'];

/** What stands behind a binding: a lifetime, or when it counts. */
function fluent(interpreter: Interpreter, binding: Binding): Value {
  const narrow = (): Value => {
    binding.isNarrowed = true;
    return chain;
  };
  const chain: Value = containerObject(interpreter, Object.fromEntries(NARROWS.map((name) => [name, narrow])), { fluent: true });
  return chain;
}
