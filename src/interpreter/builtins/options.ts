import type { Interpreter } from '../interpreter.ts';
import { unionOf } from '../members.ts';
import { type NativeImplementation, type Site, UNDEFINED, type UnionOption, type Value } from '../values.ts';
import { unknownResult } from './results.ts';

/** More operands than this that are one of several values are not multiplied out. */
const MAXIMAL_UNIONS = 3;

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
  return options.some((option) => option.value !== undefined) ? unionOf(options) : undefined;
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

/** Puts `fallback` where the union has nothing. */
export function fillMissing(value: Value | undefined, fallback: Value): Value {
  if (value === undefined) return fallback;
  if (value.kind !== 'union') return value;
  return unionOf(value.options.map((option) => ({ conditions: option.conditions, value: option.value ?? fallback })));
}

/** True for an element that exists only under a condition; where one path is explored at a time, the path decides. */
export function isConditional(interpreter: Interpreter, value: Value): boolean {
  const settled = interpreter.settle(value);
  // An array literal with one conditional element holds an option without the opposite one.
  return settled.kind === 'union' && (settled.options.length === 1 || settled.options.some((option) => option.value === undefined));
}
