import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { blankSourceFile } from 'ts-blank-space';
import ts from 'typescript';
import { packageOfMajor } from './recorder.ts';
import type { ExpressApplication, Major, Recorder } from './recorder.ts';

/** What `scenario.json` of a fixture says. It never states a verdict. */
export interface Scenario {
  /** One sentence: what the application shows. */
  readonly about: string;
  readonly entry: string;
  /** The majors that the application is written for. */
  readonly majors: readonly Major[];
  /** Each is booted; a guard that stands in some of them is conditional. */
  readonly environments: readonly Readonly<Record<string, string>>[];
  /** Headers of a caller who may do everything, or the request that obtains a cookie. */
  readonly credentials: Credentials;
  /** By `METHOD /path`: what else an anonymous caller may send there. */
  readonly requests: Readonly<Record<string, readonly Attempt[]>>;
  /** By route or mount pattern: concrete paths in its place. */
  readonly samples: Readonly<Record<string, readonly string[]>>;
  /** By `METHOD /path`: why an `unknown` verdict is legitimate there. */
  readonly unknown: Readonly<Record<string, string>>;
  /** By `METHOD /path`: why nobody reaches the work, even with credentials. */
  readonly unreachable: Readonly<Record<string, string>>;
  /** Requests in a row when looking for a limiter. */
  readonly attempts: number;
  /** For Fastify: whether requests are injected or sent to a port, which Express under Fastify needs. */
  readonly transport: 'inject' | 'port';
}

export interface Credentials {
  readonly headers?: Readonly<Record<string, string>>;
  readonly login?: { readonly method: string; readonly path: string; readonly body?: unknown };
}

export interface Attempt {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
}

const defaults: Omit<Scenario, 'about'> = {
  entry: 'app.js',
  majors: [4, 5],
  environments: [{}],
  credentials: { headers: { authorization: 'Bearer open-sesame' } },
  requests: {},
  samples: {},
  unknown: {},
  unreachable: {},
  attempts: 5,
  transport: 'inject',
};

/** @throws when the file has a key that no test reads. */
export function readScenario(folder: string): Scenario {
  const stated = JSON.parse(readFileSync(path.join(folder, 'scenario.json'), 'utf8')) as Partial<Scenario> & { about: string };
  const unread = Object.keys(stated).filter((key) => key !== 'about' && !(key in defaults));
  if (unread.length > 0) throw new Error(`${folder}/scenario.json: unknown key ${unread.join(', ')}`);
  return withDefaults(stated);
}

/** What is not stated is as most fixtures have it. */
export function withDefaults(stated: Partial<Scenario> & Pick<Scenario, 'about'>): Scenario {
  return { ...defaults, ...stated };
}

/** A temporary folder in which packages have the names that programs know them by. */
export interface Stage {
  readonly root: string;
  /** A copy to analyse: the files as they are in the repository, with the major in the manifest. */
  copy(fixture: string): string;
  /** A fresh copy to run: TypeScript has its types blanked out, in place, so lines and columns stay. */
  copyToRun(fixture: string): string;
  remove(): void;
}

/** Express in one major; every other installed package is itself. */
export function createStage(major: Major): Stage {
  const installed = path.resolve(import.meta.dirname, '../../../node_modules');
  return createStageWith(`express-${major}-`, { express: `^${major}.0.0` }, (name) => (name === 'express4' ? undefined : name === 'express' ? path.join(installed, packageOfMajor[major]) : path.join(installed, name)));
}

/** `linkOf` says where the files of an installed package's name lie; nowhere where it is left out. */
export function createStageWith(label: string, dependencies: Readonly<Record<string, string>>, linkOf: (name: string) => string | undefined): Stage {
  const installed = path.resolve(import.meta.dirname, '../../../node_modules');
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), label)));
  mkdirSync(path.join(root, 'node_modules'));
  for (const name of packagesIn(installed)) {
    const target = linkOf(name);
    if (target === undefined) continue;
    mkdirSync(path.dirname(path.join(root, 'node_modules', name)), { recursive: true });
    symlinkSync(target, path.join(root, 'node_modules', name));
  }
  let copies = 0;
  const copyAs = (fixture: string, kind: string) => {
    const target = path.join(root, kind, String(copies++), path.basename(fixture));
    mkdirSync(path.dirname(target), { recursive: true });
    cpSync(fixture, target, { recursive: true });
    const manifest = path.join(target, 'package.json');
    const stated = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies: Record<string, string> };
    writeFileSync(manifest, JSON.stringify({ ...stated, dependencies: { ...stated.dependencies, ...dependencies } }));
    return target;
  };
  return {
    root,
    copy: (fixture) => copyAs(fixture, 'analyse'),
    copyToRun(fixture) {
      const target = copyAs(fixture, 'run');
      blankTypes(target);
      return target;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Names of installed packages; those of a scope one by one. */
function packagesIn(installed: string): string[] {
  return readdirSync(installed).filter((name) => !name.startsWith('.')).flatMap((name) => (name.startsWith('@') ? readdirSync(path.join(installed, name)).map((inner) => `${name}/${inner}`) : [name]));
}

function blankTypes(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const file = path.join(entry.parentPath, entry.name);
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
    writeFileSync(file, blankSourceFile(source, (node) => {
      throw new Error(`${file}: ${node.getText()} is no erasable syntax`);
    }));
    renameSync(file, file.replace(/\.ts$/, '.js'));
  }
}

export const nativeImport = createRequire(import.meta.url)('./native-import.cjs') as (url: string) => Promise<Record<string, unknown>>;

/** Runs the fixture's entry and returns its application: the one it listens with, else its default or `app` export, else what `createApp()` returns. */
export async function boot(recorder: Recorder, folder: string, scenario: Scenario): Promise<ExpressApplication> {
  const file = path.join(folder, scenario.entry.replace(/\.ts$/, '.js'));
  if (!existsSync(file)) throw new Error(`${file} does not exist`);
  recorder.takeListening();
  const exported = await nativeImport(pathToFileURL(file).href);
  const [listening] = recorder.takeListening();
  const byDefault = exported['default'] as { app?: unknown; createApp?: unknown } | undefined;
  const create = exported['createApp'] ?? byDefault?.createApp;
  const application = listening ?? exported['app'] ?? byDefault?.app ?? (typeof create === 'function' ? await (create as () => unknown)() : byDefault);
  if (typeof application !== 'function') throw new Error(`${file} neither listens nor exports an application`);
  return application as ExpressApplication;
}

/** The program reads its environment when it starts and again while it answers. */
export async function withEnvironment<T>(environment: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}
