import { ObservedText, observingArgument } from '../observation/observed.ts';
import { type NativeCall, type PartialPattern, Primitive, RegExpObject, type Site, Unknown, type Value } from '../values.ts';
import { argument, createConstructor, defineGetters, defineMethods, instancePrototype, type Natives } from './define.ts';
import { hostCall } from './host-calls.ts';
import { perOption } from './options.ts';
import { textEndsWith, textIncludes, textStartsWith } from './partial-text.ts';
import type { RealmParts } from './realm.ts';
import { isAffordable } from './regexp-cost.ts';
import { known, mergedLabels, unknownFunctionResult, unknownResult, wrongReceiver } from './results.ts';

const FLAG_GETTERS: Readonly<Record<string, string>> = {
  dotAll: 's', global: 'g', hasIndices: 'd', ignoreCase: 'i', multiline: 'm', sticky: 'y', unicode: 'u', unicodeSets: 'v',
};

export function addRegExp(realm: RealmParts): void {
  const { functionPrototype, regexpPrototype } = realm;
  defineMethods(functionPrototype, regexpPrototype, regexpMethods);
  defineGetters(functionPrototype, regexpPrototype, {
    flags: (call) => onRegExp(call, (regexp) => known([...regexp.flags].sort().join(''), [regexp])),
    source: (call) => onRegExp(call, (regexp) => known(regexp.source || '(?:)', [regexp])),
    ...Object.fromEntries(Object.entries(FLAG_GETTERS).map(([name, flag]) => [
      name, (call: NativeCall) => onRegExp(call, (regexp) => known(regexp.flags.includes(flag), [regexp])),
    ])),
  });
  regexpPrototype.properties.set('lastIndex', new Primitive(0));
  realm.globals.set('RegExp', createConstructor(functionPrototype, 'RegExp', perOption('RegExp', constructRegExp), regexpPrototype));
}

const regexpMethods: Natives = {
  exec: observingArgument('exec', perOption('exec', (call) => onRegExp(call, (regexp) => {
    const text = call.interpreter.toText(argument(call, 0));
    if (!text) return unknownResult(call, 'exec');
    const match = execute(call, regexp, text.text);
    return match === 'unknown' ? unknownResult(call, 'exec') : matchValue(call, match, [regexp, argument(call, 0)], siteOf(argument(call, 0)));
  }))),
  test: observingArgument('test', perOption('test', (call) => (call.receiver instanceof Unknown && call.receiver.pattern ? testPartial(call, call.receiver, call.receiver.pattern) : onRegExp(call, (regexp) => {
    const subject = argument(call, 0);
    const text = call.interpreter.toText(subject);
    const answer = text ? execute(call, regexp, text.text) : testOfParts(regexp, subject);
    if (answer === 'unknown') return unknownFunctionResult(call, `/${regexp.source}/${regexp.flags}.test`);
    return known(answer !== null && answer !== false, [regexp, subject]);
  })))),
  toString: (call: NativeCall) => onRegExp(call, (regexp) => known(`/${regexp.source || '(?:)'}/${regexp.flags}`, [regexp])),
};

function onRegExp(call: NativeCall, run: (regexp: RegExpObject) => Value): Value {
  return call.receiver instanceof RegExpObject ? run(call.receiver) : wrongReceiver(call, 'a regular expression');
}

function constructRegExp(call: NativeCall): Value {
  const [pattern, flags] = [argument(call, 0), argument(call, 1)];
  const source = pattern instanceof RegExpObject ? pattern.source : textOrDefault(call, pattern, '(?:)');
  const flagText = textOrDefault(call, flags, pattern instanceof RegExpObject ? pattern.flags : '');
  if (source === undefined && flagText !== undefined && pattern.kind === 'unknown' && pattern.parts) {
    return new Unknown(pattern.reason, { ...unknownFunctionResult(call, 'RegExp'), pattern: { parts: pattern.parts, flags: flagText } });
  }
  if (source === undefined || flagText === undefined) return unknownFunctionResult(call, 'RegExp');
  const operands = [pattern, flags];
  const host = hostCall(call, operands, () => new RegExp(source, flagText));
  const regexp = new RegExpObject(instancePrototype(call, call.interpreter.realm.regexpPrototype), host.source, host.flags, call.site);
  regexp.labels = mergedLabels(operands);
  return regexp;
}

