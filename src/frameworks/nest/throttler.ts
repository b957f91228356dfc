import { StepEnd } from '../../guards/chain.ts';
import { clientValue } from '../../guards/request/anonymous.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ThrowSignal } from '../../interpreter/signals.ts';
import { undecidedAt } from '../../interpreter/evaluation/truth.ts';
import { CLIENT, CLIENT_KEY, COUNTER } from '../../interpreter/labels.ts';
import { ArrayObject, FALSE, HeapObject, type NativeCall, Primitive, type Site, TRUE, UNDEFINED, Unknown, type Value, isCallable } from '../../interpreter/values.ts';
import { declaredVersion, majorOf } from '../package-version.ts';
import { contextFacts } from './context.ts';
import { bearerOf, setMetadata } from './decorators.ts';
import { asyncOptions } from './dynamic-module.ts';
import { nativeClass } from '../native-class.ts';
import { NestRequest } from './steps.ts';
import type { NestStore } from './store.ts';

const OPTIONS = 'THROTTLER:MODULE_OPTIONS';
const SKIP = 'THROTTLER:SKIP';
const LIMIT = 'THROTTLER:LIMIT';
const TTL = 'THROTTLER:TTL';
const STORAGE = Symbol('ThrottlerStorage');

/** A window of this many milliseconds or less was meant in seconds. */
const SHORT_WINDOW = 1000;

type Make = (interpreter: Interpreter) => Value;

/** Exports of @nestjs/throttler. */
export function throttlerExports(store: NestStore): ReadonlyMap<string, Make> {
  const exports = new Map<string, Make>([
    ['ThrottlerModule', createModule],
    ['ThrottlerGuard', (interpreter) => createGuard(interpreter, store)],
    ['ThrottlerStorage', () => new Primitive(STORAGE)],
    ['getOptionsToken', (interpreter) => interpreter.native('getOptionsToken', () => new Primitive(OPTIONS))],
    ['getStorageToken', (interpreter) => interpreter.native('getStorageToken', () => new Primitive(STORAGE))],
    ['InjectThrottlerOptions', (interpreter) => injects(interpreter, store, OPTIONS)],
    ['InjectThrottlerStorage', (interpreter) => injects(interpreter, store, STORAGE)],
    // @SkipThrottle(), @SkipThrottle({ default: true, login: true })
    ['SkipThrottle', (interpreter) => interpreter.native('SkipThrottle', ({ args: [names], site }) => interpreter.native('SkipThrottle', (call) => {
      const bearer = bearerOf(call.args);
      const skipped = names instanceof HeapObject ? interpreter.ownEntries(names, site).entries.map(([key, value]) => [String(key.value), value] as const) : [['default', names ?? TRUE] as const];
      if (bearer) for (const [name, value] of skipped) setMetadata(interpreter, bearer, SKIP + name, value);
      return UNDEFINED;
    }))],
    // @Throttle({ default: { limit: 3, ttl: 60000 } }); before version 5, @Throttle(3, 60)
    ['Throttle', (interpreter) => interpreter.native('Throttle', ({ args: [options, ttl], site }) => interpreter.native('Throttle', (call) => {
      const bearer = bearerOf(call.args);
      if (!bearer) return UNDEFINED;
      if (!(options instanceof HeapObject)) {
        setMetadata(interpreter, bearer, `${LIMIT}default`, options ?? UNDEFINED);
        setMetadata(interpreter, bearer, `${TTL}default`, ttl ?? UNDEFINED);
        return UNDEFINED;
      }
      for (const [name, inner] of interpreter.ownEntries(options, site).entries) {
        setMetadata(interpreter, bearer, LIMIT + String(name.value), interpreter.get(inner, 'limit', site));
        setMetadata(interpreter, bearer, TTL + String(name.value), interpreter.get(inner, 'ttl', site));
      }
      return UNDEFINED;
    }))],
  ]);
  for (const [name, factor] of UNITS) {
    exports.set(name, (interpreter) => interpreter.native(name, ({ args: [count], site }) => (
      count instanceof Primitive && typeof count.value === 'number' ? new Primitive(count.value * factor) : interpreter.unknown('a length of time', site)
    )));
  }
  return exports;
}

const UNITS: readonly (readonly [string, number])[] = [['seconds', 1000], ['minutes', 60_000], ['hours', 3_600_000], ['days', 86_400_000], ['weeks', 604_800_000]];

