import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../interpreter.ts';
import { mapUnion } from './members.ts';
import { ObservedReference, referenceEquality } from '../observation/observed-reference.ts';
import { ObservedText, observedEquality, observedJoin } from '../observation/observed.ts';
import { identityOf, partsWithin, textOf } from '../text.ts';
import { ABSENCE, ABSENT, CLIENT, CLIENT_KEY, COUNTER, FRESH, type Labels, SECRET, mergeLabels } from '../labels.ts';
import { ONE_OF_MANY, SIGNATURE, TOO_MANY } from '../reasons.ts';
import { ArrayObject, ClassObject, External, FunctionObject, HeapObject, ModelObject, Primitive, type Site, Unknown, type Value, isCallable, labelsOf } from '../values.ts';

type BinaryOperator = TSESTree.BinaryExpression['operator'];

const EQUALITY: ReadonlySet<BinaryOperator> = new Set(['===', '==', '!==', '!=']);

export function binaryOperation(interpreter: Interpreter, operator: BinaryOperator, leftValue: Value, rightValue: Value, site: Site): Value {
  const isSame = referenceEquality(leftValue, rightValue);
  if (isSame !== undefined && EQUALITY.has(operator)) return new Primitive(isSame() !== operator.startsWith('!'), leftValue.labels | rightValue.labels);
  const left = interpreter.settle(leftValue);
  const right = interpreter.settle(rightValue);
  if (left.kind === 'union') return mapUnion(interpreter, left, (l) => binaryOperation(interpreter, operator, l, right, site));
  if (right.kind === 'union') return mapUnion(interpreter, right, (r) => binaryOperation(interpreter, operator, left, r, site));
  switch (operator) {
    case '===': case '==': return equality(interpreter, left, right, operator === '==', site);
    case '!==': case '!=': {
      const equal = equality(interpreter, left, right, operator === '!=', site);
      return unaryOperation(interpreter, '!', equal, site);
    }
    case 'instanceof': return instanceOf(interpreter, left, right, site);
    case 'in': return isIn(interpreter, left, right, site);
    default: return arithmetic(interpreter, operator, left, right, site);
  }
}

function equality(interpreter: Interpreter, left: Value, right: Value, loose: boolean, site: Site): Value {
  const labels = mergeLabels(labelsOf(left), labelsOf(right));
  const known = isEqual(left, right, loose);
  if (known !== undefined) return new Primitive(known, labels);
  // token === process.env.TOKEN: a stranger's text is not the secret.
  if (failsAgainstSecret(left, right)) return interpreter.host.guessSecret?.(interpreter, labels, site) ?? new Primitive(false, labels | ABSENT);
  // undefined (no credential) === post.authorId
  if (isAbsentPrimitive(left) || isAbsentPrimitive(right)) return new Primitive(false, labels | ABSENT);
  const identity = pairIdentity(left, right, '===');
  const fallback = fallbackOf(left, right, (l, r) => isEqual(l, r, loose));
  return new Unknown(isTooMany(left) || isTooMany(right) ? TOO_MANY : 'a comparison with something that is not known', { labels, site, identity, fallback, unfollowed: isUnfollowed(left, right, labels) });
}

function isTooMany(value: Value): boolean {
  return value instanceof Unknown && value.reason === TOO_MANY && value.unfollowed;
}

/** Only the analysis does not know how it comes out. */
function isUnfollowed(left: Value, right: Value, labels: Labels): boolean {
  if (isTooMany(left) || isTooMany(right)) return true;
  return (labels & CLIENT) === 0 && (isOneOfMany(left) || isOneOfMany(right));
}

function isOneOfMany(value: Value): boolean {
  return value instanceof Unknown && value.reason === ONE_OF_MANY;
}

function isAbsentPrimitive(value: Value): boolean {
  return value instanceof Primitive && (value.labels & ABSENCE) !== 0;
}

/** A value from the client that is held against something it cannot know. */
export function failsAgainstSecret(left: Value, right: Value): boolean {
  return (isGuess(left) && isSecret(right)) || (isGuess(right) && isSecret(left));
}

function isGuess(value: Value): boolean {
  const labels = labelsOf(value);
  return (labels & (CLIENT | ABSENCE)) !== 0 && (labels & SECRET) === 0;
}

function isSecret(value: Value): boolean {
  const labels = labelsOf(value);
  return value.kind !== 'primitive' && (labels & SECRET) !== 0 && ((labels & CLIENT) === 0 || isSignature(value));
}

/** What a secret makes of the client's text, the client cannot know either: `sha256=${hmac}`, Buffer.from(hmac) */
function isSignature(value: Value): boolean {
  if (!(value instanceof Unknown)) return false;
  return value.reason === SIGNATURE || value.identity?.includes('crypto.createHmac(') === true || value.parts?.some((part) => typeof part !== 'string' && isSignature(part)) === true;
}

