import { extname } from 'node:path';

/** The dialect in which a file is parsed first, by extension. */
export type Dialect = 'jsx' | 'ts' | 'tsx';

const DIALECTS: ReadonlyMap<string, Dialect> = new Map([
  ['.js', 'jsx'],
  ['.cjs', 'jsx'],
  ['.mjs', 'jsx'],
  ['.jsx', 'jsx'],
  ['.ts', 'ts'],
  ['.cts', 'ts'],
  ['.mts', 'ts'],
  ['.tsx', 'tsx'],
]);

/** The dialect of a JavaScript or TypeScript file; undefined for every other extension. */
export function dialectOf(file: string): Dialect | undefined {
  return DIALECTS.get(extname(file).toLowerCase());
}

/** `.d.ts`, `.d.mts`, `.d.cts`: types only, nothing of it runs. */
export function isDeclaration(file: string): boolean {
  return /\.d\.[cm]?ts$/i.test(file);
}

/** True for files whose code can run: JavaScript and TypeScript, without declaration files. */
export function isSource(file: string): boolean {
  return dialectOf(file) !== undefined && !isDeclaration(file);
}

/** No person writes a source file of this size. Larger ones are generated or bundled, and are not read. */
export const MAX_SOURCE_BYTES = 2_000_000;
