import { type Behaviour, ModelObject, NativeFunction, Primitive, UNDEFINED, type Value } from '../values.ts';
import { argument } from './define.ts';
import { fromHost, toHost } from './host-values.ts';
import type { RealmParts } from './realm.ts';
import { mergedLabels } from './results.ts';

const GLOBAL_OBJECT: Behaviour = {
  name: 'globalThis',
  isFollowed: true,
  get: (_, self, key) => {
    if (typeof key !== 'string' || self.properties.has(key)) return undefined;
    return (self.state as ReadonlyMap<string, Value>).get(key);
  },
};

/** `globalThis`; adds the remaining globals to the realm. Those that are left out (`fetch`) are opaque. */
export function createGlobalObject(realm: RealmParts): ModelObject {
  const { globals } = realm;
  const globalObject = new ModelObject(realm.objectPrototype, GLOBAL_OBJECT, globals);
  globalObject.open = 'a global that is not modelled';
  globals.set('undefined', UNDEFINED);
  globals.set('NaN', new Primitive(Number.NaN));
  globals.set('Infinity', new Primitive(Number.POSITIVE_INFINITY));
  globals.set('globalThis', globalObject);
  globals.set('global', globalObject);
  globals.set('structuredClone', new NativeFunction(realm.functionPrototype, 'structuredClone', (call) => {
    const value = argument(call, 0);
    const data = toHost(call.interpreter, value, call.site);
    const clone = data && fromHost(call.interpreter, data.data, mergedLabels([value]), call.site);
    return clone ?? call.interpreter.unknown('a copy of data that is not known', call.site, mergedLabels([value]));
  }));
  return globalObject;
}
