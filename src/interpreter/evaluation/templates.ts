import type { TSESTree } from '@typescript-eslint/types';
import { evaluate } from './expressions.ts';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { mapUnion } from './members.ts';
import { observedJoin } from '../observation/observed.ts';
import type { Scope } from '../modules/scope.ts';
import { partsWithin, textOf } from '../text.ts';
import { type Labels, mergeLabels } from '../labels.ts';
import { Primitive, type Site, Unknown, type Value, labelsOf, withLabels } from '../values.ts';

/** The text of a template literal, in as many parts as are known. */
export function template(interpreter: Interpreter, node: TSESTree.TemplateLiteral, scope: Scope, module: LoadedModule): Value {
  const site = interpreter.site(module, node);
  const pieces: Value[] = [];
  for (const [index, quasi] of node.quasis.entries()) {
    pieces.push(new Primitive(quasi.value.cooked ?? quasi.value.raw));
    const expression = node.expressions[index];
    if (!expression) continue;
    const value = interpreter.settle(evaluate(interpreter, expression, scope, module));
    const exact = value instanceof Unknown && value.fallback ? value.fallback : value;
    if (exact.kind === 'union') {
      const labels = mergeLabels(labelsOf(value), ...pieces.map(labelsOf));
      return mapUnion(interpreter, exact, (option) => joinedText([...pieces, option, ...restOfTemplate(interpreter, node, index + 1, scope, module)], site, labels));
    }
    pieces.push(labelsOf(exact) === labelsOf(value) ? exact : withLabels(exact, labelsOf(value)));
  }
  return joinedText(pieces, site, mergeLabels(...pieces.map(labelsOf)));
}

function joinedText(pieces: readonly Value[], site: Site, labels: Labels): Value {
  return observedJoin(pieces) ?? textOf(pieces.flatMap(partsWithin), site, labels);
}

function restOfTemplate(interpreter: Interpreter, node: TSESTree.TemplateLiteral, from: number, scope: Scope, module: LoadedModule): Value[] {
  const pieces: Value[] = [];
  for (let index = from; index < node.quasis.length; index++) {
    const quasi = node.quasis[index] as TSESTree.TemplateElement;
    pieces.push(new Primitive(quasi.value.cooked ?? quasi.value.raw));
    const expression = node.expressions[index];
    if (expression) pieces.push(evaluate(interpreter, expression, scope, module));
  }
  return pieces;
}
