import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../interpreter/interpreter.ts';
import { textBetween } from '../interpreter/modules/loader.ts';
import { namesOf } from '../interpreter/observation/relevance.ts';
import type { Scope } from '../interpreter/modules/scope.ts';
import { spanOf } from '../interpreter/spans.ts';
import { type FunctionObject, Primitive, type Value } from '../interpreter/values.ts';

/**
 * True for a branch of the function that leaves it and uses none of its variables but plain data and those that
 * `isHarmless` names: whatever is called there is not given `next`, nor a function that may call it.
 *
 *     if (!req.user) return responses.unauthorized(req, res, 'log in first')
 */
export function leavesFor(interpreter: Interpreter, branch: TSESTree.Statement, scope: Scope, callee: FunctionObject, isHarmless: (value: Value) => boolean): boolean {
  const last = branch.type === 'BlockStatement' ? branch.body.at(-1) : branch;
  if (last?.type !== 'ReturnStatement' && last?.type !== 'ThrowStatement') return false;
  // req.next, where a program put it
  if (/\b(next|arguments)\b/.test(textBetween(callee.module, spanOf(branch).start, spanOf(branch).end))) return false;
  return namesOf(interpreter, branch).every((name) => {
    for (let at: Scope | undefined = scope; at && at !== callee.scope; at = at.parent) {
      const cell = at.cells.get(name);
      if (cell) return cell.value !== undefined && !cell.thunk && (cell.value instanceof Primitive || isHarmless(cell.value));
    }
    return true;
  });
}
