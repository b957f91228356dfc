import { HeapObject, UNDEFINED } from '../values.ts';
import { defineFunctions } from './define.ts';
import type { RealmParts } from './realm.ts';

const METHODS = [
  'assert', 'clear', 'count', 'countReset', 'debug', 'dir', 'dirxml', 'error', 'group', 'groupCollapsed', 'groupEnd', 'info', 'log', 'table',
  'time', 'timeEnd', 'timeLog', 'trace', 'warn',
] as const;

export function addConsole(realm: RealmParts): void {
  const console = new HeapObject(realm.objectPrototype);
  defineFunctions(realm.functionPrototype, console, Object.fromEntries(METHODS.map((name) => [name, () => UNDEFINED])));
  realm.globals.set('console', console);
}
