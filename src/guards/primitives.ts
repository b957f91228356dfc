import { deepLabels } from '../interpreter/opaque.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import { ThrowSignal } from '../interpreter/signals.ts';
import { undecidedAt } from '../interpreter/evaluation/truth.ts';
import { ABSENCE, ABSENT, CLIENT, COUNTER, type Labels } from '../interpreter/labels.ts';
import { BoundFunction, External, FALSE, FunctionObject, type HeapObject, NULL, Primitive, PromiseObject, type Site, TRUE, UNDEFINED, type Value, isCallable, withLabels } from '../interpreter/values.ts';
import type { ActiveRequest } from './active.ts';
import type { Judgement, Row, Shape, Style } from './catalogue/row.ts';
import { carriesCredentials } from './request/anonymous.ts';

/** Makes a credential, by the name of what is called. */
const ISSUES = /(create|generate|issue|sign|make|new|mint|grant|start|gen)\w*(token|session|jwt|cookie|credential)s?|^(sign|signToken|getSignedJwtToken)$/i;

/** The same, by what is put into a store: `prisma.session.create`, `RefreshToken.create`. */
const STORES = /(token|session)s?\.(create|createMany|insert|insertOne|save|upsert|add)$/i;

/** `path`: as `pathOf` writes it. */
export function issuesByName(path: string): boolean {
  return STORES.test(path) || ISSUES.test(path.slice(path.lastIndexOf('.') + 1));
}

/**
 * What a call of a known primitive gives while a request is walked: a check fails for who has no credential, a
 * limiter may be exhausted. Undefined where the row says nothing about the result.
 */
export function callPrimitive(interpreter: Interpreter, active: ActiveRequest, judgement: Judgement, args: readonly Value[], site: Site): Value | undefined {
  const { row } = judgement;
  switch (row.role) {
    case 'verifies': return verify(interpreter, active, row, judgement.style ?? row.style, args, site);
    case 'compares': return compare(interpreter, active, row, judgement.style ?? row.style, args, site);
    case 'issues': active.issued(); return undefined;
    case 'decodes': return decode(interpreter, row, args, site);
    case 'consumes': return consume(interpreter, active, row, judgement.style ?? row.style, args, site);
    case 'runs': return runGiven(interpreter, row, args, site);
    default: return undefined;
  }
}

/** tracer.startActiveSpan('guard', (span) => check(request)) */
function runGiven(interpreter: Interpreter, { gives }: Row & { role: 'runs' }, args: readonly Value[], site: Site): Value | undefined {
  const [callback, ...others] = args.filter(isCallable);
  if (!callback || others.length > 0) return undefined;
  const target = callback instanceof BoundFunction ? callback.target : callback;
  const given = (target instanceof FunctionObject ? target.node.params : []).map(() => interpreter.unknown('given by code outside the project', site));
  if (gives === 'the same') return interpreter.call(callback, UNDEFINED, given, site);
  try {
    const value = interpreter.call(callback, UNDEFINED, given, site);
    return value instanceof PromiseObject ? value : interpreter.promise('fulfilled', value, site);
  } catch (signal) {
    if (signal instanceof ThrowSignal) return interpreter.promise('rejected', signal.value, site);
    throw signal;
  }
}

function verify(interpreter: Interpreter, active: ActiveRequest, row: Row & { role: 'verifies' }, style: Style, args: readonly Value[], site: Site): Value | undefined {
  const credential = row.credential === 'request' ? undefined : args[row.credential];
  const minted = credential && payloadOf(credential);
  if (minted) return succeed(interpreter, style, minted, args, site);
  const labels = credential && !carriesCredentials(credential) ? deepLabels(credential, 2) : ABSENT;
  const fails = active.question === 'anonymous' ? (labels & (ABSENCE | CLIENT)) !== 0 : active.question === 'same' && credential !== undefined && (labels & ABSENCE) !== 0;
  if (!fails) return undefined;
  if ((labels & ABSENCE) === 0 && active.guesses(site, true)) return succeed(interpreter, style, interpreter.unknown('what a credential says', site), args, site);
  return failing(interpreter, style, row.failure, ABSENT, args, site);
}

/** verify(sign(x)) is x: a program that mints a token for a guest lets the guest in. */
function payloadOf(credential: Value): Value | undefined {
  if (!(credential instanceof External)) return undefined;
  const call = credential.step === 'await' ? credential.base : credential;
  return call?.step === 'call' && call.base?.name !== undefined && /^sign/i.test(call.base.name) ? call.args[0] : undefined;
}

