import { observing } from '../observation/observed.ts';
import { partsWithin } from '../text.ts';
import { ArrayObject, type NativeCall, type NativeImplementation, Primitive, RegExpObject, type TextPart, type Value } from '../values.ts';
import { argument, createConstructor, defineMethods } from './define.ts';
import { contentsOf, hostCall, hostFunction, MAXIMAL_TEXT } from './host-calls.ts';
import { perOption } from './options.ts';
import { textEndsWith, textIncludes, textStartsWith, textValue, throughPlaceholders } from './partial-text.ts';
import type { RealmParts } from './realm.ts';
import { known, mergedLabels, unknownResult } from './results.ts';
import { stringMatching } from './string-matching.ts';

/** Methods of texts that give a primitive and take only primitives. */
const PURE_METHODS = [
  'at', 'charAt', 'charCodeAt', 'codePointAt', 'concat', 'endsWith', 'includes', 'indexOf', 'isWellFormed', 'lastIndexOf', 'localeCompare',
  'normalize', 'padEnd', 'padStart', 'repeat', 'slice', 'startsWith', 'substr', 'substring', 'toLocaleLowerCase', 'toLocaleUpperCase',
  'toLowerCase', 'toUpperCase', 'toWellFormed', 'trim', 'trimEnd', 'trimLeft', 'trimRight', 'trimStart',
] as const;

export function addString(realm: RealmParts): void {
  const { functionPrototype, stringPrototype } = realm;
  const pure = Object.fromEntries(PURE_METHODS.map((name) => [name, perOption(name, textMethod(name))]));
  const methods = Object.entries({ ...pure, ...stringMatching }).map(([name, method]) => [name, observing(name, method)]);
  defineMethods(functionPrototype, stringPrototype, { ...Object.fromEntries(methods), toString: itself, valueOf: itself });
  realm.globals.set('String', createConstructor(functionPrototype, 'String', perOption('String', toStringValue), stringPrototype, {
    fromCharCode: perOption('String.fromCharCode', hostFunction('String.fromCharCode', String.fromCharCode, Infinity)),
    fromCodePoint: perOption('String.fromCodePoint', hostFunction('String.fromCodePoint', String.fromCodePoint, Infinity)),
    raw: templateText,
  }));
}

function itself(call: NativeCall): Value {
  return call.receiver;
}

function textMethod(name: (typeof PURE_METHODS)[number]): NativeImplementation {
  return (call) => {
    const operands = [call.receiver, ...call.args];
    const contents = contentsOf(operands);
    if (!contents) return partially(call, name) ?? unknownResult(call, name);
    const [receiver, ...args] = contents;
    if (typeof receiver === 'symbol' || !isBounded(name, String(receiver), args)) return unknownResult(call, name);
    const method = String.prototype[name as keyof string & string] as unknown as (...args: unknown[]) => string | number | boolean | undefined;
    const result = hostCall(call, operands, () => method.apply(String(receiver), args));
    const site = typeof result === 'string' && call.receiver.kind === 'primitive' ? call.receiver.site : undefined;
    return known(result, operands, site);
  };
}

function isBounded(name: string, text: string, args: readonly unknown[]): boolean {
  if (name === 'repeat') return !(Number(args[0]) * text.length > MAXIMAL_TEXT);
  if (name === 'padStart' || name === 'padEnd') return !(Number(args[0]) > MAXIMAL_TEXT);
  return true;
}

/** What can be said of a text that is known in parts: its certain start, end and stretches. */
function partially(call: NativeCall, name: string): Value | undefined {
  const { interpreter, receiver, args } = call;
  const [first] = args;
  switch (name) {
    case 'startsWith': return first && args.length === 1 ? decided(call, textStartsWith(interpreter.textParts(receiver), interpreter.textParts(first))) : undefined;
    case 'endsWith': return first && args.length === 1 ? decided(call, textEndsWith(interpreter.textParts(receiver), interpreter.textParts(first))) : undefined;
    case 'includes': {
      const search = first && interpreter.toText(first);
      return search && args.length === 1 ? decided(call, textIncludes(interpreter.textParts(receiver), search.text)) : undefined;
    }
    case 'concat': return textValue([receiver, ...args].flatMap(partsWithin), mergedLabels([receiver, ...args]), call.site);
    case 'toLowerCase': case 'toUpperCase': case 'trim': case 'trimStart': case 'trimEnd': return partsThrough(call, name, partsWithin(receiver));
    default: return undefined;
  }
}

function decided(call: NativeCall, answer: boolean | undefined): Value | undefined {
  return answer === undefined ? undefined : known(answer, [call.receiver, ...call.args]);
}

/** `${base}/Users`.toLowerCase(): known stretches change, and so does each unknown part by itself. */
function partsThrough(call: NativeCall, name: 'toLowerCase' | 'toUpperCase' | 'trim' | 'trimStart' | 'trimEnd', parts: readonly TextPart[]): Value | undefined {
  if (!parts.some((part) => typeof part === 'string')) return undefined;
  const changed = throughPlaceholders([parts], ([text = '']) => text[name]());
  const changedParts = changed?.map((part) => (typeof part === 'string' ? part : unknownResult(call, name, [part])));
  return changedParts && textValue(changedParts, mergedLabels([call.receiver]), call.site);
}

function toStringValue(call: NativeCall): Value {
  const { interpreter, site } = call;
  if (call.args.length === 0) return new Primitive('');
  const value = argument(call, 0);
  if (value.kind === 'primitive') {
    const isText = typeof value.value === 'string';
    return isText ? value : known(String(value.value), [value]);
  }
  if (value.kind !== 'object') return value;
  if (value instanceof RegExpObject || value instanceof ArrayObject || value.properties.has('toString') || value.properties.has('message')) {
    return interpreter.call(interpreter.get(value, 'toString', site), value, [], site);
  }
  return interpreter.unknown('the text of an object', site, value.labels);
}

/** String.raw`\d${x}` */
function templateText(call: NativeCall): Value {
  const { interpreter, site } = call;
  const [template, ...values] = call.args;
  const raw = template && interpreter.get(template, 'raw', site);
  if (!(raw instanceof ArrayObject)) return unknownResult(call, 'String.raw');
  const parts = raw.elements.flatMap((piece, index) => {
    const value = index < raw.elements.length - 1 ? values[index] : undefined;
    return [...interpreter.textParts(piece), ...(value ? interpreter.textParts(value) : [])];
  });
  return textValue(parts, mergedLabels([raw, ...raw.elements, ...values]), site);
}
