import type { Interpreter } from './interpreter.ts';
import { FunctionObject, ClassObject, ModelObject, NativeFunction, type Labels, type Value, withLabels } from './values.ts';

/**
 * Labels a value: data objects in place (on the trail), primitives and opaque values as a copy. Functions and
 * framework objects are the program's, not the request's: they keep their labels.
 */
export function labelNode(interpreter: Interpreter, value: Value, labels: Labels): Value {
  // A client of a service (`new Octokit()`) is the program's as well.
  if (value.kind === 'external' && value.step === 'new') return value;
  if (value.kind !== 'object') return withLabels(value, labels);
  if (value instanceof ModelObject || value instanceof FunctionObject || value instanceof ClassObject || value instanceof NativeFunction) return value;
  interpreter.heap.addLabels(value, labels);
  return value;
}
