import { posix } from 'node:path';
import type { Interpreter } from '../../interpreter.ts';
import { type NativeCall, Primitive, type TextPart, type Value } from '../../values.ts';
import { argument, type Natives } from '../define.ts';
import { contentsOf, hostCall, hostFunction } from '../host-calls.ts';
import { toHost } from '../host-values.ts';
import { perOption } from '../options.ts';
import { textValue, throughPlaceholders } from '../partial-text.ts';
import { known, mergedLabels, unknownFunctionResult } from '../results.ts';
import { createModuleObject } from './module-object.ts';

/** `path` as on POSIX systems, whichever this one is. */
export function createPathModule(interpreter: Interpreter): Value {
  const path = createModuleObject(interpreter, 'path', pathFunctions, { delimiter: new Primitive(posix.delimiter), sep: new Primitive(posix.sep) });
  path.properties.set('posix', path);
  return path;
}

const pathFunctions: Natives = {
  basename: perOption('path.basename', (call) => ofLastStretch(call, 'path.basename', (text, args) => posix.basename(text, ...args), /\/[^/]/)),
  dirname: perOption('path.dirname', (call) => throughParts(call, 'path.dirname', ([text = '']) => posix.dirname(text), /\/[^/]+$/)),
  extname: perOption('path.extname', (call) => ofLastStretch(call, 'path.extname', (text) => posix.extname(text), /[^/]\.[^./]*$/)),
  format: (call) => {
    const data = toHost(call.interpreter, argument(call, 0), call.site);
    return data ? known(hostCall(call, call.args, () => posix.format(data.data as object)), call.args) : unknownFunctionResult(call, 'path.format');
  },
  isAbsolute: perOption('path.isAbsolute', (call) => {
    const [first = ''] = call.interpreter.textParts(argument(call, 0));
    return typeof first === 'string' ? known(first.startsWith('/'), call.args) : unknownFunctionResult(call, 'path.isAbsolute');
  }),
  join: perOption('path.join', (call) => throughParts(call, 'path.join', (texts) => posix.join(...texts))),
  normalize: perOption('path.normalize', (call) => throughParts(call, 'path.normalize', ([text = '']) => posix.normalize(text))),
  parse: perOption('path.parse', (call) => {
    const text = call.interpreter.toText(argument(call, 0));
    if (!text) return unknownFunctionResult(call, 'path.parse');
    const parts = Object.entries(posix.parse(text.text));
    return call.interpreter.object(parts.map(([name, part]) => [name, new Primitive(part, text.labels)]), call.site);
  }),
  relative: perOption('path.relative', (call) => {
    const { root } = call.interpreter.loader;
    return hostFunction('path.relative', (from: string, to: string) => posix.relative(posix.resolve(root, from), posix.resolve(root, to)))(call);
  }),
  resolve: perOption('path.resolve', (call) => throughParts(call, 'path.resolve', (texts) => posix.resolve(call.interpreter.loader.root, ...texts))),
  toNamespacedPath: (call) => argument(call, 0),
};

/**
 * Unknown parts keep their place in the result; `condition`, where given, is what the last known stretch must
 * look like so that the unknown parts before it do not matter.
 */
function throughParts(call: NativeCall, name: string, run: (texts: readonly string[]) => string, condition?: RegExp): Value {
  const { interpreter, args, site } = call;
  const contents = contentsOf(args);
  if (contents) return known(hostCall(call, args, () => run(contents as string[])), args, siteOfOnly(args));
  const texts = args.map((arg) => interpreter.textParts(arg));
  const last = texts[0]?.at(-1);
  if (condition && (typeof last !== 'string' || !condition.test(last))) return unknownFunctionResult(call, name);
  const parts = isResolvable(name, texts) ? throughPlaceholders(texts, run) : undefined;
  return parts ? textValue(parts, mergedLabels(args), site) : unknownFunctionResult(call, name);
}

/** An unknown part at the start of an argument of `resolve` may be an absolute path. */
function isResolvable(name: string, texts: readonly (readonly TextPart[])[]): boolean {
  return name !== 'path.resolve' || texts.every((parts) => typeof (parts[0] ?? '') === 'string');
}

/** What depends on the end of the text only, where that end is known. */
function ofLastStretch(call: NativeCall, name: string, run: (text: string, args: readonly string[]) => string, condition: RegExp): Value {
  const [subject = new Primitive(undefined), ...rest] = call.args;
  const contents = contentsOf(call.args);
  if (contents) return known(hostCall(call, call.args, () => run(contents[0] as string, contents.slice(1) as string[])), call.args, siteOfOnly(call.args));
  const last = call.interpreter.textParts(subject).at(-1);
  const others = contentsOf(rest);
  return typeof last === 'string' && condition.test(last) && others
    ? known(hostCall(call, call.args, () => run(last, others as string[])), call.args)
    : unknownFunctionResult(call, name);
}

function siteOfOnly(args: readonly Value[]) {
  const [first] = args;
  return args.length === 1 && first?.kind === 'primitive' ? first.site : undefined;
}
