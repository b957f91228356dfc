import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import type { ResolverFactory } from 'oxc-resolver';
import type { Disk } from './disk.ts';
import { dialectOf } from './source-extensions.ts';

/** From an absolute path, as a specifier would name it, to a file: extension, index file and `main` filled in, symlinks resolved. */
export interface Locator {
  locate(path: string, fromFile: string): string | undefined;
  /** The native resolver remembers hits and misses until told to forget. */
  clear(): void;
}

interface FileNames {
  /** In the order in which they are tried. */
  readonly extensions: string[];
  readonly extensionAlias: Record<string, string[]>;
}

const JAVASCRIPT = ['.js', '.cjs', '.mjs', '.jsx'];
const TYPESCRIPT = ['.ts', '.tsx', '.mts', '.cts'];
const OTHER = ['.json', '.d.ts', '.d.mts', '.d.cts'];

/** Beside `a.js` there may be its source `a.ts`: a TypeScript file means the source, a JavaScript file what runs. */
const FROM_TYPESCRIPT: FileNames = {
  extensions: [...TYPESCRIPT, ...JAVASCRIPT, ...OTHER],
  extensionAlias: {
    '.js': ['.ts', '.tsx', '.js', '.jsx', '.d.ts'],
    '.jsx': ['.tsx', '.jsx'],
    '.mjs': ['.mts', '.mjs'],
    '.cjs': ['.cts', '.cjs'],
  },
};
const FROM_JAVASCRIPT: FileNames = {
  extensions: [...JAVASCRIPT, ...TYPESCRIPT, ...OTHER],
  extensionAlias: {
    '.js': ['.js', '.jsx', '.ts', '.tsx'],
    '.jsx': ['.jsx', '.tsx'],
    '.mjs': ['.mjs', '.mts'],
    '.cjs': ['.cjs', '.cts'],
  },
};

/**
 * oxc-resolver, loaded at the first question. Two things make it answer nothing: a binding that is missing on the
 * platform, and a package.json above the file that is not valid JSON. The extensions are then tried here.
 */
export function createLocator(disk: Disk, loadPackage: (name: string) => unknown = createRequire(import.meta.url)): Locator {
  let resolvers: { readonly typescript: ResolverFactory; readonly javascript: ResolverFactory } | 'unavailable' | undefined;
  return {
    locate(path, fromFile) {
      resolvers ??= loadResolvers(loadPackage);
      const isJavaScript = dialectOf(fromFile) === 'jsx';
      const names = isJavaScript ? FROM_JAVASCRIPT : FROM_TYPESCRIPT;
      if (resolvers === 'unavailable') return probe(disk, path, names);
      // A trailing slash asks for the folder, also where a file of that name stands beside it.
      const request = `./${basename(path)}${path.endsWith('/') ? '/' : ''}`;
      const found = (isJavaScript ? resolvers.javascript : resolvers.typescript).sync(dirname(path), request);
      if (found.path !== undefined) return found.path;
      return found.error?.startsWith('Cannot find module') ? undefined : probe(disk, path, names);
    },
    clear() {
      if (typeof resolvers !== 'object') return;
      resolvers.typescript.clearCache();
      resolvers.javascript.clearCache();
    },
  };
}

/** Finds nothing, for text that was never saved. */
export function createEmptyLocator(): Locator {
  return { locate: () => undefined, clear: () => {} };
}

function loadResolvers(loadPackage: (name: string) => unknown) {
  try {
    const { ResolverFactory } = loadPackage('oxc-resolver') as typeof import('oxc-resolver');
    const typescript = new ResolverFactory({ ...FROM_TYPESCRIPT, nodePath: false });
    return { typescript, javascript: typescript.cloneWithOptions({ ...FROM_JAVASCRIPT, nodePath: false }) };
  } catch {
    return 'unavailable';
  }
}

function probe(disk: Disk, path: string, { extensions, extensionAlias }: FileNames): string | undefined {
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const aliases = extensionAlias[extension] ?? [];
  const asFile = path.endsWith('/') ? [] : [...aliases.map((alias) => stem + alias), path, ...extensions.map((added) => path + added)];
  const asFolder = extensions.map((added) => join(path, `index${added}`));
  const found = [...asFile, ...asFolder].find((candidate) => disk.stat(candidate).kind === 'file');
  return found === undefined ? undefined : disk.realPath(found);
}