function isEqual(left: Value, right: Value, loose: boolean): boolean | undefined {
  if (left instanceof Primitive && right instanceof Primitive) {
    const observed = observedEquality(left, right, loose);
    if (observed !== undefined) return observed;
    // eslint-disable-next-line eqeqeq -- the interpreted program compares loosely
    return loose ? left.value == right.value : left.value === right.value;
  }
  if (left instanceof HeapObject && right instanceof HeapObject) return left === right;
  if (left instanceof HeapObject || right instanceof HeapObject) {
    const other = left instanceof HeapObject ? right : left;
    return other instanceof Primitive ? false : undefined;
  }
  const [unknown, primitive] = left instanceof Primitive ? [right, left] : [left, right];
  if (primitive instanceof Primitive) {
    if ((labelsOf(unknown) & FRESH) !== 0) return false;
    if (primitive instanceof ObservedText) return undefined;
    if (unknown instanceof External && unknown.step === 'import' && primitive.value == null) return false;
    if (unknown instanceof Unknown && (unknown.parts || unknown.isFilled) && primitive.value == null) return false;
    if (unknown instanceof Unknown && unknown.isFilled && primitive.value === '') return false;
    return undefined;
  }
  const identity = identityOf(left);
  return identity !== undefined && identity === identityOf(right) ? true : undefined;
}

function fallbackOf(left: Value, right: Value, run: (left: Value, right: Value) => boolean | undefined): Value | undefined {
  const l = left instanceof Unknown ? left.fallback : left;
  const r = right instanceof Unknown ? right.fallback : right;
  if (!l || !r || (l === left && r === right)) return undefined;
  const value = run(l, r);
  return value === undefined ? undefined : new Primitive(value);
}

function pairIdentity(left: Value, right: Value, operator: string): string | undefined {
  const l = identityOf(left);
  const r = identityOf(right);
  return l === undefined || r === undefined ? undefined : `(${l} ${operator} ${r})`;
}

function arithmetic(interpreter: Interpreter, operator: BinaryOperator, left: Value, right: Value, site: Site): Value {
  const labels = mergeLabels(labelsOf(left), labelsOf(right));
  const joined = operator === '+' ? observedJoin([left, right]) : undefined;
  if (joined) return joined;
  const a = primitiveOf(interpreter, left);
  const b = primitiveOf(interpreter, right);
  if (a && b) {
    try {
      const value = compute(operator, a.value, b.value);
      if (isHuge(value)) return interpreter.unknown('a value that is too large to keep', site, labels);
      return new Primitive(value, labels, typeof value === 'string' ? site : undefined);
    } catch {
      return interpreter.unknown('an operation that throws', site, labels);
    }
  }
  if (operator === '+' && (isText(left) || isText(right))) return textOf([...partsWithin(left), ...partsWithin(right)], site, labels);
  // attempts.get(req.ip) > 5
  const counts = !isExistenceTest(a ?? b) && (operator === '<' || operator === '>' || operator === '<=' || operator === '>=') && (labels & CLIENT_KEY) !== 0;
  return new Unknown(isTooMany(left) || isTooMany(right) ? TOO_MANY : 'an operation on something that is not known', { labels: counts ? labels | COUNTER : labels, site, identity: pairIdentity(left, right, operator), fallback: fallbackOfArithmetic(operator, left, right), unfollowed: isUnfollowed(left, right, labels) });
}

/** sessions.length > 0 */
function isExistenceTest(bound: Primitive | undefined): boolean {
  return bound?.value === 0 || bound?.value === 1;
}

/** Programs that double a text or a number in a loop would use up the memory, or take hours for one multiplication. */
function isHuge(value: unknown): boolean {
  return (typeof value === 'string' && value.length > MAX_TEXT) || (typeof value === 'bigint' && (value > MAX_INTEGER || value < -MAX_INTEGER));
}

const MAX_TEXT = 2 ** 24;
const MAX_INTEGER = 2n ** 4096n;

function fallbackOfArithmetic(operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  const l = left instanceof Unknown ? left.fallback : left;
  const r = right instanceof Unknown ? right.fallback : right;
  if (!(l instanceof Primitive) || !(r instanceof Primitive)) return undefined;
  try {
    const value = compute(operator, l.value, r.value);
    return isHuge(value) ? undefined : new Primitive(value);
  } catch {
    return undefined;
  }
}

function isText(value: Value): boolean {
  return value instanceof ObservedText || value instanceof Primitive ? typeof value.value === 'string' : value instanceof Unknown && value.parts !== undefined;
}

