import { NativeFunction } from '../values.ts';
import { hostFunction } from './host-calls.ts';
import { perOption } from './options.ts';
import type { RealmParts } from './realm.ts';

export function addEncoding(realm: RealmParts): void {
  for (const [name, run] of Object.entries({ atob, btoa, decodeURI, decodeURIComponent, encodeURI, encodeURIComponent, escape, unescape })) {
    realm.globals.set(name, new NativeFunction(realm.functionPrototype, name, perOption(name, hostFunction(name, run))));
  }
}
