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

/** A pure function of the host on primitives: `Math.max`, `encodeURIComponent`. */
export function hostFunction(name: string, run: (...args: never[]) => PrimitiveContent) {
  return (call: NativeCall): Value => {
    const contents = contentsOf(call.args);
    if (!contents) return unknownFunctionResult(call, name);
    const result = hostCall(call, call.args, () => run(...(contents as never[])));
    return new Primitive(result, mergedLabels(call.args), typeof result === 'string' ? literalSite(call.args) : undefined);
  };
}

function literalSite(args: readonly Value[]): Site | undefined {
  const [first] = args;
  return first?.kind === 'primitive' ? first.site : undefined;
}
