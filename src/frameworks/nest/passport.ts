import { absentValue, clientValue } from '../../guards/request/anonymous.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ThrowSignal } from '../../interpreter/signals.ts';
import { ABSENT, CLIENT_KEY } from '../../interpreter/labels.ts';
import { ArrayObject, ClassObject, External, FALSE, FunctionObject, HeapObject, type NativeCall, NativeFunction, NULL, Primitive, type Site, TRUE, UNDEFINED, type Value, withLabels } from '../../interpreter/values.ts';
import { nativeClass } from '../native-class.ts';
import { NestRequest } from './steps.ts';
import type { NestStore } from './store.ts';

interface Strategy {
  readonly name: string;
  readonly base: Value;
}

/** How passport ends for a request without a credential. `passes`: it goes on, and nobody is asked. */
type Outcome =
  | { readonly kind: 'passes' }
  | { readonly kind: 'fails' }
  | { readonly kind: 'error'; readonly error: Value }
  | { readonly kind: 'user'; readonly user: Value };

/** Exports of @nestjs/passport. */
export function passportExports(store: NestStore): ReadonlyMap<string, (interpreter: Interpreter) => Value> {
  const strategies = new WeakMap<NativeFunction, Strategy>();
  return new Map<string, (interpreter: Interpreter) => Value>([
    ['AuthGuard', (interpreter) => interpreter.native('AuthGuard', ({ args }) => createGuard(interpreter, store, strategies, args[0] ?? UNDEFINED))],
    // class JwtStrategy extends PassportStrategy(Strategy, 'jwt')
    ['PassportStrategy', (interpreter) => interpreter.native('PassportStrategy', ({ args: [base, name] }) => {
      const created = nativeClass(interpreter, 'PassportStrategy', {});
      const prototype = created.properties.get('prototype');
      if (base instanceof ClassObject && prototype instanceof HeapObject) prototype.prototype = base.instances;
      strategies.set(created, { base: base ?? UNDEFINED, name: name instanceof Primitive && typeof name.value === 'string' ? name.value : defaultName(base) });
      return created;
    })],
  ]);
}

/** The name that a strategy registers itself under. */
function defaultName(base: Value | undefined): string {
  return base instanceof External ? NAMES.get(base.package) ?? base.package.replace(/^.*passport-/, '') : '';
}

const NAMES: ReadonlyMap<string, string> = new Map([['passport-http-bearer', 'bearer'], ['passport-google-oauth20', 'google'], ['passport-github2', 'github'], ['passport-http', 'basic']]);

function createGuard(interpreter: Interpreter, store: NestStore, strategies: WeakMap<NativeFunction, Strategy>, type: Value): NativeFunction {
  const name = type instanceof Primitive && typeof type.value === 'string' ? type.value : undefined;
  return nativeClass(interpreter, name === undefined ? 'AuthGuard' : `AuthGuard('${name}')`, {
    methods: {
      canActivate: (call) => asPromise(call, () => canActivate(call, store, strategies, type)),
      handleRequest: ({ args: [error, user], site }) => {
        if (error && interpreter.isTrue(error, site)) return interpreter.throwValue(error, site);
        if (!user || !interpreter.isTrue(user, site)) return interpreter.throwError('Error', 'Unauthorized', site, user ? user.kind === 'union' ? 0 : user.labels & ABSENT : ABSENT);
        return user;
      },
      getAuthenticateOptions: () => UNDEFINED,
      getRequest: ({ args: [context], site }) => requestOf(interpreter, context, site),
      logIn: ({ site }) => interpreter.promise('fulfilled', UNDEFINED, site),
    },
  });
}

function asPromise({ interpreter, site }: NativeCall, run: () => Value): Value {
  try {
    return interpreter.promise('fulfilled', run(), site);
  } catch (signal) {
    if (!(signal instanceof ThrowSignal)) throw signal;
    return interpreter.promise('rejected', signal.value, site);
  }
}

function requestOf(interpreter: Interpreter, context: Value | undefined, site: Site): Value {
  if (!context) return UNDEFINED;
  const http = interpreter.call(interpreter.get(context, 'switchToHttp', site), context, [], site);
  return interpreter.call(interpreter.get(http, 'getRequest', site), http, [], site);
}

