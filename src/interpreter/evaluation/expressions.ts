import type { TSESTree } from '@typescript-eslint/types';
import { afterAbsence } from '../branches/absence.ts';
import { tryBoth } from '../branches/branches.ts';
import { callLink, evaluateChain } from './chains.ts';
import { createClass } from './classes.ts';
import { asPlace } from '../credential-places.ts';
import { createFunction, named } from './functions.ts';
import type { Interpreter } from '../interpreter.ts';
import { valueOfEach, valueOnTest, valueOnTruth } from '../branches/joins.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { importMeta } from '../modules/module-values.ts';
import { unionOf } from './members.ts';
import { ObservedReference } from '../observation/observed-reference.ts';
import { binaryOperation, typeOf, unaryOperation } from './operators.ts';
import { bindPattern, keyOf, memberKey } from './patterns.ts';
import { readReceiver } from '../modules/variables.ts';
import { isBesideRequest } from '../observation/relevance.ts';
import type { Scope } from '../modules/scope.ts';
import { passed } from '../branches/settling.ts';
import { template } from './templates.ts';
import { conditionOf, type Truth } from './truth.ts';
import { ABSENCE, CLIENT, CONTROLLING, SECRET } from '../labels.ts';
import { External, HeapObject, NULL, Primitive, RegExpObject, type Site, UNDEFINED, Unknown, type Value, labelsOf } from '../values.ts';

/** The value of an expression; effects happen on the interpreter's heap. */
export function evaluate(interpreter: Interpreter, node: TSESTree.Expression | TSESTree.PrivateIdentifier | TSESTree.SpreadElement | TSESTree.Super, scope: Scope, module: LoadedModule): Value {
  interpreter.countStep();
  switch (node.type) {
    case 'Identifier': return readIdentifier(interpreter, node, scope, module);
    case 'Literal': return literal(interpreter, node, module);
    case 'TemplateLiteral': return template(interpreter, node, scope, module);
    case 'MemberExpression': case 'CallExpression': case 'ChainExpression': return evaluateChain(interpreter, node, scope, module);
    case 'ArrowFunctionExpression': return createFunction(interpreter, node, scope, module, '');
    case 'FunctionExpression': return createFunction(interpreter, node, scope, module, node.id?.name ?? '');
    case 'ClassExpression': return createClass(interpreter, node, scope, module);
    case 'ObjectExpression': return objectLiteral(interpreter, node, scope, module);
    case 'ArrayExpression': {
      const { elements, open } = evaluateList(interpreter, node.elements, scope, module);
      const array = interpreter.array(elements, interpreter.site(module, node));
      if (open) array.open = 'spread of a list that is not known';
      return interpreter.underControl(array);
    }
    case 'AssignmentExpression': return assignment(interpreter, node, scope, module);
    case 'ConditionalExpression': return conditional(interpreter, node, scope, module);
    case 'LogicalExpression': return logical(interpreter, node, scope, module);
    case 'BinaryExpression': {
      const left = evaluate(interpreter, node.left, scope, module);
      return binaryOperation(interpreter, node.operator, left, evaluate(interpreter, node.right, scope, module), interpreter.site(module, node));
    }
    case 'UnaryExpression': return unary(interpreter, node, scope, module);
    case 'UpdateExpression': {
      const old = evaluate(interpreter, node.argument, scope, module);
      const next = binaryOperation(interpreter, node.operator === '++' ? '+' : '-', old, new Primitive(1), interpreter.site(module, node));
      bindPattern(interpreter, node.argument, next, scope, module, 'assign');
      return node.prefix ? next : old;
    }
    case 'AwaitExpression': return interpreter.awaitValue(evaluate(interpreter, node.argument, scope, module), interpreter.site(module, node));
    case 'NewExpression': {
      const callee = evaluate(interpreter, node.callee, scope, module);
      return interpreter.construct(callee, evaluateArguments(interpreter, node.arguments, scope, module), interpreter.site(module, node));
    }
    case 'ThisExpression': return readReceiver(interpreter, scope);
    case 'SequenceExpression': return node.expressions.reduce<Value>((_, e) => evaluate(interpreter, e, scope, module), UNDEFINED);
    case 'TSAsExpression': case 'TSNonNullExpression': case 'TSSatisfiesExpression': case 'TSTypeAssertion': case 'TSInstantiationExpression':
      return evaluate(interpreter, node.expression, scope, module);
    case 'ImportExpression': {
      const specifier = interpreter.settle(evaluate(interpreter, node.source, scope, module));
      return interpreter.promise('fulfilled', interpreter.modules.requireValue(specifier, module, interpreter.site(module, node), 'import'), interpreter.site(module, node));
    }
    case 'TaggedTemplateExpression': return taggedTemplate(interpreter, node, scope, module);
    case 'YieldExpression': return yieldValue(interpreter, node, scope, module);
    case 'MetaProperty': return metaProperty(interpreter, node, scope, module);
    default: return interpreter.unknown(`${node.type} is not evaluated`, interpreter.site(module, node));
  }
}

