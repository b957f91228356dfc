import { PathEnd, ThrowSignal } from '../signals.ts';
import { type NativeCall, UNDEFINED, type Value } from '../values.ts';

/** The reason of the `PathEnd` that `process.exit()` throws. */
export const PROCESS_EXIT = 'the process exits';

/** What a later turn of the event loop throws does not reach the code that asked for it, and neither does a later exit. */
export function runLater(call: NativeCall, callback: Value, args: readonly Value[]): void {
  try {
    call.interpreter.call(callback, UNDEFINED, args, call.site);
  } catch (signal) {
    if (signal instanceof ThrowSignal) return;
    if (signal instanceof PathEnd && signal.reason === PROCESS_EXIT) return;
    throw signal;
  }
}
