import type { Interpreter } from '../interpreter.ts';
import { deferred } from '../branches/isolation.ts';
import { withinControl } from '../labelling.ts';
import { ThrowSignal } from '../signals.ts';
import { ArrayObject, isCallable, type NativeCall, Primitive, PromiseObject, type Site, UNDEFINED, type Value } from '../values.ts';
import { argument, createConstructor, defineMethods, instancePrototype, type Natives } from './define.ts';
import { eachOption } from './options.ts';
import { internalKey } from './properties.ts';
import type { RealmParts } from './realm.ts';
import { passedOver, underRejection } from './rejections.ts';
import { wrongReceiver } from './results.ts';

/** What is to run when a pending promise settles: natives that take the promise. */
const REACTIONS = internalKey('reactions');

export function addPromise(realm: RealmParts): void {
  defineMethods(realm.functionPrototype, realm.promisePrototype, promiseMethods);
  realm.globals.set('Promise', createConstructor(realm.functionPrototype, 'Promise', construct, realm.promisePrototype, promiseFunctions));
}

/** A value as a promise; the result of a function that returned or threw. */
function toPromise(interpreter: Interpreter, value: Value, site: Site): PromiseObject {
  if (value instanceof PromiseObject) return value;
  return attempt(interpreter, site, () => interpreter.awaitValue(value, site));
}

function attempt(interpreter: Interpreter, site: Site, run: () => Value): PromiseObject {
  try {
    const value = run();
    return value instanceof PromiseObject ? value : interpreter.promise('fulfilled', value, site);
  } catch (signal) {
    if (signal instanceof ThrowSignal) return interpreter.promise('rejected', signal.value, site);
    throw signal;
  }
}

function construct(call: NativeCall): Value {
  const { interpreter, site } = call;
  const promise = new PromiseObject(instancePrototype(call, interpreter.realm.promisePrototype), 'pending', UNDEFINED, site);
  const { resolve, reject } = settlers(interpreter, promise);
  try {
    interpreter.call(argument(call, 0), UNDEFINED, [resolve, reject], site);
  } catch (signal) {
    if (!(signal instanceof ThrowSignal)) throw signal;
    settle(interpreter, promise, 'rejected', signal.value, site);
  }
  return promise;
}

/** The functions that an executor is given. */
export function settlers(interpreter: Interpreter, promise: PromiseObject): { resolve: Value; reject: Value } {
  return {
    resolve: interpreter.native('resolve', (call) => {
      resolve(interpreter, promise, withinControl(interpreter, argument(call, 0)), call.site);
      return UNDEFINED;
    }),
    reject: interpreter.native('reject', (call) => {
      settle(interpreter, promise, 'rejected', interpreter.asThrown(argument(call, 0)), call.site);
      return UNDEFINED;
    }),
  };
}

function resolve(interpreter: Interpreter, promise: PromiseObject, value: Value, site: Site): void {
  const source = toPromise(interpreter, value, site);
  whenSettled(interpreter, source, site, () => {
    settle(interpreter, promise, source.state, source.result, site);
    return UNDEFINED;
  });
}

function settle(interpreter: Interpreter, promise: PromiseObject, state: PromiseObject['state'], result: Value, site: Site): void {
  if (promise.state !== 'pending') return;
  interpreter.heap.settle(promise, state, result);
  const reactions = promise.properties.get(REACTIONS);
  if (!(reactions instanceof ArrayObject)) return;
  interpreter.heap.deleteProperty(promise, REACTIONS);
  for (const reaction of reactions.elements) interpreter.call(reaction, UNDEFINED, [], site);
}

/** Runs now, or when the promise settles. */
function whenSettled(interpreter: Interpreter, promise: PromiseObject, site: Site, run: () => Value): void {
  if (promise.state !== 'pending') {
    run();
    return;
  }
  const reactions = promise.properties.get(REACTIONS);
  const before = reactions instanceof ArrayObject ? reactions.elements : [];
  // connect().then(() => app.use(routes))      a program is taken to start, also where it could not be followed what it waits for
  interpreter.amendment?.fail('waits for something');
  if (!interpreter.choosing && before.length === 0) interpreter.awaited.add(deferred(interpreter, () => settle(interpreter, promise, 'fulfilled', interpreter.unknown('a promise that is settled later', site), site)));
  interpreter.heap.setProperty(promise, REACTIONS, interpreter.array([...before, interpreter.native('reaction', run)], site));
}

