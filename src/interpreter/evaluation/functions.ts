import type { TSESTree } from '@typescript-eslint/types';
import { capturedIn } from '../modules/captures.ts';
import { evaluate } from './expressions.ts';
import { declareHoisted, hoistedOf } from '../modules/hoisting.ts';
import type { Interpreter } from '../interpreter.ts';
import { asOneDecision } from '../branches/joined-result.ts';
import { isReturn, meet } from '../branches/joins.ts';
import { returned } from '../labelling.ts';
import { unionOf } from './members.ts';
import { bindPattern } from './patterns.ts';
import { Scope } from '../modules/scope.ts';
import { ThrowSignal } from '../signals.ts';
import { type Completion, executeBlock } from './statements.ts';
import { type FunctionNode, FunctionObject, HeapObject, PromiseObject, type Site, UNDEFINED, type UnionOption, type Value } from '../values.ts';
import type { LoadedModule } from '../modules/loader.ts';

/** `name` is what a stack trace would show. */
export function createFunction(interpreter: Interpreter, node: FunctionNode, scope: Scope, module: LoadedModule, name: string, home?: HeapObject): FunctionObject {
  const created = new FunctionObject(interpreter.realm.functionPrototype, node, scope, module, name, home);
  return interpreter.amendment?.makes(created) ?? created;
}

/** Anonymous functions take the name of what they are assigned to. */
export function named(interpreter: Interpreter, value: Value, name: string): Value {
  if (value.kind !== 'object' || !('name' in value) || value.name !== '' || name === '') return value;
  interpreter.amendment?.names(value);
  (value as { name: string }).name = name;
  return value;
}

export function callFunction(interpreter: Interpreter, callee: FunctionObject, receiver: Value, args: readonly Value[], site: Site, newTarget?: Value): Value {
  const { node, module } = callee;
  if (interpreter.frames.length >= interpreter.bounds.depth) return interpreter.unfollowed('calls nest too deeply', site);
  if (isRunaway(interpreter, callee)) return interpreter.unfollowed(`${callee.name || 'a function'} calls itself too often`, site);
  if (node.generator) interpreter.commit();
  interpreter.called.add(node);
  interpreter.amendment?.called.set(node, callee);
  const activity = { captured: capturedIn(interpreter, node), isOver: false };
  const scope = new Scope(callee.scope, node.type === 'ArrowFunctionExpression' ? undefined : { receiver, home: callee.home, newTarget, args }, activity, interpreter.amendment);
  if (node.type === 'FunctionExpression' && node.id) scope.declare(node.id.name, callee);

  interpreter.frames.push({ site, given: args, callee });
  const controlDepth = interpreter.controls.length;
  const { outerControls } = interpreter;
  interpreter.outerControls = controlDepth;
  const conditionDepth = interpreter.conditions.length;
  const pending: { conditions: readonly UnionOption['conditions'][number][]; value: Value }[] = [];
  interpreter.pendingReturns.push(pending);
  if (node.generator) interpreter.yields.push([]);
  try {
    const before = interpreter.isJoining ? { mark: interpreter.heap.mark(), made: interpreter.heap.madeSoFar() } : undefined;
    const value = before ? asOneDecision(interpreter, run(interpreter, node, scope, module, args), callee, before) : run(interpreter, node, scope, module, args);
    // super(…) of a native put another object in the instance's place.
    const own = scope.context?.receiver;
    if (newTarget !== undefined && own !== undefined && own !== receiver && !(value instanceof HeapObject)) return own;
    if (node.generator) return interpreter.array(interpreter.yields.at(-1) ?? [], site);
    const result = pending.length === 0 ? value : unionOf([...pending, { conditions: [...interpreter.conditions.slice(conditionDepth)], value }]);
    return node.async ? fulfil(interpreter, result, site) : result;
  } catch (signal) {
    // if (isValid(config)) return
    // throw new Error('…')        a program that starts took the way that returns
    if (signal instanceof ThrowSignal && !interpreter.choosing && pending.length > 0) {
      const result = unionOf(pending);
      return node.async ? fulfil(interpreter, result, site) : result;
    }
    if (signal instanceof ThrowSignal && interpreter.wouldEndProgram()) {
      const result = interpreter.unfollowed(`${callee.name || 'a function'} throws, as far as it could be followed`, site);
      return node.async ? fulfil(interpreter, result, site) : result;
    }
    if (node.async && signal instanceof ThrowSignal) return interpreter.promise('rejected', signal.value, site);
    throw signal;
  } finally {
    activity.isOver = true;
    if (node.generator) interpreter.yields.pop();
    interpreter.pendingReturns.pop();
    interpreter.frames.pop();
    interpreter.outerControls = outerControls;
    interpreter.controls.length = Math.min(interpreter.controls.length, controlDepth);
    interpreter.conditions.length = Math.min(interpreter.conditions.length, conditionDepth);
  }
}

function run(interpreter: Interpreter, node: FunctionNode, scope: Scope, module: LoadedModule, args: readonly Value[]): Value {
  bindParameters(interpreter, node.params, scope, module, args);
  if (node.body.type !== 'BlockStatement') return returned(interpreter, evaluate(interpreter, node.body, scope, module));
  declareHoisted(interpreter, hoistedOf(interpreter, node.body), scope, module);
  const { body } = node.body;
  const { activations, choosing, amendment } = interpreter;
  const isKept = activations !== undefined && !choosing && amendment === undefined;
  const execute = (): Completion | undefined => (isKept ? activations.run(interpreter, node, body, scope, module) : executeBlock(interpreter, body, scope, module));
  const completion = interpreter.isJoining ? meet(interpreter, isReturn, execute) : execute();
  if (completion?.type === 'return') return returned(interpreter, completion.value);
  return interpreter.controls.length > 0 ? interpreter.underControl(UNDEFINED) : UNDEFINED;
}

function bindParameters(interpreter: Interpreter, params: readonly TSESTree.Parameter[], scope: Scope, module: LoadedModule, args: readonly Value[]): void {
  for (let index = 0; index < params.length; index++) {
    const param = params[index] as TSESTree.Parameter;
    if (param.type === 'RestElement') {
      bindPattern(interpreter, param.argument, interpreter.array(args.slice(index), interpreter.site(module, param)), scope, module, 'declare');
      return;
    }
    const target = param.type === 'TSParameterProperty' ? param.parameter : param;
    const value = args[index] ?? UNDEFINED;
    bindPattern(interpreter, target, value, scope, module, 'declare');
    if (param.type === 'TSParameterProperty') {
      // constructor(private readonly router: Router)
      const name = target.type === 'Identifier' ? target.name : target.type === 'AssignmentPattern' && target.left.type === 'Identifier' ? target.left.name : undefined;
      const context = scope.functionContext();
      if (name !== undefined && context) interpreter.set(context.receiver, name, interpreter.read(scope, name, interpreter.site(module, param)) ?? UNDEFINED, interpreter.site(module, param));
    }
  }
}

function fulfil(interpreter: Interpreter, value: Value, site: Site): Value {
  return value instanceof PromiseObject ? value : interpreter.promise('fulfilled', value, site);
}

/** Nested calls of the same function where each follows all of its branches. */
const JOINED_RECURSION = 2;

function isRunaway(interpreter: Interpreter, callee: FunctionObject): boolean {
  const most = interpreter.isJoining ? JOINED_RECURSION : interpreter.bounds.recursion;
  let count = 0;
  for (const frame of interpreter.frames) if (frame.callee?.node === callee.node && ++count >= most) return true;
  return false;
}
