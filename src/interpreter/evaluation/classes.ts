import type { TSESTree } from '@typescript-eslint/types';
import { ClassShape } from '../observation/class-shape.ts';
import { evaluate, propertyKey } from './expressions.ts';
import { callFunction, createFunction, named } from './functions.ts';
import { declareHoisted, hoistedOfBlock } from '../modules/hoisting.ts';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { NO_READS } from '../observation/reads.ts';
import { Scope } from '../modules/scope.ts';
import { executeBlock } from './statements.ts';
import { ClassObject, type ClassNode, External, FunctionObject, HeapObject, ModelObject, NativeFunction, type Site, UNDEFINED, Unknown, type Value } from '../values.ts';

export function createClass(interpreter: Interpreter, node: ClassNode, scope: Scope, module: LoadedModule): ClassObject {
  const superclass = node.superClass ? interpreter.settle(evaluate(interpreter, node.superClass, scope, module)) : undefined;
  // What it inherits may be anything.
  if (superclass instanceof ClassObject) interpreter.reads.note(superclass);
  const inner = new Scope(scope);
  const instances = new HeapObject(prototypeOf(interpreter, superclass, interpreter.site(module, node)), interpreter.site(module, node));
  const created = new ClassObject(superclass instanceof HeapObject ? superclass : interpreter.realm.functionPrototype, node, inner, module, node.id?.name ?? '', superclass, instances);
  if (superclass instanceof External || superclass instanceof Unknown) created.open = instances.open = `inherits from ${superclass instanceof External ? superclass.package : 'a class that is not known'}`;
  for (const made of [instances, created]) interpreter.amendment?.makes(made);
  if (interpreter.reads !== NO_READS && !interpreter.choosing && node.decorators.length > 0) noteDecorated(interpreter, created);
  instances.properties.set('constructor', created);
  if (node.id) inner.declare(node.id.name, created);
  for (const member of node.body.body) defineMember(interpreter, created, member, inner, module);
  return created;
}

/** It may be amended: see class-amending.ts. */
function noteDecorated({ decoratedClasses, reads }: Interpreter, created: ClassObject): void {
  const { node } = created;
  decoratedClasses.set(node, decoratedClasses.has(node) ? undefined : new ClassShape(created, reads));
}

function prototypeOf(interpreter: Interpreter, superclass: Value | undefined, site: Site): HeapObject {
  if (superclass instanceof ClassObject) return superclass.instances;
  if (superclass instanceof FunctionObject || superclass instanceof NativeFunction) {
    const prototype = interpreter.get(superclass, 'prototype', site);
    if (prototype instanceof HeapObject) return prototype;
  }
  return interpreter.realm.objectPrototype;
}

function defineMember(interpreter: Interpreter, created: ClassObject, member: TSESTree.ClassElement, scope: Scope, module: LoadedModule): void {
  if (member.type === 'StaticBlock') {
    const inner = new Scope(scope, { receiver: created, home: created, newTarget: undefined, args: [] });
    declareHoisted(interpreter, hoistedOfBlock(interpreter, member.body), inner, module);
    executeBlock(interpreter, member.body, inner, module);
    return;
  }
  if (member.type === 'PropertyDefinition' && member.static) {
    defineField(interpreter, created, created, member, scope, module);
    return;
  }
  if (member.type !== 'MethodDefinition' || member.kind === 'constructor' || member.value.type === 'TSEmptyBodyFunctionExpression') return;
  const key = propertyKey(interpreter, member, scope, module);
  if (key === undefined) return;
  const home = member.static ? created : created.instances;
  const implementation = createFunction(interpreter, member.value as TSESTree.FunctionExpression, scope, module, String(key), home);
  if (member.kind === 'method') {
    home.properties.set(key, implementation);
    return;
  }
  const before = home.properties.get(key);
  const accessor = before?.kind === 'accessor' ? before : { kind: 'accessor' as const, get: undefined, set: undefined };
  home.properties.set(key, member.kind === 'get' ? { ...accessor, get: implementation } : { ...accessor, set: implementation });
}

