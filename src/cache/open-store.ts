import { readBuildId } from '../build-id.ts';
import { createStore, type Store } from './store.ts';

/** Switches the cache on disk off: `SECURE_ROUTES_CACHE=off`. */
const SWITCH = 'SECURE_ROUTES_CACHE';

/** The cache on disk of this build; undefined where it is switched off, or where nothing tells builds apart. */
export function openStore(): Store | undefined {
  if (/^(?:0|off|false|no)$/i.test(process.env[SWITCH] ?? '')) return undefined;
  const build = readBuildId();
  return build === undefined ? undefined : createStore({ build });
}
