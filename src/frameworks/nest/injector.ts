import type { TSESTree } from '@typescript-eslint/types';
import { decorate } from '../../interpreter/decorators.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { LoadedModule } from '../../interpreter/loader.ts';
import type { Scope } from '../../interpreter/scope.ts';
import { BudgetExceeded, PathEnd, ThrowSignal } from '../../interpreter/signals.ts';
import {
  type Behaviour, BoundFunction, ClassObject, External, HeapObject, ModelObject, NativeFunction, Primitive, type Site, Union, type Value, isCallable,
} from '../../interpreter/values.ts';
import { type ModuleGraph, type ModuleRecord, type Provider, tokenKey, unwrap } from './modules.ts';
import type { NestStore } from './store.ts';

/** Nest's dependency injection over one module graph: what a token or a class stands for, made when it is first used. */
export class Injector {
  private readonly interpreter: Interpreter;
  private readonly store: NestStore;
  private readonly graph: ModuleGraph;
  private readonly provided = new Map<Provider, Value>();
  private readonly instances = new Map<HeapObject, Value>();
  private readonly making = new Set<unknown>();

  constructor(interpreter: Interpreter, store: NestStore, graph: ModuleGraph) {
    this.interpreter = interpreter;
    this.store = store;
    this.graph = graph;
  }

  /** What stands for a token, seen from a module. */
  resolve(token: Value, from: ModuleRecord | undefined, site: Site): Value {
    const { interpreter } = this;
    const given = unwrap(interpreter, token, site);
    const providers = this.providersOf(tokenKey(interpreter, given, site), from);
    const [only] = providers;
    if (only && only.conditions.length === 0) return this.provide(only, site);
    if (providers.length > 0) return interpreter.settle(new Union(providers.map((p) => ({ conditions: p.conditions, value: this.provide(p, site) }))));
    if (given instanceof ClassObject || given instanceof NativeFunction) return this.instanceOf(given, from, site);
    if (given instanceof External) return instanceOfPackage(given, site);
    if (given instanceof Primitive && given.value === 'REQUEST') return this.currentRequest();
    const name = given instanceof Primitive ? String(given.value) : 'a dependency';
    return interpreter.unknown(`what is injected for ${name}`, site, 0, given instanceof Primitive ? `injected ${name}` : undefined);
  }

  /** The one instance of a class. */
  instanceOf(created: ClassObject | NativeFunction, from: ModuleRecord | undefined, site: Site): Value {
    const known = this.instances.get(created);
    if (known) return known;
    if (this.making.has(created)) return this.later(() => this.instances.get(created) ?? this.interpreter.unknown('a class that needs itself', site));
    this.making.add(created);
    const made = this.outsideOfRequests(site, () => this.construct(created, from, site));
    this.making.delete(created);
    this.instances.set(created, made);
    return made;
  }

  /** Providers of a token in the whole application, in the order of the modules. */
  everyProvider(token: unknown): readonly Provider[] {
    return this.graph.modules.flatMap((module) => module.providers.filter((p) => p.token === token).map((p) => (module.conditions.length === 0 ? p : { ...p, conditions: [...module.conditions, ...p.conditions] })));
  }

  /** Every class that is a provider. */
  providedClasses(): ClassObject[] {
    return this.graph.modules.flatMap((module) => module.providers.flatMap((p) => (p.kind === 'class' && p.subject instanceof ClassObject ? [p.subject] : [])));
  }

  provide(provider: Provider, site: Site): Value {
    const key = provider.module.providers.find((p) => p.token === provider.token && p.subject === provider.subject) ?? provider;
    const known = this.provided.get(key);
    if (known) return known;
    if (this.making.has(key)) return this.interpreter.unknown('a provider that needs itself', site);
    this.making.add(key);
    const made = this.make(provider, site);
    this.making.delete(key);
    this.provided.set(key, made);
    return made;
  }

