import type { Interpreter } from './interpreter.ts';
import { valueOfEach } from './branches/joins.ts';
import { PathEnd, ThrowSignal } from './signals.ts';
import { callbackConcerns } from './observation/relevance.ts';
import { ObservedText } from './observation/observed.ts';
import { passed } from './branches/settling.ts';
import { identityOf } from './text.ts';
import { ABSENCE, ABSENT, CLIENT, type Labels, SECRET, mergeLabels } from './labels.ts';
import { ArrayObject, External, FunctionObject, HeapObject, ModelObject, NULL, Primitive, PromiseObject, type Site, UNDEFINED, type Union, Unknown, type Value, isAbsent, isCallable, labelsOf, withLabels, BoundFunction } from './values.ts';

/**
 * A call of code that cannot be read. The host may know what it gives. Else: callbacks run once, where they
 * are handed over, and the result is an opaque value; absent where the call asks for something by a credential
 * that is absent.
 */
export function callOpaque(interpreter: Interpreter, callee: External | Unknown, args: readonly Value[], site: Site, step: 'call' | 'new'): Value {
  const isKeyed = callee instanceof Unknown && step === 'call' && callee.member !== undefined && KEYED.has(callee.member);
  const given = args.map((a) => (isKeyed ? passed(interpreter, a) : interpreter.settle(a)));
  const split = interpreter.isJoining ? given.find(isSometimesAbsent) : undefined;
  if (split) return valueOfEach(interpreter, split, (option) => callOpaque(interpreter, callee, given.map((arg) => (arg === split ? option : arg)), site, step));
  if (callee instanceof External) {
    const known = interpreter.host.callExternal(interpreter, callee, given, site, step);
    if (known) return known;
  }
  const method = step === 'call' ? calledThrough(interpreter, callee, given, site) : undefined;
  if (method) return method;
  const membership = namesPath(callee, given, step);
  if (membership) return membership;
  const addresses = given.filter(isAddress);
  const isNothing = interpreter.choosing && step === 'call' && asksByAbsence(callee, given, labelsOfCall(callee, given.filter((arg) => !addresses.includes(arg))));
  // What stands at an address is the other side's to say, as the client's body is the client's.
  const labels = labelsOfCall(callee, given) | (addresses.some((address) => (labelsOf(address) & ABSENCE) !== 0) ? CLIENT : 0);
  const result = isNothing ? withLabels(UNDEFINED, ABSENT) : resultOf(interpreter, callee, given, site, step, labels);
  runCallbacks(interpreter, callee, given, site, isNothing ? ABSENT : labels & ~ABSENCE, result);
  return result;
}

/** Methods of maps and sets, which do no more with a key than compare it: contexts.get(context.getHandler()) */
const KEYED: ReadonlySet<string> = new Set(['get', 'has', 'set', 'add', 'delete']);

/** What is asked for by it is not there in some branches, and unknown in others. */
function isSometimesAbsent(value: Value): value is Union {
  return value.kind === 'union' && isAbsent(value) && value.options.some((option) => option.value && !isAbsent(option.value));
}

/** passport.authenticate.bind(passport), check.call(null, …): the method of a function, not of the package. */
function calledThrough(interpreter: Interpreter, callee: External | Unknown, [receiver, ...rest]: readonly Value[], site: Site): Value | undefined {
  if (!(callee instanceof External) || callee.step !== 'get' || callee.base?.step !== 'get' || !receiver) return undefined;
  const isReceiver = receiver instanceof External ? receiver.package === callee.package : receiver instanceof Primitive && (receiver.value === undefined || receiver.value === null);
  if (!isReceiver) return undefined;
  switch (callee.name) {
    case 'bind': return new BoundFunction(interpreter.realm.functionPrototype, callee.base, receiver, rest);
    case 'call': return interpreter.call(callee.base, receiver, rest, site);
    case 'apply': return interpreter.call(callee.base, receiver, rest[0] ? interpreter.iterate(rest[0], site).elements : [], site);
    default: return undefined;
  }
}

