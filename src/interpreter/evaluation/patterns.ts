import type { TSESTree } from '@typescript-eslint/types';
import { evaluate, propertyKey } from './expressions.ts';
import type { Interpreter } from '../interpreter.ts';
import type { Iteration } from './iteration.ts';
import { mapUnion } from './members.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { ObservedReference } from '../observation/observed-reference.ts';
import { ObservedText } from '../observation/observed.ts';
import type { Scope } from '../modules/scope.ts';
import { passed } from '../branches/settling.ts';
import { ArrayObject, HeapObject, Primitive, UNDEFINED, Union, Unknown, type Value, withLabels, labelsOf, External } from '../values.ts';

/** `declare` fills the variable of this scope (or the hoisted one), `assign` the one that is visible. */
export type BindingMode = 'declare' | 'assign';

export function bindPattern(interpreter: Interpreter, pattern: TSESTree.Node, value: Value, scope: Scope, module: LoadedModule, mode: BindingMode): void {
  const site = interpreter.site(module, pattern);
  switch (pattern.type) {
    case 'Identifier': {
      const controlled = mode === 'assign' ? interpreter.underControl(value) : value;
      const cell = mode === 'declare' ? scope.cells.get(pattern.name) ?? scope.declare(pattern.name, undefined) : scope.find(pattern.name);
      if (cell) interpreter.heap.setCell(cell, controlled);
      // verifyToken = (req, res, next) => { … }      of a script that declares it nowhere
      else if (mode === 'assign') interpreter.heap.setProperty(interpreter.realm.globalObject, pattern.name, controlled);
      return;
    }
    case 'MemberExpression': {
      const object = evaluate(interpreter, pattern.object, scope, module);
      const key = memberKey(interpreter, pattern, scope, module);
      if (key !== undefined) interpreter.set(object, key, value, site);
      else if (object instanceof HeapObject) interpreter.heap.setOpen(object, 'written under a name that is not known');
      return;
    }
    case 'AssignmentPattern':
      bindPattern(interpreter, pattern.left, withDefault(interpreter, value, () => evaluate(interpreter, pattern.right, scope, module)), scope, module, mode);
      return;
    case 'ObjectPattern': bindObject(interpreter, pattern, value, scope, module, mode); return;
    case 'ArrayPattern': bindArray(interpreter, pattern, value, scope, module, mode); return;
    case 'TSAsExpression': case 'TSNonNullExpression': case 'TSTypeAssertion': case 'TSSatisfiesExpression':
      bindPattern(interpreter, pattern.expression, value, scope, module, mode);
      return;
    default: return;
  }
}

/** The value, or its default where it is undefined. An unknown value keeps the default as its fallback. */
function withDefault(interpreter: Interpreter, value: Value, fallback: () => Value): Value {
  const settled = passed(interpreter, value);
  if (settled instanceof ObservedText || settled instanceof ObservedReference) return settled;
  if (settled instanceof Primitive) return settled.value === undefined ? withLabels(fallback(), settled.labels) : settled;
  if (settled instanceof Unknown && settled.fallback === undefined && settled.identity !== undefined) return new Unknown(settled.reason, { ...settled, fallback: fallback() });
  if (settled instanceof Union) return new Union(settled.options.map((o) => ({ conditions: o.conditions, value: o.value === undefined || (o.value instanceof Primitive && o.value.value === undefined) ? fallback() : o.value })));
  return settled;
}

function bindObject(interpreter: Interpreter, pattern: TSESTree.ObjectPattern, value: Value, scope: Scope, module: LoadedModule, mode: BindingMode): void {
  const taken = new Set<string>();
  for (const property of pattern.properties) {
    if (property.type === 'RestElement') {
      bindPattern(interpreter, property.argument, restOf(interpreter, value, taken, interpreter.site(module, property)), scope, module, mode);
      return;
    }
    const key = propertyKey(interpreter, property, scope, module);
    const site = interpreter.site(module, property);
    if (key === undefined) bindPattern(interpreter, property.value, interpreter.unknown('destructured under a name that is not known', site), scope, module, mode);
    else {
      taken.add(String(key));
      bindPattern(interpreter, property.value, interpreter.get(value, key, site), scope, module, mode);
    }
  }
}

function restOf(interpreter: Interpreter, value: Value, taken: ReadonlySet<string>, site: { module: LoadedModule; start: number; end: number }): Value {
  if (value.kind === 'union') return mapUnion(interpreter, value, (option) => restOf(interpreter, option, taken, site));
  if (value instanceof External || value instanceof Unknown) return value;
  const { entries, open } = interpreter.ownEntries(value, site);
  const rest = interpreter.object(entries.filter(([key]) => !taken.has(String(key.value))).map(([key, item]) => [String(key.value), item] as const), site);
  if (open) rest.open = 'rest of an object that is not fully known';
  rest.labels = labelsOf(value);
  return rest;
}

function bindArray(interpreter: Interpreter, pattern: TSESTree.ArrayPattern, value: Value, scope: Scope, module: LoadedModule, mode: BindingMode): void {
  const site = interpreter.site(module, pattern);
  const settled = interpreter.settle(value);
  const known = new Map<Value, Iteration>();
  const partOf = (list: Value, index: number, isRest: boolean): Value => {
    // const [user, created] = await User.findOrCreate(…)
    if (list instanceof External || list instanceof Unknown) return interpreter.get(list, String(index), site);
    let iteration = known.get(list);
    if (!iteration) known.set(list, iteration = interpreter.iterate(list, site));
    const { elements, open } = iteration;
    if (isRest) {
      const rest = interpreter.array(elements.slice(index), site);
      if (open) rest.open = 'rest of a list that is not fully known';
      return rest;
    }
    return elements[index] ?? (open ? interpreter.unknown('an element of a list that is not known', site, labelsOf(list)) : withLabels(UNDEFINED, labelsOf(list)));
  };
  for (const [index, element] of pattern.elements.entries()) {
    if (!element) continue;
    const isRest = element.type === 'RestElement';
    // const [user, token] = cookie ? [find(cookie), undefined] : [undefined, header]      each list by itself
    const part = settled.kind === 'union' ? mapUnion(interpreter, settled, (option) => partOf(option, index, isRest)) : partOf(settled, index, isRest);
    bindPattern(interpreter, isRest ? element.argument : element, part, scope, module, mode);
  }
}

/** The name that a member expression asks for; undefined where it is not known. */
export function memberKey(interpreter: Interpreter, node: TSESTree.MemberExpression, scope: Scope, module: LoadedModule): PropertyKey | undefined {
  if (!node.computed) return node.property.type === 'PrivateIdentifier' ? `#${node.property.name}` : (node.property as TSESTree.Identifier).name;
  return keyOf(interpreter.settle(evaluate(interpreter, node.property, scope, module)));
}

export function keyOf(value: Value): PropertyKey | undefined {
  if (value instanceof Unknown && value.fallback) return keyOf(value.fallback);
  if (!(value instanceof Primitive)) return undefined;
  return typeof value.value === 'symbol' ? value.value : String(value.value);
}

export function isArray(value: Value): value is ArrayObject {
  return value instanceof ArrayObject;
}
