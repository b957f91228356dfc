import { resolve } from 'node:path';
import type { ExportReference, PublicPath, Settings } from './model.ts';
import { DEFAULT_PUBLIC_PATHS } from './policy/default-public-paths.ts';
import { DEFAULT_IGNORE } from './project/default-ignore.ts';

/** The key under ESLint's `settings`. */
export const SETTINGS_KEY = 'secure-routes';

/** What a user may write under `settings['secure-routes']`; every key is optional. */
export interface SecureRoutesSettings {
  readonly root?: string;
  readonly entries?: readonly string[];
  readonly guards?: readonly ExportReference[];
  readonly limiters?: readonly ExportReference[];
  readonly notGuards?: readonly ExportReference[];
  readonly publicPaths?: readonly (string | { readonly method?: string; readonly path: string })[];
  readonly defaultPublicPaths?: boolean;
  readonly ignore?: readonly string[];
}

/**
 * Settings that are wrong: the message names the key (`settings['secure-routes'].guards[0].package`)
 * and says what belongs there.
 */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Reader<T> = (value: unknown, key: string) => T;

const readers = {
  root: readText,
  entries: arrayOf(readText),
  guards: arrayOf(readReference),
  limiters: arrayOf(readReference),
  notGuards: arrayOf(readReference),
  publicPaths: arrayOf(readPublicPath),
  defaultPublicPaths: readFlag,
  ignore: arrayOf(readText),
} satisfies { readonly [Key in keyof Required<SecureRoutesSettings>]: Reader<unknown> };

/**
 * Checks the value of `settings['secure-routes']` and fills in the defaults.
 * `root` and the `file` of references are resolved against `folder`, an absolute path.
 *
 * @throws {SettingsError} at the first key that is wrong
 */
export function readSettings(value: unknown, folder: string): Settings {
  const key = `settings['${SETTINGS_KEY}']`;
  const written = value === undefined ? {} : readObject(withoutCacheKey(value), key, Object.keys(readers));
  const read = <Name extends keyof typeof readers>(name: Name) =>
    written[name] === undefined
      ? undefined
      : (readers[name](written[name], `${key}.${name}`) as ReturnType<(typeof readers)[Name]>);
  const root = read('root');
  const absolute = (references: readonly ExportReference[] = []) =>
    references.map((reference) =>
      'file' in reference ? { file: resolve(folder, reference.file), export: reference.export } : reference,
    );
  return {
    root: root === undefined ? undefined : resolve(folder, root),
    entries: read('entries') ?? [],
    guards: absolute(read('guards')),
    limiters: absolute(read('limiters')),
    notGuards: absolute(read('notGuards')),
    publicPaths: [...(read('publicPaths') ?? []), ...((read('defaultPublicPaths') ?? true) ? DEFAULT_PUBLIC_PATHS : [])],
    ignore: [...DEFAULT_IGNORE, ...(read('ignore') ?? [])],
  };
}

/** Our own configurations add a function that ESLint asks when it makes the key of its cache. */
function withoutCacheKey(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('toJSON' in value) || typeof value.toJSON !== 'function') return value;
  const { toJSON: _, ...written } = value;
  return written;
}

/** Reads the `settings` of one ESLint run; `folder` is ESLint's working directory. */
export type SettingsReader = (settings: Readonly<Record<string, unknown>>, folder: string) => Settings;

/** A `SettingsReader` that gives the same `Settings` object for the same `settings` object, as ESLint hands out one per config. */
export function createSettingsReader(): SettingsReader {
  const known = new WeakMap<object, { readonly folder: string; readonly settings: Settings }>();
  return (settings, folder) => {
    const hit = known.get(settings);
    if (hit?.folder === folder) return hit.settings;
    const read = readSettings(settings[SETTINGS_KEY], folder);
    known.set(settings, { folder, settings: read });
    return read;
  };
}

function readText(value: unknown, key: string): string {
  if (typeof value !== 'string' || value === '') throw wrong(key, 'a string that is not empty', value);
  return value;
}

function readFlag(value: unknown, key: string): boolean {
  if (typeof value !== 'boolean') throw wrong(key, 'true or false', value);
  return value;
}

function arrayOf<T>(readElement: Reader<T>): Reader<readonly T[]> {
  return (value, key) => {
    if (!Array.isArray(value)) throw wrong(key, 'an array', value);
    return value.map((element, index) => readElement(element, `${key}[${index}]`));
  };
}

function readReference(value: unknown, key: string): ExportReference {
  const written = readObject(value, key, ['package', 'file', 'export']);
  const name = readText(written['export'], `${key}.export`);
  if ((written['package'] === undefined) === (written['file'] === undefined)) {
    throw new SettingsError(`${key} must have either "package" or "file", beside "export".`);
  }
  return written['package'] === undefined
    ? { file: readText(written['file'], `${key}.file`), export: name }
    : { package: readText(written['package'], `${key}.package`), export: name };
}

function readPublicPath(value: unknown, key: string): PublicPath {
  if (typeof value === 'string') {
    // 'GET /catalogue/**', '/catalogue/**'
    const [, method = '*', path] = /^(?:([a-z]+|\*)\s+)?(\/\S*)$/i.exec(value) ?? [];
    if (path === undefined) throw wrong(key, 'a path such as "/terms", or a method and a path such as "GET /terms"', value);
    return { method: method.toUpperCase(), path };
  }
  const written = readObject(value, key, ['method', 'path']);
  const path = readText(written['path'], `${key}.path`);
  if (!path.startsWith('/')) throw wrong(`${key}.path`, 'a path that starts with "/"', path);
  const method = written['method'] === undefined ? '*' : readText(written['method'], `${key}.method`);
  if (!/^(?:[a-z]+|\*)$/i.test(method)) throw wrong(`${key}.method`, 'one method such as "GET", or "*"', method);
  return { method: method.toUpperCase(), path };
}

function readObject(value: unknown, key: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(key, 'an object', value);
  const unknownKey = Object.keys(value).find((name) => !known.includes(name));
  if (unknownKey !== undefined) {
    throw new SettingsError(`${key}.${unknownKey} is no known key. Known keys: ${known.join(', ')}.`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function wrong(key: string, expected: string, value: unknown): SettingsError {
  const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value) ?? typeof value}`;
  return new SettingsError(`${key} must be ${expected}, but it ${found}.`);
}