/** An expression whose value nobody uses. */
export function evaluateForEffect(interpreter: Interpreter, node: TSESTree.Expression, scope: Scope, module: LoadedModule): void {
  // void audit(entry)
  if (node.type === 'UnaryExpression' && node.operator === 'void') {
    evaluateForEffect(interpreter, node.argument, scope, module);
    return;
  }
  const call = node.type === 'AwaitExpression' ? node.argument : node;
  if (interpreter.choosing && call.type === 'CallExpression') {
    const { value } = callLink(interpreter, call, scope, module, isBesideRequest);
    if (call !== node) interpreter.awaitValue(value, interpreter.site(module, node));
  } else evaluate(interpreter, node, scope, module);
}

function readIdentifier(interpreter: Interpreter, node: TSESTree.Identifier, scope: Scope, module: LoadedModule): Value {
  const { name } = node;
  if (name === 'undefined') return UNDEFINED;
  const site = interpreter.site(module, node);
  const value = interpreter.read(scope, name, site);
  if (value) return value;
  if (name === 'arguments') {
    const context = scope.functionContext();
    if (context) return interpreter.array(context.args, site);
  }
  const global = interpreter.realm.globals.get(name);
  if (global) return global;
  interpreter.amendment?.sees(interpreter.realm.globalObject);
  const assigned = interpreter.realm.globalObject.properties.get(name);
  if (assigned && assigned.kind !== 'accessor') return interpreter.settle(assigned);
  return new External({ step: 'import', package: `global:${name}`, name: 'default', site });
}

function literal(interpreter: Interpreter, node: TSESTree.Literal, module: LoadedModule): Value {
  const site = interpreter.site(module, node);
  if ('regex' in node && node.regex) return new RegExpObject(interpreter.realm.regexpPrototype, node.regex.pattern, node.regex.flags, site);
  if (node.value === null) return NULL;
  if (typeof node.value === 'object') return interpreter.unknown('a literal of an unknown kind', site);
  return new Primitive(node.value, 0, site);
}

function taggedTemplate(interpreter: Interpreter, node: TSESTree.TaggedTemplateExpression, scope: Scope, module: LoadedModule): Value {
  const tag = evaluate(interpreter, node.tag, scope, module);
  const texts = interpreter.array(node.quasi.quasis.map((q) => new Primitive(q.value.cooked ?? q.value.raw)), interpreter.site(module, node));
  texts.properties.set('raw', interpreter.array(node.quasi.quasis.map((q) => new Primitive(q.value.raw)), texts.site));
  const values = node.quasi.expressions.map((e) => evaluate(interpreter, e, scope, module));
  return interpreter.call(tag, UNDEFINED, [texts, ...values], interpreter.site(module, node));
}

