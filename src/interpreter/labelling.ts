import type { Interpreter } from './interpreter.ts';
import { ABSENCE, ABSENT, BY_ABSENCE, CLIENT, CLIENT_KEY, FRESH, type Labels, NO_LABELS } from './labels.ts';
import { ObservedReference } from './observation/observed-reference.ts';
import { ObservedText } from './observation/observed.ts';
import { ArrayObject, ClassObject, External, FunctionObject, HeapObject, ModelObject, NativeFunction, Primitive, PromiseObject, Union, Unknown, type Value, labelsOf, withLabels } from './values.ts';

/**
 * Labels a value: data objects in place (on the trail), primitives and opaque values as a copy. Functions and
 * framework objects are the program's, not the request's: they keep their labels.
 */
function labelNode(interpreter: Interpreter, value: Value, labels: Labels): Value {
  // A client of a service (`new Octokit()`) is the program's as well.
  if (value.kind === 'external' && value.step === 'new') return value;
  if (value.kind !== 'object') return withLabels(value, labels);
  if (value instanceof ModelObject || value instanceof FunctionObject || value instanceof ClassObject || value instanceof NativeFunction) return value;
  interpreter.heap.addLabels(value, labels);
  return value;
}

/** Labels what each value that it may be gets of them. */
export function labelEach(interpreter: Interpreter, value: Value, labels: Labels, as: (value: Value, labels: Labels) => Labels): Value {
  // A function of the program's, as in `labelNode`.
  if (value instanceof ObservedReference) return value;
  if (value.kind !== 'union') return labelNode(interpreter, value, as(value, labels));
  return new Union(value.options.map((option) => ({ conditions: option.conditions, value: option.value && labelEach(interpreter, option.value, labels, as) })));
}

/**
 * What stands in the place of an absent value: absent itself where it is nothing, or another place for a credential.
 *
 *     req.headers.authorization || req.query.token || ''      req.user?.role ?? 'guest'
 */
export function asAlternative(value: Value, labels: Labels): Labels {
  if ((labels & ABSENCE) === 0) return labels;
  const isThere = value instanceof Primitive || value instanceof HeapObject ? isSomething(value) : value instanceof Unknown && namesNoCredential(value);
  return (labels & ~ABSENCE) | (isThere ? BY_ABSENCE : ABSENT);
}

/**
 * What is computed in a branch that absence decided: absent where it is nothing, or what the client sent; what the program
 * finds there by other means is there.
 *
 *     if (!req.user) { const guest = await findUser('guest') }
 */
export function asConsequence(value: Value, labels: Labels): Labels {
  if ((labels & ABSENCE) === 0) return labels;
  if (value instanceof External || (value instanceof Unknown && (value.labels & CLIENT) === 0)) return (labels & ~ABSENCE) | BY_ABSENCE;
  return asAlternative(value, labels);
}

/** Of all branches that the code under evaluation stands in. */
export function labelsOfControls({ controls }: Interpreter): Labels {
  return controls.reduce((all, control) => all | control.labels, NO_LABELS);
}

/**
 * As `Interpreter.underControl`, for what a variable of the branch names: an object that was there before is not there
 * because of the branch. One that the branch makes is labelled where it is made.
 *
 *     if (!req.user) { const settings = getSettings() }
 */
export function withinControl(interpreter: Interpreter, value: Value): Value {
  return interpreter.controls.length === 0 ? value : labelEach(interpreter, value, labelsOfControls(interpreter), asFound);
}

/** What the function under evaluation returns: where all of the call stands in the branch, it only finds what was there. */
export function returned(interpreter: Interpreter, value: Value): Value {
  return interpreter.controls.length > interpreter.outerControls ? interpreter.underControl(value) : withinControl(interpreter, value);
}

/** The same as `asConsequence` for what a branch only finds. */
function asFound(value: Value, labels: Labels): Labels {
  return value instanceof HeapObject && !(value instanceof PromiseObject) ? 0 : asConsequence(value, labels);
}

/** What a member of an object with the labels gets of them. */
export function asMember(value: Value, labels: Labels): Labels {
  if ((labels & ABSENT) !== 0) return ABSENT;
  if ((labels & BY_ABSENCE) === 0) return 0;
  return value instanceof Primitive && !value.value ? ABSENT : BY_ABSENCE;
}

function isSomething(value: Primitive | HeapObject): boolean {
  if (value instanceof ObservedText) return value.isFilled();
  if (value instanceof Primitive) return Boolean(value.value);
  if (value instanceof ArrayObject) return value.elements.length > 0 || value.open !== undefined;
  return value instanceof PromiseObject ? (labelsOf(value.result) & ABSENT) === 0 : value.properties.size > 0 || value.open !== undefined || value.constructor !== HeapObject;
}

const CREDENTIAL_NAME = /token|key|secret|session|auth|jwt|sid$|pass|signature|hash|code|credential|cookie/i;
const PLAIN_NAME = /(?:^|[._]|[a-z])(?:ids?|Ids?|slug|[nN]ame|[eE]mail|[pP]age|[lL]imit|[lL]ang|[lL]anguage|[lL]ocale)$/;

/** Something that the client sends, and that by its name may be a credential: req.body.token */
export function mayBeCredential(value: Value): value is Unknown {
  return value instanceof Unknown && (value.labels & CLIENT) !== 0 && (value.labels & (ABSENCE | FRESH | CLIENT_KEY)) === 0 && value.identity !== undefined && CREDENTIAL_NAME.test(value.identity);
}

/** A parameter of the path, the client's address, or something that by its name says what is asked for and not who asks. */
function namesNoCredential({ labels, identity }: Unknown): boolean {
  if ((labels & CLIENT) === 0) return false;
  if (identity !== undefined && CREDENTIAL_NAME.test(identity)) return false;
  return (labels & (FRESH | CLIENT_KEY)) !== 0 || (identity !== undefined && PLAIN_NAME.test(identity));
}
