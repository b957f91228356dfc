import type { TSESTree } from '@typescript-eslint/types';
import { createFunction } from '../evaluation/functions.ts';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from './loader.ts';
import type { Scope } from './scope.ts';
import { UNDEFINED } from '../values.ts';

/** What a body declares before its first statement runs. */
export interface Hoisted {
  /** `var` names of the whole function. */
  readonly variables: readonly string[];
  /** Function declarations of this block. */
  readonly functions: readonly TSESTree.FunctionDeclaration[];
  /** `let`, `const`, `class` names of this block. */
  readonly lexical: readonly string[];
}

type Body = TSESTree.BlockStatement | TSESTree.Program | TSESTree.TSModuleBlock | TSESTree.StaticBlock;

/** For the body of a function or module. */
export function hoistedOf(interpreter: Interpreter, body: Body): Hoisted {
  let hoisted = interpreter.hoisted.get(body);
  if (!hoisted) {
    const variables = new Set<string>();
    for (const statement of body.body) collectVariables(statement, variables);
    const block = lexicalOf(body.body);
    hoisted = { variables: [...variables], functions: block.functions, lexical: block.lexical };
    interpreter.hoisted.set(body, hoisted);
  }
  return hoisted;
}

/** For a block inside a function. */
export function hoistedOfBlock(interpreter: Interpreter, statements: readonly TSESTree.Statement[]): Hoisted {
  let hoisted = interpreter.hoisted.get(statements);
  if (!hoisted) {
    hoisted = lexicalOf(statements);
    interpreter.hoisted.set(statements, hoisted);
  }
  return hoisted;
}

export function declareHoisted(interpreter: Interpreter, hoisted: Hoisted, scope: Scope, module: LoadedModule): void {
  for (const name of hoisted.variables) if (!scope.cells.has(name)) scope.declare(name, UNDEFINED);
  for (const name of hoisted.lexical) if (!scope.cells.has(name)) scope.declare(name, undefined);
  for (const node of hoisted.functions) if (node.id) scope.declare(node.id.name, createFunction(interpreter, node, scope, module, node.id.name));
}

function lexicalOf(statements: readonly TSESTree.Node[]): Hoisted {
  const functions: TSESTree.FunctionDeclaration[] = [];
  const lexical: string[] = [];
  for (let statement of statements) {
    if ((statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') && statement.declaration) statement = statement.declaration;
    if (statement.type === 'FunctionDeclaration') functions.push(statement);
    else if (statement.type === 'ClassDeclaration' && statement.id) lexical.push(statement.id.name);
    else if (statement.type === 'TSEnumDeclaration') lexical.push(statement.id.name);
    else if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') for (const d of statement.declarations) collectNames(d.id, lexical);
  }
  return { variables: [], functions, lexical };
}

export function collectNames(pattern: TSESTree.Node, into: string[]): void {
  switch (pattern.type) {
    case 'Identifier': into.push(pattern.name); break;
    case 'ObjectPattern': for (const p of pattern.properties) collectNames(p.type === 'Property' ? p.value : p.argument, into); break;
    case 'ArrayPattern': for (const e of pattern.elements) if (e) collectNames(e, into); break;
    case 'AssignmentPattern': collectNames(pattern.left, into); break;
    case 'RestElement': collectNames(pattern.argument, into); break;
    default: break;
  }
}

function collectVariables(node: TSESTree.Node, into: Set<string>): void {
  switch (node.type) {
    case 'VariableDeclaration':
      if (node.kind === 'var') {
        const names: string[] = [];
        for (const d of node.declarations) collectNames(d.id, names);
        for (const name of names) into.add(name);
      }
      break;
    case 'ExportNamedDeclaration': if (node.declaration) collectVariables(node.declaration, into); break;
    case 'BlockStatement': for (const s of node.body) collectVariables(s, into); break;
    case 'IfStatement':
      collectVariables(node.consequent, into);
      if (node.alternate) collectVariables(node.alternate, into);
      break;
    case 'ForStatement':
      if (node.init) collectVariables(node.init, into);
      collectVariables(node.body, into);
      break;
    case 'ForInStatement': case 'ForOfStatement':
      collectVariables(node.left, into);
      collectVariables(node.body, into);
      break;
    case 'WhileStatement': case 'DoWhileStatement': case 'LabeledStatement': collectVariables(node.body, into); break;
    case 'TryStatement':
      collectVariables(node.block, into);
      if (node.handler) collectVariables(node.handler.body, into);
      if (node.finalizer) collectVariables(node.finalizer, into);
      break;
    case 'SwitchStatement': for (const c of node.cases) for (const s of c.consequent) collectVariables(s, into); break;
    default: break;
  }
}
