import type { Interpreter } from '../interpreter.ts';
import { mergeLabels, NO_LABELS } from '../labels.ts';
import { HeapObject, type NativeCall, Primitive, type Site, type Value } from '../values.ts';
import { argument, defineFunctions } from './define.ts';
import { isMissing } from './function.ts';
import { hostCall, MAXIMAL_TEXT } from './host-calls.ts';
import { fromHost, toHost } from './host-values.ts';
import { perOption } from './options.ts';
import type { RealmParts } from './realm.ts';
import { unknownFunctionResult } from './results.ts';

export function addJson(realm: RealmParts): void {
  const json = new HeapObject(realm.objectPrototype);
  defineFunctions(realm.functionPrototype, json, { parse: perOption('JSON.parse', parse), stringify: perOption('JSON.stringify', stringify) });
  realm.globals.set('JSON', json);
}

/** Data that the host has parsed, as a value of the program. */
export function jsonValue(interpreter: Interpreter, data: unknown, site: Site): Value {
  return fromHost(interpreter, data, NO_LABELS, site) ?? interpreter.unknown('a JSON text that is too large', site);
}

function parse(call: NativeCall): Value {
  const { interpreter, site } = call;
  const text = interpreter.toText(argument(call, 0));
  if (!text || text.text.length > 10 * MAXIMAL_TEXT || !isMissing(argument(call, 1))) return unknownFunctionResult(call, 'JSON.parse');
  const data = hostCall(call, call.args, () => JSON.parse(text.text) as unknown);
  return fromHost(interpreter, data, text.labels, site) ?? unknownFunctionResult(call, 'JSON.parse');
}

function stringify(call: NativeCall): Value {
  const { interpreter, site } = call;
  const [value, replacer, space] = [argument(call, 0), argument(call, 1), argument(call, 2)];
  const host = toHost(interpreter, value, site);
  const isPlain = isMissing(replacer) || (replacer.kind === 'primitive' && replacer.value === null);
  if (!host || !isPlain || space.kind !== 'primitive') return unknownFunctionResult(call, 'JSON.stringify');
  const text = hostCall(call, call.args, () => JSON.stringify(host.data, undefined, space.value as string | number | undefined) as string | undefined);
  return new Primitive(text, mergeLabels(...host.labels));
}
