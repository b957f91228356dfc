import type { Decision } from '../host.ts';
import type { Interpreter } from '../interpreter.ts';
import type { Attempt } from './joining.ts';
import { ObservedReference } from '../observation/observed-reference.ts';
import { identityOf } from '../text.ts';
import { CLIENT } from '../labels.ts';
import { TOO_MANY } from '../reasons.ts';
import { type ArrayObject, type Condition, External, labelsOf, UNDEFINED, type Union, type UnionOption, Unknown, type Value } from '../values.ts';

/** Possibilities for one value that are followed at once. */
const MAX_JOINED_OPTIONS = 40;

/** In choose mode the option that this path takes; otherwise the union itself, or the only option that is possible here. */
export function settleUnion(interpreter: Interpreter, union: Union): Value {
  if (interpreter.attempt && interpreter.joining?.hasFound) takeRelevant(interpreter, union, interpreter.attempt);
  // Many are variables that nobody reads again.
  const unfollowed = interpreter.attempt && union.options.length > MAX_JOINED_OPTIONS ? tooMany(interpreter, union) : undefined;
  if (unfollowed) return unfollowed;
  if (interpreter.branching.mode !== 'choose') return onlyPossible(interpreter, union)?.value ?? union;
  return instancesOfOneClass(union) ?? optionOf(interpreter, union) ?? UNDEFINED;
}

/** As `Interpreter.settle`, for code that only hands the value on: an observed reference stays one. */
export function passed(interpreter: Interpreter, value: Value): Value {
  return value instanceof ObservedReference ? value : interpreter.settle(value);
}

/** The one option that is possible here, where it is sure to be taken. */
function onlyPossible(interpreter: Interpreter, { options }: Union): UnionOption | undefined {
  let only: UnionOption | undefined;
  for (const option of options) {
    if (!interpreter.isPossible(option.conditions)) continue;
    if (only) return undefined;
    only = option;
  }
  return only?.conditions.every((c) => interpreter.held(c.key) !== undefined) ? only : undefined;
}

/** Stands for so many possibilities. What hangs on it is uncertain, and may go either way. */
function tooMany(interpreter: Interpreter, union: Union): Unknown | undefined {
  const possible = union.options.filter((o) => interpreter.isPossible(o.conditions));
  if (possible.length <= MAX_JOINED_OPTIONS) return undefined;
  return new Unknown(TOO_MANY, { unfollowed: true, labels: possible.reduce((all, o) => all | (o.value ? labelsOf(o.value) : 0), CLIENT) });
}

function takeRelevant(interpreter: Interpreter, union: Union, attempt: Attempt): void {
  for (const { conditions } of union.options) {
    for (const condition of conditions) {
      if (!interpreter.joining?.matters(condition) || interpreter.held(condition.key) !== undefined) continue;
      attempt.chosen.push({ ...condition, branch: attempt.choose(['true', 'false'], condition, kindOf(condition)) });
    }
  }
}

/** The option that this path takes, in choose mode; undefined where nothing is there. */
function optionOf(interpreter: Interpreter, union: Union): Value | undefined {
  const { branching } = interpreter;
  if (branching.mode !== 'choose') return union;
  for (const option of union.options) {
    const taken = option.conditions.every((condition) => branching.choose(['true', 'false'], condition, kindOf(condition)) === condition.branch);
    if (taken) return option.value && interpreter.settle(option.value);
  }
  return undefined;
}

/** Elements that are there only under a condition: in choose mode each is decided now; true where some stay open. */
export function settleElements(interpreter: Interpreter, array: ArrayObject): boolean {
  if (!array.elements.some(isSometimes)) return false;
  if (interpreter.isJoining) {
    interpreter.heap.setElements(array, array.elements.flatMap((element) => (isSometimes(element) ? presentNow(interpreter, element) : [element])));
    return false;
  }
  if (interpreter.branching.mode !== 'choose') return true;
  interpreter.heap.setElements(array, array.elements.flatMap((element) => {
    if (!isSometimes(element)) return [element];
    const value = optionOf(interpreter, element);
    return value ? [value] : [];
  }));
  return false;
}

/** Whether the element is there has to be decided now. */
function presentNow(interpreter: Interpreter, element: Union): Value[] {
  interpreter.settle(element);
  const option = element.options.find((o) => interpreter.isPossible(o.conditions));
  const open = option?.conditions.filter((c) => interpreter.held(c.key) === undefined) ?? [];
  if (open.length > 0) interpreter.requireChoice(open);
  return option?.value ? [option.value] : [];
}

function kindOf(condition: Condition): Decision['kind'] {
  if (condition.isUncertain) return 'uncertain';
  return condition.configuration ? 'configuration' : 'choice';
}

/** An element of a list that may not be there at all. */
function isSometimes(element: Value): element is Union {
  return element.kind === 'union' && (element.options.length === 1 || element.options.some((o) => o.value === undefined));
}

/** Instances of one class of a package that differ in their options only, such as `new DataSource({ … })` for each database. */
function instancesOfOneClass(union: Union): External | undefined {
  const [first] = union.options;
  if (!(first?.value instanceof External) || first.value.step !== 'new' || !first.value.base) return undefined;
  const identity = identityOf(first.value.base);
  const isAlike = ({ value }: UnionOption): boolean => value instanceof External && value.step === 'new' && value.base !== undefined && identityOf(value.base) === identity;
  return identity !== undefined && union.options.every(isAlike) ? first.value : undefined;
}