/** Elements or arguments with their spreads. A conditional element stays a union. */
export function evaluateList(interpreter: Interpreter, nodes: readonly (TSESTree.Expression | TSESTree.SpreadElement | null)[], scope: Scope, module: LoadedModule): { elements: Value[]; open: boolean } {
  const elements: Value[] = [];
  let open = false;
  for (const node of nodes) {
    if (!node) elements.push(UNDEFINED);
    else if (node.type === 'SpreadElement') {
      const iteration = interpreter.iterate(evaluate(interpreter, node.argument, scope, module), interpreter.site(module, node));
      elements.push(...iteration.elements);
      open ||= iteration.open;
    } else elements.push(evaluate(interpreter, node, scope, module));
  }
  return { elements, open };
}

export function evaluateArguments(interpreter: Interpreter, nodes: readonly TSESTree.CallExpressionArgument[], scope: Scope, module: LoadedModule): Value[] {
  return evaluateList(interpreter, nodes, scope, module).elements;
}

export function propertyKey(interpreter: Interpreter, property: { readonly computed: boolean; readonly key: TSESTree.Node }, scope: Scope, module: LoadedModule): PropertyKey | undefined {
  if (property.computed) return keyOf(interpreter.settle(evaluate(interpreter, property.key as TSESTree.Expression, scope, module)));
  const { key } = property;
  if (key.type === 'Identifier') return key.name;
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  return key.type === 'Literal' ? String(key.value) : undefined;
}

function objectLiteral(interpreter: Interpreter, node: TSESTree.ObjectExpression, scope: Scope, module: LoadedModule): Value {
  const object = interpreter.object(undefined, interpreter.site(module, node));
  // A table of routes is read where the program registers them.
  const keySites = interpreter.choosing ? undefined : new Map<string, Site>();
  object.keySites = keySites;
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      spreadInto(interpreter, object, keySites, evaluate(interpreter, property.argument, scope, module), interpreter.site(module, property));
      continue;
    }
    const key = propertyKey(interpreter, property, scope, module);
    if (key === undefined) {
      object.open = 'has a property whose name is not known';
      evaluate(interpreter, property.value as TSESTree.Expression, scope, module);
      continue;
    }
    if (typeof key === 'string') keySites?.set(key, interpreter.site(module, property.key));
    if (property.kind === 'init') {
      const { value } = property;
      object.properties.set(key, value.type === 'FunctionExpression' && property.method
        ? createFunction(interpreter, value, scope, module, String(key), object)
        : named(interpreter, evaluate(interpreter, value as TSESTree.Expression, scope, module), String(key)));
      continue;
    }
    const before = object.properties.get(key);
    const accessor = before?.kind === 'accessor' ? before : { kind: 'accessor' as const, get: undefined, set: undefined };
    const implementation = createFunction(interpreter, property.value as TSESTree.FunctionExpression, scope, module, String(key), object);
    object.properties.set(key, property.kind === 'get' ? { ...accessor, get: implementation } : { ...accessor, set: implementation });
  }
  return interpreter.underControl(object);
}

function spreadInto(interpreter: Interpreter, object: HeapObject, keySites: Map<string, Site> | undefined, value: Value, site: Site): void {
  const settled = interpreter.settle(value);
  if (settled instanceof Primitive) return;
  const { entries, open } = interpreter.ownEntries(settled, site);
  for (const [key, item] of entries) {
    object.properties.set(String(key.value), item);
    if (key.site) keySites?.set(String(key.value), key.site);
  }
  if (open) object.open = settled instanceof HeapObject && settled.open !== undefined ? settled.open : 'spread of an object that is not known';
  if (settled instanceof HeapObject || settled instanceof Unknown) object.labels |= settled.labels & (CLIENT | SECRET);
}

