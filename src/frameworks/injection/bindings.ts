import { decorate } from '../../interpreter/evaluation/decorators.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { metadataKey } from '../../interpreter/metadata.ts';
import { BudgetExceeded, PathEnd, ThrowSignal } from '../../interpreter/signals.ts';
import { identityOf } from '../../interpreter/text.ts';
import { ClassObject, type Condition, External, FunctionObject, HeapObject, ModelObject, NativeFunction, Primitive, type Site, Union, type Value } from '../../interpreter/values.ts';
import { annotationOf, constructorNode, constructorOwner, propertyType, typeValue } from '../constructor-types.ts';
import { later } from '../later.ts';
import { nameOf } from '../../guards/names.ts';

/** What a container gives for a token. */
export interface Binding {
  readonly make: (site: Site) => Value;
  /** One of several for a token, chosen by a name or a condition that is not followed. */
  isNarrowed: boolean;
  readonly conditions: readonly Condition[];
}

/** What a decorator says of a constructor's parameter or of a property: its token, or the annotation where that is left out. */
export interface Injected {
  readonly token: Value | undefined;
  /** Everything that is bound to the token, as a list. */
  readonly all: boolean;
}

/** The behaviour of the object that stands for a token which is looked for later: `delay(() => X)`. */
const LATE_TOKEN = 'late token';

export function lateToken(interpreter: Interpreter, find: Value | undefined): ModelObject {
  return new ModelObject(interpreter.realm.objectPrototype, { name: LATE_TOKEN }, find);
}

/**
 * What one program binds in its containers. All containers share it: programs have one, or bind different tokens in each.
 * Instances are made once, whatever their lifetime: those of one class do the same.
 */
export class Bindings {
  private readonly bound = new Map<unknown, Binding[]>();
  private readonly made = new Map<Binding, Value>();
  private readonly instances = new Map<ClassObject, Value>();
  private readonly making = new Set<unknown>();
  private readonly parameters = new WeakMap<HeapObject, Map<number, Injected>>();
  private readonly properties = new WeakMap<HeapObject, Map<PropertyKey, Injected>>();

  /** The last binding of a token counts, unless decisions of the program or names choose between several. */
  bind(interpreter: Interpreter, token: Value, make: Binding['make'], { adds = false }: { readonly adds?: boolean } = {}): Binding {
    const key = this.keyOf(interpreter, token);
    const binding: Binding = { make, isNarrowed: false, conditions: [...interpreter.conditions] };
    const before = adds || binding.conditions.length > 0 ? this.bound.get(key) ?? [] : [];
    this.bound.set(key, [...before, binding]);
    return binding;
  }

  isBound(interpreter: Interpreter, token: Value): boolean {
    return this.bound.has(this.keyOf(interpreter, token));
  }

  resolve(interpreter: Interpreter, token: Value, site: Site): Value {
    const given = this.tokenOf(interpreter, token, site);
    const bindings = this.bound.get(this.keyOf(interpreter, given)) ?? [];
    const certain = bindings.findLastIndex((b) => b.conditions.length === 0);
    const counting = bindings.slice(Math.max(certain, 0));
    const [first] = counting;
    if (bindings.length > 1 && bindings.some((b) => b.isNarrowed)) return interpreter.unfollowed(`which of several is injected for ${describe(given)}`, site);
    if (first && counting.length === 1) return this.provide(interpreter, first, site);
    // if (config.stripe) container.register('payments', Stripe); else container.register('payments', Fake)
    if (first) return interpreter.settle(new Union([...counting].reverse().map((b) => ({ conditions: b.conditions, value: this.provide(interpreter, b, site) }))));
    if (given instanceof ClassObject) return this.instanceOf(interpreter, given, site);
    if (given instanceof External) return new External({ step: 'new', package: given.package, subpath: given.subpath, base: given, site });
    return interpreter.unfollowed(`what is injected for ${describe(given)}`, site);
  }

  resolveAll(interpreter: Interpreter, token: Value, site: Site): Value {
    const bindings = this.bound.get(this.keyOf(interpreter, this.tokenOf(interpreter, token, site))) ?? [];
    return interpreter.array(bindings.map((b) => interpreter.underConditions(b.conditions, () => this.provide(interpreter, b, site))), site);
  }

  /** The one instance of a class. */
  instanceOf(interpreter: Interpreter, created: ClassObject, site: Site): Value {
    const known = this.instances.get(created);
    if (known) return known;
    if (this.making.has(created)) return later(interpreter, () => this.instances.get(created) ?? interpreter.unfollowed('a class that needs itself', site));
    const made = this.outsideOfRequests(interpreter, created, site, () => this.construct(interpreter, created, site));
    this.instances.set(created, made);
    return made;
  }

