import type { TSESTree } from '@typescript-eslint/types';
import { evaluate, propertyKey } from './expressions.ts';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from '../modules/loader.ts';
import type { Scope } from '../modules/scope.ts';
import { BudgetExceeded, PathEnd, ThrowSignal } from '../signals.ts';
import { spanOf } from '../spans.ts';
import type { FunctionObject} from '../values.ts';
import { ArrayObject, ClassObject, HeapObject, Primitive, type Site, UNDEFINED, type Value } from '../values.ts';

/** Metadata key of the decorators that could not be run, as values: a package's, or such as were not followed. */
export const OPAQUE_DECORATORS = Symbol('decorators that are not read');

/**
 * Applies the decorators of a class and of its base classes, once, as TypeScript does with `experimentalDecorators`:
 * members in order, each from the bottom up, then the class itself. They are evaluated when somebody asks for what
 * they leave; nothing else of a program can tell.
 */
export function decorate(interpreter: Interpreter, decorated: ClassObject): void {
  const { metadata } = interpreter;
  if (metadata.isDecorated(decorated)) return;
  const { heap, amendment } = interpreter;
  if (decorated.superclass instanceof ClassObject) decorate(interpreter, decorated.superclass);
  const from = heap.now();
  metadata.setDecorated(decorated, { from, to: from });
  const { node, scope, module } = decorated;
  const { origin, decorating } = metadata;
  metadata.decorating = decorated;
  const attempt = (run: () => void): void => {
    try {
      run();
    } catch (signal) {
      if (!(signal instanceof ThrowSignal) && !(signal instanceof PathEnd)) throw signal;
    }
  };
  interpreter.isolated(() => {
    // Decorators run where the class is made, which is not where somebody first asks: what holds here holds for that alone.
    interpreter.conditions = [];
    try {
      interpreter.withBudget(interpreter.bounds.steps, () => {
        for (const member of node.body.body) attempt(() => decorateMember(interpreter, decorated, member));
        for (const decorator of [...node.decorators].reverse()) attempt(() => apply(interpreter, decorator, scope, module, [decorated], decorated));
      });
    } catch (signal) {
      if (!(signal instanceof BudgetExceeded)) throw signal;
      amendment?.fail('takes too long to follow');
      note(interpreter, decorated, interpreter.unfollowed('its decorators take too long to follow', decorated.site));
    } finally {
      Object.assign(metadata, { origin, decorating });
      metadata.setDecorated(decorated, amendment?.turn ?? { from, to: heap.now() });
    }
  });
}

/** The class that a method was written in. */
export function classOfMethod(method: FunctionObject): ClassObject | undefined {
  if (method.home instanceof ClassObject) return method.home;
  const constructor = method.home?.properties.get('constructor');
  return constructor instanceof ClassObject ? constructor : undefined;
}

function decorateMember(interpreter: Interpreter, decorated: ClassObject, member: TSESTree.ClassElement): void {
  const { scope, module } = decorated;
  if (member.type === 'MethodDefinition') {
    if (member.value.type === 'TSEmptyBodyFunctionExpression') return;
    const isConstructor = member.kind === 'constructor';
    if (member.decorators.length === 0 && member.value.params.every((param) => decoratorsOf(param).length === 0)) return;
    const key = isConstructor ? undefined : propertyKey(interpreter, member, scope, module);
    if (key === undefined && !isConstructor) return;
    const target = isConstructor || member.static ? decorated : decorated.instances;
    const name = key === undefined ? UNDEFINED : new Primitive(key);
    for (const [index, param] of member.value.params.entries()) {
      for (const decorator of [...decoratorsOf(param)].reverse()) apply(interpreter, decorator, scope, module, [target, name, new Primitive(index)], undefined);
    }
    const slot = key === undefined ? undefined : interpreter.reads.unnoticed(() => target.properties.get(key));
    if (key === undefined || !slot) return;
    const descriptor = interpreter.object();
    if (slot.kind !== 'accessor') descriptor.properties.set('value', slot);
    for (const decorator of [...member.decorators].reverse()) apply(interpreter, decorator, scope, module, [target, name, descriptor], slot);
    // descriptor.value = function (...args) { … }
    const value = descriptor.properties.get('value');
    if (value && value !== slot) interpreter.heap.setProperty(target, key, value);
    return;
  }
  if (member.type !== 'PropertyDefinition' || member.decorators.length === 0) return;
  const key = propertyKey(interpreter, member, scope, module);
  if (key === undefined) return;
  for (const decorator of [...member.decorators].reverse()) apply(interpreter, decorator, scope, module, [member.static ? decorated : decorated.instances, new Primitive(key)], undefined);
}

function apply(interpreter: Interpreter, decorator: TSESTree.Decorator, scope: Scope, module: LoadedModule, args: readonly Value[], bearer: Value | { readonly kind: 'accessor' } | undefined): void {
  const { expression } = decorator;
  const callee = expression.type === 'CallExpression' ? expression.callee : expression;
  const name = callee.type === 'MemberExpression' ? callee.property : callee;
  const site: Site = { ...interpreter.site(module, decorator), name: { start: spanOf(name).start, end: spanOf(name).end } };
  interpreter.metadata.origin = site;
  const value = interpreter.settle(evaluate(interpreter, expression, scope, module));
  if (value.kind === 'external' || value.kind === 'unknown') {
    if (bearer instanceof HeapObject) note(interpreter, bearer, value);
    return;
  }
  interpreter.call(value, UNDEFINED, args, site);
}

function note(interpreter: Interpreter, bearer: HeapObject, decorator: Value): void {
  const known = interpreter.metadata.own(bearer, undefined, OPAQUE_DECORATORS)?.value;
  interpreter.metadata.define(bearer, undefined, OPAQUE_DECORATORS, interpreter.array([...(known instanceof ArrayObject ? known.elements : []), decorator]));
}

/** `@Inject(TOKEN) private readonly x: X`, `@Body() body`, `@Query() query = {}` */
function decoratorsOf(param: TSESTree.Parameter): readonly TSESTree.Decorator[] {
  return param.decorators;
}
