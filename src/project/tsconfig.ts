import { dirname, join, resolve } from 'node:path';
import type { Disk } from './disk.ts';
import { asObject, asString, parseJsonc } from './jsonc.ts';
import { MAX_JSON_BYTES } from './manifest.ts';
import { isInside } from './paths.ts';
import { matchStar } from './star-pattern.ts';

/** What a tsconfig.json or jsconfig.json says about finding modules, with everything it extends. Absolute paths. */
export interface Tsconfig {
  readonly folder: string;
  readonly baseUrl: string | undefined;
  /** Targets still have their `*`. */
  readonly paths: readonly { readonly pattern: string; readonly targets: readonly string[] }[] | undefined;
  readonly outDir: string | undefined;
  readonly rootDir: string | undefined;
  /** The configs of a solution: `{ "files": [], "references": […] }`. */
  readonly references: readonly Tsconfig[];
}

export interface Tsconfigs {
  /** Those that may hold in a folder: nearest first, up to the root. */
  above(folder: string): readonly Tsconfig[];
}

const FILE_NAMES: readonly string[] = ['tsconfig.json', 'jsconfig.json', 'tsconfig.base.json'];

/**
 * Own reading, because the native resolver answers nothing at all under a config that extends a package, and packages
 * are rarely installed where we look. What cannot be read is left out: `packageFolder` knows the workspace's packages.
 */
export function createTsconfigs(
  disk: Disk,
  root: string,
  packageFolder: (name: string) => string | undefined,
  onBroken: (file: string, reason: string) => void,
): Tsconfigs {
  const chains = new Map<string, readonly Tsconfig[]>();

  function above(folder: string): readonly Tsconfig[] {
    let chain = chains.get(folder);
    if (chain === undefined) {
      const outer = folder === root || !isInside(root, folder) ? [] : above(dirname(folder));
      const file = FILE_NAMES.map((name) => join(folder, name)).find((path) => disk.stat(path).kind === 'file');
      const own = file === undefined ? undefined : read(file, folder, new Set());
      chains.set(folder, (chain = own === undefined ? outer : [own, ...outer]));
    }
    return chain;
  }

  /** `configFolder` is what `${configDir}` stands for: the folder of the config that extends the others. */
  function read(file: string, configFolder: string, seen: Set<string>): Tsconfig | undefined {
    if (seen.has(file)) return undefined;
    seen.add(file);
    const content = disk.read(file, MAX_JSON_BYTES);
    if ('reason' in content) return undefined;
    let json: Readonly<Record<string, unknown>>;
    try {
      json = asObject(parseJsonc(content.text)) ?? {};
    } catch (error) {
      onBroken(file, `is not valid JSON: ${(error as Error).message}`);
      return undefined;
    }
    const folder = dirname(file);
    const options = asObject(json.compilerOptions) ?? {};
    // Of several bases the last wins.
    const bases = [json.extends]
      .flat()
      .flatMap((specifier) => asString(specifier) ?? [])
      .flatMap((specifier) => extendedFile(specifier, folder) ?? [])
      .flatMap((base) => read(base, configFolder, seen) ?? [])
      .reverse();
    const inherited = <Key extends 'baseUrl' | 'paths' | 'outDir' | 'rootDir'>(key: Key) =>
      bases.find((base) => base[key] !== undefined)?.[key];
    const path = (value: unknown) => {
      const text = asString(value);
      return text === undefined ? undefined : resolve(folder, text.replace('${configDir}', configFolder));
    };
    const baseUrl = path(options.baseUrl) ?? inherited('baseUrl');
    const table = asObject(options.paths);
    const base = baseUrl ?? folder;
    return {
      folder,
      baseUrl,
      paths: table === undefined ? inherited('paths') : Object.entries(table).map(([pattern, targets]) => ({
              pattern,
              targets: [targets].flat().flatMap((target) => {
                const text = asString(target);
                return text === undefined ? [] : resolve(base, text.replace('${configDir}', configFolder));
              }),
            })),
      outDir: path(options.outDir) ?? inherited('outDir'),
      rootDir: path(options.rootDir) ?? inherited('rootDir'),
      references: [json.references]
        .flat()
        .flatMap((reference) => path(asObject(reference)?.path) ?? [])
        .map((target) => (disk.stat(target).kind === 'folder' ? join(target, 'tsconfig.json') : target))
        .flatMap((target) => read(target, dirname(target), seen) ?? []),
    };
  }

  function extendedFile(specifier: string, folder: string): string | undefined {
    let path: string | undefined;
    if (/^\.{0,2}\//.test(specifier)) {
      path = resolve(folder, specifier);
    } else {
      const [name, subpath] = splitPackage(specifier);
      const target = packageFolder(name);
      path = target === undefined ? undefined : join(target, subpath === '' ? 'tsconfig.json' : subpath);
    }
    if (path === undefined) return undefined;
    return [path, `${path}.json`, join(path, 'tsconfig.json')].find((candidate) => disk.stat(candidate).kind === 'file');
  }

  return { above };
}

/** `@scope/name/lib/x` → `['@scope/name', 'lib/x']`. */
export function splitPackage(specifier: string): readonly [name: string, subpath: string] {
  const parts = specifier.split('/');
  const count = specifier.startsWith('@') ? 2 : 1;
  return [parts.slice(0, count).join('/'), parts.slice(count).join('/')];
}

/** The absolute paths that `paths` gives for a specifier: an exact pattern, else the one with the longest prefix, as in TypeScript. */
export function pathsTargets({ paths }: Tsconfig, specifier: string): readonly string[] {
  let best: { readonly targets: readonly string[]; readonly star: string; readonly prefixLength: number } | undefined;
  for (const { pattern, targets } of paths ?? []) {
    if (pattern === specifier) return targets;
    const match = matchStar(pattern, specifier);
    if (match !== undefined && (best === undefined || match.prefixLength > best.prefixLength)) best = { targets, ...match };
  }
  return (best?.targets ?? []).map((target) => target.replace('*', () => best!.star));
}
