import { mergeLabels } from '../labels.ts';
import { HeapObject, type NativeCall, Primitive, type PrimitiveContent, UNDEFINED, type Value } from '../values.ts';
import { argument, createConstructor, defineGetters, defineMethods, instancePrototype, type Natives } from './define.ts';
import { hostCall } from './host-calls.ts';
import { toHost } from './host-values.ts';
import { isMissing } from './function.ts';
import { perOption } from './options.ts';
import { internalKey } from './properties.ts';
import type { RealmParts } from './realm.ts';
import { known, mergedLabels, unknownFunctionResult, unknownResult } from './results.ts';

/** The whole address of a URL, or the text of search parameters. */
const TEXT = internalKey('text');

const URL_PARTS = ['hash', 'host', 'hostname', 'href', 'origin', 'password', 'pathname', 'port', 'protocol', 'search', 'username'] as const;

export function addUrl(realm: RealmParts): void {
  const { functionPrototype, globals, urlPrototype, urlSearchParamsPrototype } = realm;
  defineGetters(functionPrototype, urlPrototype, {
    ...Object.fromEntries(URL_PARTS.map((name) => [name, (call: NativeCall) => partOfUrl(call, name)])),
    searchParams: (call) => searchParams(call, textOfUrl(call.receiver)?.text.replace(/^[^?#]*\??([^#]*).*$/s, '$1'), mergedLabels([call.receiver])),
  });
  const toText = (call: NativeCall) => partOfUrl(call, 'href');
  defineMethods(functionPrototype, urlPrototype, { toJSON: toText, toString: toText });
  globals.set('URL', createConstructor(functionPrototype, 'URL', perOption('URL', constructUrl), urlPrototype, {
    canParse: perOption('URL.canParse', (call) => {
      const texts = call.args.map((arg) => call.interpreter.toText(arg)?.text);
      const [text, base] = texts;
      return texts.includes(undefined) || text === undefined ? unknownFunctionResult(call, 'URL.canParse') : known(URL.canParse(text, base), call.args);
    }),
  }));
  defineMethods(functionPrototype, urlSearchParamsPrototype, searchParamsMethods);
  globals.set('URLSearchParams', createConstructor(functionPrototype, 'URLSearchParams', perOption('URLSearchParams', constructSearchParams), urlSearchParamsPrototype));
}

/** The address of a URL object; undefined for other values and where it is not known. */
export function textOfUrl(value: Value): { text: string; labels: number } | undefined {
  const text = value instanceof HeapObject ? value.properties.get(TEXT) : undefined;
  return text?.kind === 'primitive' ? { text: String(text.value), labels: text.labels } : undefined;
}

export function urlOf(call: NativeCall, href: string, labels: number): HeapObject {
  const url = new HeapObject(instancePrototype(call, call.interpreter.realm.urlPrototype), call.site);
  url.properties.set(TEXT, new Primitive(href, labels));
  url.labels = labels;
  return url;
}

function constructUrl(call: NativeCall): Value {
  const [input, base] = [argument(call, 0), argument(call, 1)];
  const text = addressOf(call, input);
  const baseText = isMissing(base) ? { text: undefined } : addressOf(call, base);
  if (!text || !baseText) {
    const url = new HeapObject(instancePrototype(call, call.interpreter.realm.urlPrototype), call.site);
    url.labels = mergedLabels(call.args);
    return url;
  }
  const url = hostCall(call, call.args, () => new URL(text.text, baseText.text));
  return urlOf(call, url.href, mergedLabels(call.args));
}

function addressOf(call: NativeCall, value: Value): { text: string } | undefined {
  return textOfUrl(value) ?? call.interpreter.toText(value);
}

function partOfUrl(call: NativeCall, name: (typeof URL_PARTS)[number]): Value {
  const url = textOfUrl(call.receiver);
  return url ? new Primitive(new URL(url.text)[name], url.labels) : unknownResult(call, name);
}

function searchParams(call: NativeCall, text: string | undefined, labels: number): HeapObject {
  const { interpreter, site } = call;
  const params = new HeapObject(interpreter.realm.urlSearchParamsPrototype, site);
  if (text !== undefined) params.properties.set(TEXT, new Primitive(text, labels));
  params.labels = labels;
  return params;
}

function constructSearchParams(call: NativeCall): Value {
  const init = argument(call, 0);
  const host = toHost(call.interpreter, init, call.site);
  const labels = host ? mergeLabels(...host.labels) : mergedLabels([init]);
  const text = host && hostCall(call, call.args, () => new URLSearchParams((host.data ?? undefined) as string | Record<string, string> | undefined).toString());
  return searchParams(call, text, labels);
}

const searchParamsMethods: Natives = {
  append: (call) => change(call, (params, [name = '', value = '']) => params.append(name, value)),
  delete: (call) => change(call, (params, [name = '']) => params.delete(name)),
  get: (call) => ask(call, 'get', (params, name) => params.get(name)),
  getAll: (call) => {
    const [text, name] = [textOfUrl(call.receiver), call.interpreter.toText(argument(call, 0))];
    if (!text || !name) return unknownResult(call, 'getAll');
    const labels = mergedLabels([call.receiver, argument(call, 0)]);
    const values = new URLSearchParams(text.text).getAll(name.text).map((value) => new Primitive(value, labels));
    const array = call.interpreter.array(values, call.site);
    array.labels = labels;
    return array;
  },
  has: (call) => ask(call, 'has', (params, name) => params.has(name)),
  set: (call) => change(call, (params, [name = '', value = '']) => params.set(name, value)),
  toString: (call: NativeCall) => {
    const text = textOfUrl(call.receiver);
    return text ? new Primitive(new URLSearchParams(text.text).toString(), text.labels) : unknownResult(call, 'toString');
  },
};

function ask(call: NativeCall, method: string, run: (params: URLSearchParams, name: string) => PrimitiveContent): Value {
  const [text, name] = [textOfUrl(call.receiver), call.interpreter.toText(argument(call, 0))];
  return text && name ? known(run(new URLSearchParams(text.text), name.text), [call.receiver, argument(call, 0)]) : unknownResult(call, method);
}

function change(call: NativeCall, run: (params: URLSearchParams, args: readonly string[]) => void): Value {
  const { heap } = call.interpreter;
  if (!(call.receiver instanceof HeapObject)) return UNDEFINED;
  const text = textOfUrl(call.receiver);
  const args = call.args.map((arg) => call.interpreter.toText(arg)?.text);
  if (!text || !args.every((arg) => arg !== undefined)) {
    heap.deleteProperty(call.receiver, TEXT);
    return UNDEFINED;
  }
  const params = new URLSearchParams(text.text);
  run(params, args);
  heap.setProperty(call.receiver, TEXT, new Primitive(params.toString(), mergeLabels(text.labels, mergedLabels(call.args))));
  return UNDEFINED;
}
