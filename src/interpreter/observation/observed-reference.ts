import { type Observations, ObservedText } from './observed.ts';
import { type Labels, NO_LABELS } from '../labels.ts';
import { type ClassObject, type FunctionObject, HeapObject, type NativeCall, type NativeFunction, type NativeImplementation, Primitive, Union, type UnionOption, type Value } from '../values.ts';

/** A function or a class of the program. */
type Bearer = FunctionObject | ClassObject | NativeFunction;

/** What stands for one function or class in one activity and for another in the next. */
export interface Referred {
  /** Tells it from others of the same activity: `handler`. */
  readonly name: string;
  readonly observations: Observations;
  /** What it is in the activity that runs. */
  current(): Bearer;
  /** All is learned of it that can be. */
  learnAll(): void;
  /** Tells values apart, the same for all activities that are compared. */
  numberOf(value: unknown): number;
}

/**
 * A function or a class that other activities have otherwise, such as the handler of a request. Code that knows of this
 * class asks only what it needs, and the answers are all that is learned: an activity with the same answers runs alike. To
 * all other code it is one of several values, of which reading `options` tells all.
 *
 *     reflector.get('roles', context.getHandler())
 */
export class ObservedReference extends Union {
  readonly name: string;
  private readonly referred: Referred;
  private readonly questions = new Map<string, (bearer: Bearer) => string | undefined>();

  constructor(referred: Referred) {
    super([]);
    this.name = referred.name;
    this.referred = referred;
    Object.defineProperty(this, 'options', { get: (): readonly UnionOption[] => [{ conditions: [], value: this.learnAll() }] });
  }

  override get labels(): Labels {
    return NO_LABELS;
  }

  learnAll(): Bearer {
    this.referred.learnAll();
    return this.referred.current();
  }

  /**
   * Learns the answer to a question, and no more: what it looks at must not tell apart what gives equal texts. Gives
   * what there is to look at. Equal keys are the same question.
   */
  ask(key: string, question: (bearer: Bearer) => string | undefined): Bearer {
    const name = `${this.name} ${key}`;
    if (!this.questions.has(name)) this.questions.set(name, question);
    this.referred.observations.add(name);
    return this.referred.current();
  }

  /** What the answer of that name is where the reference is to `bearer`; undefined where it has not been asked for, or cannot be compared. */
  answer(name: string, bearer: Bearer): string | undefined {
    return this.questions.get(name)?.(bearer);
  }

  /** For keys and answers about what has no text of its own. */
  numberOf(value: unknown): number {
    return this.referred.numberOf(value);
  }

  is(other: Value): boolean {
    return this.ask(`is #${this.numberOf(other)}`, (bearer) => String(bearer === other)) === other;
  }

  /** Its `name`; undefined where a program has set another. */
  nameText(): ObservedText | undefined {
    const { referred } = this;
    const bearer = referred.current();
    const content = ownName(bearer);
    if (content === undefined) return undefined;
    this.questions.set(`${this.name} name`, ownName);
    return ObservedText.named(`${this.name} name`, content, referred.observations);
  }
}

function ownName(bearer: Bearer): string | undefined {
  return bearer.properties.has('name') ? undefined : bearer.name;
}

/** What references among the values stand for, which is learned; others as they are. */
export function allLearned(values: readonly Value[]): readonly Value[] {
  return values.some((value) => value instanceof ObservedReference) ? values.map((value) => (value instanceof ObservedReference ? value.learnAll() : value)) : values;
}

/** An implementation that knows of references among its arguments. */
export function takingReferences(implementation: NativeImplementation): NativeImplementation {
  return Object.assign((call: NativeCall) => implementation(call), { takesReferences: true });
}

/** How to learn whether two values are the same, where one is observed; undefined where that takes all that can be learned, or nothing is. */
export function referenceEquality(left: Value, right: Value): (() => boolean) | undefined {
  if (left === right && left instanceof ObservedReference) return () => true;
  const [observed, other] = left instanceof ObservedReference ? [left, right] : [right, left];
  if (!(observed instanceof ObservedReference)) return undefined;
  if (other instanceof HeapObject) return () => observed.is(other);
  return other instanceof Primitive ? () => false : undefined;
}
