import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import type { IgnoreRules } from './ignore.ts';
import { isInside } from './paths.ts';
import { dialectOf, isSource } from './source-extensions.ts';

const MAX_FOLDERS = 50_000;
const MAX_SOURCES = 100_000;

/** What a root holds, without what is left out. Absolute paths, sorted by folder and then by name. */
export interface FileList {
  readonly sources: readonly string[];
  /** Each `package.json`. */
  readonly manifests: readonly string[];
  /** False where a bound was hit: a root that is a home folder or a disk. */
  readonly complete: boolean;
}

/** Walks the root. Symlinked folders are not entered: what they show is either inside the root anyway or outside of it. */
export function listFiles(disk: Disk, root: string, rules: IgnoreRules): FileList {
  const sources: string[] = [];
  const manifests: string[] = [];
  const pending = [root];
  let folders = 0;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    folders += 1;
    if (folders > MAX_FOLDERS || sources.length > MAX_SOURCES) return { sources, manifests, complete: false };
    const subfolders: string[] = [];
    for (const { name, kind } of disk.list(folder) ?? []) {
      const path = join(folder, name);
      if (kind === 'folder') {
        if (!rules.isLeftOut(path, 'folder')) subfolders.push(path);
      } else if (name === 'package.json') {
        if (!rules.isGitIgnored(path, 'file')) manifests.push(path);
      } else if (isSource(name) && !rules.isLeftOut(path, 'file')) {
        sources.push(path);
      }
    }
    pending.push(...subfolders.reverse());
  }
  return { sources, manifests, complete: true };
}

/** The innermost folder that holds all TypeScript files of a folder; the folder itself where there are none. */
export function commonTypescriptFolder(sources: readonly string[], folder: string): string {
  let common: string | undefined;
  for (const source of sources) {
    if (dialectOf(source) === 'jsx' || !isInside(folder, source)) continue;
    common ??= dirname(source);
    while (!isInside(common, source)) common = dirname(common);
  }
  return common ?? folder;
}
