import type { TSESTree } from '@typescript-eslint/types';
import { collectNames } from './hoisting.ts';
import type { Interpreter } from '../interpreter.ts';
import type { FunctionNode } from '../values.ts';
import { children, isFunction } from '../walk.ts';

const MAKES_FUNCTIONS: ReadonlySet<string> = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression', 'ClassDeclaration', 'ClassExpression']);

/**
 * Names that stand in functions and classes inside the function: variables of theirs may be read when a call of it is over. Found
 * once. Where functions inside get other bodies, `capturesOf` tells whether it still holds.
 */
export function capturedIn(interpreter: Interpreter, node: FunctionNode): ReadonlySet<string> {
  const known = interpreter.captured.get(node);
  if (known) return known;
  const captured = new Set<string>();
  const visit = (inner: TSESTree.Node, isInside: boolean): void => {
    if (isInside && isName(inner)) captured.add(inner.name);
    for (const child of children(inner)) visit(child, isInside || MAKES_FUNCTIONS.has(child.type));
  };
  interpreter.reads.unnoticed(() => visit(node, false));
  interpreter.captured.set(node, captured);
  return captured;
}

function isName(node: TSESTree.Node): node is TSESTree.Identifier | TSESTree.JSXIdentifier {
  return node.type === 'Identifier' || node.type === 'JSXIdentifier';
}

/** What a function mentions of what functions around it bind. */
export function capturesOf(interpreter: Interpreter, node: FunctionNode, outer: readonly FunctionNode[]): string {
  if (outer.length === 0) return '';
  return interpreter.reads.unnoticed(() => {
    const bound = new Set(outer.flatMap(boundIn));
    const mentioned = new Set<string>();
    const visit = (inner: TSESTree.Node): void => {
      if (isName(inner) && bound.has(inner.name)) mentioned.add(inner.name);
      for (const child of children(inner)) visit(child);
    };
    visit(node);
    return [...mentioned].sort().join();
  });
}

/** Names of parameters and of variables, wherever they are declared. */
function boundIn(node: FunctionNode): readonly string[] {
  const names: string[] = node.id ? [node.id.name] : [];
  for (const param of node.params) collectNames(param.type === 'TSParameterProperty' ? param.parameter : param, names);
  const visit = (inner: TSESTree.Node): void => {
    if (inner.type === 'VariableDeclarator') collectNames(inner.id, names);
    if (inner.type === 'CatchClause' && inner.param) collectNames(inner.param, names);
    if ((inner.type === 'FunctionDeclaration' || inner.type === 'ClassDeclaration') && inner.id) names.push(inner.id.name);
    if (!isFunction(inner)) for (const child of children(inner)) visit(child);
  };
  visit(node.body);
  return names;
}
