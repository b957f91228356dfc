import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import typescript from 'typescript';
import { type Entrypoint, entrypointsOf, type Inspected } from './entrypoints.ts';

export type Adapter = 'express' | 'fastify';

/** The majors of Nest that are installed. */
export type Major = 11 | 12;

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
  /** Ports of the servers that take messages, and the address of one that takes calls of gRPC. */
  readonly ports: readonly number[];
  readonly remote: { readonly url: string; readonly proto: string } | undefined;
  close(): Promise<void>;
}

interface NestApplication extends Inspected {
  getUrl(): Promise<string>;
  close(): Promise<void>;
}

interface Microservice extends Inspected {
  listen(): Promise<void>;
  close(): Promise<void>;
  /** Left out by a server of gRPC. */
  readonly serverInstance: { readonly server?: { address(): { readonly port: number } } };
}

type Method = (this: unknown, ...parameters: never[]) => unknown;

const repository = path.resolve(import.meta.dirname, '../../..');

export interface Transpiled {
  /** The modules as CommonJS, where the packages of a major of Nest are found. */
  readonly folder: string;
  /** The fixture with that major among its dependencies. */
  readonly analysed: string;
  remove(): void;
}

export function transpile(fixture: string, major: Major = 11): Transpiled {
  const packages = realpathSync(path.join(repository, 'node_modules'));
  const base = path.join(major === 12 ? path.join(packages, 'nest12') : packages, '.cache');
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
  const analysed = major === 11 ? fixture : withMajor(fixture, major);
  return {
    folder,
    analysed,
    remove: () => [folder, ...(analysed === fixture ? [] : [analysed])].forEach((made) => rmSync(made, { recursive: true, force: true })),
  };
}

function withMajor(fixture: string, major: Major): string {
  const copy = mkdtempSync(path.join(realpathSync(tmpdir()), 'nest-'));
  cpSync(fixture, copy, { recursive: true });
  const manifest = path.join(copy, 'package.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll(/("@nestjs\/(?:core|common|websockets|microservices)": )"\^11/g, `$1"^${major}`));
  return copy;
}

/** Starts the program on one of Nest's adapters, on a port of the loopback interface, and notes what Nest maps. */
export async function boot(folder: string, adapter: Adapter): Promise<RunningApplication> {
  const require = createRequire(path.join(folder, 'src/main.js'));
  require('reflect-metadata');
  const { NestFactory } = require('@nestjs/core') as { NestFactory: Record<string, Method> };
  const { NestApplication } = require('@nestjs/core/nest-application') as { NestApplication: { prototype: Record<string, Method> } };
  const { RouterExplorer } = require('@nestjs/core/router/router-explorer') as { RouterExplorer: { prototype: Record<string, Method> } };
  const routes: MappedRoute[] = [];
  const microservices: Microservice[] = [];
  let application: NestApplication | undefined;
  let started: Promise<unknown> | undefined;
  let current = '';
  let remote: RunningApplication['remote'];
  const remoteUrl = `127.0.0.1:${await freePort()}`;
  const onLoopback = (options: unknown): object => {
    const given = options as { readonly options?: { readonly protoPath?: string } };
    const proto = given.options?.protoPath;
    if (proto !== undefined) remote = { url: remoteUrl, proto };
    return { ...given, options: { ...given.options, ...(proto === undefined ? { host: '127.0.0.1', port: 0 } : { url: remoteUrl }) } };
  };
  const restore = [
    replace(NestFactory, 'create', (create) => async (root, ...rest) => {
      const made = newAdapter(require, adapter);
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
    ports: microservices.flatMap(({ serverInstance: { server } }) => server?.address().port ?? []),
    remote,
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

/** For a server that cannot say which port it was given. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function newAdapter(require: NodeJS.Require, adapter: Adapter): Record<string, Method> {
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
