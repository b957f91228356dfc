import { type NativeCall, Primitive, UNDEFINED, type Value } from '../values.ts';
import { eachOption } from './options.ts';
import { mergedLabels } from './results.ts';

/**
 * Reads what a callback decided about elements. Where one path is explored at a time, only the first decision
 * that is not known is a choice; the others of the same call follow it, so that a long list makes two paths
 * and not two for each element.
 */
export class Decisions {
  private readonly call: NativeCall;
  private chosen: boolean | undefined;
  readonly values: Value[] = [];

  constructor(call: NativeCall) {
    this.call = call;
  }

  /** True, false, or undefined where both branches are to be kept (`join`). */
  read(decision: Value): boolean | undefined {
    const { interpreter, site } = this.call;
    this.values.push(decision);
    if (!interpreter.choosing) return interpreter.isTrue(decision, site);
    const truth = interpreter.whether(decision, site);
    if (truth.known) return truth.value;
    this.chosen ??= interpreter.isTrue(decision, site);
    return this.chosen;
  }

  /** A boolean that follows from every decision read so far. */
  result(content: boolean, source: Value): Primitive {
    return new Primitive(content, mergedLabels([source, ...this.values]));
  }
}

/** The callback's answer about one element; conditional elements are asked about under their conditions. */
export function callWith(call: NativeCall, callback: Value, element: Value, rest: readonly Value[]): Value | undefined {
  const receiver = call.args[1] ?? UNDEFINED;
  const settled = call.interpreter.settle(element);
  if (settled.kind === 'union' && call.interpreter.isJoining) call.interpreter.requireChoice(settled.options.flatMap((o) => o.conditions));
  return eachOption(call.interpreter, element, call.site, (option) =>
    call.interpreter.call(callback, receiver, [option, ...rest], call.site));
}