function assignment(interpreter: Interpreter, node: TSESTree.AssignmentExpression, scope: Scope, module: LoadedModule): Value {
  const site = interpreter.site(module, node);
  if (node.operator === '=') {
    const value = evaluate(interpreter, node.right, scope, module);
    if (node.left.type === 'Identifier') named(interpreter, value, node.left.name);
    bindPattern(interpreter, node.left, value, scope, module, 'assign');
    return value;
  }
  const current = evaluate(interpreter, node.left as TSESTree.Expression, scope, module);
  const old = node.operator === '||=' || node.operator === '??=' ? asPlace(interpreter, current, node.right, scope, module) : current;
  if (node.operator === '||=' || node.operator === '&&=' || node.operator === '??=') {
    const truth = node.operator === '??=' ? nullishness(interpreter, old, site) : interpreter.whether(old, site);
    const assigns = node.operator === '&&=' ? 'true' : 'false';
    if (truth.known && String(truth.value) !== assigns) return old;
    if (!truth.known) interpreter.commit();
    const value = interpreter.label(evaluate(interpreter, node.right, scope, module), truth.labels & ABSENCE);
    bindPattern(interpreter, node.left, truth.known ? value : unionOf([{ conditions: [conditionOf(truth, assigns)], value }, { conditions: [conditionOf(truth, assigns === 'true' ? 'false' : 'true')], value: old }]), scope, module, 'assign');
    return value;
  }
  const operator = node.operator.slice(0, -1) as TSESTree.BinaryExpression['operator'];
  const value = binaryOperation(interpreter, operator, old, evaluate(interpreter, node.right, scope, module), site);
  bindPattern(interpreter, node.left, value, scope, module, 'assign');
  return value;
}

/** Of a value's being set: true where it is neither null nor undefined. */
export function nullishness(interpreter: Interpreter, value: Value, site: Site): Truth {
  if (value instanceof Primitive) return { known: true, value: value.value != null, labels: value.labels };
  if (value.kind === 'object') return { known: true, value: true, labels: value.labels };
  return interpreter.whether(value, site);
}

function conditional(interpreter: Interpreter, node: TSESTree.ConditionalExpression, scope: Scope, module: LoadedModule): Value {
  if (interpreter.isJoining) return valueOnTest(interpreter, node.test, scope, module, (test) => sideOf(interpreter, node, test, scope, module));
  const tried = tryBoth(interpreter, () => conditional(interpreter, node, scope, module));
  return tried ? tried.result : conditionalValue(interpreter, node, scope, module);
}

function conditionalValue(interpreter: Interpreter, node: TSESTree.ConditionalExpression, scope: Scope, module: LoadedModule): Value {
  const test = evaluateTest(interpreter, node.test, scope, module);
  if (test.known) return sideOf(interpreter, node, test, scope, module);
  const whenTrue = interpreter.underConditions([conditionOf(test, 'true')], () => evaluate(interpreter, node.consequent, scope, module));
  const whenFalse = interpreter.underConditions([conditionOf(test, 'false')], () => evaluate(interpreter, node.alternate, scope, module));
  return joined(test, whenTrue, whenFalse);
}

function sideOf(interpreter: Interpreter, node: TSESTree.ConditionalExpression, test: Truth & { known: true }, scope: Scope, module: LoadedModule): Value {
  const taken = test.value ? node.consequent : node.alternate;
  if ((test.labels & CONTROLLING) === 0) return evaluate(interpreter, taken, scope, module);
  const depth = interpreter.controls.length;
  interpreter.enterControl({ labels: test.labels & CONTROLLING, site: interpreter.site(module, node.test), untaken: [test.value ? node.alternate : node.consequent] });
  const value = evaluate(interpreter, taken, scope, module);
  interpreter.controls.length = depth;
  afterAbsence(interpreter, test.value ? node.alternate : node.consequent, scope, test.labels & CONTROLLING);
  return interpreter.label(value, test.labels & CONTROLLING);
}

function joined(test: Truth & { known: false }, whenTrue: Value, whenFalse: Value): Value {
  return unionOf([...optionsUnder(test, 'true', whenTrue), ...optionsUnder(test, 'false', whenFalse)]);
}

function optionsUnder(test: Truth & { known: false }, branch: 'true' | 'false', value: Value) {
  const condition = conditionOf(test, branch);
  if (value.kind === 'union') return value.options.map((o) => ({ conditions: [condition, ...o.conditions], value: o.value }));
  return [{ conditions: [condition], value }];
}

/**
 * The truth of a test. In choose mode it is always known: each part of `a && b` is decided by itself, so that
 * `flag && !req.user` knows which part was the deployment's and which the credential's.
 */
