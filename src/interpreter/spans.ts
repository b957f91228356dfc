/** Offsets in the text of a module, in UTF-16 code units: the first of a node, and the one behind its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a node of a parsed module stands. The parser adapter (`src/project/parse.ts`) keeps both offsets on the node
 * itself in place of the `range` of its type: lists of two numbers took half of the memory of a tree.
 */
export function spanOf(node: object): Span {
  return node as Span;
}
