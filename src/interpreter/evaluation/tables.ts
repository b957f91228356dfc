import type { Interpreter } from '../interpreter.ts';
import { valueOnTruth } from '../branches/joins.ts';
import { binaryOperation } from './operators.ts';
import { BoundFunction, ClassObject, External, FunctionObject, HeapObject, NativeFunction, Primitive, type Site, type Value, labelsOf } from '../values.ts';

/** What is found under a name that an object is known not to have: a call of it throws. */
export class NoMember extends Primitive {}

/** More functions than that are not told apart. */
const MAX_FUNCTIONS = 8;

/**
 * A member of an object of functions, by a name that is not known: each of them where the name is its own, and nothing
 * where it is another. `undefined` where the object has anything else in it, or may have.
 *
 *     const verifiers = { hs: verifyHmac, rs: verifyRsa };      verifiers[algorithm](token, secret)
 */
export function memberOfTable(interpreter: Interpreter, table: Value, name: Value, site: Site): Value | undefined {
  if (!interpreter.choosing || !(table instanceof HeapObject)) return undefined;
  const names = namesIn(table);
  if (names === undefined) return undefined;
  const memberFrom = (at: number): Value => {
    const candidate = names[at];
    if (candidate === undefined) return new NoMember(undefined, labelsOf(name));
    const truth = interpreter.whether(binaryOperation(interpreter, '===', name, new Primitive(candidate), site), site);
    if (interpreter.isJoining) return valueOnTruth(interpreter, truth, ({ value }) => (value ? interpreter.get(table, candidate, site) : memberFrom(at + 1)));
    const isThis = truth.known ? truth.value : interpreter.decideNow(truth);
    return isThis ? interpreter.get(table, candidate, site) : memberFrom(at + 1);
  };
  return memberFrom(0);
}

function namesIn(table: HeapObject): readonly string[] | undefined {
  if (table.constructor !== HeapObject || table.open !== undefined) return undefined;
  const names: string[] = [];
  for (const [key, slot] of table.properties) {
    if (typeof key !== 'string' || slot.kind === 'accessor' || !isCallable(slot)) return undefined;
    names.push(key);
  }
  return names.length > 0 && names.length <= MAX_FUNCTIONS ? names : undefined;
}

function isCallable(value: Value): boolean {
  return value instanceof FunctionObject || value instanceof BoundFunction || value instanceof NativeFunction || value instanceof ClassObject || value instanceof External;
}
