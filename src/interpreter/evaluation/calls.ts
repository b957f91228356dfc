import { instantiate } from './classes.ts';
import { callFunction } from './functions.ts';
import type { Interpreter } from '../interpreter.ts';
import { tryCall } from '../branches/joining.ts';
import { valueOfEach } from '../branches/joins.ts';
import { mapUnion } from './members.ts';
import { allLearned } from '../observation/observed-reference.ts';
import { callOpaque } from '../opaque.ts';
import { runAside } from '../observation/relevance.ts';
import { NoMember } from './tables.ts';
import { identityOf } from '../text.ts';
import {
  BoundFunction, ClassObject, FunctionObject, HeapObject, ModelObject, NativeFunction, Primitive, type Site, UNDEFINED, type Value,
} from '../values.ts';

/** Calls any value. What is no function gives an unknown value: the analysis is imprecise more often than programs are wrong. */
export function callValue(interpreter: Interpreter, callee: Value, receiver: Value, args: readonly Value[], site: Site): Value {
  interpreter.countStep();
  if (callee.kind === 'union' && interpreter.isJoining) return valueOfEach(interpreter, callee, (option) => callValue(interpreter, option, interpreter.settle(receiver), args, site));
  if (callee.kind === 'union') return mapUnion(interpreter, callee, (option) => callValue(interpreter, option, receiver, args, site));
  if (callee instanceof FunctionObject) return runAside(interpreter, callee, receiver, args, site, () => callProgram(interpreter, callee, receiver, args, site));
  // list.push(x), where the list is one of several
  if (receiver.kind === 'union' && interpreter.isJoining) return valueOfEach(interpreter, receiver, (option) => callValue(interpreter, callee, option, args, site));
  if (callee instanceof NativeFunction) {
    interpreter.amendment?.handsOver([receiver, ...args]);
    return callee.implementation({ interpreter, receiver, args: argumentsFor(callee, args), site, isNew: false });
  }
  if (callee instanceof BoundFunction) return callValue(interpreter, callee.target, callee.receiver, [...callee.boundArgs, ...args], site);
  if (callee instanceof ClassObject) return interpreter.unknown('a class called without new', site);
  interpreter.amendment?.handsOver([callee, ...args]);
  if (callee instanceof ModelObject && callee.behaviour.call) return callee.behaviour.call(interpreter, callee, receiver, allLearned(args), site);
  if (callee instanceof NoMember) return interpreter.throwError('TypeError', 'a call of a member that is not there', site, callee.labels);
  if (callee.kind === 'external' || callee.kind === 'unknown') return callOpaque(interpreter, callee, args, site, 'call');
  return callOpaque(interpreter, interpreter.unknown(describeNoFunction(callee), site, callee.labels), args, site, 'call');
}

function argumentsFor({ implementation }: NativeFunction, args: readonly Value[]): readonly Value[] {
  return implementation.takesReferences ? args : allLearned(args);
}

function callProgram(interpreter: Interpreter, callee: FunctionObject, receiver: Value, args: readonly Value[], site: Site): Value {
  return tryCall(interpreter, callee, () => callFunction(interpreter, callee, receiver, args, site)) ?? callFunction(interpreter, callee, receiver, args, site);
}

export function constructValue(interpreter: Interpreter, callee: Value, args: readonly Value[], site: Site): Value {
  interpreter.countStep();
  if (callee.kind === 'union' && interpreter.isJoining) return valueOfEach(interpreter, callee, (option) => constructValue(interpreter, option, args, site));
  if (callee.kind === 'union') return mapUnion(interpreter, callee, (option) => constructValue(interpreter, option, args, site));
  if (callee instanceof ClassObject) return instantiate(interpreter, callee, args, site);
  interpreter.amendment?.handsOver(args);
  if (callee instanceof NativeFunction) return callee.implementation({ interpreter, receiver: UNDEFINED, args: argumentsFor(callee, args), site, isNew: true });
  if (callee instanceof BoundFunction) return constructValue(interpreter, callee.target, [...callee.boundArgs, ...args], site);
  if (callee instanceof FunctionObject) {
    // function Api(app) { this.app = app }  …  new Api(app)
    const prototype = interpreter.get(callee, 'prototype', site);
    const instance = new HeapObject(prototype instanceof HeapObject ? prototype : interpreter.realm.objectPrototype, site);
    interpreter.amendment?.makes(instance);
    const result = callFunction(interpreter, callee, instance, args, site, callee);
    return result instanceof HeapObject ? result : instance;
  }
  if (callee instanceof ModelObject && callee.behaviour.call) return callee.behaviour.call(interpreter, callee, UNDEFINED, allLearned(args), site);
  if (callee.kind === 'external' || callee.kind === 'unknown') return callOpaque(interpreter, callee, args, site, 'new');
  return interpreter.unknown(describeNoFunction(callee), site, callee.labels);
}

function describeNoFunction(callee: Value): string {
  if (callee instanceof Primitive) return `a call of ${identityOf(callee) ?? 'a symbol'}`;
  return 'a call of something that is no function';
}
