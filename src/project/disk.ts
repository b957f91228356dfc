import { hash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import type { DirectoryEntry } from '../interpreter/modules/loader.ts';

/** What was seen of a path. A later look that sees the same proves that everything derived from it still holds. */
export interface Fact {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'missing';
  /** Milliseconds; 0 where missing. */
  readonly modified: number;
  /** Bytes; 0 for folders and where missing. */
  readonly size: number;
  /** When the file system last wrote anything about it: an edit may put the time of modification back. */
  readonly changed: number;
}

/** What another look at the disk found to differ. */
export interface Change {
  readonly path: string;
  readonly before: Fact['kind'];
  readonly now: Fact['kind'];
  /** Of a folder: what came or went. */
  readonly entries: readonly DirectoryEntry[];
}

/** All that a disk remembers, as plain data. */
export interface DiskSnapshot {
  /** Kind, times, size, and the digest of the text where it was read. */
  readonly facts: readonly (readonly [path: string, kind: Fact['kind'], modified: number, changed: number, size: number, digest?: string])[];
  readonly listings: readonly (readonly [folder: string, isSettled: boolean, folders: readonly string[], files: readonly string[]])[];
  /** Paths that lead elsewhere, or nowhere (`null`). */
  readonly links: readonly (readonly [path: string, target: string | null])[];
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
  /** Digest of the text of a file, without its byte order mark; undefined where nobody has read it. */
  digestOf(path: string): string | undefined;
  /**
   * Looks again at everything and returns what differs. What it then remembers is the new state. A file is read again only
   * where its times or its size differ, and counts as the same where its text is.
   */
  refresh(): readonly Change[];
  /** True where the last `refresh` met other times than it knew. */
  isRenewed(): boolean;
  /** Files that were just written are marked, so that they are read again: another write within the same tick of the file system's clock would not show. */
  snapshot(): DiskSnapshot;
  clear(): void;
}

interface Listing {
  readonly entries: readonly DirectoryEntry[];
  /** False where the folder had just changed: another change within the same tick of the file system's clock leaves its time as it is. */
  readonly isSettled: boolean;
}

/** File systems keep times in steps of some milliseconds, old ones of two seconds. */
const CLOCK_TICK = 2_000;

/** In place of a digest where reading failed. */
const UNREADABLE = '';

/** Of a fact that the next look is not to trust. */
const UNSETTLED = -1;

/** The file system, with each path looked at once until `refresh`. A snapshot is what another disk remembered: `refresh` tells whether it still holds. */
export function createDisk(snapshot?: DiskSnapshot): Disk {
  const facts = new Map<string, Fact>(snapshot?.facts.map(([path, kind, modified, changed, size]) => [path, { path, kind, modified, changed, size }]));
  const digests = new Map<string, string>(snapshot?.facts.flatMap(([path, , , , , digest]) => (digest === undefined ? [] : [[path, digest]])));
  const listings = new Map<string, Listing>(snapshot?.listings.map(([folder, isSettled, folders, files]) => [folder, { isSettled, entries: sorted([...folders.map((name) => ({ name, kind: 'folder' as const })), ...files.map((name) => ({ name, kind: 'file' as const }))]) }]));
  const realPaths = new Map<string, string | undefined>(snapshot?.links.map(([path, target]) => [path, target ?? undefined]));
  let isRenewed = false;

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
      digests.set(path, UNREADABLE);
      if (size > maximumBytes) return { reason: `is too large to read (${size} bytes, at most ${maximumBytes})` };
      try {
        const decoded = decode(readFileSync(path));
        if ('text' in decoded) digests.set(path, digestOfText(decoded.text));
        return decoded;
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
    digestOf: (path) => digests.get(path),
    isRenewed: () => isRenewed,
    refresh() {
      isRenewed = false;
      const changes: Change[] = [];
      for (const [path, target] of realPaths) {
        const now = realPathOf(path);
        if (now === target) continue;
        // Another file stands there now. Where a path begins or ceases to lead anywhere, the look at it tells.
        if (now !== undefined && target !== undefined) changes.push({ path, before: 'missing', now: 'file', entries: [] });
      }
      realPaths.clear();
      for (const [path, before] of facts) {
        const now = look(path);
        const listing = listings.get(path);
        const isSame = now.kind === before.kind && now.modified === before.modified && now.changed === before.changed && now.size === before.size;
        if (isSame && listing?.isSettled !== false) continue;
        facts.set(path, now);
        isRenewed ||= !isRecent(now);
        const change = { path, before: before.kind, now: now.kind, entries: [] };
        if (now.kind === 'folder' && before.kind === 'folder') {
          // What counts of a folder are its names, and only where somebody asked for them: `.git` changes all day,
          // and a program that rewrites a file by renaming touches the folder.
          if (listing === undefined) continue;
          const again = readFolder(path, now);
          listings.set(path, again);
          const entries = differences(listing.entries, again.entries);
          if (entries.length > 0) changes.push({ ...change, entries });
          continue;
        }
        if (now.kind !== 'folder') listings.delete(path);
        if (now.kind === 'file' && before.kind === 'file') {
          const digest = digests.get(path);
          // Nobody has read it: all that counted was that it is there.
          if (digest === undefined || hasText(path, digest)) continue;
        }
        digests.delete(path);
        changes.push(change);
      }
      return changes;
    },
    snapshot() {
      return {
        facts: [...facts.values()].map(({ path, kind, modified, changed, size }) => {
          const time = kind === 'file' && isRecent({ modified, changed }) ? UNSETTLED : modified;
          const digest = digests.get(path);
          return digest === undefined ? [path, kind, time, changed, size] : [path, kind, time, changed, size, digest];
        }),
        listings: [...listings].map(([folder, { entries, isSettled }]) => [folder, isSettled, namesOf(entries, 'folder'), namesOf(entries, 'file')]),
        links: [...realPaths].flatMap(([path, target]) => (target === path ? [] : [[path, target ?? null] as const])),
      };
    },
    clear() {
      facts.clear();
      digests.clear();
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
    digestOf: () => undefined,
    refresh: () => [],
    isRenewed: () => false,
    snapshot: () => ({ facts: [], listings: [], links: [] }),
    clear: () => {},
  };
}

function missing(path: string): Fact {
  return { path, kind: 'missing', modified: 0, changed: 0, size: 0 };
}

function look(path: string): Fact {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile()) return { path, kind: 'file', modified: stats.mtimeMs, changed: stats.ctimeMs, size: stats.size };
    if (stats?.isDirectory()) return { path, kind: 'folder', modified: stats.mtimeMs, changed: 0, size: 0 };
  } catch {
    // ELOOP, EACCES, ENOTDIR or a path with a NUL: there is nothing to read.
  }
  return missing(path);
}