  private make({ kind, subject, inject, module }: Provider, site: Site): Value {
    const { interpreter } = this;
    switch (kind) {
      case 'value': return subject;
      case 'existing': return this.resolve(subject, module, site);
      case 'class': {
        const given = unwrap(interpreter, subject, site);
        if (given instanceof ClassObject || given instanceof NativeFunction) return this.instanceOf(given, module, site);
        return given instanceof External ? instanceOfPackage(given, site) : given;
      }
      case 'factory': return this.outsideOfRequests(site, () => {
        const args = inject.map((token) => {
          // inject: [{ token: X, optional: true }]
          const given = unwrap(interpreter, token, site);
          const inner = given instanceof HeapObject && !isCallable(given) ? interpreter.get(given, 'token', site) : given;
          return this.dependency(() => inner, module, site);
        });
        return interpreter.awaitValue(interpreter.call(subject, interpreter.object(), args, site), site);
      });
    }
  }

  private providersOf(token: unknown, from: ModuleRecord | undefined): readonly Provider[] {
    const seen = new Set<ModuleRecord>();
    const search = (module: ModuleRecord): readonly Provider[] => {
      if (seen.has(module)) return [];
      seen.add(module);
      const own = module.providers.filter((p) => p.token === token).reverse();
      if (own.length > 0) return own;
      for (const imported of module.imports) {
        const found = search(imported);
        if (found.length > 0) return found;
      }
      return [];
    };
    const near = from ? search(from) : [];
    if (near.length > 0) return near;
    for (const module of this.graph.modules) {
      const found = module.providers.filter((p) => p.token === token).reverse();
      if (found.length > 0) return found;
    }
    return [];
  }

  private construct(created: ClassObject | NativeFunction, from: ModuleRecord | undefined, site: Site): Value {
    const { interpreter, store } = this;
    if (created instanceof NativeFunction) return interpreter.construct(created, [], site);
    decorate(interpreter, created);
    const owner = constructorOwner(created);
    const args = owner ? this.argumentsOf(owner, from, site) : [];
    const instance = interpreter.construct(created, args, site);
    if (instance instanceof HeapObject) {
      for (const [key, token] of store.injectedProperties(created.instances)) {
        const isGiven = !(token instanceof Primitive && token.value === undefined);
        interpreter.heap.setProperty(instance, key, this.dependency(() => (isGiven ? token : propertyType(interpreter, created, key)), from, site));
      }
    }
    return instance;
  }

  private argumentsOf(owner: ClassObject, from: ModuleRecord | undefined, site: Site): Value[] {
    const { interpreter, store } = this;
    const constructor = constructorNode(owner);
    if (!constructor) return [];
    const decorated = store.parametersOf(owner, undefined);
    return constructor.params.map((param, index): Value => {
      const parameter = decorated.get(index);
      if (parameter?.kind === 'inject') {
        const explicit = unwrap(interpreter, parameter.token, site);
        if (!(explicit instanceof Primitive && explicit.value === undefined)) {
          const [provider] = this.providersOf(tokenKey(interpreter, explicit, site), from);
          if (!provider || provider.kind === 'value') return this.resolve(explicit, from, site);
          return this.dependency(() => explicit, from, site);
        }
      }
      const annotation = annotationOf(param);
      return this.dependency(() => typeValue(interpreter, annotation, owner.scope, owner.module) ?? interpreter.unknown('a dependency without a class', site), from, site);
    });
  }

  /** A dependency that is looked for when something of it is used: most services of a program are never asked. */
  private dependency(token: () => Value, from: ModuleRecord | undefined, site: Site): Value {
    return this.later(() => {
      const given = token();
      return given.kind === 'unknown' ? given : this.resolve(given, from, site);
    });
  }

  private later(find: () => Value): ModelObject {
    let found: Value | undefined;
    const real = (): Value => (found ??= this.interpreter.isolated(find));
    return new ModelObject(this.interpreter.realm.objectPrototype, new Later(real), undefined);
  }

  /** The request that is being walked, for providers of request scope. */
  private currentRequest(): Value {
    const { interpreter, store } = this;
    return new ModelObject(interpreter.realm.objectPrototype, new Later(() => {
      const run = store.active.current;
      return run && 'request' in run && run.request instanceof HeapObject ? run.request : interpreter.unknown('the request of a provider', undefined);
    }), undefined);
  }

