import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from './interpreter.ts';
import type { FunctionNode } from './values.ts';
import { children } from './walk.ts';

const MAKES_FUNCTIONS: ReadonlySet<string> = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression', 'ClassDeclaration', 'ClassExpression']);

/** Names that stand in functions and classes inside the function: variables of theirs may be read when a call of it is over. Found once. */
export function capturedIn(interpreter: Interpreter, node: FunctionNode): ReadonlySet<string> {
  const known = interpreter.captured.get(node);
  if (known) return known;
  const captured = new Set<string>();
  const visit = (inner: TSESTree.Node, isInside: boolean): void => {
    if (isInside && (inner.type === 'Identifier' || inner.type === 'JSXIdentifier')) captured.add(inner.name);
    for (const child of children(inner)) visit(child, isInside || MAKES_FUNCTIONS.has(child.type));
  };
  visit(node, false);
  interpreter.captured.set(node, captured);
  return captured;
}