export function evaluateTest(interpreter: Interpreter, node: TSESTree.Expression, scope: Scope, module: LoadedModule): Truth {
  if (interpreter.branching.mode === 'choose') {
    if (node.type === 'UnaryExpression' && node.operator === '!') {
      const inner = evaluateTest(interpreter, node.argument, scope, module);
      if (inner.known) return { ...inner, value: !inner.value };
    }
    if (node.type === 'LogicalExpression' && node.operator !== '??') {
      const left = evaluateTest(interpreter, node.left, scope, module);
      const decisive = node.operator === '||';
      if (left.known && left.value === decisive) return left;
      const right = evaluateTest(interpreter, node.right, scope, module);
      if (!right.known || !left.known) return right;
      // `a && b` is true by both, `a || b` false by both: the absence of either decided it. Else the right side alone did.
      return right.value === decisive ? right : { ...right, labels: left.labels | right.labels, isChosen: left.isChosen || right.isChosen };
    }
  }
  const site = interpreter.site(module, node);
  const truth = interpreter.whether(evaluate(interpreter, node, scope, module), site);
  if (truth.known) return truth;
  const value = interpreter.decide(truth);
  return value === undefined ? truth : { known: true, value, labels: truth.labels, isChosen: true };
}

function logical(interpreter: Interpreter, node: TSESTree.LogicalExpression, scope: Scope, module: LoadedModule): Value {
  const first = passed(interpreter, evaluate(interpreter, node.left, scope, module));
  const left = node.operator === '&&' ? first : asPlace(interpreter, first, node.right, scope, module);
  if (interpreter.isJoining && left.kind === 'union' && !(left instanceof ObservedReference)) return valueOfEach(interpreter, left, (option) => logicalValue(interpreter, node, option, scope, module));
  return logicalValue(interpreter, node, left, scope, module);
}

function logicalValue(interpreter: Interpreter, node: TSESTree.LogicalExpression, left: Value, scope: Scope, module: LoadedModule): Value {
  const site = interpreter.site(module, node);
  const test = node.operator === '??' ? nullishness(interpreter, left, interpreter.site(module, node.left)) : interpreter.whether(left, interpreter.site(module, node.left));
  const takesRightWhen = node.operator === '&&' ? 'true' : 'false';
  if (test.known) {
    if (String(test.value) !== takesRightWhen) return left;
    return rightSide(interpreter, node, test.labels, scope, module);
  }
  // process.env.PREFIX || '/api'
  if (node.operator !== '&&' && left instanceof Unknown && left.identity !== undefined && (left.labels & CLIENT) === 0) {
    return new Unknown(left.reason, { ...left, fallback: left.fallback ?? evaluate(interpreter, node.right, scope, module) });
  }
  if (interpreter.isJoining) {
    return valueOnTruth(interpreter, test, ({ value }) => {
      if (String(value) === takesRightWhen) return evaluate(interpreter, node.right, scope, module);
      return node.operator === '&&' && !(left instanceof External) ? decidedFalse(left) : left;
    });
  }
  if (interpreter.branching.mode === 'choose') {
    // body.role = body.role || {}      decided where it turns out to matter
    if (test.kind === 'input' && isPlain(node.right)) {
      const tried = tryBoth(interpreter, () => joined(test, ...eitherSide(interpreter, node, test, left, scope, module)));
      if (tried) return tried.result;
    }
    const value = interpreter.decide(test);
    if (String(value) !== takesRightWhen) return node.operator === '&&' && !(left instanceof External) ? decidedFalse(left) : left;
    return evaluate(interpreter, node.right, scope, module);
  }
  const held = interpreter.decide(test);
  if (held !== undefined) return String(held) === takesRightWhen ? evaluate(interpreter, node.right, scope, module) : left;
  const right = interpreter.underConditions([conditionOf(test, takesRightWhen)], () => evaluate(interpreter, node.right, scope, module));
  const other = takesRightWhen === 'true' ? 'false' : 'true';
  return unionOf([...optionsUnder(test, takesRightWhen, right), ...optionsUnder(test, other, node.operator === '&&' ? new Primitive(false, 0, site) : left)]);
}

