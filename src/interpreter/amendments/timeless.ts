import type { TSESTree } from '@typescript-eslint/types';

/**
 * True for a module that does nothing when it is evaluated but declare functions and constants that follow from its text:
 * it does not matter when that is.
 */
export function isTimeless({ body }: TSESTree.Program): boolean {
  const own = new Set(body.flatMap(namesOf));
  return body.every((statement) => isTimelessStatement(statement, own));
}

/** The same for one statement, whatever the others do: it mentions none of what they bind. */
export function isTimelessAlone(statement: TSESTree.ProgramStatement): boolean {
  return isTimelessStatement(statement, new Set());
}

/** Names that stand for one thing from the beginning. */
function namesOf(statement: TSESTree.Node): readonly string[] {
  const declaration = (statement.type === 'ExportNamedDeclaration' && statement.declaration) || statement;
  if ((declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id) return [declaration.id.name];
  if (declaration.type !== 'VariableDeclaration' || declaration.kind !== 'const') return [];
  return declaration.declarations.flatMap(({ id, init }) => (id.type === 'Identifier' && !isRequire(init) ? [id.name] : []));
}

function isTimelessStatement(statement: TSESTree.Node, own: ReadonlySet<string>): boolean {
  switch (statement.type) {
    case 'FunctionDeclaration': case 'TSInterfaceDeclaration': case 'TSTypeAliasDeclaration': case 'TSDeclareFunction': case 'EmptyStatement': case 'ExportAllDeclaration': return true;
    case 'ImportDeclaration': return statement.specifiers.length > 0;
    case 'ExportNamedDeclaration': return !statement.declaration || isTimelessStatement(statement.declaration, own);
    case 'ExportDefaultDeclaration': return statement.declaration.type === 'FunctionDeclaration' || isTimelessStatement(statement.declaration, own) || isTimelessValue(statement.declaration, own);
    case 'VariableDeclaration': return statement.declarations.every(({ id, init }) => (id.type === 'Identifier' && (!init || isTimelessValue(init, own))) || isRequire(init));
    case 'ClassDeclaration': return isTimelessClass(statement, own);
    // exports.guard = (req, res, next) => …
    case 'ExpressionStatement': return typeof statement.directive === 'string' || isExport(statement.expression, own);
    default: return false;
  }
}

function isExport(expression: TSESTree.Expression, own: ReadonlySet<string>): boolean {
  if (expression.type !== 'AssignmentExpression' || expression.operator !== '=' || expression.left.type !== 'MemberExpression' || expression.left.computed) return false;
  const { object, property } = expression.left;
  const isExports = object.type === 'Identifier' && (object.name === 'exports' || (object.name === 'module' && property.type === 'Identifier' && property.name === 'exports'));
  return (isExports || (object.type === 'MemberExpression' && isModuleExports(object))) && isTimelessValue(expression.right, own);
}

function isModuleExports({ object, property, computed }: TSESTree.MemberExpression): boolean {
  return !computed && object.type === 'Identifier' && object.name === 'module' && property.type === 'Identifier' && property.name === 'exports';
}

/** const auth = require('./auth')      const { auth } = require('./auth') */
function isRequire(init: TSESTree.Expression | null): boolean {
  return init?.type === 'CallExpression' && init.callee.type === 'Identifier' && init.callee.name === 'require' && init.arguments.length === 1 && init.arguments[0]?.type === 'Literal';
}

function isTimelessValue(value: TSESTree.Node, own: ReadonlySet<string>): boolean {
  switch (value.type) {
    case 'FunctionExpression': case 'ArrowFunctionExpression': case 'Literal': return true;
    case 'Identifier': return own.has(value.name);
    case 'TemplateLiteral': return value.expressions.length === 0;
    case 'ArrayExpression': return value.elements.every((element) => element !== null && isTimelessValue(element, own));
    case 'ObjectExpression': return value.properties.every((property) => property.type === 'Property' && !property.computed && isTimelessValue(property.value, own));
    case 'TSAsExpression': case 'TSSatisfiesExpression': case 'TSNonNullExpression': return isTimelessValue(value.expression, own);
    case 'ClassExpression': return isTimelessClass(value, own);
    default: return false;
  }
}

/** Decorators run when somebody asks for what they leave. */
function isTimelessClass({ superClass, body }: TSESTree.ClassDeclaration | TSESTree.ClassExpression, own: ReadonlySet<string>): boolean {
  if (superClass && !isTimelessValue(superClass, own)) return false;
  return body.body.every((member) => (member.type === 'MethodDefinition' && !member.computed) || (member.type === 'PropertyDefinition' && !member.computed && !member.static));
}
