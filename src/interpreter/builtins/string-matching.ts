import { type NativeCall, Primitive, RegExpObject, type Site, type TextPart, UNDEFINED, type Value } from '../values.ts';
import { iteratorOf } from './array-values.ts';
import { argument, type Natives } from './define.ts';
import { isMissing } from './function.ts';
import { contentsOf, MAXIMAL_TEXT } from './host-calls.ts';
import { perOption } from './options.ts';
import { textValue, throughPlaceholders } from './partial-text.ts';
import { hostRegExp, matchValue } from './regexp.ts';
import { mergedLabels, known, unknownResult } from './results.ts';

/** A text is split into at most this many pieces. */
const MAXIMAL_PIECES = 10_000;

/** Methods of texts that take a pattern or a separator. */
export const stringMatching: Natives = {
  match: perOption('match', (call) => matching(call, 'match', (text, pattern, operands, site) =>
    matchValue(call, text.match(pattern), operands, site))),
  matchAll: perOption('matchAll', (call) => matching(call, 'matchAll', (text, pattern, operands, site) => {
    if (!pattern.global) return call.interpreter.throwError('TypeError', 'String.prototype.matchAll called with a non-global RegExp argument', call.site);
    const matches = call.interpreter.array([...text.matchAll(pattern)].map((match) => matchValue(call, match, operands, site)), call.site);
    matches.labels = mergedLabels(operands);
    return iteratorOf(call, matches, matches.elements);
  })),
  replace: perOption('replace', (call) => replace(call, 'replace')),
  replaceAll: perOption('replaceAll', (call) => replace(call, 'replaceAll')),
  search: perOption('search', (call) => matching(call, 'search', (text, pattern, operands) => known(text.search(pattern), operands))),
  split: perOption('split', split),
};

type Matching = (text: string, pattern: RegExp, operands: readonly Value[], site: Site | undefined) => Value;

function matching(call: NativeCall, name: string, run: Matching): Value {
  const { interpreter, receiver } = call;
  const patternValue = argument(call, 0);
  const text = interpreter.toText(receiver)?.text;
  const pattern = text === undefined ? undefined : toHostRegExp(call, patternValue, text, name === 'matchAll' ? 'g' : '');
  if (text === undefined || !pattern) return unknownResult(call, name, [receiver, ...patternOperand(call, patternValue)]);
  return run(text, pattern, [receiver, patternValue], receiver.kind === 'primitive' ? receiver.site : undefined);
}

/** The pattern as a primitive, so that equal patterns on equal texts count as the same decision. */
function patternOperand(call: NativeCall, pattern: Value): Value[] {
  return pattern instanceof RegExpObject ? [new Primitive(`/${pattern.source}/${pattern.flags}`, pattern.labels)] : [...call.args];
}

function toHostRegExp(call: NativeCall, pattern: Value, text: string, flags: string): RegExp | undefined {
  if (pattern instanceof RegExpObject) return hostRegExp(pattern, text);
  if (isMissing(pattern)) return new RegExp('', flags);
  const source = call.interpreter.toText(pattern);
  return source && hostRegExp(new RegExpObject(null, source.text, flags), text);
}

function split(call: NativeCall): Value {
  const { interpreter, receiver, site } = call;
  const [separator, limit] = [argument(call, 0), argument(call, 1)];
  const unknown = () => unknownResult(call, 'split', [receiver, ...patternOperand(call, separator)]);
  const text = interpreter.toText(receiver)?.text;
  if (text === undefined) return splitOfParts(call, separator) ?? unknown();
  const pattern = searchOf(call, separator, text);
  const limits = contentsOf([limit]);
  if (pattern === undefined || !limits) return unknown();
  const count = limits[0] === undefined ? MAXIMAL_PIECES : Math.min(Number(limits[0]), MAXIMAL_PIECES);
  const pieces = isMissing(separator) ? [text] : text.split(pattern, count);
  const labels = mergedLabels([receiver, separator, limit]);
  const literalSite = receiver.kind === 'primitive' ? receiver.site : undefined;
  const array = interpreter.array(pieces.map((piece) => new Primitive(piece, labels, literalSite)), site);
  array.labels = labels;
  return array;
}

/** `Bearer ${token}`.split(' '): the pieces that end before the first unknown part are certain. */
function splitOfParts(call: NativeCall, separator: Value): Value | undefined {
  const { interpreter, receiver, site } = call;
  const parts = interpreter.textParts(receiver);
  const [first, ...rest] = parts;
  const text = interpreter.toText(separator)?.text;
  if (typeof first !== 'string' || text === undefined || text === '' || isMissing(separator) || call.args.length > 1) return undefined;
  const pieces = first.split(text);
  const begun = pieces.pop() ?? '';
  const labels = mergedLabels([receiver, separator]);
  const remainder = unknownResult(call, 'split', [textValue([begun, ...rest], labels, site), separator]);
  const array = interpreter.array([...pieces.map((piece) => new Primitive(piece, labels)), remainder], site);
  array.labels = labels;
  array.open = remainder.reason;
  return array;
}