/** What the expression gives where its left side is true, and where it is false. */
function eitherSide(interpreter: Interpreter, node: TSESTree.LogicalExpression, test: Truth & { known: false }, left: Value, scope: Scope, module: LoadedModule): [Value, Value] {
  const takesRightWhen = node.operator === '&&' ? 'true' : 'false';
  const right = interpreter.underConditions([conditionOf(test, takesRightWhen)], () => evaluate(interpreter, node.right, scope, module));
  return node.operator === '&&' ? [right, left instanceof External ? left : decidedFalse(left)] : [left, right];
}

/** An expression that only names or builds something. */
function isPlain(node: TSESTree.Node): boolean {
  switch (node.type) {
    case 'Literal': case 'Identifier': case 'ThisExpression': return true;
    case 'TemplateLiteral': return node.expressions.every(isPlain);
    case 'MemberExpression': return !node.computed && isPlain(node.object);
    case 'UnaryExpression': return isPlain(node.argument);
    case 'ArrayExpression': return node.elements.every((element) => element === null || isPlain(element));
    case 'ObjectExpression': return node.properties.every((property) => property.type === 'Property' && !property.computed && isPlain(property.value));
    default: return false;
  }
}

/** What an unknown value is on the branch where it was taken for false. */
function decidedFalse(left: Value): Value {
  return new Primitive(undefined, labelsOf(left) & ~ABSENCE);
}

/** The right side of `a || b` where absence decided for it: absent too. */
function rightSide(interpreter: Interpreter, node: TSESTree.LogicalExpression, labels: number, scope: Scope, module: LoadedModule): Value {
  if ((labels & CONTROLLING) === 0) return evaluate(interpreter, node.right, scope, module);
  const depth = interpreter.controls.length;
  interpreter.enterControl({ labels: labels & CONTROLLING, site: interpreter.site(module, node.left), untaken: [] });
  const value = evaluate(interpreter, node.right, scope, module);
  interpreter.controls.length = depth;
  return interpreter.label(value, labels & CONTROLLING);
}

function unary(interpreter: Interpreter, node: TSESTree.UnaryExpression, scope: Scope, module: LoadedModule): Value {
  const site = interpreter.site(module, node);
  if (node.operator === 'typeof') {
    if (node.argument.type === 'Identifier' && !scope.find(node.argument.name) && !interpreter.realm.globals.has(node.argument.name)) return new Primitive('undefined');
    return typeOf(interpreter, evaluate(interpreter, node.argument, scope, module), site);
  }
  if (node.operator === 'delete') {
    if (node.argument.type === 'MemberExpression') {
      const object = interpreter.settle(evaluate(interpreter, node.argument.object, scope, module));
      if (object.kind === 'union' && interpreter.isJoining) interpreter.requireChoice(object.options.flatMap((o) => o.conditions));
      const key = memberKey(interpreter, node.argument, scope, module);
      if (object instanceof HeapObject && key !== undefined) interpreter.heap.deleteProperty(object, key);
    }
    return new Primitive(true);
  }
  return unaryOperation(interpreter, node.operator, evaluate(interpreter, node.argument, scope, module), site);
}

function yieldValue(interpreter: Interpreter, node: TSESTree.YieldExpression, scope: Scope, module: LoadedModule): Value {
  const value = node.argument ? evaluate(interpreter, node.argument, scope, module) : UNDEFINED;
  const collected = interpreter.yields.at(-1);
  if (node.delegate) collected?.push(...interpreter.iterate(value, interpreter.site(module, node)).elements);
  else collected?.push(value);
  return interpreter.unknown('what a generator is sent', interpreter.site(module, node));
}

function metaProperty(interpreter: Interpreter, node: TSESTree.MetaProperty, scope: Scope, module: LoadedModule): Value {
  const site = interpreter.site(module, node);
  if (node.meta.name === 'new') return scope.functionContext()?.newTarget ?? UNDEFINED;
  return importMeta(interpreter, module, site);
}
