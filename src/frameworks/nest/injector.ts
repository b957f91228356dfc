import { decorate } from '../../interpreter/evaluation/decorators.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { BudgetExceeded, PathEnd, ThrowSignal } from '../../interpreter/signals.ts';
import { ClassObject, External, FunctionObject, HeapObject, NativeFunction, Primitive, type Site, Union, type Value, isCallable } from '../../interpreter/values.ts';
import { annotationOf, constructorNode, constructorOwner, propertyType, typeValue } from '../constructor-types.ts';
import { later, standIn } from '../later.ts';
import { createModuleRef, isModuleRef } from './module-ref.ts';
import { type ModuleGraph, type ModuleRecord, type Provider, tokenKey, unwrap } from './modules.ts';
import type { NestStore } from './store.ts';

/** Nest's dependency injection over one module graph: what a token or a class stands for, made when it is first used. */
export class Injector {
  private readonly interpreter: Interpreter;
  private readonly store: NestStore;
  private readonly graph: ModuleGraph;
  private readonly adapterHost: (site: Site) => Value;
  private readonly provided = new Map<Provider, Value>();
  private readonly instances = new Map<HeapObject, Value>();
  private readonly making = new Set<unknown>();

  /** `adapterHost` gives what stands for `HttpAdapterHost`. */
  constructor(interpreter: Interpreter, store: NestStore, graph: ModuleGraph, adapterHost: (site: Site) => Value) {
    this.interpreter = interpreter;
    this.store = store;
    this.graph = graph;
    this.adapterHost = adapterHost;
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
    if (given instanceof External) return this.ofPackage(given, from, site);
    if (given instanceof Primitive && given.value === 'REQUEST') return this.currentRequest();
    const name = given instanceof Primitive ? String(given.value) : 'a dependency';
    return interpreter.unknown(`what is injected for ${name}`, site, 0, given instanceof Primitive ? `injected ${name}` : undefined);
  }

  private ofPackage(given: External, from: ModuleRecord | undefined, site: Site): Value {
    if (isAdapterHost(given)) return this.adapterHost(site);
    if (!isModuleRef(given)) return instanceOfPackage(given, site);
    return createModuleRef(this.interpreter, {
      find: (token, at) => this.resolve(token, from, at),
      make: (created, at) => this.outsideOfRequests(at, () => this.construct(created, from, at)),
    });
  }

  /** The one instance of a class. */
  instanceOf(created: ClassObject | NativeFunction, from: ModuleRecord | undefined, site: Site): Value {
    const known = this.instances.get(created);
    if (known) return known;
    if (this.making.has(created)) return later(this.interpreter, () => this.instances.get(created) ?? this.interpreter.unknown('a class that needs itself', site));
    this.making.add(created);
    const made = this.outsideOfRequests(site, () => this.construct(created, from, site));
    this.making.delete(created);
    this.instances.set(created, made);
    this.start(made, site);
    return made;
  }

  /** Before the application takes requests, Nest lets whatever it made prepare itself. */
  private start(made: Value, site: Site): void {
    const { interpreter } = this;
    if (!(made instanceof HeapObject)) return;
    for (const name of LIFECYCLE_HOOKS) {
      const hook = interpreter.get(made, name, site);
      if (hook instanceof FunctionObject) this.outsideOfRequests(site, () => interpreter.call(hook, made, [], site), HOOK_STEPS);
    }
  }

  /** Providers of a token in the whole application, in the order of the modules. */
  everyProvider(token: unknown): readonly Provider[] {
    return this.graph.modules.flatMap((module) => module.providers.filter((p) => p.token === token).map((p) => (module.conditions.length === 0 ? p : { ...p, conditions: [...module.conditions, ...p.conditions] })));
  }

  /** Every class that is a provider. */
  providedClasses(): ClassObject[] {
    return this.graph.modules.flatMap((module) => module.providers.flatMap((p) => (p.kind === 'class' && p.subject instanceof ClassObject ? [p.subject] : [])));
  }

  /** Makes the classes that ask for the adapter: what they do when they start may register routes on it. */
  startAdapterUsers(): void {
    for (const module of this.graph.modules) {
      const classes = [module.type, ...module.providers.flatMap((p) => (p.kind === 'class' ? [unwrap(this.interpreter, p.subject, p.module.type.site as Site)] : []))];
      for (const made of classes) {
        if (!(made instanceof ClassObject) || !asksForAdapter(made)) continue;
        this.interpreter.underConditions(module.conditions, () => this.instanceOf(made, module, made.site as Site));
      }
    }
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
    return later(this.interpreter, () => {
      const given = token();
      return given.kind === 'unknown' ? given : this.resolve(given, from, site);
    });
  }

  /** The request that is being walked, for providers of request scope. */
  private currentRequest(): Value {
    const { interpreter, store } = this;
    return standIn(interpreter, () => {
      const run = store.active.current;
      return run && 'request' in run && run.request instanceof HeapObject ? run.request : interpreter.unknown('the request of a provider', undefined);
    });
  }

  /** What is made once for all requests is not taken back with one of them. */
  private outsideOfRequests(site: Site, run: () => Value, steps = this.interpreter.bounds.steps): Value {
    const { interpreter } = this;
    try {
      return interpreter.isolated(() => interpreter.withBudget(steps, run));
    } catch (signal) {
      if (!(signal instanceof ThrowSignal) && !(signal instanceof PathEnd) && !(signal instanceof BudgetExceeded)) throw signal;
      return interpreter.unknown('a provider that could not be made', site);
    }
  }
}

const LIFECYCLE_HOOKS = ['onModuleInit', 'onApplicationBootstrap'] as const;

/** Evaluated nodes for what one instance does to prepare itself. */
const HOOK_STEPS = 100_000;

function isAdapterHost(given: External): boolean {
  return given.package === '@nestjs/core' && (given.name === 'HttpAdapterHost' || given.name === 'ApplicationReferenceHost');
}

/** constructor(private readonly adapterHost: HttpAdapterHost) */
function asksForAdapter({ node, module }: ClassObject): boolean {
  return module.says(node, /\bHttpAdapterHost\b/);
}

function instanceOfPackage(given: External, site: Site): External {
  return new External({ step: 'new', package: given.package, subpath: given.subpath, base: given, site });
}
