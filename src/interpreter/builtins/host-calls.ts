import { learnResult, ObservedText } from '../observation/observed.ts';
import { type NativeCall, Primitive, type PrimitiveContent, type Site, type Value } from '../values.ts';
import { mergedLabels, unknownFunctionResult } from './results.ts';

/** Texts longer than this are not computed. */
export const MAXIMAL_TEXT = 100_000;

/** The contents of operands that are all primitives; undefined where one is not. */
export function contentsOf(operands: readonly Value[]): PrimitiveContent[] | undefined {
  const contents: PrimitiveContent[] = [];
  for (const operand of operands) {
    if (operand.kind !== 'primitive') return undefined;
    contents.push(operand.value);
  }
  return contents;
}

/** Runs a pure function of the host; what it throws is thrown in the interpreted program. */
export function hostCall<T>(call: NativeCall, operands: readonly Value[], run: () => T): T {
  try {
    return run();
  } catch (error) {
    const isError = error instanceof Error;
    return call.interpreter.throwError(isError ? error.constructor.name : 'Error', isError ? error.message : '', call.site, mergedLabels(operands));
  }
}

/** A pure function of the host on primitives: `parseInt`, `encodeURIComponent`. Further arguments than `arity` do not count. */
export function hostFunction(name: string, run: (...args: never[]) => PrimitiveContent, arity: number = run.length) {
  return (call: NativeCall): Value => {
    const args = call.args.slice(0, arity);
    const [only] = args;
    if (only instanceof ObservedText && args.length === 1) return learnResult(only, name, (text) => hostFunction(name, run, arity)({ ...call, args: [text] }));
    const contents = contentsOf(args);
    if (!contents) return unknownFunctionResult(call, name, args);
    const result = hostCall(call, args, () => run(...(contents as never[])));
    return new Primitive(result, mergedLabels(args), typeof result === 'string' ? literalSite(args) : undefined);
  };
}

function literalSite(args: readonly Value[]): Site | undefined {
  const [first] = args;
  return first?.kind === 'primitive' ? first.site : undefined;
}
