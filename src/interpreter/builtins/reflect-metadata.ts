import { decorate } from '../evaluation/decorators.ts';
import { metadataKey } from '../metadata.ts';
import { type Look, lookUpMetadata } from '../observation/metadata-look.ts';
import { ObservedReference, takingReferences } from '../observation/observed-reference.ts';
import { ClassObject, HeapObject, type NativeCall, Primitive, UNDEFINED, type Value } from '../values.ts';
import { argument, type Natives } from './define.ts';
import { propertyKey } from './properties.ts';

/** What the package reflect-metadata adds to `Reflect`. */
export const reflectMetadataFunctions: Natives = {
  defineMetadata: (call) => {
    const [key, value, target, member] = call.args;
    if (target instanceof HeapObject && key) call.interpreter.metadata.define(target, memberOf(member), metadataKey(key), value ?? UNDEFINED);
    return UNDEFINED;
  },
  getMetadata: takingReferences((call) => read(call, 'inherited')),
  getOwnMetadata: takingReferences((call) => read(call, 'own')),
  hasMetadata: takingReferences((call) => new Primitive(isDefined(read(call, 'inherited')))),
  hasOwnMetadata: takingReferences((call) => new Primitive(isDefined(read(call, 'own')))),
  getMetadataKeys: keys,
  getOwnMetadataKeys: keys,
  deleteMetadata: (call) => {
    const [key, target, member] = call.args;
    return new Primitive(target instanceof HeapObject && key !== undefined && call.interpreter.metadata.delete(target, memberOf(member), metadataKey(key)));
  },
  metadata: (call) => {
    const [key, value] = [argument(call, 0), argument(call, 1)];
    return call.interpreter.native('metadata', (inner) => {
      const [target, member] = inner.args;
      if (target instanceof HeapObject) inner.interpreter.metadata.define(target, memberOf(member), metadataKey(key), value);
      return UNDEFINED;
    });
  },
};

function read(call: NativeCall, reach: Look['reach']): Value {
  const [key, target, member] = [argument(call, 0), argument(call, 1), call.args[2]];
  if (target.kind === 'external' || target.kind === 'unknown') return call.interpreter.unknown('metadata of something that is not known', call.site);
  if (!(target instanceof HeapObject || target instanceof ObservedReference)) return UNDEFINED;
  const { interpreter } = call;
  const entry = lookUpMetadata(interpreter, target, { key: metadataKey(key), member: memberOf(member), reach });
  return entry ? interpreter.settle(entry.value) : UNDEFINED;
}

function keys(call: NativeCall): Value {
  const [target, member] = [argument(call, 0), call.args[1]];
  if (!(target instanceof HeapObject)) return UNDEFINED;
  if (target instanceof ClassObject) decorate(call.interpreter, target);
  const known = call.interpreter.metadata.keys(target, memberOf(member));
  return call.interpreter.array(known.map((key) => (key instanceof HeapObject ? key : new Primitive(key as string | symbol))), call.site);
}

function isDefined(value: Value): boolean {
  return !(value instanceof Primitive && value.value === undefined);
}

function memberOf(value: Value | undefined): PropertyKey | undefined {
  return value === undefined || !isDefined(value) ? undefined : propertyKey(value);
}
