import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { LoadedModule } from '../interpreter/modules/loader.ts';
import type { Scope } from '../interpreter/modules/scope.ts';
import { ClassObject, type Value } from '../interpreter/values.ts';

/** The constructor as it is written in the class itself. */
export function constructorNode(created: ClassObject): TSESTree.FunctionExpression | TSESTree.TSEmptyBodyFunctionExpression | undefined {
  const found = created.node.body.body.find((m) => m.type === 'MethodDefinition' && m.kind === 'constructor' && m.value.type !== 'TSEmptyBodyFunctionExpression');
  return found?.type === 'MethodDefinition' ? found.value : undefined;
}

/** The class whose constructor runs: the nearest that has one. */
export function constructorOwner(created: ClassObject): ClassObject | undefined {
  for (let owner: Value | undefined = created; owner instanceof ClassObject; owner = owner.superclass) if (constructorNode(owner)) return owner;
  return undefined;
}

export function annotationOf(param: TSESTree.Parameter): TSESTree.TypeNode | undefined {
  const target = param.type === 'TSParameterProperty' ? param.parameter : param;
  const inner = target.type === 'AssignmentPattern' ? target.left : target;
  return 'typeAnnotation' in inner ? inner.typeAnnotation?.typeAnnotation : undefined;
}

/** The class that a type annotation names, as `emitDecoratorMetadata` would keep it. */
export function typeValue(interpreter: Interpreter, annotation: TSESTree.TypeNode | undefined, scope: Scope, module: LoadedModule): Value | undefined {
  if (annotation?.type !== 'TSTypeReference') return undefined;
  const read = (name: TSESTree.EntityName): Value | undefined => {
    const site = interpreter.site(module, name);
    if (name.type === 'Identifier') return interpreter.read(scope, name.name, site);
    if (name.type !== 'TSQualifiedName') return undefined;
    const left = read(name.left);
    return left && interpreter.get(left, name.right.name, site);
  };
  return read(annotation.typeName);
}

/** What is injected into a property, as its annotation says. */
export function propertyType(interpreter: Interpreter, created: ClassObject, key: PropertyKey): Value {
  for (let owner: Value | undefined = created; owner instanceof ClassObject; owner = owner.superclass) {
    for (const member of owner.node.body.body) {
      if (member.type !== 'PropertyDefinition' || member.computed || member.key.type !== 'Identifier' || member.key.name !== key) continue;
      return typeValue(interpreter, member.typeAnnotation?.typeAnnotation, owner.scope, owner.module) ?? interpreter.unknown('a dependency without a class', owner.site);
    }
  }
  return interpreter.unknown('a dependency without a class', created.site);
}