function compare(interpreter: Interpreter, active: ActiveRequest, row: Row & { role: 'compares' }, style: Style, args: readonly Value[], site: Site): Value | undefined {
  const labels = args.filter((a) => !isCallable(a)).map((a) => deepLabels(a, 2));
  const isFromClient = labels.some((l) => (l & (CLIENT | ABSENCE)) !== 0);
  if (active.question !== 'anonymous' || !isFromClient) return undefined;
  if (!labels.some((l) => (l & ABSENCE) !== 0) && active.guesses(site, false)) return succeed(interpreter, style, TRUE, args, site);
  return failing(interpreter, style, row.failure, ABSENT, args, site);
}

function decode(interpreter: Interpreter, row: Row & { role: 'decodes' }, args: readonly Value[], site: Site): Value | undefined {
  const credential = args[row.credential];
  const labels = credential ? deepLabels(credential, 2) : 0;
  // The token of a stranger is whatever the stranger writes: only a missing one gives nothing.
  if ((labels & ABSENCE) !== 0) return withLabels(UNDEFINED, ABSENT);
  return (labels & CLIENT) === 0 ? undefined : interpreter.unknown('the content of a token that is not checked', site, CLIENT);
}

function consume(interpreter: Interpreter, active: ActiveRequest, row: Row & { role: 'consumes' }, style: Style, args: readonly Value[], site: Site): Value | undefined {
  if (active.question !== 'any') return undefined;
  const isExhausted = interpreter.decideNow(undecidedAt('whether the limit is reached', site, CLIENT));
  return isExhausted ? failing(interpreter, style, row.failure, COUNTER, args, site) : undefined;
}

function failing(interpreter: Interpreter, style: Style, failure: Shape | undefined, labels: Labels, args: readonly Value[], site: Site): Value {
  const shaped = (): Value => (failure === undefined ? withLabels(UNDEFINED, labels) : shapedValue(interpreter, failure, labels));
  switch (style) {
    case 'throws': return interpreter.throwError('Error', 'the check fails', site, labels);
    case 'rejects': return interpreter.promise('rejected', errorValue(interpreter, labels), site);
    case 'callback': return callBack(interpreter, args, [errorValue(interpreter, labels), withLabels(UNDEFINED, labels)], site);
    case 'returns nothing': return withLabels(UNDEFINED, labels);
    case 'returns false': return withLabels(FALSE, labels);
    case 'resolves nothing': return interpreter.promise('fulfilled', withLabels(UNDEFINED, labels), site);
    case 'resolves false': return interpreter.promise('fulfilled', withLabels(FALSE, labels), site);
    case 'returns': return shaped();
    case 'resolves': return interpreter.promise('fulfilled', shaped(), site);
  }
}

function succeed(interpreter: Interpreter, style: Style, result: Value, args: readonly Value[], site: Site): Value {
  if (style === 'callback') return callBack(interpreter, args, [NULL, result], site);
  return style === 'rejects' || style.startsWith('resolves') ? interpreter.promise('fulfilled', result, site) : result;
}

function callBack(interpreter: Interpreter, args: readonly Value[], given: readonly Value[], site: Site): Value {
  const callback = args.at(-1);
  return callback && isCallable(callback) ? interpreter.call(callback, UNDEFINED, given, site) : UNDEFINED;
}

function errorValue(interpreter: Interpreter, labels: Labels): HeapObject {
  const error = interpreter.object([['message', new Primitive('the check fails')], ['name', interpreter.unknown('the name of an error', undefined)]]);
  error.open = 'an error of a package';
  error.labels = labels;
  return error;
}

function shapedValue(interpreter: Interpreter, shape: Shape, labels: Labels): Value {
  if (shape === null || typeof shape !== 'object') return new Primitive(shape, labels);
  const object = interpreter.object();
  object.labels = labels;
  for (const [key, inner] of Object.entries(shape)) {
    const value = shapedValue(interpreter, inner, labels);
    // isAuthenticated(): false
    if (key.endsWith('()')) object.properties.set(key.slice(0, -2), interpreter.native(key.slice(0, -2), () => value));
    else object.properties.set(key, value);
  }
  return object;
}