/**
 * `process.env.DENIED_PATHS.split(',').includes('/ping')`: a list of paths that the operator may write names none
 * until somebody has written it. What it would say about a path is no switch of the program.
 */
function namesPath(callee: External | Unknown, [needle]: readonly Value[], step: 'call' | 'new'): Value | undefined {
  if (!(callee instanceof Unknown) || step !== 'call' || callee.unfollowed || (callee.labels & (SECRET | CLIENT | ABSENCE)) !== SECRET) return undefined;
  if (!(needle instanceof Primitive) || typeof needle.value !== 'string' || !needle.value.startsWith('/')) return undefined;
  switch (lastName(callee)) {
    case 'includes': case 'has': return new Primitive(false, needle.labels);
    case 'indexOf': return new Primitive(-1, needle.labels);
    default: return undefined;
  }
}

function resultOf(interpreter: Interpreter, callee: External | Unknown, args: readonly Value[], site: Site, step: 'call' | 'new', labels: Labels): Value {
  const own = labels & ~ABSENCE;
  if (callee instanceof External) {
    return new External({ step, package: callee.package, subpath: callee.subpath, base: callee, args, labels: own, site });
  }
  const inner = args.map(identityOf);
  const identity = callee.identity !== undefined && inner.every((i) => i !== undefined) ? `${callee.identity}(${inner.join(', ')})` : undefined;
  return new Unknown(callee.reason, { site, labels: own, identity, unfollowed: callee.unfollowed || callee.unloaded });
}

/**
 * A web address. A part of it that is absent names something to ask for, unless it is the credential that is asked about.
 *
 *     fetch(`https://api.example.org/orders/${req.session.orderId}`)      fetch(`https://api.example.org/me?token=${token}`)
 */
function isAddress(value: Value): boolean {
  if (value instanceof ObservedText) return value.learns('is an address', isAddressText);
  const text = value instanceof Primitive && typeof value.value === 'string' ? value.value : value instanceof Unknown ? value.parts?.map((part) => (typeof part === 'string' ? part : '')).join('') : undefined;
  return text !== undefined && isAddressText(text);
}

function isAddressText(text: string): boolean {
  return /^https?:\/\//.test(text) && !/[?&][\w.-]*(?:token|key|secret|code|session|auth|ticket|pass|jwt)[\w.-]*=/i.test(text);
}

/**
 * What flows into a call: its receiver's labels and those of its arguments, a few levels deep. Settings among options say
 * where a client connects, and nothing of what it gives: new Pool({ connectionString: process.env.DATABASE_URL })
 */
function labelsOfCall(callee: Value, args: readonly Value[]): Labels {
  const parts = [labelsOf(callee)];
  for (const arg of args) if (!isCallable(arg)) parts.push(arg instanceof HeapObject && !(arg instanceof ArrayObject) ? deepLabels(arg, 5) & ~SECRET | labelsOf(arg) : deepLabels(arg, 5));
  return mergeLabels(...parts);
}

/** Labels of a value and of what it holds, down to `depth` levels. */
export function deepLabels(value: Value, depth: number): Labels {
  if (!(value instanceof HeapObject) || depth === 0 || isCallable(value)) return labelsOf(value);
  const parts: Labels[] = [value.labels];
  if (value instanceof ModelObject) return value.labels;
  if (value instanceof PromiseObject) parts.push(deepLabels(value.result, depth - 1));
  if (value instanceof ArrayObject) for (const element of value.elements.slice(0, 20)) parts.push(deepLabels(element, depth - 1));
  let count = 0;
  for (const slot of value.properties.values()) {
    if (slot.kind === 'accessor' || ++count > 20) continue;
    parts.push(deepLabels(slot, depth - 1));
  }
  return mergeLabels(...parts);
}

/** Methods that put something somewhere: an absent part of what they store says nothing about the result. */
const STORES = /^(create|insert|save|add|push|set|log|info|warn|error|debug|trace|emit|send|publish|write|build|render|sign|encode|track|capture\w*|bulkCreate|upsert|append|json|stringify|format|t|translate)/i;

