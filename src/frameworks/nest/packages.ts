import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { HeapObject} from '../../interpreter/values.ts';
import { External, type ModelObject, ModelObject as Model, Primitive, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { type AdapterState, createApplication } from './application.ts';
import { configurableModuleBuilder } from './configurable-module.ts';
import { commonDecorators } from './decorators.ts';
import { REQUEST_METHODS, VERSIONING_TYPES } from './keys.ts';
import { ROUTES } from './modules.ts';
import { nativeClass } from '../native-class.ts';
import { createReflector, type Hides } from './reflector.ts';
import type { NestStore } from './store.ts';

/** `VERSION_NEUTRAL` of @nestjs/common. */
export const VERSION_NEUTRAL = Symbol('VERSION_NEUTRAL');

type Make = (interpreter: Interpreter) => Value;

/** Exports of Nest's packages, each made when it is first imported; what is not listed stays opaque. */
export class NestPackages {
  private readonly exports: ReadonlyMap<string, ReadonlyMap<string, Make>>;
  private readonly made = new Map<string, Value>();

  constructor(store: NestStore, hides: Hides, further: ReadonlyMap<string, ReadonlyMap<string, Make>>) {
    this.exports = new Map([['@nestjs/common', common(store)], ['@nestjs/core', core(store, hides)], ...ADAPTERS, ...further]);
  }

  import(interpreter: Interpreter, external: External): Value | undefined {
    const names = this.exports.get(external.package);
    if (!names || external.subpath !== '') return undefined;
    if (external.name === '*' || external.name === 'default') return this.namespace(interpreter, external, names);
    return this.export(interpreter, external.package, external.name, names);
  }

  private export(interpreter: Interpreter, packageName: string, name: string, names: ReadonlyMap<string, Make>): Value | undefined {
    const key = `${packageName} ${name}`;
    const known = this.made.get(key);
    if (known) return known;
    const made = names.get(name)?.(interpreter);
    if (made) this.made.set(key, made);
    return made;
  }

  /** import * as nest from '@nestjs/common' */
  private namespace(interpreter: Interpreter, external: External, names: ReadonlyMap<string, Make>): ModelObject {
    return new Model(null, {
      name: external.package,
      get: (_interpreter, _self, key) => {
        if (typeof key !== 'string') return undefined;
        return this.export(interpreter, external.package, key, names) ?? new External({ step: 'import', package: external.package, name: key, site: external.site });
      },
    }, undefined);
  }
}

function common(store: NestStore): ReadonlyMap<string, Make> {
  const exports = new Map<string, Make>();
  for (const [name, implementation] of commonDecorators(store)) exports.set(name, (interpreter) => interpreter.native(name, implementation));
  exports.set('RequestMethod', (interpreter) => numbers(interpreter, REQUEST_METHODS));
  exports.set('VersioningType', (interpreter) => numbers(interpreter, VERSIONING_TYPES));
  exports.set('VERSION_NEUTRAL', () => new Primitive(VERSION_NEUTRAL));
  exports.set('ConfigurableModuleBuilder', configurableModuleBuilder);
  return exports;
}

function numbers(interpreter: Interpreter, names: readonly string[]): Value {
  return interpreter.object(names.flatMap((name, index) => [[name, new Primitive(index)], [String(index), new Primitive(name)]] as const));
}

function core(store: NestStore, hides: Hides): ReadonlyMap<string, Make> {
  const exports = new Map<string, Make>();
  for (const name of ['APP_GUARD', 'APP_INTERCEPTOR', 'APP_PIPE', 'APP_FILTER', 'REQUEST']) exports.set(name, () => new Primitive(name));
  exports.set('Reflector', (interpreter) => createReflector(interpreter, hides));
  exports.set('NestFactory', (interpreter) => interpreter.object([
    ['create', interpreter.native('create', ({ args, site }) => interpreter.promise('fulfilled', createApplication(interpreter, store, 'http', args, site), site))],
    ['createMicroservice', interpreter.native('createMicroservice', ({ args, site }) => interpreter.promise('fulfilled', createApplication(interpreter, store, 'microservice', args, site), site))],
    ['createApplicationContext', interpreter.native('createApplicationContext', ({ args, site }) => interpreter.promise('fulfilled', createApplication(interpreter, store, 'context', args, site), site))],
  ]));
  exports.set('RouterModule', (interpreter) => {
    const router = nativeClass(interpreter, 'RouterModule', {
      statics: {
        register: (call) => dynamicRoutes(interpreter, router, call.args[0], call.site),
        forRoutes: (call) => dynamicRoutes(interpreter, router, call.args[0], call.site),
      },
    });
    return router;
  });
  return exports;
}

function dynamicRoutes(interpreter: Interpreter, router: Value, routes: Value | undefined, site: Site): HeapObject {
  const dynamic = interpreter.object([['module', router]], site);
  dynamic.properties.set(ROUTES, routes ?? UNDEFINED);
  return dynamic;
}

const ADAPTERS: readonly (readonly [string, ReadonlyMap<string, Make>])[] = [
  ['@nestjs/platform-express', new Map([['ExpressAdapter', adapter('express')]])],
  ['@nestjs/platform-fastify', new Map([['FastifyAdapter', adapter('fastify')]])],
];

/** new ExpressAdapter(server) */
function adapter(platform: AdapterState['platform']): Make {
  return (interpreter) => interpreter.native('adapter', ({ args: [given], site }) => {
    const state: AdapterState = { platform, given };
    return new Model(interpreter.realm.objectPrototype, { name: 'nest.adapter' }, state, site);
  });
}
