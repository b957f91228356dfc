import { ArrayObject, BoundFunction, isCallable, type NativeCall, type Value } from '../values.ts';
import { argument, createConstructor, defineMethods } from './define.ts';
import type { RealmParts } from './realm.ts';
import { unknownFunctionResult } from './results.ts';

export function addFunction(realm: RealmParts): void {
  const { functionPrototype } = realm;
  defineMethods(functionPrototype, functionPrototype, {
    apply: (call) => call.interpreter.call(call.receiver, argument(call, 0), argumentList(call, argument(call, 1)), call.site),
    bind: (call) => new BoundFunction(functionPrototype, call.receiver, argument(call, 0), call.args.slice(1)),
    call: (call) => call.interpreter.call(call.receiver, argument(call, 0), call.args.slice(1), call.site),
    toString: (call: NativeCall) => call.interpreter.unknown('the source text of a function', call.site),
  });
  realm.globals.set('Function', createConstructor(functionPrototype, 'Function', (call) => unknownFunctionResult(call, 'new Function'), functionPrototype));
}

/** The arguments of `fn.apply(receiver, list)`. */
export function argumentList(call: NativeCall, list: Value): readonly Value[] {
  if (list instanceof ArrayObject && list.open === undefined) return list.elements;
  if (list.kind === 'primitive' && (list.value === undefined || list.value === null)) return [];
  return call.interpreter.iterate(list, call.site).elements;
}

/** The first argument that is a function, where an API takes its callback in varying places. */
export function callbackOf(args: readonly Value[]): Value | undefined {
  return args.find(isCallable);
}

export function isMissing(value: Value): boolean {
  return value.kind === 'primitive' && value.value === undefined;
}
