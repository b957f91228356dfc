import type { Interpreter } from '../../interpreter.ts';
import { deepLabels } from '../../opaque.ts';
import { binaryOperation } from '../../evaluation/operators.ts';
import { identityOf } from '../../text.ts';
import { CLIENT, mergeLabels, SECRET } from '../../labels.ts';
import { SIGNATURE } from '../../reasons.ts';
import { type HeapObject, NULL, type NativeCall, Primitive, UNDEFINED, Unknown, type Value, withLabels } from '../../values.ts';
import { argument, objectWithFunctions, type Natives } from '../define.ts';
import { bytesOf } from '../buffer.ts';
import { callbackOf } from '../function.ts';
import { internalKey } from '../properties.ts';
import { mergedLabels, unknownFunctionResult } from '../results.ts';
import { runLater } from '../later.ts';
import { createModuleObject } from './module-object.ts';

/** What a hash, cipher or signature has been given so far: its identity as a text, with the labels. */
const INPUT = internalKey('input');

/** How deep in options the labels of a key are looked for: { key, passphrase } */
const KEY_DEPTH = 3;

export function createCryptoModule(interpreter: Interpreter): Value {
  const subtle = interpreter.unknown('Web Crypto', undefined);
  return createModuleObject(interpreter, 'crypto', cryptoFunctions, { subtle, webcrypto: interpreter.unknown('Web Crypto', undefined) });
}

const cryptoFunctions: Natives = {
  createCipheriv: (call) => accumulator(call, 'createCipheriv'),
  createDecipheriv: (call) => accumulator(call, 'createDecipheriv'),
  createHash: (call) => accumulator(call, 'createHash'),
  createHmac: (call) => accumulator(call, 'createHmac', isSigned(call) ? signed : finish),
  createPrivateKey: derived('createPrivateKey'),
  createPublicKey: derived('createPublicKey'),
  createSecretKey: derived('createSecretKey'),
  createSign: (call) => accumulator(call, 'createSign'),
  createVerify: (call) => accumulator(call, 'createVerify'),
  hash: derived('hash'),
  pbkdf2: derived('pbkdf2'),
  pbkdf2Sync: derived('pbkdf2'),
  randomBytes: random,
  randomFillSync: random,
  randomInt: random,
  randomUUID: random,
  scrypt: derived('scrypt'),
  scryptSync: derived('scrypt'),
  sign: derived('sign'),
  timingSafeEqual: (call) => {
    const [left, right] = [comparable(argument(call, 0)), comparable(argument(call, 1))];
    return binaryOperation(call.interpreter, '===', left, right, call.site);
  },
  // crypto.verify('sha256', data, key, signature)
  verify: (call) => {
    const [, , key, signature] = call.args;
    return answer(call, checkedSignature(call, key, signature) ?? unknownFunctionResult(call, 'crypto.verify', call.args.filter((arg) => arg !== callbackOf(call.args)).map(comparable)));
  },
};

/** What a check of a signature gives: no client can sign for a key that it does not choose itself. `undefined` where it may choose the key. */
function checkedSignature(call: NativeCall, key: Value | undefined, signature: Value | undefined): Value | undefined {
  if (key === undefined || signature === undefined || (deepLabels(key, KEY_DEPTH) & CLIENT) !== 0) return undefined;
  return binaryOperation(call.interpreter, '===', comparable(signature), new Unknown(SIGNATURE, { labels: SECRET, site: call.site }), call.site);
}

/** A buffer compares by its bytes. */
function comparable(value: Value): Value {
  const bytes = bytesOf(value);
  return bytes === undefined ? value : new Primitive(bytes, mergedLabels([value]));
}

function random(call: NativeCall): Value {
  return answer(call, call.interpreter.unknown('a random value', call.site, SECRET));
}

/** Equal inputs give equal results; what they carry, the result carries. */
function derived(name: string) {
  return (call: NativeCall): Value => {
    const inputs = call.args.filter((arg) => arg !== callbackOf(call.args)).map(comparable);
    const labels = mergeLabels(...inputs.map((input) => deepLabels(input, KEY_DEPTH)));
    return answer(call, withLabels(unknownFunctionResult(call, `crypto.${name}`, inputs), labels));
  };
}

/** Gives the result to the callback where there is one: randomBytes(32, (error, bytes) => …). */
function answer(call: NativeCall, result: Value): Value {
  const callback = callbackOf(call.args);
  if (!callback) return result;
  runLater(call, callback, [NULL, result]);
  return UNDEFINED;
}

/** createHmac('sha256', settings.secret): whatever the key is, the client does not choose it. */
function isSigned(call: NativeCall): boolean {
  return (deepLabels(argument(call, 1), KEY_DEPTH) & CLIENT) === 0;
}

function signed(call: NativeCall): Value {
  const result = finish(call);
  return result instanceof Unknown ? new Unknown(SIGNATURE, { ...result, labels: result.labels | SECRET }) : result;
}

function accumulator(call: NativeCall, name: string, digest = finish): HeapObject {
  const inputs = call.args.map(comparable);
  return objectWithFunctions(call, {
    digest,
    end: add,
    final: finish,
    getAuthTag: finish,
    setAuthTag: add,
    setAutoPadding: (inner) => inner.receiver,
    sign: finish,
    // cipher.update(data) gives bytes; hash.update(data) gives the hash.
    update: name.includes('cipher') || name.includes('Cipher') ? (inner) => {
      add(inner);
      return finish(inner);
    } : add,
    // createVerify('sha256').update(data).verify(key, signature)
    verify: (inner) => checkedSignature(inner, inner.args[0], inner.args[1]) ?? finish(inner),
    write: add,
  }, [[INPUT, inputOf(name, inputs)]]);
}

function inputOf(name: string, inputs: readonly Value[]): Primitive {
  const identities = inputs.map(identityOf);
  const identity = identities.every((part) => part !== undefined) ? `crypto.${name}(${identities.join(', ')})` : undefined;
  return new Primitive(identity, mergedLabels(inputs));
}

function add(call: NativeCall): Value {
  const { receiver, interpreter } = call;
  const before = stateOf(receiver);
  if (receiver.kind !== 'object' || !before) return receiver;
  const data = comparable(argument(call, 0));
  const identity = identityOf(data);
  const together = before.value === undefined || identity === undefined ? undefined : `${String(before.value)}.update(${identity})`;
  interpreter.heap.setProperty(receiver, INPUT, new Primitive(together, mergeLabels(before.labels, mergedLabels([data]))));
  return receiver;
}

function finish(call: NativeCall): Value {
  const state = stateOf(call.receiver);
  if (!state) return unknownFunctionResult(call, 'crypto.digest', [call.receiver, ...call.args]);
  const args = call.args.map(comparable);
  const identities = args.map(identityOf);
  const isIdentified = state.value !== undefined && identities.every((part) => part !== undefined);
  const identity = isIdentified ? `${String(state.value)}.digest(${identities.join(', ')})` : undefined;
  return call.interpreter.unknown('a hash, a signature or encrypted data', call.site, mergeLabels(state.labels, mergedLabels(args)), identity);
}

function stateOf(receiver: Value): Primitive | undefined {
  const slot = receiver.kind === 'object' ? receiver.properties.get(INPUT) : undefined;
  return slot?.kind === 'primitive' ? slot : undefined;
}
