import type { TSESTree } from '@typescript-eslint/types';
import { callSuper } from './classes.ts';
import { evaluate, evaluateArguments } from './expressions.ts';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { mapUnion } from './members.ts';
import { ObservedText } from '../observation/observed.ts';
import { keyOf, memberKey } from './patterns.ts';
import { spanOf } from '../spans.ts';
import { memberOfTable } from './tables.ts';
import type { isBesideRequest } from '../observation/relevance.ts';
import type { Scope } from '../modules/scope.ts';
import { ABSENCE, ABSENT, mergeLabels } from '../labels.ts';
import { passed } from '../branches/settling.ts';
import { ModelObject, Primitive, type Site, UNDEFINED, Unknown, type Value, labelsOf, withLabels } from '../values.ts';

type ChainNode = TSESTree.Expression | TSESTree.Super;

/** Members, calls and optional chains. */
export function evaluateChain(interpreter: Interpreter, node: ChainNode, scope: Scope, module: LoadedModule): Value {
  const link = chainLink(interpreter, node, scope, module);
  return link.value;
}

interface Link {
  readonly value: Value;
  /** What a call of the value gets as `this`. */
  readonly receiver: Value;
  /** True where an optional part of the chain found nothing: the rest is skipped. */
  readonly stopped: boolean;
}

function chainLink(interpreter: Interpreter, node: ChainNode, scope: Scope, module: LoadedModule): Link {
  switch (node.type) {
    case 'ChainExpression': {
      const inner = chainLink(interpreter, node.expression, scope, module);
      return { ...inner, stopped: false };
    }
    case 'TSNonNullExpression': return chainLink(interpreter, node.expression, scope, module);
    case 'MemberExpression': return memberLink(interpreter, node, scope, module);
    case 'CallExpression': return callLink(interpreter, node, scope, module);
    default: return { value: evaluate(interpreter, node, scope, module), receiver: UNDEFINED, stopped: false };
  }
}

function memberLink(interpreter: Interpreter, node: TSESTree.MemberExpression, scope: Scope, module: LoadedModule): Link {
  const site = interpreter.site(module, node);
  if (node.object.type === 'Super') {
    // super.route({ … })
    const context = scope.functionContext();
    const key = memberKey(interpreter, node, scope, module);
    const receiver = context?.receiver ?? UNDEFINED;
    const parent = context?.home?.prototype;
    return { value: parent && key !== undefined ? interpreter.get(parent, key, site) : interpreter.unknown('a member of an unknown base class', site), receiver, stopped: false };
  }
  const object = chainLink(interpreter, node.object, scope, module);
  if (object.stopped) return object;
  if (node.optional && isNothing(object.value)) return nothing(object.value);
  if (!node.computed) return { value: interpreter.get(object.value, memberKey(interpreter, node, scope, module) as PropertyKey, site), receiver: object.value, stopped: false };
  const name = interpreter.settle(evaluate(interpreter, node.property, scope, module));
  const key = keyOf(name);
  if (key === undefined) return { value: memberOfUnknownName(interpreter, object.value, name, site), receiver: object.value, stopped: false };
  const value = interpreter.get(object.value, key, site);
  // sessions[req.headers.token]      nothing is found for a credential that is not there
  return { value: isNothing(value) && (labelsOf(name) & ABSENCE) !== 0 ? withLabels(value, ABSENT) : value, receiver: object.value, stopped: false };
}

function memberOfUnknownName(interpreter: Interpreter, object: Value, key: Value, site: Site): Value {
  if (key.kind === 'union') return mapUnion(interpreter, key, (option) => {
    const name = keyOf(option);
    return name === undefined ? interpreter.unknown('a member whose name is not known', site) : interpreter.get(object, name, site);
  });
  const modelled = object instanceof ModelObject ? object.behaviour.getUnnamed?.(interpreter, object, site) : undefined;
  if (modelled) return modelled;
  const chosen = memberOfTable(interpreter, object, key, site);
  if (chosen) return chosen;
  return new Unknown('a member whose name is not known', { site, labels: mergeLabels(labelsOf(object), labelsOf(key)) });
}

/** `skips` tells of calls that need not be made. */
export function callLink(interpreter: Interpreter, node: TSESTree.CallExpression, scope: Scope, module: LoadedModule, skips?: typeof isBesideRequest): Link {
  const site = interpreter.site(module, node);
  if (node.callee.type === 'Super') return { value: callSuper(interpreter, evaluateArguments(interpreter, node.arguments, scope, module), scope, site), receiver: UNDEFINED, stopped: false };
  const callee = chainLink(interpreter, node.callee, scope, module);
  if (callee.stopped) return callee;
  const name = node.callee.type === 'MemberExpression' ? node.callee.property : node.callee;
  const calledAt: Site = { module, start: site.start, end: site.end, name: { start: spanOf(name).start, end: spanOf(name).end } };
  if (node.optional && isNothing(callee.value)) return nothing(callee.value);
  const args = evaluateArguments(interpreter, node.arguments, scope, module);
  if (skips?.(interpreter, callee.value, callee.receiver, args)) return { value: UNDEFINED, receiver: UNDEFINED, stopped: false };
  return { value: passed(interpreter, interpreter.call(callee.value, callee.receiver, args, calledAt)), receiver: UNDEFINED, stopped: false };
}

function isNothing(value: Value): boolean {
  return value instanceof Primitive && !(value instanceof ObservedText) && value.value == null;
}

function nothing(value: Value): Link {
  return { value: withLabels(UNDEFINED, labelsOf(value)), receiver: UNDEFINED, stopped: true };
}
