import { classOfMethod, decorate } from '../evaluation/decorators.ts';
import type { Interpreter } from '../interpreter.ts';
import type { MetadataEntry } from '../metadata.ts';
import { ObservedReference } from './observed-reference.ts';
import { ArrayObject, ClassObject, FunctionObject, HeapObject, Primitive, type Slot } from '../values.ts';

/** What is looked for. */
export interface Look {
  /** As `metadataKey` gives it. */
  readonly key: unknown;
  readonly member: PropertyKey | undefined;
  readonly reach: 'own' | 'inherited';
}

/** Metadata that decorators have left on something. Of a reference, no more is learned than what was looked for. */
export function lookUpMetadata(interpreter: Interpreter, target: HeapObject | ObservedReference, look: Look): MetadataEntry | undefined {
  if (!(target instanceof ObservedReference)) return find(interpreter, target, look);
  const nameOf = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : `#${target.numberOf(value)}`);
  const { key, member, reach } = look;
  // What it is like is compared.
  const findHere = (other: HeapObject): MetadataEntry | undefined => interpreter.reads.unnoticed(() => find(interpreter, other, look));
  const bearer = target.ask(`metadata ${reach} ${nameOf(key)} ${nameOf(member)}`, (other) => describe(interpreter, target, findHere(other)));
  const found = findHere(bearer);
  // As it is now: a guard may write to it.
  describe(interpreter, target, found);
  return found;
}

function find(interpreter: Interpreter, target: HeapObject, { key, member, reach }: Look): MetadataEntry | undefined {
  const decorated = target instanceof ClassObject ? target : target instanceof FunctionObject ? classOfMethod(target) : undefined;
  if (decorated) decorate(interpreter, decorated);
  return interpreter.metadata[reach === 'own' ? 'own' : 'find'](target, member, key);
}

/** How deep and how long data is compared; beyond, only the same object is equal. */
const MAX_DEPTH = 4;
const MAX_SIZE = 50;

/** Equal for metadata that code cannot tell apart but by identity: data by its content, functions, classes and instances by themselves. */
function describe(interpreter: Interpreter, target: ObservedReference, entry: MetadataEntry | undefined): string {
  if (!entry) return 'none';
  return (entry.description ??= ofSlot(entry.value, 0));

  function ofSlot(slot: Slot, depth: number): string {
    if (slot instanceof Primitive && typeof slot.value !== 'symbol') return `${typeof slot.value} ${JSON.stringify(String(slot.value))}/${slot.labels}`;
    if (slot instanceof Primitive) return `#${target.numberOf(slot.value)}/${slot.labels}`;
    const isData = slot instanceof HeapObject && depth < MAX_DEPTH && slot.open === undefined && slot.labels === 0 && slot.properties.size <= MAX_SIZE;
    if (isData && slot instanceof ArrayObject && slot.properties.size === 0 && slot.elements.length <= MAX_SIZE && slot.prototype === interpreter.realm.arrayPrototype) {
      return `[${slot.elements.map((element) => ofSlot(element, depth + 1)).join()}]`;
    }
    if (isData && slot.constructor === HeapObject && slot.prototype === interpreter.realm.objectPrototype) {
      return `{${[...slot.properties].map(([key, inner]) => `${typeof key === 'string' ? JSON.stringify(key) : `#${target.numberOf(key)}`}:${ofSlot(inner, depth + 1)}`).join()}}`;
    }
    return `#${target.numberOf(slot)}`;
  }
}
