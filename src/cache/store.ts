import { hash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { Analysis } from '../model.ts';
import type { ProjectSnapshot } from '../project/project.ts';
import { cacheFolder } from './folder.ts';
import { acquireLock, type Lock } from './lock.ts';

/** A judged program, and everything that the judgement rests on. */
export interface StoredAnalysis {
  readonly analysis: Analysis;
  readonly snapshot: ProjectSnapshot;
}

/** What an analysis belongs to. What was kept for one identity is never given for another. */
export interface Identity {
  /** Absolute, with symlinks resolved. */
  readonly root: string;
  /** The settings as text. */
  readonly settings: string;
}

/** Analyses on disk. No method throws: what cannot be kept is worked out again. */
export interface Store {
  read(identity: Identity): StoredAnalysis | undefined;
  write(identity: Identity, stored: StoredAnalysis): void;
  /** Differs when another record was written. */
  stamp(identity: Identity): string;
  /** So that one of several threads or processes works the analysis out, and the others wait for it. */
  lock(identity: Identity): Lock;
}

export interface StoreOptions {
  /** Of this package: what another build kept is not used. */
  readonly build: string;
  readonly folderOf?: (root: string) => string | undefined;
  readonly acquire?: (file: string) => Lock;
}

/** Records in one folder. A project has one for each set of settings in use. */
const MAX_RECORDS = 40;

/**
 * One file for each identity: the digest of the rest on the first line, so that what was cut off, changed or written by somebody
 * else shows; then the identity and the record as JSON. It takes its place by being renamed.
 */
export function createStore({ build, folderOf = cacheFolder, acquire = acquireLock }: StoreOptions): Store {
  const pathOf = ({ root, settings }: Identity): string | undefined => {
    const folder = folderOf(root);
    return folder === undefined ? undefined : join(folder, `${hash('sha1', `${root}\0${settings}`)}.json`);
  };
  return {
    read(identity) {
      const path = pathOf(identity);
      if (path === undefined) return undefined;
      try {
        const text = readFileSync(path, 'utf8');
        const end = text.indexOf('\n');
        const body = text.slice(end + 1);
        if (text.slice(0, end) !== hash('sha1', body)) return undefined;
        const { build: writtenBy, root, settings, ...stored } = JSON.parse(body) as { build: string } & Identity & StoredAnalysis;
        return writtenBy === build && root === identity.root && settings === identity.settings ? stored : undefined;
      } catch {
        return undefined;
      }
    },
    write(identity, { analysis, snapshot }) {
      const path = pathOf(identity);
      if (path === undefined) return;
      const draft = `${path}.${process.pid}-${threadId}`;
      try {
        const body = JSON.stringify({ build, ...identity, analysis, snapshot });
        writeFileSync(draft, `${hash('sha1', body)}\n${body}`, { mode: 0o600 });
        renameSync(draft, path);
        removeOldest(join(path, '..'));
      } catch {
        remove(draft);
      }
    },
    stamp(identity) {
      const path = pathOf(identity);
      try {
        const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
        return stats === undefined ? '' : `${stats.ino} ${stats.mtimeMs} ${stats.size}`;
      } catch {
        return '';
      }
    },
    lock(identity) {
      const path = pathOf(identity);
      return path === undefined ? { kind: 'unavailable' } : acquire(`${path}.lock`);
    },
  };
}

function removeOldest(folder: string): void {
  const records = readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (records.length <= MAX_RECORDS) return;
  const byAge = records.map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs })).sort((a, b) => b.time - a.time);
  for (const { path } of byAge.slice(MAX_RECORDS)) remove(path);
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was not there.
  }
}
