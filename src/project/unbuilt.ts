import { join } from 'node:path';
import { isInside, relativePath } from './paths.ts';
import type { Tsconfig } from './tsconfig.ts';

/** Folders into which compilers and bundlers write. */
const OUTPUT_FOLDERS: ReadonlySet<string> = new Set(['dist', 'build', 'lib', 'out', 'output', 'compiled', 'es', 'esm', 'cjs']);

/** Folders in an output folder that tell the module format apart. */
const FORMAT_FOLDERS: ReadonlySet<string> = new Set(['cjs', 'esm', 'es', 'es6', 'commonjs', 'module', 'node', 'src']);

/**
 * Where the source of a built file may stand, best guess first: `dist/users/index.js` → `src/users/index`.
 * Paths come without the extension, which differs between source and output.
 */
export function sourceCandidates(path: string, packageFolder: string, tsconfig: Tsconfig | undefined): readonly string[] {
  const candidates: string[] = [];
  if (tsconfig?.outDir !== undefined && tsconfig.outDir !== packageFolder && isInside(tsconfig.outDir, path)) {
    const rest = relativePath(tsconfig.outDir, path);
    // Without rootDir the compiler takes the folder that all sources have in common.
    const folders = tsconfig.rootDir === undefined ? [tsconfig.folder, join(tsconfig.folder, 'src')] : [tsconfig.rootDir];
    candidates.push(...folders.map((folder) => join(folder, rest)));
  }
  const [first, ...rest] = relativePath(packageFolder, path).split('/');
  if (first !== undefined && OUTPUT_FOLDERS.has(first) && rest.length > 0) {
    candidates.push(join(packageFolder, 'src', ...rest), join(packageFolder, ...rest));
    if (FORMAT_FOLDERS.has(rest[0]!)) candidates.push(join(packageFolder, 'src', ...rest.slice(1)), join(packageFolder, ...rest.slice(1)));
  }
  return [...new Set(candidates)].map((candidate) => candidate.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '')).filter((candidate) => candidate !== packageFolder);
}