function primitiveOf(interpreter: Interpreter, value: Value): Primitive | undefined {
  if (value instanceof Primitive) return value;
  if (value instanceof ArrayObject && value.open === undefined) {
    const texts = value.elements.map((e) => interpreter.toText(e)?.text);
    return texts.every((t) => t !== undefined) ? new Primitive(texts.join(','), value.labels) : undefined;
  }
  return undefined;
}

// The interpreted program's own operators, on values of any kind.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function compute(operator: BinaryOperator, a: any, b: any): string | number | boolean | bigint {
  switch (operator) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return a / b;
    case '%': return a % b;
    case '**': return a ** b;
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    case '>=': return a >= b;
    case '&': return a & b;
    case '|': return a | b;
    case '^': return a ^ b;
    case '<<': return a << b;
    case '>>': return a >> b;
    case '>>>': return a >>> b;
    default: throw new TypeError(`no arithmetic: ${operator}`);
  }
}

export function unaryOperation(interpreter: Interpreter, operator: string, operand: Value, site: Site): Value {
  const value = interpreter.settle(operand);
  if (value.kind === 'union') return mapUnion(interpreter, value, (v) => unaryOperation(interpreter, operator, v, site));
  switch (operator) {
    case '!': {
      const truth = interpreter.whether(value, site);
      if (truth.known) return new Primitive(!truth.value, truth.labels);
      const inner = identityOf(value);
      const fallback = value instanceof Unknown && value.fallback instanceof Primitive ? new Primitive(!value.fallback.value) : undefined;
      return new Unknown('the negation of something that is not known', { labels: labelsOf(value), site, identity: inner === undefined ? undefined : `!${inner}`, fallback });
    }
    case 'void': return new Primitive(undefined);
    case '-': case '+': case '~': {
      if (value instanceof Primitive && typeof value.value !== 'symbol' && !(operator === '+' && typeof value.value === 'bigint')) {
        const content = value.value as number;
        return new Primitive(operator === '-' ? -content : operator === '+' ? +content : ~content, value.labels);
      }
      return new Unknown('a number that is not known', { labels: labelsOf(value), site });
    }
    default: return interpreter.unknown(`operator ${operator}`, site, labelsOf(value));
  }
}

export function typeOf(interpreter: Interpreter, operand: Value, site: Site): Value {
  if (operand instanceof ObservedReference) return new Primitive('function');
  const value = interpreter.settle(operand);
  if (value.kind === 'union') return mapUnion(interpreter, value, (v) => typeOf(interpreter, v, site));
  if (value instanceof ObservedText) return new Primitive('string', value.labels);
  if (value instanceof Primitive) return new Primitive(value.value === null ? 'object' : typeof value.value, value.labels);
  if (value instanceof HeapObject) return new Primitive(isCallable(value) ? 'function' : 'object', value.labels);
  if (value instanceof Unknown && value.parts) return new Primitive('string', value.labels & ~FRESH);
  const inner = identityOf(value);
  return new Unknown('the type of something that is not known', { labels: labelsOf(value) & ~FRESH, site, identity: inner === undefined ? undefined : `typeof ${inner}` });
}

function instanceOf(interpreter: Interpreter, left: Value, right: Value, site: Site): Value {
  const labels: Labels = mergeLabels(labelsOf(left), labelsOf(right));
  if (left instanceof Primitive) return new Primitive(false, labels);
  // req.headers instanceof Headers
  if (left instanceof ModelObject && left.behaviour.isPlain && right.kind === 'external') return new Primitive(false, labels);
  if (left instanceof HeapObject && right instanceof HeapObject) {
    const prototype = right instanceof ClassObject ? right.instances : right instanceof FunctionObject || isCallable(right) ? interpreter.get(right, 'prototype', site) : undefined;
    if (prototype instanceof HeapObject) {
      for (let object = left.prototype; object; object = object.prototype) if (object === prototype) return new Primitive(true, labels);
      if (left.open === undefined) return new Primitive(false, labels);
    }
  }
  return new Unknown('instanceof something that is not known', { labels, site });
}

function isIn(interpreter: Interpreter, left: Value, right: Value, site: Site): Value {
  const labels = mergeLabels(labelsOf(left), labelsOf(right));
  if (left instanceof Primitive && right instanceof HeapObject && typeof left.value !== 'symbol') {
    const key = String(left.value);
    for (let object: HeapObject | null = right; object; object = object.prototype) {
      if (object.properties.has(key)) return new Primitive(true, labels);
      if (object instanceof ArrayObject && /^\d+$/.test(key) && Number(key) < object.elements.length) return new Primitive(true, labels);
      if (object.open !== undefined) return new Unknown(object.open, { labels, site });
    }
    return new Primitive(false, labels);
  }
  return new Unknown('a membership test on something that is not known', { labels, site, unfollowed: isUnfollowed(left, right, labels) });
}
