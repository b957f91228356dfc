import type { TSESTree } from '@typescript-eslint/types';
import { evaluate } from './expressions.ts';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { Scope } from '../modules/scope.ts';
import { Primitive, type Value } from '../values.ts';

/** enum Path { Users = '/users', Posts = '/posts' } — with the reverse names of numeric members. */
export function declareEnum(interpreter: Interpreter, node: TSESTree.TSEnumDeclaration, scope: Scope, module: LoadedModule): void {
  const object = interpreter.object(undefined, interpreter.site(module, node));
  const inner = new Scope(scope);
  let next: Value = new Primitive(0);
  for (const member of node.body.members) {
    const name = member.id.type === 'Identifier' ? member.id.name : member.id.type === 'Literal' ? String(member.id.value) : undefined;
    if (name === undefined) continue;
    const value: Value = member.initializer ? evaluate(interpreter, member.initializer, inner, module) : next;
    object.properties.set(name, value);
    inner.declare(name, value);
    if (value instanceof Primitive && typeof value.value === 'number') {
      object.properties.set(String(value.value), new Primitive(name));
      next = new Primitive(value.value + 1);
    }
  }
  interpreter.heap.setCell(scope.cells.get(node.id.name) ?? scope.declare(node.id.name, undefined), object);
}
