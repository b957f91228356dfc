import type { Interpreter } from '../../interpreter/interpreter.ts';
import { External, ModelObject, type Site, type Value } from '../../interpreter/values.ts';
import type { PackageModel } from '../framework.ts';
import { awilix } from './awilix.ts';
import { Bindings } from './bindings.ts';
import type { Exports } from './exports.ts';
import { inversify } from './inversify.ts';
import { isContainerObject } from './objects.ts';
import { tsyringe } from './tsyringe.ts';
import { typedi } from './typedi.ts';

/** Containers of dependency injection: guards, controllers and routers that a program takes out of them are followed. */
export function createInjection(): PackageModel {
  const bindings = new Bindings();
  const packages = new Map<string, Exports>([['awilix', awilix(bindings)], ['inversify', inversify(bindings)], ['tsyringe', tsyringe(bindings)], ['typedi', typedi(bindings)]]);
  const made = new Map<string, Value>();

  const exported = (interpreter: Interpreter, name: string, key: string): Value | undefined => {
    const known = made.get(`${name} ${key}`) ?? packages.get(name)?.get(key)?.(interpreter);
    if (known) made.set(`${name} ${key}`, known);
    return known;
  };

  const namespace = (interpreter: Interpreter, { package: name }: External): Value => new ModelObject(null, {
    name,
    get: (_interpreter, _self, key, site: Site) => (typeof key === 'string' ? exported(interpreter, name, key) ?? new External({ step: 'import', package: name, name: key, site }) : undefined),
  }, undefined);

  return {
    packages: [...packages.keys()],
    // Services only say that they can be injected; they are evaluated when somebody asks for them.
    entry: /\bcontainer\b/i,
    importPackage(interpreter, external) {
      const exports = packages.get(external.package);
      if (!exports || external.subpath !== '') return undefined;
      if (external.name === '*' || (external.name === 'default' && !exports.has('default'))) return namespace(interpreter, external);
      if (external.name === 'default' && external.step === 'import') return isCommonJs(external) ? namespace(interpreter, external) : exported(interpreter, external.package, 'default');
      return exported(interpreter, external.package, external.name);
    },
    owns: isContainerObject,
  };
}

/** const { Container } = require('typedi')      an import of the default where the module has no `import` */
function isCommonJs({ site }: External): boolean {
  return site?.module.commonJs === true;
}
