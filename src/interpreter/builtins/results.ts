import { identityOf } from '../text.ts';
import { type Labels, mergeLabels } from '../labels.ts';
import { labelsOf, type NativeCall, Primitive, type PrimitiveContent, type Site, type Unknown, type Value } from '../values.ts';

export function mergedLabels(values: readonly Value[]): Labels {
  return mergeLabels(...values.map(labelsOf));
}

/** What is computed from the operands alone; equal identities of operands give equal results. */
export function unknownResult(call: NativeCall, name: string, operands: readonly Value[] = [call.receiver, ...call.args]): Unknown {
  const [receiver, ...args] = operands;
  const identity = receiver && callIdentity(identityOf(receiver), name, args);
  return call.interpreter.unknown(unknownReason(name, operands), call.site, mergedLabels(operands), identity);
}

/** As `unknownResult`, for functions without a receiver: `parseInt(x)`, `path.join(a, b)`. */
export function unknownFunctionResult(call: NativeCall, name: string, operands: readonly Value[] = call.args): Unknown {
  const parts = operands.map(identityOf);
  const identity = parts.every((part) => part !== undefined) ? `${name}(${parts.join(', ')})` : undefined;
  return call.interpreter.unknown(unknownReason(name, operands), call.site, mergedLabels(operands), identity);
}

function unknownReason(name: string, operands: readonly Value[]): string {
  const cause = operands.find((operand) => operand.kind === 'unknown');
  return cause ? cause.reason : `the result of ${name} is not known`;
}

export function wrongReceiver(call: NativeCall, expected: string): Unknown {
  if (call.receiver.kind === 'unknown') return call.interpreter.unknown(call.receiver.reason, call.site, call.receiver.labels);
  return call.interpreter.unknown(`a method of ${expected} is called on another value`, call.site, labelsOf(call.receiver));
}

export function known(content: PrimitiveContent, operands: readonly Value[], site?: Site): Primitive {
  return new Primitive(content, mergedLabels(operands), site);
}

function callIdentity(receiver: string | undefined, name: string, args: readonly Value[]): string | undefined {
  const parts = args.map(identityOf);
  return receiver !== undefined && parts.every((part) => part !== undefined) ? `${receiver}.${name}(${parts.join(', ')})` : undefined;
}
