import { format } from 'node:util';
import type { Interpreter } from '../../interpreter.ts';
import {
  CollectionObject, FunctionObject, HeapObject, isCallable, type NativeCall, Primitive, PromiseObject, RegExpObject, UNDEFINED, type Value,
} from '../../values.ts';
import { argument, defineFunctions, type Natives } from '../define.ts';
import { contentsOf } from '../host-calls.ts';
import { perOption } from '../options.ts';
import { settlers } from '../promise.ts';
import { known, mergedLabels, unknownFunctionResult } from '../results.ts';
import { createModuleObject } from './module-object.ts';

export function createUtilModule(interpreter: Interpreter): Value {
  const { realm } = interpreter;
  const types = new HeapObject(realm.objectPrototype);
  defineFunctions(realm.functionPrototype, types, typeTests);
  types.open = 'a test of node:util types that is not modelled';
  return createModuleObject(interpreter, 'util', utilFunctions, { types });
}

const utilFunctions: Natives = {
  callbackify: (call) => call.interpreter.unknown('a function made by callbackify', call.site),
  debuglog: (call) => call.interpreter.native('debuglog', () => UNDEFINED),
  deprecate: (call) => argument(call, 0),
  format: perOption('util.format', (call) => {
    const contents = contentsOf(call.args);
    return contents ? known(format(...contents), call.args) : unknownFunctionResult(call, 'util.format');
  }),
  // function Server() { EventEmitter.call(this) }  util.inherits(Server, EventEmitter)
  inherits: (call) => {
    const { interpreter, site } = call;
    const [own, base] = [argument(call, 0), argument(call, 1)].map((constructor) => interpreter.get(constructor, 'prototype', site));
    if (own instanceof HeapObject && base instanceof HeapObject) interpreter.heap.setPrototype(own, base);
    else if (own instanceof HeapObject) interpreter.heap.setOpen(own, 'inherits from something that is not known');
    interpreter.set(argument(call, 0), 'super_', argument(call, 1), site);
    return UNDEFINED;
  },
  inspect: (call) => call.interpreter.unknown('the text of a value', call.site, mergedLabels(call.args)),
  isDeepStrictEqual: (call) => unknownFunctionResult(call, 'util.isDeepStrictEqual'),
  promisify,
};

const typeTests: Natives = {
  isAsyncFunction: (call) => test(call, 'isAsyncFunction', (value) => value instanceof FunctionObject && value.node.async),
  isDate: (call) => test(call, 'isDate', (value) => value instanceof HeapObject && value.prototype === call.interpreter.realm.datePrototype),
  isMap: (call) => test(call, 'isMap', (value) => value instanceof CollectionObject && value.collection === 'Map'),
  isPromise: (call) => test(call, 'isPromise', (value) => value instanceof PromiseObject),
  isRegExp: (call) => test(call, 'isRegExp', (value) => value instanceof RegExpObject),
  isSet: (call) => test(call, 'isSet', (value) => value instanceof CollectionObject && value.collection === 'Set'),
};

function test(call: NativeCall, name: string, run: (value: Value) => boolean): Value {
  const value = argument(call, 0);
  return value.kind === 'primitive' || value.kind === 'object' ? new Primitive(run(value), mergedLabels([value])) : unknownFunctionResult(call, `util.types.${name}`);
}

/** The function with a callback appended, which settles the promise that it gives. */
function promisify(call: NativeCall): Value {
  const target = argument(call, 0);
  return call.interpreter.native('promisified', (inner) => {
    const { interpreter, site } = inner;
    const promise = interpreter.promise('pending', UNDEFINED, site);
    const { resolve, reject } = settlers(interpreter, promise);
    const callback = interpreter.native('callback', (settled) => {
      const error = argument(settled, 0);
      const isFailed = interpreter.isTrue(error, settled.site);
      interpreter.call(isFailed ? reject : resolve, UNDEFINED, [isFailed ? error : argument(settled, 1)], settled.site);
      return UNDEFINED;
    });
    const result = interpreter.call(target, inner.receiver, [...inner.args, callback], site);
    // Code outside the project calls back later, with something that is not known.
    return isCallable(target) || promise.state !== 'pending' ? promise : interpreter.promise('fulfilled', interpreter.awaitValue(result, site), site);
  });
}
