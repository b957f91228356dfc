import type { Interpreter } from '../interpreter.ts';
import { mapUnion } from './members.ts';
import { ThrowSignal } from '../signals.ts';
import { External, ModelObject, PromiseObject, type Site, type Value } from '../values.ts';

/** What `await value` gives. A rejection is thrown; a promise that never settles ends the path. */
export function awaitValue(interpreter: Interpreter, value: Value, site: Site): Value {
  const settled = interpreter.settle(value);
  if (settled.kind === 'union' && interpreter.choosing) return mapUnion(interpreter, settled, (option) => awaitOption(interpreter, option, site));
  if (settled instanceof PromiseObject) {
    if (settled.state === 'rejected') {
      if (interpreter.wouldEndProgram()) return interpreter.unfollowed('a promise that is rejected, as far as it could be followed', site);
      throw new ThrowSignal(settled.result, site);
    }
    if (settled.state === 'pending') return interpreter.neverContinues(site);
    return awaitValue(interpreter, settled.result, site);
  }
  if (settled instanceof External) {
    return settled.step === 'call' || settled.step === 'new' ? new External({ step: 'await', package: settled.package, subpath: settled.subpath, base: settled, labels: settled.labels, site }) : settled;
  }
  if (settled instanceof ModelObject && settled.behaviour.await) return settled.behaviour.await(interpreter, settled, site);
  if (settled.kind === 'object') {
    // A thenable of the project: `{ then(resolve) { … } }`.
    const then = settled.properties.get('then');
    if (then && then.kind === 'object' && !(settled instanceof PromiseObject)) return interpreter.unknown('result of a custom thenable', site, settled.labels);
  }
  return settled;
}

/** Of one of several promises only what it is fulfilled with can be told without a choice. */
function awaitOption(interpreter: Interpreter, option: Value, site: Site): Value {
  if (option instanceof PromiseObject && option.state !== 'fulfilled') interpreter.requireChoice([]);
  return awaitValue(interpreter, option, site);
}

/** Promises that code waits for while the program starts, and that nothing has settled so far. */
export class Awaited {
  private readonly settlers: (() => void)[] = [];
  private settled = 0;

  /** @param settle settles the promise, where nothing else has by then */
  add(settle: () => void): void {
    this.settlers.push(settle);
  }

  /** The program has started: what waits runs now. Code that waits again and again ends after `most` times. */
  settle(most: number): void {
    for (let next = this.settlers.shift(); next && this.settled++ < most; next = this.settlers.shift()) next();
  }
}
