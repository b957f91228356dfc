import { dirname, join, resolve } from 'node:path';
import type { Disk } from './disk.ts';
import { Folders } from './folders.ts';
import { readManifest } from './manifest.ts';

/** Files that stand only at the top of a workspace. turbo.json stands in packages too, see below. */
const WORKSPACE_FILES: readonly string[] = ['pnpm-workspace.yaml', 'lerna.json', 'nx.json', 'rush.json'];

/** What a folder says about where a program begins. */
export interface Landmarks {
  readonly isWorkspaceRoot: boolean;
  readonly isPackage: boolean;
  readonly isRepository: boolean;
}

/**
 * The root of the program that a folder belongs to: the nearest workspace root upward, else the nearest package.json,
 * else the nearest folder with `.git`, else the folder itself. Looks no higher than the folder with `.git`.
 * So each file of a program leads to the same root, from wherever it is linted.
 *
 * @param known of folders that were looked at: those of a program share all that are above them
 */
export function findRoot(disk: Disk, folder: string, known = new Map<string, Landmarks>(), folders = new Folders()): string {
  let nearestPackage: string | undefined;
  for (let current = folder; ; current = dirname(current)) {
    let landmarks = known.get(current);
    if (landmarks === undefined) known.set(current, (landmarks = landmarksOf(disk, current, folders)));
    if (landmarks.isWorkspaceRoot) return current;
    if (landmarks.isPackage) nearestPackage ??= current;
    if (landmarks.isRepository) return nearestPackage ?? current;
    if (dirname(current) === current) return nearestPackage ?? folder;
  }
}

/** Asks only about names that stand in the folder: most folders have none of them. */
function landmarksOf(disk: Disk, folder: string, folders: Folders): Landmarks {
  const holds = (name: string): boolean => folders.mayHold(folder, name);
  return {
    isWorkspaceRoot: [...WORKSPACE_FILES, 'turbo.json', 'package.json'].some(holds) && isWorkspaceRoot(disk, folder),
    isPackage: holds('package.json') && isPackage(disk, folder),
    isRepository: holds('.git') && disk.stat(join(folder, '.git')).kind !== 'missing',
  };
}

/** `settings.root`, which is relative to the folder of the config that holds it. */
export function resolveRoot(disk: Disk, root: string, configFolder: string): string {
  const path = resolve(configFolder, root);
  return disk.realPath(path) ?? path;
}

/** True at the top of a workspace of npm, yarn, pnpm, lerna, nx, rush or turbo. */
export function isWorkspaceRoot(disk: Disk, folder: string): boolean {
  if (WORKSPACE_FILES.some((name) => disk.stat(join(folder, name)).kind === 'file')) return true;
  const turbo = disk.read(join(folder, 'turbo.json'), 1_000_000);
  // A package's turbo.json says { "extends": ["//"] }.
  if ('text' in turbo && !/"extends"\s*:/.test(turbo.text)) return true;
  const manifest = readManifest(disk, folder);
  return manifest !== undefined && 'folder' in manifest && manifest.declaresWorkspaces;
}

/** A broken package.json is one too. `{ "type": "commonjs" }` in a subfolder is none: it only says how to read the files. */
function isPackage(disk: Disk, folder: string): boolean {
  const manifest = readManifest(disk, folder);
  if (manifest === undefined) return false;
  return 'reason' in manifest || manifest.name !== undefined || Object.keys(manifest.dependencies).length > 0;
}
