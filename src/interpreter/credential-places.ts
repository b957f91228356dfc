import type { TSESTree } from '@typescript-eslint/types';
import { evaluate } from './evaluation/expressions.ts';
import type { Interpreter } from './interpreter.ts';
import { ABSENT } from './labels.ts';
import { mayBeCredential } from './labelling.ts';
import type { LoadedModule } from './modules/loader.ts';
import { bindPattern } from './evaluation/patterns.ts';
import type { Scope } from './modules/scope.ts';
import { boundOf } from './signals.ts';
import { Primitive, UNDEFINED, Union, type Value, withLabels } from './values.ts';

/**
 * What the client sends in place of a credential that it does not have is another place for the credential, whichever of
 * them is looked at first.
 *
 *     req.body.token || req.headers['x-token']
 */
export function asPlace(interpreter: Interpreter, value: Value, otherwise: TSESTree.Expression, scope: Scope, module: LoadedModule): Value {
  if (!interpreter.choosing || !optionsOf(value).some(mayBeCredential)) return value;
  const other = elsewhere(interpreter, otherwise, scope, module);
  if (!(other instanceof Primitive) || other.value || (other.labels & ABSENT) === 0) return value;
  const place = (one: Value): Value => (mayBeCredential(one) ? withLabels(one, ABSENT) : one instanceof Primitive && !one.value ? other : one);
  return value.kind === 'union' ? new Union(value.options.map(({ conditions, value: one }) => ({ conditions, value: place(one ?? UNDEFINED) }))) : place(value);
}

function optionsOf(value: Value): readonly Value[] {
  return value.kind === 'union' ? value.options.flatMap((option) => option.value ?? []) : [value];
}

/** What the expression gives, where that can be said without a decision. Nothing that it does stays. */
function elsewhere(interpreter: Interpreter, expression: TSESTree.Expression, scope: Scope, module: LoadedModule): Value | undefined {
  const { heap, branching, meetings, lastControl, forks } = interpreter;
  const mark = heap.mark();
  const depths = interpreter.depths();
  interpreter.branching = { mode: 'join' };
  interpreter.meetings = [];
  try {
    return evaluate(interpreter, expression, scope, module);
  } catch (signal) {
    if (boundOf(signal)) throw signal;
    interpreter.restoreDepths(depths);
    return undefined;
  } finally {
    heap.undoTo(mark);
    Object.assign(interpreter, { branching, meetings, lastControl, forks });
  }
}

/** `if (!token) token = req.headers['x-token']` is `token ||= req.headers['x-token']`. True where both are places of a credential. */
export function fillsPlace(interpreter: Interpreter, { test, consequent, alternate }: TSESTree.IfStatement, scope: Scope, module: LoadedModule): boolean {
  if (!interpreter.choosing || alternate || test.type !== 'UnaryExpression' || test.operator !== '!' || test.argument.type !== 'Identifier') return false;
  const statement = consequent.type === 'BlockStatement' && consequent.body.length === 1 ? consequent.body[0] : consequent;
  if (statement?.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression' || statement.expression.operator !== '=') return false;
  const { left, right } = statement.expression;
  if (left.type !== 'Identifier' || left.name !== test.argument.name) return false;
  const value = scope.find(left.name)?.value;
  const place = value && asPlace(interpreter, value, right, scope, module);
  if (!place || place === value) return false;
  bindPattern(interpreter, left, place, scope, module, 'assign');
  return true;
}