function injects(interpreter: Interpreter, store: NestStore, token: string | symbol): Value {
  return interpreter.native('InjectThrottler', () => interpreter.native('parameter decorator', (call) => {
    store.addParameter(call.args[0], call.args[1], call.args[2], { kind: 'inject', token: new Primitive(token) });
    return UNDEFINED;
  }));
}

function createModule(interpreter: Interpreter): Value {
  const dynamic = (call: NativeCall, provider: readonly (readonly [PropertyKey, Value])[], further: readonly Value[] = []): Value => interpreter.object([
    ['module', created],
    ['global', TRUE],
    ['providers', interpreter.array([
      ...further,
      interpreter.object([['provide', new Primitive(OPTIONS)], ...provider]),
      interpreter.object([['provide', new Primitive(STORAGE)], ['useValue', createStorage(interpreter)]]),
    ])],
  ], call.site);
  const created = nativeClass(interpreter, 'ThrottlerModule', {
    statics: {
      forRoot: (call) => dynamic(call, [['useValue', call.args[0] ?? interpreter.array([])]]),
      forRootAsync: (call) => {
        const { members, further } = asyncOptions(call, 'createThrottlerOptions');
        return dynamic(call, members, further);
      },
    },
  });
  return created;
}

/** Counts what each key did, which no analysis knows. */
function createStorage(interpreter: Interpreter): Value {
  const hits = (): Value => interpreter.object([
    ['totalHits', new Unknown('hits of a client', { labels: CLIENT | CLIENT_KEY })],
    ['timeToExpire', new Unknown('time until a counter ends')],
    ['isBlocked', new Unknown('whether a client is blocked', { labels: CLIENT | COUNTER })],
    ['timeToBlockExpire', new Unknown('time until a client is let in again')],
  ]);
  return interpreter.object([['increment', interpreter.native('increment', ({ site }) => interpreter.promise('fulfilled', hits(), site))]]);
}

function createGuard(interpreter: Interpreter, store: NestStore): Value {
  return nativeClass(interpreter, 'ThrottlerGuard', {
    initialize: (instance, { args: [options] }) => {
      if (options) interpreter.heap.setProperty(instance, 'options', options);
      interpreter.heap.setProperty(instance, 'storageService', createStorage(interpreter));
    },
    methods: {
      onModuleInit: () => UNDEFINED,
      canActivate: (call) => asPromise(call, () => canActivate(call, store)),
      handleRequest: (call) => asPromise(call, () => count(call, store)),
      shouldSkip: ({ site }) => interpreter.promise('fulfilled', FALSE, site),
      getTracker: ({ site }) => interpreter.promise('fulfilled', clientValue('req.ip', site, CLIENT_KEY), site),
      generateKey: ({ site }) => clientValue('the key of a client', site, CLIENT_KEY),
      getErrorMessage: ({ site }) => interpreter.promise('fulfilled', new Primitive('ThrottlerException: Too Many Requests'), site),
      getRequestResponse: ({ args: [context] }) => {
        const [request, response] = contextFacts(context)?.args() ?? [];
        return interpreter.object([['req', request ?? UNDEFINED], ['res', response ?? UNDEFINED]]);
      },
      throwThrottlingException: ({ args, site }) => {
        throw new StepEnd(limited(interpreter, store, args[1], site));
      },
    },
  });
}

function limited(interpreter: Interpreter, store: NestStore, detail: Value | undefined, site: Site): StepEnd['outcome'] {
  const { current } = store.active;
  if (!(current instanceof NestRequest)) return { kind: 'continues' };
  const outcome = current.stopped('limit', current.running?.codeSite ?? site, undefined);
  const ttl = detail instanceof HeapObject ? interpreter.get(detail, 'ttl', site) : UNDEFINED;
  const text = ttl instanceof Primitive && typeof ttl.value === 'number' && ttl.value <= SHORT_WINDOW && countsInMilliseconds(interpreter, current.endpoint.place.module.file)
    ? `stops a client that sends too many requests within ${ttl.value} milliseconds: the unit of ttl is the millisecond since version 5 of @nestjs/throttler`
    : outcome.by.text;
  return { ...outcome, by: { ...outcome.by, text } };
}