/** `then`: callbacks of a settled promise run at once. A callback that is no function hands the result on. */
function react(call: NativeCall, promise: PromiseObject, onFulfilled: Value, onRejected: Value): PromiseObject {
  const { interpreter, site } = call;
  const outcome = (): PromiseObject => {
    const isRejected = promise.state === 'rejected';
    const callback = isRejected ? onRejected : onFulfilled;
    if (!mayBeCalled(callback)) return isRejected ? passedOver(interpreter, promise, onFulfilled, site) : promise;
    const run = (): PromiseObject => attempt(interpreter, site, () => toPromise(interpreter, interpreter.call(callback, UNDEFINED, [promise.result], site), site));
    return isRejected && onFulfilled !== onRejected ? underRejection(interpreter, promise, { callback, onFulfilled }, site, run) : run();
  };
  if (promise.state !== 'pending') return outcome();
  const derived = interpreter.promise('pending', UNDEFINED, site);
  whenSettled(interpreter, promise, site, () => {
    resolve(interpreter, derived, outcome(), site);
    return UNDEFINED;
  });
  return derived;
}

function mayBeCalled(value: Value): boolean {
  return value.kind !== 'primitive' && (value.kind !== 'object' || isCallable(value));
}

function onPromise(method: (call: NativeCall, promise: PromiseObject) => Value) {
  return (call: NativeCall): Value => (call.receiver instanceof PromiseObject ? method(call, call.receiver) : wrongReceiver(call, 'a promise'));
}

const promiseMethods: Natives = {
  catch: onPromise((call, promise) => react(call, promise, UNDEFINED, argument(call, 0))),
  finally: onPromise((call, promise) => {
    const { interpreter } = call;
    // The callback sees nothing, and changes the result only by throwing.
    const callback = interpreter.native('finally', () => {
      const inner = toPromise(interpreter, interpreter.call(argument(call, 0), UNDEFINED, [], call.site), call.site);
      return inner.state === 'rejected' ? inner : promise;
    });
    return react(call, promise, callback, callback);
  }),
  then: onPromise((call, promise) => react(call, promise, argument(call, 0), argument(call, 1))),
};

const promiseFunctions: Natives = {
  all: (call) => combine(call, (promises) => {
    const rejected = promises.find((promise) => promise.state === 'rejected');
    if (rejected) return rejected;
    return promises.find((promise) => promise.state === 'pending') ?? promises.map((promise) => promise.result);
  }),
  allSettled: (call) => combine(call, (promises) =>
    promises.find((promise) => promise.state === 'pending') ?? promises.map((promise) => call.interpreter.object([
      ['status', new Primitive(promise.state)],
      [promise.state === 'fulfilled' ? 'value' : 'reason', promise.result],
    ], call.site))),
  any: (call) => combine(call, (promises) =>
    promises.find((promise) => promise.state === 'fulfilled') ?? promises.find((promise) => promise.state === 'pending') ??
    call.interpreter.promise('rejected', call.interpreter.construct(call.interpreter.realm.globals.get('AggregateError') ?? UNDEFINED,
      [call.interpreter.array(promises.map((promise) => promise.result)), new Primitive('All promises were rejected')], call.site), call.site)),
  race: (call) => combine(call, (promises) =>
    promises.find((promise) => promise.state !== 'pending') ?? call.interpreter.promise('pending', UNDEFINED, call.site)),
  reject: (call) => call.interpreter.promise('rejected', call.interpreter.asThrown(argument(call, 0)), call.site),
  resolve: (call) => toPromise(call.interpreter, argument(call, 0), call.site),
  try: (call) => attempt(call.interpreter, call.site, () =>
    toPromise(call.interpreter, call.interpreter.call(argument(call, 0), UNDEFINED, call.args.slice(1), call.site), call.site)),
  withResolvers: (call) => {
    const promise = call.interpreter.promise('pending', UNDEFINED, call.site);
    const { resolve: resolver, reject } = settlers(call.interpreter, promise);
    return call.interpreter.object([['promise', promise], ['resolve', resolver], ['reject', reject]], call.site);
  },
};

/** `outcome` gives one of the promises, or the elements of the array that the whole is fulfilled with. */
function combine(call: NativeCall, outcome: (promises: readonly PromiseObject[]) => PromiseObject | readonly Value[]): Value {
  const { interpreter, site } = call;
  const source = argument(call, 0);
  const { elements, open } = interpreter.iterate(source, site);
  const promises: PromiseObject[] = [];
  for (const element of elements) {
    eachOption(interpreter, element, site, (option) => {
      promises.push(toPromise(interpreter, option, site));
      return undefined;
    });
  }
  const result = outcome(promises);
  if (result instanceof PromiseObject) return result;
  const array = interpreter.array(result, site);
  if (open) array.open = source.kind === 'unknown' ? source.reason : 'the results of promises that are not known';
  return interpreter.promise('fulfilled', array, site);
}
