import type { TSESTree } from '@typescript-eslint/types';
import type { FunctionNode } from './values.ts';

const LEFT_OUT: ReadonlySet<string> = new Set(['parent', 'loc', 'typeAnnotation', 'returnType', 'typeParameters']);

/** The child nodes of a node, in source order of its keys; types and positions left out. */
export function children(node: TSESTree.Node): TSESTree.Node[] {
  const found: TSESTree.Node[] = [];
  // Not by entries: every function is looked through several times.
  for (const key in node) {
    const value: unknown = node[key as keyof TSESTree.Node];
    if (typeof value !== 'object' || value === null || LEFT_OUT.has(key)) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) found.push(item);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

export function isFunction(node: TSESTree.Node): node is FunctionNode {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}

export function isNode(value: unknown): value is TSESTree.Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
