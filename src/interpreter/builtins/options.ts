import type { Interpreter } from '../interpreter.ts';
import { unionIn, unionOf } from '../evaluation/members.ts';
import { type Condition, type NativeImplementation, type Site, UNDEFINED, Union, type UnionOption, type Value } from '../values.ts';
import { unknownResult } from './results.ts';

/** More operands than this that are one of several values are not multiplied out. */
const MAXIMAL_UNIONS = 3;
/** More possibilities than this for one element are not kept apart. */
const MAXIMAL_OPTIONS = 12;

/**
 * Runs for each value that `value` may be, under that option's conditions, and keeps the results
 * conditional. Returns nothing (`undefined`) where no option gives anything.
 */
export function eachOption(
  interpreter: Interpreter, value: Value, site: Site, run: (option: Value) => Value | undefined,
): Value | undefined {
  const settled = interpreter.settle(value);
  if (settled.kind !== 'union') return run(settled);
  const options: UnionOption[] = [];
  for (const { conditions, value: option } of settled.options) {
    if (!interpreter.isPossible(conditions)) continue;
    const result = option && interpreter.underConditions(conditions, () => eachOption(interpreter, option, site, run));
    if (result?.kind !== 'union') options.push({ conditions, value: result });
    else for (const inner of result.options) options.push({ conditions: [...conditions, ...inner.conditions], value: inner.value });
  }
  if (options.every((option) => option.value === undefined)) return undefined;
  // What is there only under a condition stays so, also where it is one and the same value.
  return isConditional(interpreter, settled) && options.length <= MAXIMAL_OPTIONS ? new Union(options) : unionIn(interpreter, options);
}

/** A function without effects on data: runs once per combination where operands are one of several values. */
export function perOption(name: string, implementation: NativeImplementation): NativeImplementation {
  return (call) => {
    const operands = [call.receiver, ...call.args];
    const unions = operands.flatMap((operand, index) => (operand.kind === 'union' ? [index] : []));
    if (unions.length === 0) return implementation(call);
    if (unions.length > MAXIMAL_UNIONS) return unknownResult(call, name, operands);
    const index = unions[0] as number;
    const distributed = perOption(name, implementation);
    return eachOption(call.interpreter, operands[index] as Value, call.site, (option) => {
      const [receiver = UNDEFINED, ...args] = operands.with(index, option);
      return distributed({ ...call, receiver, args });
    }) ?? UNDEFINED;
  };
}

/** `whenTrue` where the decision is true, else `whenFalse`. For decisions that are not known (`join`). */
export function select(interpreter: Interpreter, decision: Value, site: Site, whenTrue: Value, whenFalse: Value): Value {
  const yes = interpreter.when(decision, 'true', site, whenTrue);
  const no = interpreter.when(decision, 'false', site, whenFalse);
  return unionOf([...optionsOf(yes), ...optionsOf(no)]);
}

function optionsOf(value: Value): readonly UnionOption[] {
  return value.kind === 'union' ? value.options : [{ conditions: [], value }];
}

/** Puts `fallback` where the value is not there. */
export function fillMissing(interpreter: Interpreter, value: Value | undefined, fallback: Value): Value {
  if (value === undefined) return fallback;
  if (value.kind !== 'union' || !isConditional(interpreter, value)) return value;
  const options = value.options.map((option) => ({ conditions: option.conditions, value: option.value ?? fallback }));
  const [only] = options;
  if (only && options.length === 1) options.push({ conditions: opposite(only.conditions), value: fallback });
  return unionOf(options);
}

/** None where it takes more than one condition to say it: the option then stands for every other case. */
function opposite(conditions: readonly Condition[]): readonly Condition[] {
  const [condition] = conditions;
  return condition && conditions.length === 1 ? [{ ...condition, branch: condition.branch === 'true' ? 'false' : 'true' }] : [];
}

/** True for an element that exists only under a condition; where one path is explored at a time, the path decides. */
export function isConditional(interpreter: Interpreter, value: Value): boolean {
  const settled = interpreter.settle(value);
  // An array literal with one conditional element holds an option without the opposite one.
  return settled.kind === 'union' && (settled.options.length === 1 || settled.options.some((option) => option.value === undefined));
}
