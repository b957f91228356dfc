import { decorate } from '../../interpreter/evaluation/decorators.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { MetadataEntry } from '../../interpreter/metadata.ts';
import { type ClassObject, FunctionObject, type HeapObject, NativeFunction, type Site } from '../../interpreter/values.ts';

/** A method that a decorator has marked as one that is called from outside. */
export interface MarkedMethod {
  readonly key: PropertyKey;
  readonly handler: FunctionObject | NativeFunction;
  readonly mark: MetadataEntry;
  /** The decorator above the method. */
  readonly place: Site;
}

/** Methods of a class and its base classes with metadata under a key, own ones first; a method that overrides one without the decorator is none. */
export function markedMethods(interpreter: Interpreter, owner: ClassObject, metadataKey: string): MarkedMethod[] {
  decorate(interpreter, owner);
  // Who asks has to ask again where the class is another one.
  return interpreter.reads.unnoticed(() => markedIn(interpreter, owner, metadataKey));
}

function markedIn({ realm, metadata }: Interpreter, owner: ClassObject, metadataKey: string): MarkedMethod[] {
  const found: MarkedMethod[] = [];
  const seen = new Set<PropertyKey>();
  for (let prototype: HeapObject | null = owner.instances; prototype && prototype !== realm.objectPrototype; prototype = prototype.prototype) {
    for (const [key, slot] of prototype.properties) {
      if (key === 'constructor' || seen.has(key)) continue;
      seen.add(key);
      if (!(slot instanceof FunctionObject || slot instanceof NativeFunction)) continue;
      const mark = metadata.own(slot, undefined, metadataKey);
      if (mark) found.push({ key, handler: slot, mark, place: mark.origin ?? slot.site ?? owner.site as Site });
    }
  }
  return found;
}