  /** What is made once for all requests is not taken back with one of them. */
  private outsideOfRequests(site: Site, run: () => Value): Value {
    const { interpreter } = this;
    try {
      return interpreter.isolated(() => interpreter.withBudget(interpreter.bounds.steps, run));
    } catch (signal) {
      if (!(signal instanceof ThrowSignal) && !(signal instanceof PathEnd) && !(signal instanceof BudgetExceeded)) throw signal;
      return interpreter.unknown('a provider that could not be made', site);
    }
  }
}

/** Stands for what dependency injection gives, without having made it. */
class Later implements Behaviour {
  readonly name = 'nest.provider';
  readonly real: () => Value;

  constructor(real: () => Value) {
    this.real = real;
  }

  get(interpreter: Interpreter, _self: ModelObject, key: PropertyKey, site: Site): Value {
    const real = this.real();
    const member = interpreter.get(real, key, site);
    // platforms.includes(x): a built-in looks at what it is called on
    return member instanceof NativeFunction ? new BoundFunction(interpreter.realm.functionPrototype, member, real, []) : member;
  }

  set(interpreter: Interpreter, _self: ModelObject, key: PropertyKey, value: Value, site: Site): boolean {
    interpreter.set(this.real(), key, value, site);
    return true;
  }

  call(interpreter: Interpreter, _self: ModelObject, receiver: Value, args: readonly Value[], site: Site): Value {
    return interpreter.call(this.real(), receiver, args, site);
  }
}

/** What a value stands for that may be a dependency which is not made yet. */
export function realOf(value: Value): Value {
  return value instanceof ModelObject && value.behaviour instanceof Later ? realOf(value.behaviour.real()) : value;
}

function instanceOfPackage(given: External, site: Site): External {
  return new External({ step: 'new', package: given.package, subpath: given.subpath, base: given, site });
}

function constructorNode(created: ClassObject): TSESTree.FunctionExpression | TSESTree.TSEmptyBodyFunctionExpression | undefined {
  const found = created.node.body.body.find((m) => m.type === 'MethodDefinition' && m.kind === 'constructor' && m.value.body !== null);
  return found?.type === 'MethodDefinition' ? found.value : undefined;
}

/** The class whose constructor runs: the nearest that has one. */
function constructorOwner(created: ClassObject): ClassObject | undefined {
  for (let owner: Value | undefined = created; owner instanceof ClassObject; owner = owner.superclass) if (constructorNode(owner)) return owner;
  return undefined;
}

function annotationOf(param: TSESTree.Parameter): TSESTree.TypeNode | undefined {
  const target = param.type === 'TSParameterProperty' ? param.parameter : param;
  const inner = target.type === 'AssignmentPattern' ? target.left : target;
  return 'typeAnnotation' in inner ? inner.typeAnnotation?.typeAnnotation : undefined;
}

/** The class that a type annotation names, as `emitDecoratorMetadata` would keep it. */
function typeValue(interpreter: Interpreter, annotation: TSESTree.TypeNode | undefined, scope: Scope, module: LoadedModule): Value | undefined {
  if (annotation?.type !== 'TSTypeReference') return undefined;
  const read = (name: TSESTree.EntityName): Value | undefined => {
    const site = interpreter.site(module, name);
    if (name.type === 'Identifier') return interpreter.read(scope, name.name, site);
    if (name.type !== 'TSQualifiedName') return undefined;
    const left = read(name.left);
    return left && interpreter.get(left, name.right.name, site);
  };
  return read(annotation.typeName);
}

function propertyType(interpreter: Interpreter, created: ClassObject, key: PropertyKey): Value {
  for (let owner: Value | undefined = created; owner instanceof ClassObject; owner = owner.superclass) {
    for (const member of owner.node.body.body) {
      if (member.type !== 'PropertyDefinition' || member.computed || member.key.type !== 'Identifier' || member.key.name !== key) continue;
      return typeValue(interpreter, member.typeAnnotation?.typeAnnotation, owner.scope, owner.module) ?? interpreter.unknown('a dependency without a class', owner.site);
    }
  }
  return interpreter.unknown('a dependency without a class', created.site);
}

