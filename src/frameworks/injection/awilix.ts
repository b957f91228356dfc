import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ClassObject, External, FunctionObject, HeapObject, ModelObject, NativeFunction, Primitive, type Site, TRUE, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { constructorNode, constructorOwner } from '../constructor-types.ts';
import type { Bindings } from './bindings.ts';
import type { Exports } from './exports.ts';
import { containerObject, type Methods } from './objects.ts';

/** PROXY hands over one object that holds everything; CLASSIC hands over what the parameters are called. */
type InjectionMode = 'PROXY' | 'CLASSIC';

/** `asClass(Service)`, `asFunction(makeService)`, `asValue(x)`, `aliasTo('x')` */
class Resolver {
  readonly kind: 'make' | 'value' | 'alias';
  readonly subject: Value;
  mode: InjectionMode | undefined;
  constructor(kind: Resolver['kind'], subject: Value, mode: InjectionMode | undefined) {
    this.kind = kind;
    this.subject = subject;
    this.mode = mode;
  }
}

/** The package awilix: everything by its name, handed to functions and constructors. */
export function awilix(bindings: Bindings): Exports {
  const resolver = (kind: Resolver['kind']) => (interpreter: Interpreter) => interpreter.native(kind, ({ args: [subject, options], site }) => createResolver(interpreter, new Resolver(kind, subject ?? UNDEFINED, modeOf(interpreter, options, site))));
  return new Map<string, (interpreter: Interpreter) => Value>([
    ['createContainer', (interpreter) => interpreter.native('createContainer', ({ args: [options], site }) => createContainer(interpreter, bindings, modeOf(interpreter, options, site) ?? 'PROXY'))],
    ['asClass', resolver('make')], ['asFunction', resolver('make')], ['asValue', resolver('value')], ['aliasTo', resolver('alias')],
    ['InjectionMode', (interpreter) => names(interpreter, ['PROXY', 'CLASSIC'])],
    ['Lifetime', (interpreter) => names(interpreter, ['SINGLETON', 'TRANSIENT', 'SCOPED'])],
  ]);
}

function names(interpreter: Interpreter, all: readonly string[]): Value {
  return interpreter.object(all.map((name) => [name, new Primitive(name)]));
}

function modeOf(interpreter: Interpreter, options: Value | undefined, site: Site): InjectionMode | undefined {
  const mode = options instanceof HeapObject ? interpreter.get(options, 'injectionMode', site) : undefined;
  return mode instanceof Primitive && (mode.value === 'CLASSIC' || mode.value === 'PROXY') ? mode.value : undefined;
}

function createResolver(interpreter: Interpreter, resolver: Resolver): ModelObject {
  const setMode = (mode: InjectionMode) => (): Value => {
    resolver.mode = mode;
    return object;
  };
  const object: ModelObject = containerObject(interpreter, { classic: setMode('CLASSIC'), proxy: setMode('PROXY') }, { fluent: true, state: resolver });
  return object;
}

function createContainer(interpreter: Interpreter, bindings: Bindings, mode: InjectionMode): Value {
  const cradle = new ModelObject(null, {
    name: 'cradle',
    get: (_interpreter, _self, key, site) => (typeof key === 'string' ? bindings.resolve(interpreter, new Primitive(key), site) : undefined),
  }, undefined);

  const resolve = (given: Value, site: Site): Value => {
    const settled = interpreter.settle(given);
    if (!(settled instanceof ModelObject && settled.state instanceof Resolver)) return make(settled, mode, site);
    const { kind, subject } = settled.state;
    if (kind === 'value') return subject;
    return kind === 'alias' ? bindings.resolve(interpreter, subject, site) : make(subject, settled.state.mode ?? mode, site);
  };

  const make = (subject: Value, how: InjectionMode, site: Site): Value => {
    if (subject instanceof External) return new External({ step: 'new', package: subject.package, subpath: subject.subpath, base: subject, args: [cradle], site });
    const args = how === 'PROXY' ? [cradle] : parametersOf(subject).map((name) => bindings.resolve(interpreter, new Primitive(name), site));
    if (subject instanceof ClassObject || subject instanceof NativeFunction) return interpreter.construct(subject, args, site);
    return interpreter.call(subject, UNDEFINED, args, site);
  };

  const bind = (name: string, given: Value): void => {
    bindings.bind(interpreter, new Primitive(name), (site) => resolve(given, site));
  };

  const methods: Methods = {
    register: ({ args: [first, given], site }) => {
      if (first instanceof Primitive && given) bind(String(first.value), given);
      else if (first) for (const [name, value] of interpreter.ownEntries(first, site).entries) bind(String(name.value), value);
      return container;
    },
    resolve: ({ args: [name], site }) => bindings.resolve(interpreter, name ?? UNDEFINED, site),
    build: ({ args: [subject], site }) => resolve(subject ?? UNDEFINED, site),
    createScope: () => container,
    has: ({ args: [name] }) => hasName(name), hasRegistration: ({ args: [name] }) => hasName(name),
    dispose: ({ site }) => interpreter.promise('fulfilled', UNDEFINED, site),
    // Which files a pattern names is not followed: what they hold stays unknown where it is asked for.
    loadModules: () => container,
  };
  const hasName = (name: Value | undefined): Value => (name && bindings.isBound(interpreter, name) ? TRUE : interpreter.unknown('whether a name is registered', undefined));
  const container: ModelObject = containerObject(interpreter, methods);
  container.properties.set('cradle', cradle);
  return container;
}

function parametersOf(subject: Value): string[] {
  const params: readonly TSESTree.Parameter[] = subject instanceof FunctionObject ? subject.node.params : subject instanceof ClassObject ? constructorParameters(subject) : [];
  return params.flatMap((param) => {
    const target = param.type === 'TSParameterProperty' ? param.parameter : param;
    const named = target.type === 'AssignmentPattern' ? target.left : target;
    return named.type === 'Identifier' ? [named.name] : [];
  });
}

function constructorParameters(created: ClassObject): readonly TSESTree.Parameter[] {
  const owner = constructorOwner(created);
  return (owner && constructorNode(owner)?.params) ?? [];
}
