import type { ActiveRequests } from '../../guards/active.ts';
import type { Judge } from '../../guards/judge.ts';
import { Subjects } from '../../guards/subjects.ts';
import { type ClassObject, HeapObject, type ModelObject, Primitive, type Value } from '../../interpreter/values.ts';

/** What a parameter of a handler gets, as its decorator says. */
export type Parameter =
  | { readonly kind: 'request' | 'response' | 'next' }
  /** A part of the request, and a member of it where the decorator names one. */
  | { readonly kind: 'part'; readonly part: string; readonly name: Value | undefined }
  /** An argument of a resolver, a gateway's or a message's method, by its position in the context, and a member of it where the decorator names one. */
  | { readonly kind: 'argument'; readonly index: number; readonly name: Value | undefined }
  /** createParamDecorator((data, context) => …) */
  | { readonly kind: 'custom'; readonly factory: Value; readonly data: Value }
  /** @Inject(TOKEN) of a constructor. */
  | { readonly kind: 'inject'; readonly token: Value };

type Members = Map<PropertyKey | undefined, Map<number, Parameter>>;

/** What one dry run has found of Nest: decorators write it, the module graph and the requests read it. */
export class NestStore {
  readonly judge: Judge;
  readonly active: ActiveRequests;
  readonly subjects = new Subjects();
  readonly applications: ModelObject[] = [];
  private readonly numbers = new Map<unknown, number>();
  private readonly parameters = new WeakMap<HeapObject, Members>();
  private readonly properties = new WeakMap<HeapObject, Map<PropertyKey, Value>>();

  constructor(judge: Judge, active: ActiveRequests) {
    this.judge = judge;
    this.active = active;
  }

  /** The same for the same value, another for another one. */
  numberOf(value: unknown): number {
    let number = this.numbers.get(value);
    if (number === undefined) this.numbers.set(value, number = this.numbers.size);
    return number;
  }

  addParameter(target: Value | undefined, member: Value | undefined, index: Value | undefined, parameter: Parameter): void {
    if (!(target instanceof HeapObject)) return;
    const key = member instanceof Primitive ? (member.value as PropertyKey | undefined) : undefined;
    if (!(index instanceof Primitive) || typeof index.value !== 'number') {
      // @Inject() private readonly service: Service
      if (parameter.kind === 'inject' && key !== undefined) {
        const known = this.properties.get(target) ?? new Map<PropertyKey, Value>();
        this.properties.set(target, known.set(key, parameter.token));
      }
      return;
    }
    const members: Members = this.parameters.get(target) ?? new Map();
    this.parameters.set(target, members);
    const known = members.get(key) ?? new Map<number, Parameter>();
    members.set(key, known);
    if (!known.has(index.value)) known.set(index.value, parameter);
  }

  /** As if the decorators of the class had not run. */
  forget(created: ClassObject): void {
    for (const target of [created, created.instances]) for (const known of [this.parameters, this.properties]) known.delete(target);
  }

  /** By position; of the class that declares the member. */
  parametersOf(target: HeapObject, member: PropertyKey | undefined): ReadonlyMap<number, Parameter> {
    for (let object: HeapObject | null = target; object; object = object.prototype) {
      const known = this.parameters.get(object)?.get(member);
      if (known) return known;
      if (member === undefined || object.properties.has(member)) break;
    }
    return new Map();
  }

  /** Properties of instances that dependency injection fills, with their tokens. */
  injectedProperties(target: HeapObject): ReadonlyMap<PropertyKey, Value> {
    const all = new Map<PropertyKey, Value>();
    for (let object: HeapObject | null = target; object; object = object.prototype) {
      for (const [key, token] of this.properties.get(object) ?? []) if (!all.has(key)) all.set(key, token);
    }
    return all;
  }
}
