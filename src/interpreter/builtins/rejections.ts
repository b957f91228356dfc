import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../interpreter.ts';
import { CONTROLLING } from '../labels.ts';
import { ArrayObject, FunctionObject, labelsOf, type PromiseObject, type Site, type Value } from '../values.ts';
import { internalKey } from './properties.ts';

/** Callbacks that a rejection went past. */
const PASSED_OVER = internalKey('passed over');

/** A promise that is rejected as this one is, without the callback having run. */
export function passedOver(interpreter: Interpreter, promise: PromiseObject, callback: Value, site: Site): PromiseObject {
  if (!interpreter.choosing || !(callback instanceof FunctionObject)) return promise;
  const derived = interpreter.promise('rejected', promise.result, site);
  derived.properties.set(PASSED_OVER, interpreter.array([...callbacksOf(promise), callback], site));
  return derived;
}

/**
 * Runs the callback of a rejection: it stands under the branch that threw, as a `catch` does.
 *
 *     check(req).then((user) => res.json(user)).catch((error) => res.status(500).json(error.message))
 */
export function underRejection<T>(interpreter: Interpreter, promise: PromiseObject, { callback, onFulfilled }: { readonly callback: Value; readonly onFulfilled: Value }, site: Site, run: () => T): T {
  const labels = labelsOf(promise.result) & CONTROLLING;
  if (labels === 0 || !interpreter.choosing) return run();
  const depth = interpreter.controls.length;
  interpreter.enterControl({ labels, site: siteOf(interpreter, callback) ?? site, untaken: [...callbacksOf(promise), onFulfilled].flatMap(bodyOf) });
  const result = run();
  interpreter.controls.length = depth;
  return result;
}

function callbacksOf(promise: PromiseObject): readonly Value[] {
  const callbacks = promise.properties.get(PASSED_OVER);
  return callbacks instanceof ArrayObject ? callbacks.elements : [];
}

function bodyOf(callback: Value): readonly TSESTree.Node[] {
  return callback instanceof FunctionObject ? [callback.node.body] : [];
}

function siteOf(interpreter: Interpreter, callback: Value): Site | undefined {
  return callback instanceof FunctionObject ? interpreter.site(callback.module, callback.node) : undefined;
}
