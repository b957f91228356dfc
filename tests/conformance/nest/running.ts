import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import typescript from 'typescript';
import { type Entrypoint, entrypointsOf, type Inspected } from './entrypoints.ts';

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
  /** What is called over something else than HTTP. */
  readonly entrypoints: readonly Entrypoint[];
  readonly address: string;
  /** Ports of the servers that take messages. */
  readonly ports: readonly number[];
  close(): Promise<void>;
}

interface NestApplication extends Inspected {
  getUrl(): Promise<string>;
  close(): Promise<void>;
}

interface Microservice extends Inspected {
  listen(): Promise<void>;
  close(): Promise<void>;
  readonly serverInstance: { readonly server: { address(): { readonly port: number } } };
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
  const microservices: Microservice[] = [];
  let application: NestApplication | undefined;
  let started: Promise<unknown> | undefined;
  let current = '';
  const restore = [
    replace(NestFactory, 'create', (create) => async (root, ...rest) => {
      const made = newAdapter(adapter);
      recordRoutes(made, (method, at) => current !== '' && routes.push({ method, path: at, handler: current }));
      application = await create(root, made, { logger: false, snapshot: true, ...rest.at(-1) as object }) as NestApplication;
      return application;
    }),
    replace(NestFactory, 'createMicroservice', (create) => async (root, options) => {
      const made = await create(root, { logger: false, snapshot: true, ...onLoopback(options) }) as Microservice;
      microservices.push(made);
      return made;
    }),
    replace(NestApplication.prototype, 'connectMicroservice', (connect) => (options, ...rest) => {
      const made = connect(onLoopback(options), ...rest) as Microservice;
      microservices.push(made);
      return made;
    }),
    replace(NestApplication.prototype, 'listen', (listen) => () => (started = listen(0, '127.0.0.1') as Promise<unknown>)),
    replace(RouterExplorer.prototype, 'applyCallbackToRouter', (apply) => (...parameters) => {
      const [, definition, wrapper] = parameters as [unknown, { methodName: string }, { metatype: { name: string } }];
      current = `${wrapper.metatype.name}.${definition.methodName}`;
      const result = apply(...parameters);
      current = '';
      return result;
    }),
  ];
  try {
    const main = path.join(folder, 'src/main.js');
    for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) delete require.cache[file];
    const { done } = require(main) as { done: Promise<void> };
    await done;
    await started;
  } finally {
    for (const undo of restore) undo();
  }
  const running = application ?? microservices[0];
  if (!running) throw new Error(`${folder} creates no application`);
  return {
    routes,
    entrypoints: entrypointsOf(running),
    address: application ? (await application.getUrl()).replace('[::1]', '127.0.0.1') : '',
    ports: microservices.map(({ serverInstance }) => serverInstance.server.address().port),
    close: () => running.close(),
  };
}

/** Puts a function in the place of a method, and gives what puts the method back. `make` gets the method, bound to what it is called on. */
function replace(owner: Record<string, Method>, name: string, make: (original: (...parameters: unknown[]) => unknown) => (...parameters: unknown[]) => unknown): () => void {
  const original = owner[name] as unknown as (...parameters: unknown[]) => unknown;
  owner[name] = function (this: unknown, ...parameters: unknown[]) {
    return make((...given) => original.apply(this, given))(...parameters);
  } as Method;
  return () => {
    owner[name] = original as unknown as Method;
  };
}

function onLoopback(options: unknown): object {
  const given = options as { readonly options?: object };
  return { ...given, options: { ...given.options, host: '127.0.0.1', port: 0 } };
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
