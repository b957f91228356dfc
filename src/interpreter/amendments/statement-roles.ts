import type { TSESTree } from '@typescript-eslint/types';
import { collectNames } from '../modules/hoisting.ts';
import { children, isFunction } from '../walk.ts';

/**
 * What a statement of a module is to its evaluation: `type` for what is not there at run time; `import` and `declaration`
 * bind names; `effect` runs for what it does; `other` does what is not taken apart.
 */
export type Role = 'type' | 'import' | 'declaration' | 'effect' | 'other';

export function roleOf(statement: TSESTree.ProgramStatement): Role {
  switch (statement.type) {
    case 'TSInterfaceDeclaration': case 'TSTypeAliasDeclaration': case 'TSDeclareFunction': case 'EmptyStatement': return 'type';
    case 'ImportDeclaration':
      if (statement.importKind === 'type') return 'type';
      return statement.specifiers.length === 0 ? 'other' : 'import';
    case 'FunctionDeclaration': case 'VariableDeclaration': return 'declaration';
    case 'ClassDeclaration': return statement.decorators.length === 0 ? 'declaration' : 'other';
    case 'ExportNamedDeclaration':
      if (statement.exportKind === 'type') return 'type';
      return statement.declaration ? roleOf(statement.declaration as TSESTree.ProgramStatement) : 'other';
    case 'ExpressionStatement': return typeof statement.directive === 'string' ? 'other' : 'effect';
    case 'IfStatement': case 'ForStatement': case 'ForOfStatement': case 'ForInStatement': case 'TryStatement': case 'BlockStatement': return 'effect';
    default: return 'other';
  }
}

/** It binds something that is there at run time. */
export function isValueImport(specifier: TSESTree.ImportClause): boolean {
  return specifier.type !== 'ImportSpecifier' || specifier.importKind !== 'type';
}

/** Names that the statement binds in its module. */
export function boundBy(statement: TSESTree.ProgramStatement): readonly string[] {
  if (statement.type === 'ImportDeclaration') return statement.specifiers.filter(isValueImport).map(({ local }) => local.name);
  const declaration = (statement.type === 'ExportNamedDeclaration' && statement.declaration) || statement;
  const names: string[] = [];
  if (declaration.type === 'VariableDeclaration') for (const { id } of declaration.declarations) collectNames(id, names);
  else if ((declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id) names.push(declaration.id.name);
  // if (isOn) { var guard = … }
  else if (roleOf(statement) === 'effect') collectVariables(statement, names);
  return names;
}

function collectVariables(node: TSESTree.Node, into: string[]): void {
  if (isFunction(node)) return;
  if (node.type === 'VariableDeclaration' && node.kind === 'var') for (const { id } of node.declarations) collectNames(id, into);
  for (const child of children(node)) collectVariables(child, into);
}

/** Names of the module that the statements export, whatever they are called elsewhere. */
export function exportedNames(body: readonly TSESTree.ProgramStatement[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of body) {
    if (statement.type === 'ExportNamedDeclaration') {
      if (statement.declaration) for (const name of boundBy(statement)) names.add(name);
      if (!statement.source) for (const { local } of statement.specifiers) if (local.type === 'Identifier') names.add(local.name);
    }
    if (statement.type !== 'ExportDefaultDeclaration') continue;
    const { declaration } = statement;
    if (declaration.type === 'Identifier') names.add(declaration.name);
    else if ((declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id) names.add(declaration.id.name);
  }
  return names;
}

/** Where a statement mentions one of the names: in code that it may run itself, and in functions, with all functions and classes around. */
export interface Mentions {
  readonly isDirect: boolean;
  readonly code: readonly TSESTree.Node[];
}

export function mentionsOf(statement: TSESTree.Node, names: ReadonlySet<string>): Mentions {
  let isDirect = false;
  const code = new Set<TSESTree.Node>();
  const visit = (node: TSESTree.Node, around: readonly TSESTree.Node[]): void => {
    if (node.type === 'Identifier' && names.has(node.name)) {
      // @Module({ imports })      a class runs its decorators and its static members itself, and keeps types for containers
      isDirect ||= !around.some(isFunction);
      for (const one of around) code.add(one);
    }
    const inner = isFunction(node) || node.type === 'ClassDeclaration' || node.type === 'ClassExpression' ? [...around, node] : around;
    for (const type of keptTypes(node)) visit(type, around);
    // router.get: the name of a member is no variable
    if (node.type === 'MemberExpression' && !node.computed) visit(node.object, inner);
    else for (const child of children(node)) visit(child, inner);
  };
  visit(statement, []);
  return { isDirect, code: [...code] };
}

/** Annotations that `emitDecoratorMetadata` makes values of, by which containers find what to inject. */
function keptTypes(node: TSESTree.Node): readonly TSESTree.Node[] {
  if (node.type === 'PropertyDefinition') return typesOf([node]);
  if (node.type !== 'MethodDefinition' || node.kind !== 'constructor') return [];
  return typesOf(node.value.params.map((param) => {
    const target = param.type === 'TSParameterProperty' ? param.parameter : param;
    return target.type === 'AssignmentPattern' ? target.left : target;
  }));
}

function typesOf(nodes: readonly TSESTree.Node[]): readonly TSESTree.Node[] {
  return nodes.flatMap((node) => ('typeAnnotation' in node && node.typeAnnotation?.type === 'TSTypeAnnotation' ? [node.typeAnnotation.typeAnnotation] : []));
}

/** Functions and classes in the statement. */
export function codeIn(node: TSESTree.Node): readonly TSESTree.Node[] {
  const own = isFunction(node) || node.type === 'ClassDeclaration' || node.type === 'ClassExpression' ? [node] : [];
  return [...own, ...children(node).flatMap(codeIn)];
}
