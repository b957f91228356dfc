import { join } from 'node:path';
import { isInside, relativePath } from './paths.ts';
import type { Tsconfig } from './tsconfig.ts';

/** Folders into which compilers and bundlers write. */
const OUTPUT_FOLDERS: ReadonlySet<string> = new Set(['dist', 'build', 'lib', 'out', 'output', 'compiled', 'es', 'esm', 'cjs']);

/** Folders in an output folder that tell the module format apart. */
const FORMAT_FOLDERS: ReadonlySet<string> = new Set(['cjs', 'esm', 'es', 'es6', 'commonjs', 'module', 'node', 'src']);

/** From where to where a compiler writes. */
export interface Compilation {
  readonly outDir: string;
  /** The one that is configured, or those that the compiler may have found. */
  readonly rootDirs: readonly string[];
}

/** Undefined where output stands beside its source. `commonFolder` is the innermost folder that holds all TypeScript files of a folder. */
export function compilationOf(tsconfig: Tsconfig | undefined, commonFolder: (folder: string) => string): Compilation | undefined {
  if (tsconfig?.outDir === undefined || tsconfig.outDir === tsconfig.folder) return undefined;
  const { folder, outDir, rootDir } = tsconfig;
  // Without rootDir the compiler takes the folder that its inputs have in common; which files these are is not known for sure.
  const rootDirs = rootDir === undefined ? [...new Set([commonFolder(folder), folder, join(folder, 'src')])] : [rootDir];
  return { outDir, rootDirs };
}

/** Where a source stands once it is built: require('../x') in it may be written for that place. */
export function outputPlaces(file: string, compilation: Compilation | undefined): readonly string[] {
  if (compilation === undefined) return [];
  return compilation.rootDirs.filter((folder) => isInside(folder, file)).map((folder) => join(compilation.outDir, relativePath(folder, file)));
}

/**
 * Where the source of a built file may stand, best guess first: `dist/users/index.js` → `src/users/index`.
 * Paths come without the extension, which differs between source and output.
 */
export function sourceCandidates(path: string, packageFolder: string, compilation: Compilation | undefined): readonly string[] {
  const candidates: string[] = [];
  if (compilation !== undefined && isInside(compilation.outDir, path)) {
    const rest = relativePath(compilation.outDir, path);
    candidates.push(...compilation.rootDirs.map((folder) => join(folder, rest)));
  }
  const [first, ...rest] = relativePath(packageFolder, path).split('/');
  if (first !== undefined && OUTPUT_FOLDERS.has(first) && rest.length > 0) {
    candidates.push(join(packageFolder, 'src', ...rest), join(packageFolder, ...rest));
    if (FORMAT_FOLDERS.has(rest[0]!)) candidates.push(join(packageFolder, 'src', ...rest.slice(1)), join(packageFolder, ...rest.slice(1)));
  }
  return [...new Set(candidates)].map((candidate) => candidate.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '')).filter((candidate) => candidate !== packageFolder);
}
