import type { TSESTree } from '@typescript-eslint/types';
import { evaluate } from './expressions.ts';
import type { Interpreter } from './interpreter.ts';
import type { LoadedModule } from './loader.ts';
import { mapUnion } from './members.ts';
import type { Scope } from './scope.ts';
import { textOf } from './text.ts';
import { mergeLabels } from './labels.ts';
import { type TextPart, Unknown, type Value, labelsOf } from './values.ts';

/** The text of a template literal, in as many parts as are known. */
export function template(interpreter: Interpreter, node: TSESTree.TemplateLiteral, scope: Scope, module: LoadedModule): Value {
  const parts: TextPart[] = [];
  const labels: number[] = [];
  for (const [index, quasi] of node.quasis.entries()) {
    parts.push(quasi.value.cooked ?? quasi.value.raw);
    const expression = node.expressions[index];
    if (!expression) continue;
    const value = interpreter.settle(evaluate(interpreter, expression, scope, module));
    labels.push(labelsOf(value));
    const exact = value instanceof Unknown && value.fallback ? value.fallback : value;
    if (exact.kind === 'union') return mapUnion(interpreter, exact, (option) => textOf([...parts, ...interpreter.textParts(option), ...restOfTemplate(interpreter, node, index + 1, scope, module)], interpreter.site(module, node), mergeLabels(...labels)));
    parts.push(...interpreter.textParts(exact));
  }
  return textOf(parts, interpreter.site(module, node), mergeLabels(...labels));
}

function restOfTemplate(interpreter: Interpreter, node: TSESTree.TemplateLiteral, from: number, scope: Scope, module: LoadedModule): TextPart[] {
  const parts: TextPart[] = [];
  for (let index = from; index < node.quasis.length; index++) {
    const quasi = node.quasis[index] as TSESTree.TemplateElement;
    parts.push(quasi.value.cooked ?? quasi.value.raw);
    const expression = node.expressions[index];
    if (expression) parts.push(...interpreter.textParts(evaluate(interpreter, expression, scope, module)));
  }
  return parts;
}