function replace(call: NativeCall, name: 'replace' | 'replaceAll'): Value {
  const { interpreter, receiver } = call;
  const [pattern, replacement] = [argument(call, 0), argument(call, 1)];
  const text = interpreter.toText(receiver)?.text;
  const search = text === undefined ? undefined : searchOf(call, pattern, text);
  if (text === undefined) return replaceInParts(call, name) ?? unknownReplacement(call, name);
  if (search === undefined) return unknownReplacement(call, name);
  const site = receiver.kind === 'primitive' ? receiver.site : undefined;
  const matches = matchesOf(text, search, name);
  if (!matches) return interpreter.throwError('TypeError', 'replaceAll must be called with a global RegExp', call.site);
  const inserted = matches.map((match) => insertion(call, match, text, replacement));
  const parts: TextPart[] = [];
  let position = 0;
  for (const [index, match] of matches.entries()) {
    parts.push(text.slice(position, match.index), ...interpreter.textParts(inserted[index] as Value));
    position = match.index + match[0].length;
  }
  parts.push(text.slice(position));
  if (parts.reduce((length, part) => length + (typeof part === 'string' ? part.length : 1), 0) > MAXIMAL_TEXT) return unknownReplacement(call, name);
  const operands = replacement.kind === 'object' ? [receiver, pattern, ...inserted] : [receiver, pattern, replacement];
  return textValue(parts, mergedLabels(operands), site ?? call.site);
}

function searchOf(call: NativeCall, pattern: Value, text: string): string | RegExp | undefined {
  return pattern instanceof RegExpObject ? hostRegExp(pattern, text) : call.interpreter.toText(pattern)?.text;
}

/** Undefined where the program's call throws. */
function matchesOf(text: string, search: string | RegExp, name: 'replace' | 'replaceAll'): RegExpExecArray[] | undefined {
  if (typeof search !== 'string') {
    if (search.global) return [...text.matchAll(search)];
    const match = search.exec(text);
    return name === 'replaceAll' ? undefined : match ? [match] : [];
  }
  const literal = new RegExp(search.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'g');
  const all = [...text.matchAll(literal)];
  return name === 'replaceAll' ? all : all.slice(0, 1);
}

function insertion(call: NativeCall, match: RegExpExecArray, text: string, replacement: Value): Value {
  if (replacement.kind === 'object') {
    const named = match.groups ? [call.interpreter.object(Object.entries(match.groups).map(([key, group]) => [key, new Primitive(group)]))] : [];
    const labels = mergedLabels([call.receiver]);
    const groups = [...match].map((group) => new Primitive(group, labels));
    const args = [...groups, new Primitive(match.index), call.receiver, ...named];
    return call.interpreter.call(replacement, UNDEFINED, args, call.site);
  }
  const template = call.interpreter.toText(replacement)?.text;
  return template === undefined ? replacement : new Primitive(expand(template, match, text));
}

/** `$1`, `$&`, `$<name>` in a replacement text. */
function expand(template: string, match: RegExpExecArray, text: string): string {
  return template.replace(/\$(?:\$|&|`|'|(\d\d?)|<([^>]*)>)/g, (whole, digits: string | undefined, name: string | undefined) => {
    if (digits !== undefined) return expandGroup(whole, digits, match);
    if (name !== undefined) return match.groups ? match.groups[name] ?? '' : whole;
    switch (whole) {
      case '$$': return '$';
      case '$&': return match[0];
      case '$`': return text.slice(0, match.index);
      default: return text.slice(match.index + match[0].length);
    }
  });
}

function expandGroup(whole: string, digits: string, match: RegExpExecArray): string {
  const groups = match.length - 1;
  const number = Number(digits);
  if (number >= 1 && number <= groups) return match[number] ?? '';
  // $12 is $1 and a 2 where there are fewer than 12 groups.
  const first = Number(digits[0]);
  if (digits.length === 2 && first >= 1 && first <= groups) return (match[first] ?? '') + digits.slice(1);
  return whole;
}

/** (prefix + '//users').replace(/\/+/g, '/'): unknown parts are taken to be changed each by itself. */
function replaceInParts(call: NativeCall, name: 'replace' | 'replaceAll'): Value | undefined {
  const { interpreter, receiver } = call;
  const [pattern, replacement] = [argument(call, 0), argument(call, 1)];
  const parts = interpreter.textParts(receiver);
  const template = interpreter.toText(replacement)?.text;
  if (template === undefined || !parts.some((part) => typeof part === 'string')) return undefined;
  let isCertain = true;
  const changed = throughPlaceholders([parts], ([text = '']) => {
    const search = searchOf(call, pattern, text);
    const matches = search === undefined ? undefined : matchesOf(text, search, name);
    // The first match may stand in the unknown part that the text begins with.
    const mayBeEarlier = name === 'replace' && !isGlobal(pattern) && typeof parts[0] !== 'string' && matches?.length === 1;
    if (!matches || (mayBeEarlier && !isAnchoredAtEnd(pattern))) {
      isCertain = false;
      return text;
    }
    return text[name](search as string, template);
  });
  if (!changed || !isCertain) return undefined;
  const rest = [...patternOperand(call, pattern).slice(0, 1), replacement];
  const changedParts = changed.map((part) => (typeof part === 'string' ? part : unknownResult(call, name, [part, ...rest])));
  return textValue(changedParts, mergedLabels([receiver, pattern, replacement]), call.site);
}

/** `${base}/`.replace(/\/$/, '') can only match at the end. */
function isAnchoredAtEnd(pattern: Value): boolean {
  return pattern instanceof RegExpObject && pattern.source.endsWith('$') && !pattern.source.includes('|') && !pattern.flags.includes('m');
}

function isGlobal(pattern: Value): boolean {
  return pattern instanceof RegExpObject && pattern.flags.includes('g');
}

function unknownReplacement(call: NativeCall, name: string): Value {
  return unknownResult(call, name, [call.receiver, ...patternOperand(call, argument(call, 0)).slice(0, 1), argument(call, 1)]);
}
