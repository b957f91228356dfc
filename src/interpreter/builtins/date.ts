import { HeapObject, type NativeCall, type Value } from '../values.ts';
import { createConstructor, defineMethods, instancePrototype } from './define.ts';
import type { RealmParts } from './realm.ts';
import { mergedLabels } from './results.ts';

/** Dates are never known: their methods say only what they were made from. */
export function addDate(realm: RealmParts): void {
  const { functionPrototype, datePrototype } = realm;
  const methods = Object.getOwnPropertyNames(Date.prototype).filter((name) => name !== 'constructor');
  defineMethods(functionPrototype, datePrototype, Object.fromEntries(methods.map((name) => [name, partOfDate])));
  realm.globals.set('Date', createConstructor(functionPrototype, 'Date', construct, datePrototype, {
    UTC: (call) => call.interpreter.unknown('a point in time', call.site, mergedLabels(call.args)),
    now: (call) => call.interpreter.unknown('the time of the running program', call.site),
    parse: (call) => call.interpreter.unknown('a point in time', call.site, mergedLabels(call.args)),
  }));
}

function construct(call: NativeCall): Value {
  if (!call.isNew) return call.interpreter.unknown('the time of the running program', call.site);
  const date = new HeapObject(instancePrototype(call, call.interpreter.realm.datePrototype), call.site);
  date.labels = mergedLabels(call.args);
  return date;
}

function partOfDate(call: NativeCall): Value {
  return call.interpreter.unknown('a point in time', call.site, mergedLabels([call.receiver, ...call.args]));
}