function canActivate(call: NativeCall, store: NestStore, strategies: WeakMap<NativeFunction, Strategy>, type: Value): Value {
  const { interpreter, receiver, args: [context], site } = call;
  const run = store.active.current;
  const method = (name: string, given: readonly Value[]): Value => interpreter.call(interpreter.get(receiver, name, site), receiver, given, site);
  const request = method('getRequest', [context ?? UNDEFINED]);
  const setUser = (user: Value): void => {
    if (request instanceof HeapObject) interpreter.set(request, 'user', user, site);
  };
  if (!(run instanceof NestRequest) || run.question !== 'anonymous') {
    setUser(clientValue('req.user', site, CLIENT_KEY));
    return TRUE;
  }
  const outcome = outcomeOf(interpreter, run, strategies, type, request, site);
  if (outcome.kind === 'passes') {
    setUser(absentValue());
    return TRUE;
  }
  const error = outcome.kind === 'error' ? outcome.error : NULL;
  const user = outcome.kind === 'user' ? outcome.user : withLabels(FALSE, ABSENT);
  setUser(method('handleRequest', [error, user, missingCredential(interpreter), context ?? UNDEFINED, UNDEFINED]));
  return TRUE;
}

function missingCredential(interpreter: Interpreter): Value {
  const information = interpreter.object([['message', new Primitive('No auth token')]]);
  information.open = 'an error of passport';
  information.labels = ABSENT;
  return information;
}

function outcomeOf(interpreter: Interpreter, run: NestRequest, strategies: WeakMap<NativeFunction, Strategy>, type: Value, request: Value, site: Site): Outcome {
  const list = type instanceof ArrayObject ? type.elements.map((e) => interpreter.settle(e)) : [interpreter.settle(type)];
  for (const given of list) {
    if (!(given instanceof Primitive) || typeof given.value !== 'string') continue;
    const outcome = outcomeOfStrategy(interpreter, run, strategies, given.value, request, site);
    if (outcome.kind !== 'fails') return outcome;
  }
  return { kind: 'fails' };
}

function outcomeOfStrategy(interpreter: Interpreter, run: NestRequest, strategies: WeakMap<NativeFunction, Strategy>, name: string, request: Value, site: Site): Outcome {
  for (const created of run.endpoint.injector.providedClasses()) {
    const strategy = strategyOf(created, strategies);
    if (strategy?.name !== name) continue;
    const authenticate = interpreter.get(created.instances, 'authenticate', site);
    if (authenticate instanceof FunctionObject) return authenticated(interpreter, run, created, authenticate, request, site);
    if (strategy.base instanceof External && strategy.base.package === 'passport-anonymous') return { kind: 'passes' };
    if (strategy.base instanceof External && strategy.base.package === 'passport-custom') return validated(interpreter, run, created, request, site);
    return { kind: 'fails' };
  }
  return name === 'anonymous' ? { kind: 'passes' } : { kind: 'fails' };
}

function strategyOf(created: ClassObject, strategies: WeakMap<NativeFunction, Strategy>): Strategy | undefined {
  let base: Value | undefined = created;
  while (base instanceof ClassObject) base = base.superclass;
  return base instanceof NativeFunction ? strategies.get(base) : undefined;
}

/** A strategy with an `authenticate` of the project's: which of success, fail and pass it calls. */
function authenticated(interpreter: Interpreter, run: NestRequest, created: ClassObject, authenticate: FunctionObject, request: Value, site: Site): Outcome {
  const instance = run.endpoint.injector.instanceOf(created, run.endpoint.module, site);
  if (!(instance instanceof HeapObject)) return { kind: 'fails' };
  let outcome: Outcome = { kind: 'fails' };
  const answer = (name: string, take: (value: Value) => Outcome): void => {
    interpreter.heap.setProperty(instance, name, interpreter.native(name, ({ args }) => {
      outcome = take(args[0] ?? UNDEFINED);
      return UNDEFINED;
    }));
  };
  answer('success', (user) => ({ kind: 'user', user }));
  answer('fail', () => ({ kind: 'fails' }));
  answer('redirect', () => ({ kind: 'fails' }));
  answer('pass', () => ({ kind: 'passes' }));
  answer('error', (error) => ({ kind: 'error', error }));
  interpreter.awaitValue(interpreter.call(authenticate, instance, [request, UNDEFINED], site), site);
  return outcome;
}

/** passport-custom leaves it to `validate` whether there is a credential. */
function validated(interpreter: Interpreter, run: NestRequest, created: ClassObject, request: Value, site: Site): Outcome {
  const instance = run.endpoint.injector.instanceOf(created, run.endpoint.module, site);
  try {
    const user = interpreter.awaitValue(interpreter.call(interpreter.get(instance, 'validate', site), instance, [request], site), site);
    return interpreter.isTrue(user, site) ? { kind: 'user', user } : { kind: 'fails' };
  } catch (signal) {
    if (!(signal instanceof ThrowSignal)) throw signal;
    return { kind: 'error', error: signal.value };
  }
}
