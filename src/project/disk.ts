import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import type { DirectoryEntry } from '../interpreter/loader.ts';

/** What was seen of a path. A later look that sees the same proves that everything derived from it still holds. */
export interface Fact {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'missing';
  /** Milliseconds; 0 where missing. */
  readonly modified: number;
  /** Bytes; 0 for folders and where missing. */
  readonly size: number;
}

/** Reads, and remembers what it looked at. No method throws. */
export interface Disk {
  /** Follows symlinks. */
  stat(path: string): Fact;
  /** Text without a byte order mark. */
  read(path: string, maximumBytes: number): { readonly text: string } | { readonly reason: string };
  /** Sorted. Without symlinked folders, so that no walk can loop or leave the root; undefined where there is no such folder. */
  list(folder: string): readonly DirectoryEntry[] | undefined;
  /** With all symlinks resolved; undefined where nothing is there or the links form a loop. */
  realPath(path: string): string | undefined;
  /** All that was looked at, in the order of the first look. */
  facts(): readonly Fact[];
  /** Looks again at everything and returns the paths that differ. What it then remembers is the new state. */
  refresh(): readonly string[];
  clear(): void;
}

interface Listing {
  readonly entries: readonly DirectoryEntry[];
  /** False where the folder had just changed: another change within the same tick of the file system's clock leaves its time as it is. */
  readonly isSettled: boolean;
}

/** File systems keep times in steps of some milliseconds, old ones of two seconds. */
const CLOCK_TICK = 2_000;

/** The file system, with each path looked at once until `refresh`. */
export function createDisk(): Disk {
  const facts = new Map<string, Fact>();
  const listings = new Map<string, Listing>();
  const realPaths = new Map<string, string | undefined>();

  function stat(path: string): Fact {
    let fact = facts.get(path);
    if (fact === undefined) facts.set(path, (fact = look(path)));
    return fact;
  }

  return {
    stat,
    read(path, maximumBytes) {
      const { kind, size } = stat(path);
      if (kind !== 'file') return { reason: kind === 'folder' ? 'is a folder' : 'does not exist' };
      if (size > maximumBytes) return { reason: `is too large to read (${size} bytes, at most ${maximumBytes})` };
      try {
        return decode(readFileSync(path));
      } catch (error) {
        return { reason: `cannot be read: ${(error as Error).message}` };
      }
    },
    list(folder) {
      if (stat(folder).kind !== 'folder') return undefined;
      let listing = listings.get(folder);
      if (listing === undefined) listings.set(folder, (listing = readFolder(folder, stat(folder))));
      return listing.entries;
    },
    realPath(path) {
      if (!realPaths.has(path)) realPaths.set(path, realPathOf(path));
      return realPaths.get(path);
    },
    facts: () => [...facts.values()],
    refresh() {
      realPaths.clear();
      const changed: string[] = [];
      for (const [path, before] of facts) {
        const now = look(path);
        const listing = listings.get(path);
        const isSame = now.kind === before.kind && now.modified === before.modified && now.size === before.size;
        if (isSame && listing?.isSettled !== false) continue;
        facts.set(path, now);
        if (now.kind === 'folder' && before.kind === 'folder') {
          // What counts of a folder are its names, and only where somebody asked for them: `.git` changes all day,
          // and a program that rewrites a file by renaming touches the folder.
          if (listing === undefined) continue;
          const again = readFolder(path, now);
          listings.set(path, again);
          if (isSameListing(listing.entries, again.entries)) continue;
        }
        if (now.kind !== 'folder') listings.delete(path);
        changed.push(path);
      }
      return changed;
    },
    clear() {
      facts.clear();
      listings.clear();
      realPaths.clear();
    },
  };
}

/** A disk on which there is nothing, for text that was never saved. */
export function createEmptyDisk(): Disk {
  return {
    stat: missing,
    read: () => ({ reason: 'does not exist' }),
    list: () => undefined,
    realPath: () => undefined,
    facts: () => [],
    refresh: () => [],
    clear: () => {},
  };
}

function missing(path: string): Fact {
  return { path, kind: 'missing', modified: 0, size: 0 };
}

function look(path: string): Fact {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile()) return { path, kind: 'file', modified: stats.mtimeMs, size: stats.size };
    if (stats?.isDirectory()) return { path, kind: 'folder', modified: stats.mtimeMs, size: 0 };
  } catch {
    // ELOOP, EACCES, ENOTDIR or a path with a NUL: there is nothing to read.
  }
  return missing(path);
}

function readFolder(folder: string, { modified }: Fact): Listing {
  return { entries: entriesOf(folder), isSettled: Date.now() - modified > CLOCK_TICK };
}

function entriesOf(folder: string): readonly DirectoryEntry[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .flatMap((entry): DirectoryEntry[] => {
        if (entry.isDirectory()) return [{ name: entry.name, kind: 'folder' }];
        const isFile = entry.isFile() || (entry.isSymbolicLink() && look(`${folder}/${entry.name}`).kind === 'file');
        return isFile ? [{ name: entry.name, kind: 'file' }] : [];
      })
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch {
    return [];
  }
}

function isSameListing(a: readonly DirectoryEntry[], b: readonly DirectoryEntry[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry.name === b[index]!.name && entry.kind === b[index]!.kind);
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

/** As ESLint decodes, so that the text that it lints compares equal. */
function decode(bytes: Buffer): { text: string } | { reason: string } {
  if (bytes.includes(0)) return { reason: 'is not text' };
  const text = bytes.toString('utf8');
  return { text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
}
