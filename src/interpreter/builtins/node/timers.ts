import type { Interpreter } from '../../interpreter.ts';
import type { Value } from '../../values.ts';
import { argument } from '../define.ts';
import { timerFunctions } from '../timers.ts';
import { createModuleObject } from './module-object.ts';

export function createTimersModule(interpreter: Interpreter): Value {
  return createModuleObject(interpreter, 'timers', timerFunctions, { promises: createTimersPromisesModule(interpreter) });
}

/** await setTimeout(100, value) */
export function createTimersPromisesModule(interpreter: Interpreter): Value {
  return createModuleObject(interpreter, 'timers/promises', {
    setImmediate: (call) => call.interpreter.promise('fulfilled', argument(call, 0), call.site),
    setTimeout: (call) => call.interpreter.promise('fulfilled', argument(call, 1), call.site),
  });
}
