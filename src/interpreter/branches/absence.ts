import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../interpreter.ts';
import type { Scope } from '../modules/scope.ts';
import type { Labels } from '../labels.ts';
import { HeapObject, UNDEFINED } from '../values.ts';
import { children } from '../walk.ts';

/** What running a piece of code would have done to what comes after it. */
export interface Assigned {
  /** Variables that it assigns. */
  readonly variables: readonly string[];
  /** `object.property` that it assigns, both plain names. */
  readonly members: readonly (readonly [object: string, property: string])[];
  /** It can leave the function or the loop (return, throw, continue, break). */
  readonly exits: boolean;
}

/**
 * After a branch that absence decided: what the other branch would have set is absent, and where the other
 * branch would have left, all that follows in this function runs only because the credential is absent.
 *
 *     let user
 *     if (token) user = await verify(token)     // user: absent
 *     if (!user) return res.sendStatus(401)
 */
export function afterAbsence(interpreter: Interpreter, untaken: TSESTree.Node | null | undefined, scope: Scope, labels: Labels): Assigned | undefined {
  if (!untaken) return undefined;
  const assigned = assignedIn(interpreter, untaken);
  for (const name of assigned.variables) {
    const cell = scope.find(name);
    if (cell && !cell.thunk) interpreter.heap.setCell(cell, interpreter.label(cell.value ?? UNDEFINED, labels));
  }
  for (const [objectName, property] of assigned.members) {
    const object = scope.find(objectName)?.value;
    if (!(object instanceof HeapObject)) continue;
    const slot = object.properties.get(property) ?? UNDEFINED;
    if (slot.kind !== 'accessor') interpreter.heap.setProperty(object, property, slot.kind === 'object' ? slot : interpreter.label(slot, labels));
  }
  return assigned;
}

export function assignedIn(interpreter: Interpreter, node: TSESTree.Node): Assigned {
  const cached = interpreter.assigned.get(node);
  if (cached) return cached;
  const variables = new Set<string>();
  const members: (readonly [string, string])[] = [];
  let exits = false;
  const visit = (inner: TSESTree.Node, inFunction: boolean): void => {
    if (inner.type === 'AssignmentExpression' || inner.type === 'UpdateExpression') {
      const target = inner.type === 'AssignmentExpression' ? inner.left : inner.argument;
      if (target.type === 'Identifier') variables.add(target.name);
      else if (target.type === 'MemberExpression' && !target.computed && target.object.type === 'Identifier' && target.property.type === 'Identifier') members.push([target.object.name, target.property.name]);
    }
    if (!inFunction && (inner.type === 'ReturnStatement' || inner.type === 'ThrowStatement' || inner.type === 'ContinueStatement' || inner.type === 'BreakStatement')) exits = true;
    const nested = inFunction || inner.type === 'FunctionExpression' || inner.type === 'FunctionDeclaration' || inner.type === 'ArrowFunctionExpression';
    for (const child of children(inner)) visit(child, nested);
  };
  visit(node, false);
  const assigned = { variables: [...variables], members, exits };
  interpreter.assigned.set(node, assigned);
  return assigned;
}