/**
 * `findSession(token)`, `User.findOne({ where: { token } })` of an anonymous request: nothing is found. Only
 * where all that comes from the request is absent, or where a filter asks for an absent value.
 */
function asksByAbsence(callee: External | Unknown, args: readonly Value[], labels: Labels): boolean {
  const name = lastName(callee);
  if (name !== undefined && STORES.test(name)) return false;
  if ((labels & ABSENT) !== 0) return true;
  return args.some((arg) => arg instanceof HeapObject && !(arg instanceof ArrayObject) && filtersByAbsence(arg, 3));
}

function filtersByAbsence(filter: HeapObject, depth: number): boolean {
  if (depth === 0 || isCallable(filter) || filter instanceof ModelObject) return false;
  for (const [key, slot] of filter.properties) {
    if (slot.kind === 'accessor' || NO_FILTER.has(String(key))) continue;
    // { owner: req.user?.id ?? null } asks for what belongs to nobody.
    if (slot instanceof Primitive && slot.value === null) continue;
    if ((labelsOf(slot) & ABSENT) !== 0 && (labelsOf(slot) & CLIENT) === 0) return true;
    if (slot instanceof HeapObject && filtersByAbsence(slot, depth - 1)) return true;
  }
  return false;
}

/** Parts of a query that choose no rows. */
const NO_FILTER: ReadonlySet<string> = new Set(['data', 'create', 'update', 'defaults', 'select', 'include', 'populate', 'attributes', 'order', 'orderBy', 'limit', 'skip', 'take', 'offset', 'OR', '$or', 'headers', 'body', 'meta', 'context', 'language', 'locale']);

function lastName(callee: External | Unknown): string | undefined {
  if (callee instanceof Unknown) return callee.member ?? callee.identity?.split('.').at(-1);
  for (let external: External | undefined = callee; external; external = external.base) if (external.name !== '') return external.name;
  return undefined;
}

function runCallbacks(interpreter: Interpreter, callee: External | Unknown, args: readonly Value[], site: Site, labels: Labels, result: Value): void {
  const name = lastName(callee);
  if (name === 'catch' && interpreter.choosing) return;
  // stream.on('error', reject): a request is judged where all goes well
  const [event] = args;
  if (interpreter.choosing && event instanceof Primitive && !(event instanceof ObservedText) && event.value === 'error') return;
  let ran = false;
  for (const arg of args) {
    if (!(arg instanceof FunctionObject || arg instanceof BoundFunction)) continue;
    if (ran && name === 'then' && interpreter.choosing) return;
    ran = true;
    runCallback(interpreter, arg, site, labels, name === 'then' ? result : undefined);
  }
}

function runCallback(interpreter: Interpreter, callback: FunctionObject | BoundFunction, site: Site, labels: Labels, awaited: Value | undefined): void {
  const target = callback instanceof BoundFunction ? callback.target : callback;
  const params = target instanceof FunctionObject ? target.node.params : [];
  const given = params.map((param, index) => {
    const [first] = params;
    // (err, row) => …, (err) => …: an error comes in place of the result, and a request is judged where all goes well.
    if (index === 0 && first?.type === 'Identifier' && !awaited && /^_?(e|er|err|error)$/i.test(first.name)) return NULL;
    if ((labels & ABSENT) !== 0) return withLabels(UNDEFINED, ABSENT);
    if (awaited && index === 0 && awaited.kind !== 'object') return awaited;
    return interpreter.unknown('given by code outside the project', site, labels);
  });
  // While the program starts, what is handed to a package matters where it goes on with registration.
  if (!interpreter.choosing && target instanceof FunctionObject && !callbackConcerns(interpreter, target)) return;
  try {
    interpreter.call(callback, UNDEFINED, given, site);
  } catch (signal) {
    if (signal instanceof ThrowSignal) return;
    if (signal instanceof PathEnd && !interpreter.choosing) return;
    throw signal;
  }
}
