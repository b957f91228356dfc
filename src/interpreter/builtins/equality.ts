import { ObservedText, observedEquality } from '../observation/observed.ts';
import { binaryOperation } from '../evaluation/operators.ts';
import { type NativeCall, Primitive, type Value } from '../values.ts';
import { sameText } from './partial-text.ts';
import { mergedLabels } from './results.ts';

/** `SameValueZero` of two values, as `includes`, `Map` and `Set` use it: a boolean, known or not. */
export function sameValue(call: NativeCall, left: Value, right: Value): Value {
  if (left.kind === 'primitive' && right.kind === 'primitive') {
    return new Primitive(observedEquality(left, right, false) ?? [left.value].includes(right.value), mergedLabels([left, right]));
  }
  const leftText = textParts(left);
  const rightText = textParts(right);
  const same = leftText && rightText ? sameText(leftText, rightText) : undefined;
  return same === undefined
    ? binaryOperation(call.interpreter, '===', left, right, call.site)
    : new Primitive(same, mergedLabels([left, right]));
}

/** True, false, or undefined where it cannot be told. */
export function isSameValue(call: NativeCall, left: Value, right: Value): boolean | undefined {
  if (left === right) return true;
  const truth = call.interpreter.whether(sameValue(call, left, right), call.site);
  return truth.known ? truth.value : undefined;
}

function textParts(value: Value) {
  if (value.kind === 'unknown') return value.parts;
  if (value instanceof ObservedText) return undefined;
  return value.kind === 'primitive' && typeof value.value === 'string' ? [value.value] : undefined;
}