function isRecent({ modified, changed }: Pick<Fact, 'modified' | 'changed'>): boolean {
  return Math.max(modified, changed) > Date.now() - CLOCK_TICK;
}

function readFolder(folder: string, { modified }: Fact): Listing {
  return { entries: entriesOf(folder), isSettled: Date.now() - modified > CLOCK_TICK };
}

function entriesOf(folder: string): readonly DirectoryEntry[] {
  try {
    return sorted(readdirSync(folder, { withFileTypes: true })
      .flatMap((entry): DirectoryEntry[] => {
        if (entry.isDirectory()) return [{ name: entry.name, kind: 'folder' }];
        const isFile = entry.isFile() || (entry.isSymbolicLink() && look(`${folder}/${entry.name}`).kind === 'file');
        return isFile ? [{ name: entry.name, kind: 'file' }] : [];
      }));
  } catch {
    return [];
  }
}

function sorted(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function namesOf(entries: readonly DirectoryEntry[], kind: DirectoryEntry['kind']): readonly string[] {
  return entries.flatMap((entry) => (entry.kind === kind ? entry.name : []));
}

/** Entries of either that the other lacks. */
function differences(before: readonly DirectoryEntry[], now: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  const keyOf = ({ name, kind }: DirectoryEntry) => `${kind} ${name}`;
  const [were, are] = [new Set(before.map(keyOf)), new Set(now.map(keyOf))];
  return [...before.filter((entry) => !are.has(keyOf(entry))), ...now.filter((entry) => !were.has(keyOf(entry)))];
}

/** Equal for equal texts, and for no others that a person would write. */
export function digestOfText(text: string): string {
  return hash('sha1', text, 'base64url');
}

/** Whether a file still has the text of that digest. */
function hasText(path: string, digest: string): boolean {
  try {
    const decoded = decode(readFileSync(path));
    return 'text' in decoded && digestOfText(decoded.text) === digest;
  } catch {
    return false;
  }
}

/** With all symlinks resolved; undefined where nothing is there. */
export function realPathOf(path: string): string | undefined {
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