function defineField(interpreter: Interpreter, target: HeapObject, created: ClassObject, member: TSESTree.PropertyDefinition, scope: Scope, module: LoadedModule): void {
  if (member.declare) return;
  const inner = new Scope(scope, { receiver: target, home: target === created ? created : created.instances, newTarget: undefined, args: [] });
  const key = propertyKey(interpreter, member, inner, module);
  if (key === undefined) return;
  interpreter.heap.setProperty(target, key, member.value ? named(interpreter, evaluate(interpreter, member.value, inner, module), String(key)) : UNDEFINED);
}

/** `new Class(…)`. */
export function instantiate(interpreter: Interpreter, created: ClassObject, args: readonly Value[], site: Site): Value {
  const instance = new HeapObject(created.instances, site);
  interpreter.amendment?.makes(instance);
  const result = initialize(interpreter, created, instance, args, site);
  return result instanceof HeapObject ? result : instance;
}

/** Runs field initialisers and the constructor on an instance that exists. */
function initialize(interpreter: Interpreter, created: ClassObject, instance: HeapObject, args: readonly Value[], site: Site): Value {
  const constructor = created.node.body.body.find((m) => m.type === 'MethodDefinition' && m.kind === 'constructor' && m.value.type !== 'TSEmptyBodyFunctionExpression');
  if (constructor?.type !== 'MethodDefinition') {
    const result = created.superclass ? initializeSuper(interpreter, created, instance, args, site) : UNDEFINED;
    defineFields(interpreter, created, result instanceof HeapObject ? result : instance);
    return result;
  }
  if (!created.superclass) defineFields(interpreter, created, instance);
  const implementation = createFunction(interpreter, constructor.value as TSESTree.FunctionExpression, created.scope, created.module, created.name, created.instances);
  return callFunction(interpreter, implementation, instance, args, site, created);
}

function defineFields(interpreter: Interpreter, created: ClassObject, instance: HeapObject): void {
  for (const member of created.node.body.body) {
    if (member.type === 'PropertyDefinition' && !member.static) defineField(interpreter, instance, created, member, created.scope, created.module);
  }
}

function initializeSuper(interpreter: Interpreter, created: ClassObject, instance: HeapObject, args: readonly Value[], site: Site): Value {
  const { superclass } = created;
  if (superclass instanceof ClassObject) return initialize(interpreter, superclass, instance, args, site);
  if (superclass instanceof FunctionObject) return callFunction(interpreter, superclass, instance, args, site, created);
  if (superclass instanceof NativeFunction || (superclass instanceof ModelObject && superclass.behaviour.call)) {
    // A native that takes over the instance, or makes one in its place: class Registry extends Map
    const made = superclass instanceof NativeFunction
      ? superclass.implementation({ interpreter, receiver: instance, args, site, isNew: true })
      : interpreter.construct(superclass, args, site);
    if (made === instance) return UNDEFINED;
    if (made instanceof ModelObject || (made instanceof HeapObject && made.prototype === instance.prototype)) return made;
    if (made instanceof HeapObject) for (const [key, slot] of made.properties) if (!instance.properties.has(key)) interpreter.heap.setProperty(instance, key, slot);
    return UNDEFINED;
  }
  interpreter.heap.setOpen(instance, created.instances.open ?? 'inherits from something that is not known');
  return UNDEFINED;
}

/** `super(…)` in a constructor. */
export function callSuper(interpreter: Interpreter, args: readonly Value[], scope: Scope, site: Site): Value {
  const context = scope.functionContext();
  const created = context?.home?.properties.get('constructor');
  if (!context || !(created instanceof ClassObject) || !(context.receiver instanceof HeapObject)) return UNDEFINED;
  const result = initializeSuper(interpreter, created, context.receiver, args, site);
  if (result instanceof HeapObject) context.receiver = result;
  defineFields(interpreter, created, context.receiver as HeapObject);
  return context.receiver;
}
