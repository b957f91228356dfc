import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import typescript from 'typescript';

export type Adapter = 'express' | 'fastify';

/** One route as Nest mapped it. */
export interface MappedRoute {
  readonly method: string;
  readonly path: string;
  /** `CatsController.findAll` */
  readonly handler: string;
}

export interface RunningApplication {
  readonly routes: readonly MappedRoute[];
  readonly address: string;
  close(): Promise<void>;
}

interface NestApplication {
  getUrl(): Promise<string>;
  close(): Promise<void>;
}

type Method = (this: unknown, ...parameters: never[]) => unknown;

const require = createRequire(import.meta.url);
const repository = path.resolve(import.meta.dirname, '../../..');

/** A folder of the fixture's modules as CommonJS, in which the repository's packages are found. */
export function transpile(fixture: string): { readonly folder: string; remove(): void } {
  const base = path.join(realpathSync(path.join(repository, 'node_modules')), '.cache');
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(path.join(base, 'nest-'));
  cpSync(path.join(fixture, 'src'), path.join(folder, 'src'), { recursive: true });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const { outputText } = typescript.transpileModule(readFileSync(path.join(folder, name), 'utf8'), {
      compilerOptions: { module: typescript.ModuleKind.CommonJS, target: typescript.ScriptTarget.ES2022, experimentalDecorators: true, emitDecoratorMetadata: true, esModuleInterop: true },
    });
    writeFileSync(path.join(folder, name.replace(/\.ts$/, '.js')), outputText);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts the program on one of Nest's adapters, on a port of the loopback interface, and notes what Nest maps. */
export async function boot(folder: string, adapter: Adapter): Promise<RunningApplication> {
  require('reflect-metadata');
  const { NestFactory } = require('@nestjs/core') as { NestFactory: Record<string, Method> };
  const { NestApplication } = require('@nestjs/core/nest-application') as { NestApplication: { prototype: Record<string, Method> } };
  const { RouterExplorer } = require('@nestjs/core/router/router-explorer') as { RouterExplorer: { prototype: Record<string, Method> } };
  const routes: MappedRoute[] = [];
  let application: NestApplication | undefined;
  let started: Promise<unknown> | undefined;
  let current = '';
  const create = NestFactory['create'] as (...parameters: unknown[]) => Promise<NestApplication>;
  const listen = NestApplication.prototype['listen'] as (...parameters: unknown[]) => Promise<unknown>;
  const apply = RouterExplorer.prototype['applyCallbackToRouter'] as (...parameters: unknown[]) => unknown;

  NestFactory['create'] = (async (root: unknown, ...rest: unknown[]) => {
    const made = newAdapter(adapter);
    recordRoutes(made, (method, at) => current !== '' && routes.push({ method, path: at, handler: current }));
    application = await create.call(NestFactory, root, made, { logger: false, ...rest.at(-1) as object });
    return application;
  }) as Method;
  NestApplication.prototype['listen'] = function (this: unknown) {
    return (started = listen.call(this, 0, '127.0.0.1'));
  } as Method;
  RouterExplorer.prototype['applyCallbackToRouter'] = function (this: unknown, ...parameters: unknown[]) {
    const [, definition, wrapper] = parameters as [unknown, { methodName: string }, { metatype: { name: string } }];
    current = `${wrapper.metatype.name}.${definition.methodName}`;
    const result = apply.apply(this, parameters);
    current = '';
    return result;
  } as Method;
  try {
    const main = path.join(folder, 'src/main.js');
    for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) delete require.cache[file];
    const { done } = require(main) as { done: Promise<void> };
    await done;
    await started;
  } finally {
    NestFactory['create'] = create as Method;
    NestApplication.prototype['listen'] = listen as Method;
    RouterExplorer.prototype['applyCallbackToRouter'] = apply as Method;
  }
  if (!application) throw new Error(`${folder} creates no application`);
  const { close } = application;
  return { routes, address: (await application.getUrl()).replace('[::1]', '127.0.0.1'), close: () => close.call(application) };
}

function newAdapter(adapter: Adapter): Record<string, Method> {
  const name = adapter === 'express' ? 'ExpressAdapter' : 'FastifyAdapter';
  const exported = require(`@nestjs/platform-${adapter}`) as Record<string, new () => Record<string, Method>>;
  return new exported[name]!();
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all'];

function recordRoutes(adapter: Record<string, Method>, note: (method: string, path: string) => unknown): void {
  for (const name of METHODS) {
    const register = adapter[name] as (...parameters: unknown[]) => unknown;
    adapter[name] = function (this: unknown, ...parameters: unknown[]) {
      if (typeof parameters[0] === 'string') note(name.toUpperCase(), parameters[0]);
      return register.apply(this, parameters);
    } as Method;
  }
}