function textOrDefault(call: NativeCall, value: Value, fallback: string): string | undefined {
  return value.kind === 'primitive' && value.value === undefined ? fallback : call.interpreter.toText(value)?.text;
}

/** The host's expression, where matching the text with it takes a bounded number of steps. */
export function hostRegExp(regexp: RegExpObject, text: string): RegExp | undefined {
  if (!isAffordable(regexp.source, regexp.flags, text)) return undefined;
  try {
    return new RegExp(regexp.source, regexp.flags);
  } catch {
    return undefined;
  }
}

/** `exec`, with `lastIndex` read from and written to the object. */
function execute(call: NativeCall, regexp: RegExpObject, text: string): RegExpExecArray | null | 'unknown' {
  const host = hostRegExp(regexp, text);
  if (!host) return 'unknown';
  if (!host.global && !host.sticky) return host.exec(text);
  const lastIndex = regexp.properties.get('lastIndex');
  if (lastIndex !== undefined && (lastIndex.kind !== 'primitive' || typeof lastIndex.value !== 'number')) return 'unknown';
  host.lastIndex = Number(lastIndex?.value ?? 0);
  const match = host.exec(text);
  call.interpreter.heap.setProperty(regexp, 'lastIndex', new Primitive(host.lastIndex));
  return match;
}

function siteOf(value: Value): Site | undefined {
  return value.kind === 'primitive' ? value.site : undefined;
}

/** What no text matches. */
const NOTHING = '(?!)';

/** A pattern that matches also where its unknown parts match nothing: `^(${base}/api)?/items/[^/]+$`. */
function testPartial(call: NativeCall, regexp: Unknown, { parts, flags }: PartialPattern): Value {
  const subject = argument(call, 0);
  const text = subject instanceof ObservedText ? { text: subject.content } : call.interpreter.toText(subject);
  const source = parts.map((part) => (typeof part === 'string' ? part : NOTHING)).join('');
  const host = text && !/[gy]/.test(flags) ? hostRegExp(new RegExpObject(null, source, flags), text.text) : undefined;
  const matches = (content: string): boolean => host?.test(content) ?? false;
  const isMatch = subject instanceof ObservedText ? subject.learns(`test ${source} ${flags}`, matches) : text !== undefined && matches(text.text);
  return isMatch ? known(true, [regexp, subject]) : unknownFunctionResult(call, 'test', [regexp, subject]);
}

/** The array that `exec` and `match` give, or null. */
export function matchValue(call: NativeCall, match: RegExpExecArray | RegExpMatchArray | null, operands: readonly Value[], site: Site | undefined): Value {
  if (!match) return known(null, operands);
  const { interpreter } = call;
  const labels = mergedLabels(operands);
  const piece = (text: string | undefined) => new Primitive(text, labels, site);
  const array = interpreter.array([...match].map(piece), call.site);
  array.labels = labels;
  const groups = match.groups && interpreter.object(Object.entries(match.groups).map(([name, text]) => [name, piece(text)]), call.site);
  array.properties.set('groups', groups ?? new Primitive(undefined, labels));
  if (match.index !== undefined) array.properties.set('index', new Primitive(match.index, labels));
  if (match.input !== undefined) array.properties.set('input', piece(match.input));
  return array;
}

/** Decides expressions that only say how a text starts, ends or what it holds: `/^\/api\//`. */
function testOfParts(regexp: RegExpObject, subject: Value): boolean | 'unknown' {
  const shape = /^(\^?)((?:[^\\^$.*+?()[\]{}|]|\\[^\w\s])*)(\$?)$/.exec(regexp.source);
  if (!shape || regexp.flags !== '' || subject.kind !== 'unknown' || !subject.parts) return 'unknown';
  const [, start, escaped = '', end] = shape;
  const literal = escaped.replace(/\\(.)/g, '$1');
  const { parts } = subject;
  if (start && end) return 'unknown';
  if (start) return textStartsWith(parts, [literal]) ?? 'unknown';
  if (end) return textEndsWith(parts, [literal]) ?? 'unknown';
  return textIncludes(parts, literal) ?? 'unknown';
}
