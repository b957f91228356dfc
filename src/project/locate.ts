import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import type { ResolverFactory } from 'oxc-resolver';
import { dialectOf } from './source-extensions.ts';

/** From an absolute path, as a specifier would name it, to a file: extension, index file and `main` filled in, symlinks resolved. */
export interface Locator {
  locate(path: string, fromFile: string): string | undefined;
  /** The native resolver remembers hits and misses until told to forget. */
  clear(): void;
}

const JAVASCRIPT = ['.js', '.cjs', '.mjs', '.jsx'];
const TYPESCRIPT = ['.ts', '.tsx', '.mts', '.cts'];
const OTHER = ['.json', '.d.ts', '.d.mts', '.d.cts'];

/** oxc-resolver; `onBroken` is told where its binding is missing on the platform. Loaded at the first question. */
export function createLocator(onBroken: (reason: string) => void): Locator {
  let resolvers: { readonly typescript: ResolverFactory; readonly javascript: ResolverFactory } | undefined;
  let isBroken = false;
  return {
    locate(path, fromFile) {
      if (isBroken) return undefined;
      if (resolvers === undefined) {
        try {
          resolvers = createResolvers();
        } catch (error) {
          isBroken = true;
          onBroken(`imports cannot be followed: oxc-resolver cannot be loaded (${(error as Error).message.split('\n', 1)[0]})`);
          return undefined;
        }
      }
      const resolver = dialectOf(fromFile) === 'jsx' ? resolvers.javascript : resolvers.typescript;
      // A trailing slash asks for the folder, also where a file of that name stands beside it.
      const request = path.endsWith('/') ? `./${basename(path)}/` : `./${basename(path)}`;
      return resolver.sync(dirname(path), request).path;
    },
    clear() {
      resolvers?.typescript.clearCache();
      resolvers?.javascript.clearCache();
    },
  };
}

export function createEmptyLocator(): Locator {
  return { locate: () => undefined, clear: () => {} };
}

/** Beside `a.js` there may be its source `a.ts`: a TypeScript file means the source, a JavaScript file what runs. */
function createResolvers() {
  const { ResolverFactory } = createRequire(import.meta.url)('oxc-resolver') as typeof import('oxc-resolver');
  const typescript = new ResolverFactory({
    extensions: [...TYPESCRIPT, ...JAVASCRIPT, ...OTHER],
    extensionAlias: {
      '.js': ['.ts', '.tsx', '.js', '.jsx', '.d.ts'],
      '.jsx': ['.tsx', '.jsx'],
      '.mjs': ['.mts', '.mjs'],
      '.cjs': ['.cts', '.cjs'],
    },
    nodePath: false,
  });
  const javascript = typescript.cloneWithOptions({
    extensions: [...JAVASCRIPT, ...TYPESCRIPT, ...OTHER],
    extensionAlias: {
      '.js': ['.js', '.jsx', '.ts', '.tsx'],
      '.jsx': ['.jsx', '.tsx'],
      '.mjs': ['.mjs', '.mts'],
      '.cjs': ['.cjs', '.cts'],
    },
    nodePath: false,
  });
  return { typescript, javascript };
}
