import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type Behaviour, External, ModelObject, type Value } from '../../interpreter/values.ts';

/** Packages whose export does what a global does, and more: by package, the export and the global. */
const STAND_INS: Readonly<Record<string, { readonly exports: readonly string[]; readonly global: string }>> = {
  'any-promise': { exports: ['default', '*'], global: 'Promise' },
  'bluebird': { exports: ['default', '*', 'Promise'], global: 'Promise' },
  'es6-promise': { exports: ['Promise'], global: 'Promise' },
  'native-promise-only': { exports: ['default', '*'], global: 'Promise' },
  'pinkie-promise': { exports: ['default', '*'], global: 'Promise' },
};

/**
 * What such a package exports; undefined for any other.
 *
 *     const Promise = require('bluebird')
 */
export function standInOf(interpreter: Interpreter, external: External): Value | undefined {
  const standIn = Object.hasOwn(STAND_INS, external.package) ? STAND_INS[external.package] : undefined;
  const global = standIn?.exports.includes(external.name) && interpreter.realm.globals.get(standIn.global);
  if (!global) return undefined;
  const behaviour: Behaviour = {
    name: external.package,
    call: (_, _self, _receiver, args, site) => interpreter.construct(global, args, site),
    get(_, self, key, site) {
      if (key === 'default' || key === 'Promise') return self;
      if (global.kind === 'object' && global.properties.has(key)) return interpreter.get(global, key, site);
      // Promise.mapSeries, Promise.promisifyAll
      return typeof key === 'string' ? new External({ step: 'get', package: external.package, base: external, name: key, site }) : undefined;
    },
  };
  return new ModelObject(interpreter.realm.functionPrototype, behaviour, undefined);
}
