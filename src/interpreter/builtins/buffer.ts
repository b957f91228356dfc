import { mergeLabels } from '../labels.ts';
import { ArrayObject, HeapObject, type NativeCall, Primitive, type Value } from '../values.ts';
import { argument, createConstructor, defineMethods, type Natives } from './define.ts';
import { sameValue } from './equality.ts';
import { hostCall, MAXIMAL_TEXT } from './host-calls.ts';
import { perOption } from './options.ts';
import { internalKey } from './properties.ts';
import type { RealmParts } from './realm.ts';
import { known, mergedLabels, unknownFunctionResult, unknownResult } from './results.ts';

/** The bytes of a buffer, one character each. */
const BYTES = internalKey('bytes');

export function addBuffer(realm: RealmParts): void {
  const { functionPrototype, bufferPrototype } = realm;
  defineMethods(functionPrototype, bufferPrototype, bufferMethods);
  realm.globals.set('Buffer', createConstructor(functionPrototype, 'Buffer', perOption('Buffer.from', from), bufferPrototype, {
    alloc: (call) => call.interpreter.unknown('the bytes of a buffer', call.site),
    allocUnsafe: (call) => call.interpreter.unknown('the bytes of a buffer', call.site),
    byteLength: perOption('Buffer.byteLength', (call) => {
      const text = call.interpreter.toText(argument(call, 0));
      const encoding = encodingOf(argument(call, 1));
      return text && encoding ? known(Buffer.byteLength(text.text, encoding), call.args) : unknownFunctionResult(call, 'Buffer.byteLength');
    }),
    concat: (call) => {
      const [list] = call.args;
      const buffers = list instanceof ArrayObject && list.open === undefined ? list.elements : [];
      const bytes = buffers.map(bytesOf);
      const isKnown = list instanceof ArrayObject && list.open === undefined && bytes.every((part) => part !== undefined);
      return isKnown ? bufferOf(call, bytes.join(''), mergedLabels([list, ...buffers])) : unknownFunctionResult(call, 'Buffer.concat', [...call.args, ...buffers]);
    },
    from: perOption('Buffer.from', from),
    isBuffer: (call) => {
      const value = argument(call, 0);
      if (value.kind === 'unknown' || value.kind === 'external') return unknownFunctionResult(call, 'Buffer.isBuffer');
      return known(bytesOf(value) !== undefined, [value]);
    },
  }));
}

/** The bytes of a buffer whose content is known, as a text with one character a byte. */
export function bytesOf(value: Value): string | undefined {
  const bytes = value instanceof HeapObject ? value.properties.get(BYTES) : undefined;
  return bytes?.kind === 'primitive' ? String(bytes.value) : undefined;
}

function bufferOf(call: NativeCall, bytes: string, labels: number): HeapObject {
  const buffer = new HeapObject(call.interpreter.realm.bufferPrototype, call.site);
  buffer.properties.set(BYTES, new Primitive(bytes, labels));
  buffer.properties.set('length', new Primitive(bytes.length, labels));
  buffer.labels = labels;
  return buffer;
}

/** Undefined where the encoding is not known or does not exist. */
function encodingOf(value: Value): BufferEncoding | undefined {
  if (value.kind !== 'primitive') return undefined;
  if (value.value === undefined) return 'utf8';
  return typeof value.value === 'string' && Buffer.isEncoding(value.value) ? value.value : undefined;
}

function from(call: NativeCall): Value {
  const [data, encodingValue] = [argument(call, 0), argument(call, 1)];
  const bytes = bytesOf(data);
  if (bytes !== undefined) return bufferOf(call, bytes, mergedLabels([data]));
  const encoding = encodingOf(encodingValue);
  const isMissing = data.kind === 'primitive' && typeof data.value !== 'string';
  if (isMissing) hostCall(call, call.args, () => Buffer.from(data.value as never));
  if (data.kind !== 'primitive' || typeof data.value !== 'string' || !encoding || data.value.length > MAXIMAL_TEXT) return unknownFunctionResult(call, 'Buffer.from');
  return bufferOf(call, Buffer.from(data.value, encoding).toString('latin1'), mergedLabels(call.args));
}

const bufferMethods: Natives = {
  equals: (call) => {
    const [own, other] = [bytesOf(call.receiver), bytesOf(argument(call, 0))];
    const labels = mergedLabels([call.receiver, argument(call, 0)]);
    if (own !== undefined && other !== undefined) return new Primitive(own === other, labels);
    return sameValue(call, call.receiver, argument(call, 0));
  },
  slice: (call) => part(call, 'slice'),
  subarray: (call) => part(call, 'subarray'),
  toJSON: (call) => unknownResult(call, 'toJSON'),
  toString: perOption('toString', (call: NativeCall) => {
    const bytes = bytesOf(call.receiver);
    const encoding = encodingOf(argument(call, 0));
    if (bytes === undefined || !encoding) return unknownResult(call, 'toString');
    return new Primitive(Buffer.from(bytes, 'latin1').toString(encoding), mergeLabels(mergedLabels([call.receiver])));
  }),
};

function part(call: NativeCall, name: string): Value {
  const bytes = bytesOf(call.receiver);
  const bounds = call.args.map((arg) => (arg.kind === 'primitive' && typeof arg.value === 'number' ? arg.value : undefined));
  if (bytes === undefined || bounds.includes(undefined)) return unknownResult(call, name);
  return bufferOf(call, bytes.slice(bounds[0], bounds[1]), mergedLabels([call.receiver, ...call.args]));
}
