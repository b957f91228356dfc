import type { Interpreter } from '../../interpreter/interpreter.ts';
import { metadataKey } from '../../interpreter/metadata.ts';
import { lookUpMetadata } from '../../interpreter/observation/metadata-look.ts';
import { ObservedReference, takingReferences } from '../../interpreter/observation/observed-reference.ts';
import { passed } from '../../interpreter/branches/settling.ts';
import { ArrayObject, HeapObject, type NativeCall, NativeFunction, Primitive, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { metadataDecorator } from './decorators.ts';
import { nativeClass } from '../native-class.ts';

/** Says whether metadata is to be taken for not set: what a guard would do without the author's opt-out. */
export type Hides = () => boolean;

/** The class `Reflector`, which reads metadata of handlers and controllers. */
export function createReflector(interpreter: Interpreter, hides: Hides): NativeFunction {
  const reflector = nativeClass(interpreter, 'Reflector', { statics: { createDecorator } });
  const prototype = reflector.properties.get('prototype') as HeapObject;
  const method = (name: string, read: (call: NativeCall) => Value): void => {
    prototype.properties.set(name, interpreter.native(name, takingReferences((call) => (hides() ? UNDEFINED : read(call)))));
  };
  method('get', (call) => valueOf(call, call.args[1], call.args[0]));
  method('getAll', (call) => interpreter.array(targets(call).map((target) => valueOf(call, target, call.args[0]))));
  method('getAllAndOverride', (call) => {
    for (const target of targets(call)) {
      const value = valueOf(call, target, call.args[0]);
      if (!isNothing(value)) return value;
    }
    return UNDEFINED;
  });
  method('getAllAndMerge', (call) => merge(interpreter, targets(call).map((target) => valueOf(call, target, call.args[0])).filter((v) => !isNothing(v)), call.site));
  return reflector;
}

/** Reflector.createDecorator<string[]>() */
function createDecorator(call: NativeCall): Value {
  const { interpreter, args: [options], site } = call;
  const given = options instanceof HeapObject ? interpreter.get(options, 'key', site) : UNDEFINED;
  const transform = options instanceof HeapObject ? interpreter.get(options, 'transform', site) : UNDEFINED;
  const key = isNothing(given) ? new Primitive(Symbol('metadata of a decorator')) : given;
  const factory = interpreter.native('decorator factory', (inner) => {
    const value = inner.args[0] ?? UNDEFINED;
    return metadataDecorator(interpreter, key, isNothing(transform) ? value : interpreter.call(transform, UNDEFINED, [value], inner.site));
  });
  factory.properties.set('KEY', key);
  return factory;
}

function targets(call: NativeCall): readonly Value[] {
  const [, list] = call.args;
  if (list instanceof ArrayObject && list.open === undefined) return list.elements.map((element) => passed(call.interpreter, element));
  return list ? call.interpreter.iterate(list, call.site).elements : [];
}

function valueOf(call: NativeCall, target: Value | undefined, key: Value | undefined): Value {
  const { interpreter, site } = call;
  if (!target || !key) return UNDEFINED;
  if (target.kind === 'unknown' || target.kind === 'external' || key.kind === 'unknown') return interpreter.unfollowed('metadata of something that is not known', site);
  if (!(target instanceof HeapObject || target instanceof ObservedReference)) return UNDEFINED;
  const real = key instanceof NativeFunction ? interpreter.get(key, 'KEY', site) : key;
  const entry = lookUpMetadata(interpreter, target, { key: metadataKey(real), member: undefined, reach: 'inherited' });
  return entry ? interpreter.settle(entry.value) : UNDEFINED;
}

function merge(interpreter: Interpreter, values: readonly Value[], site: Site): Value {
  const [first] = values;
  if (values.length === 1 && first && !(first instanceof ArrayObject) && first instanceof HeapObject) return first;
  if (first instanceof HeapObject && !(first instanceof ArrayObject)) {
    return interpreter.object(values.flatMap((value) => interpreter.ownEntries(value, site).entries.map(([key, inner]) => [String(key.value), inner] as const)));
  }
  return interpreter.array(values.flatMap((value) => (value instanceof ArrayObject ? value.elements : [value])));
}

function isNothing(value: Value): boolean {
  return value instanceof Primitive && value.value === undefined;
}