  provide(interpreter: Interpreter, binding: Binding, site: Site): Value {
    const known = this.made.get(binding);
    if (known) return known;
    if (this.making.has(binding)) return later(interpreter, () => this.made.get(binding) ?? interpreter.unfollowed('a binding that needs itself', site));
    const made = this.outsideOfRequests(interpreter, binding, site, () => binding.make(site));
    this.made.set(binding, made);
    return made;
  }

  /** An applied decorator or a call of it: (class, undefined, index) of a constructor's parameter, (prototype, key) of a property. */
  noteInjection([target, member, index]: readonly Value[], injected: Injected): void {
    if (!(target instanceof HeapObject)) return;
    if (index instanceof Primitive && typeof index.value === 'number') put(this.parameters, target, index.value, injected);
    else if (member instanceof Primitive && member.value !== undefined && member.value !== null) put(this.properties, target, member.value as PropertyKey, injected);
  }

  private construct(interpreter: Interpreter, created: ClassObject, site: Site): Value {
    decorate(interpreter, created);
    const owner = constructorOwner(created);
    const instance = interpreter.construct(created, owner ? this.argumentsOf(interpreter, owner, site) : [], site);
    if (!(instance instanceof HeapObject)) return instance;
    for (let prototype: HeapObject | null = created.instances; prototype; prototype = prototype.prototype) {
      for (const [key, { token, all }] of this.properties.get(prototype) ?? []) {
        interpreter.heap.setProperty(instance, key, this.given(interpreter, token ?? propertyType(interpreter, created, key), { all, site }));
      }
    }
    return instance;
  }

  private argumentsOf(interpreter: Interpreter, owner: ClassObject, site: Site): Value[] {
    const noted = this.parameters.get(owner);
    const written = constructorNode(owner)?.params ?? [];
    return written.map((param, index) => {
      const injected = noted?.get(index);
      const token = injected?.token ?? typeValue(interpreter, annotationOf(param), owner.scope, owner.module);
      return token ? this.given(interpreter, token, { all: injected?.all ?? false, site }) : interpreter.unfollowed('a dependency without a class', site);
    });
  }

  private given(interpreter: Interpreter, token: Value, { all, site }: { readonly all: boolean; readonly site: Site }): Value {
    if (token.kind === 'unknown') return token;
    return all ? this.resolveAll(interpreter, token, site) : this.resolve(interpreter, token, site);
  }

  /** `() => X` and `delay(() => X)` stand for X, which is a class that comes later in the file. */
  private tokenOf(interpreter: Interpreter, token: Value, site: Site): Value {
    const settled = interpreter.settle(token);
    if (settled instanceof FunctionObject && settled.node.type === 'ArrowFunctionExpression') return interpreter.call(settled, settled, [], site);
    if (settled instanceof ModelObject && settled.behaviour.name === LATE_TOKEN) return interpreter.call(settled.state as Value, settled, [], site);
    return settled;
  }

  private keyOf(interpreter: Interpreter, token: Value): unknown {
    const settled = interpreter.settle(token);
    return settled instanceof External ? `package ${identityOf(settled) ?? ''}` : metadataKey(settled);
  }

  /** What is made once for all requests is not taken back with one of them. */
  private outsideOfRequests(interpreter: Interpreter, key: unknown, site: Site, run: () => Value): Value {
    this.making.add(key);
    const make = (): Value => (interpreter.choosing ? interpreter.isolated(() => interpreter.withBudget(interpreter.bounds.steps, run)) : run());
    try {
      return make();
    } catch (signal) {
      if (!(signal instanceof ThrowSignal) && !(signal instanceof PathEnd) && !(signal instanceof BudgetExceeded && interpreter.choosing)) throw signal;
      return interpreter.unfollowed('an injected value that could not be made', site);
    } finally {
      this.making.delete(key);
    }
  }
}

function put<K>(store: WeakMap<HeapObject, Map<K, Injected>>, target: HeapObject, key: K, injected: Injected): void {
  let known = store.get(target);
  if (!known) store.set(target, known = new Map());
  known.set(key, injected);
}

function describe(token: Value): string {
  if (token instanceof Primitive) return typeof token.value === 'symbol' ? token.value.description ?? 'a symbol' : String(token.value);
  return token instanceof ClassObject || token instanceof NativeFunction || token instanceof External ? nameOf(token) : 'a token';
}