function countsInMilliseconds(interpreter: Interpreter, file: string): boolean {
  return (majorOf(declaredVersion(interpreter.loader, '@nestjs/throttler', file)) ?? 6) >= 5;
}

function asPromise({ interpreter, site }: NativeCall, run: () => Value): Value {
  try {
    return interpreter.promise('fulfilled', run(), site);
  } catch (signal) {
    if (!(signal instanceof ThrowSignal)) throw signal;
    return interpreter.promise('rejected', signal.value, site);
  }
}

function canActivate(call: NativeCall, store: NestStore): Value {
  const { interpreter, receiver, args: [context], site } = call;
  const run = store.active.current;
  const facts = contextFacts(context);
  if (!(run instanceof NestRequest) || !facts || run.question !== 'any') return TRUE;
  const method = (name: string, given: readonly Value[]): Value => interpreter.awaitValue(interpreter.call(interpreter.get(receiver, name, site), receiver, given, site), site);
  if (interpreter.isTrue(method('shouldSkip', [context ?? UNDEFINED]), site)) return TRUE;
  const given = interpreter.get(receiver, 'options', site);
  const options = given instanceof HeapObject ? given : run.endpoint.injector.resolve(new Primitive(OPTIONS), run.endpoint.module, site);
  const metadata = (key: string): Value => run.metadataOf(key).find((value) => !isNothing(value)) ?? UNDEFINED;
  const skips = (condition: Value): boolean => isCallable(condition) && interpreter.isTrue(interpreter.awaitValue(interpreter.call(condition, UNDEFINED, [context ?? UNDEFINED], site), site), site) === true;
  for (const { name, throttler } of throttlersOf(interpreter, options, site)) {
    if (interpreter.isTrue(metadata(SKIP + name), site)) continue;
    const own = throttler ? interpreter.get(throttler, 'skipIf', site) : UNDEFINED;
    if (skips(isNothing(own) && options instanceof HeapObject ? interpreter.get(options, 'skipIf', site) : own)) continue;
    const read = (key: string, member: string): Value => {
      const set = metadata(key + name);
      return isNothing(set) && throttler ? interpreter.get(throttler, member, site) : set;
    };
    const properties = interpreter.object([
      ['context', context ?? UNDEFINED], ['limit', read(LIMIT, 'limit')], ['ttl', read(TTL, 'ttl')], ['throttler', throttler ?? UNDEFINED], ['blockDuration', UNDEFINED],
      ['getTracker', interpreter.get(receiver, 'getTracker', site)], ['generateKey', interpreter.get(receiver, 'generateKey', site)],
    ]);
    if (!interpreter.isTrue(method('handleRequest', [properties]), site)) return FALSE;
  }
  return TRUE;
}

/** [{ ttl, limit }], { throttlers: [{ name, ttl, limit }] }, and { ttl, limit } before version 5. */
function throttlersOf(interpreter: Interpreter, options: Value, site: Site): readonly { readonly name: string; readonly throttler: Value | undefined }[] {
  const list = options instanceof ArrayObject ? options : options instanceof HeapObject ? interpreter.get(options, 'throttlers', site) : UNDEFINED;
  if (list instanceof ArrayObject) {
    return list.elements.map((element) => {
      const throttler = interpreter.settle(element);
      const name = throttler instanceof HeapObject ? interpreter.get(throttler, 'name', site) : UNDEFINED;
      return { name: name instanceof Primitive && typeof name.value === 'string' ? name.value : 'default', throttler };
    });
  }
  return [{ name: 'default', throttler: options instanceof HeapObject ? options : undefined }];
}

/** One more request of a client: it may be one too many. */
function count(call: NativeCall, store: NestStore): Value {
  const { interpreter, receiver, args: [properties], site } = call;
  const run = store.active.current;
  if (!(run instanceof NestRequest) || run.question !== 'any') return TRUE;
  if (!interpreter.decide(undecidedAt('whether the limit is reached', site, CLIENT))) return TRUE;
  const context = properties instanceof HeapObject && !contextFacts(properties) ? interpreter.get(properties, 'context', site) : properties ?? UNDEFINED;
  interpreter.awaitValue(interpreter.call(interpreter.get(receiver, 'throwThrottlingException', site), receiver, [context, properties ?? UNDEFINED], site), site);
  return TRUE;
}

function isNothing(value: Value): boolean {
  return value instanceof Primitive && value.value === undefined;
}
