import type { Interpreter } from '../../interpreter.ts';
import { binaryOperation } from '../../evaluation/operators.ts';
import { mergeLabels } from '../../labels.ts';
import { HeapObject, type NativeCall, NativeFunction, Primitive, UNDEFINED, type Value } from '../../values.ts';
import { argument, createConstructor, defineFunctions, type Natives } from '../define.ts';
import { isMissing } from '../function.ts';

/** The module is the function `assert` itself. An assertion throws where it is decided to fail. */
export function createAssertModule(interpreter: Interpreter): Value {
  const { functionPrototype, errorPrototype } = interpreter.realm;
  const prototype = new HeapObject(errorPrototype);
  prototype.properties.set('name', new Primitive('AssertionError'));
  const assertionError = createConstructor(functionPrototype, 'AssertionError', (call) => failure(call, prototype, argument(call, 0)), prototype);
  const assertThat = (call: NativeCall, condition: Value, message: Value): Value => {
    const truth = call.interpreter.whether(condition, call.site);
    const holds = truth.known ? truth.value : call.interpreter.isTrue(condition, call.site);
    if (holds !== false) return UNDEFINED;
    const error = failure(call, prototype, message);
    error.labels = mergeLabels(truth.labels);
    return call.interpreter.throwValue(message instanceof HeapObject ? message : error, call.site);
  };
  const compared = (operator: '===' | '!==' | '==' | '!=') => (call: NativeCall) =>
    assertThat(call, binaryOperation(call.interpreter, operator, argument(call, 0), argument(call, 1), call.site), argument(call, 2));
  const functions: Natives = {
    equal: compared('=='),
    fail: (call) => assertThat(call, new Primitive(false), argument(call, 0)),
    ifError: (call) => assertThat(call, binaryOperation(call.interpreter, '==', argument(call, 0), new Primitive(null), call.site), argument(call, 0)),
    notEqual: compared('!='),
    notStrictEqual: compared('!=='),
    ok: (call) => assertThat(call, argument(call, 0), argument(call, 1)),
    strictEqual: compared('==='),
  };
  const assert = new NativeFunction(functionPrototype, 'assert', (call) => assertThat(call, argument(call, 0), argument(call, 1)));
  assert.open = 'an export of node:assert that is not modelled';
  defineFunctions(functionPrototype, assert, functions);
  assert.properties.set('AssertionError', assertionError);
  assert.properties.set('strict', assert);
  return assert;
}

function failure(call: NativeCall, prototype: HeapObject, message: Value): HeapObject {
  const error = new HeapObject(prototype, call.site);
  error.properties.set('message', isMissing(message) ? new Primitive('The assertion failed') : message);
  return error;
}
