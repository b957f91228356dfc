import { hash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Analysis, Endpoint, Settings } from '../model.ts';
import { createDisk } from '../project/disk.ts';
import { findRoot, resolveRoot } from '../project/root.ts';
import type { Analyses } from './analyses.ts';
import { cacheFolder } from './folder.ts';

/**
 * Makes `eslint --cache` see what other files do to a file. ESLint takes its cached result of a file when the file and its
 * configuration are as they were, and turns the configuration into text to compare it: a member with a `toJSON()` has a say in that.
 * (Not documented; tests hold it for each supported version of ESLint.)
 */
export interface CacheKey {
  /** For `settings`; `this` is what the user's settings were merged into. */
  toJSON(this: Readonly<Record<string, unknown>>): unknown;
  /** Told of each program that was judged in a run in the folder `cwd`. */
  judged(cwd: string, analysis: Analysis, settings: Settings): void;
}

export interface CacheKeyOptions {
  readonly analyses: Analyses;
  /** @throws where the settings are wrong */
  readonly readSettings: (value: unknown, folder: string) => Settings;
  readonly cwd?: () => string;
  readonly folderOf?: (root: string) => string | undefined;
}

/** A program that was judged in a run, kept so that the next run asks about it before it trusts its cache. */
interface Program {
  readonly cwd: string;
  readonly root: string;
  readonly settings: Settings;
}

const SUFFIX = '.program';

export function createCacheKey({ analyses, readSettings, cwd = () => process.cwd(), folderOf = cacheFolder }: CacheKeyOptions): CacheKey {
  const told = new WeakMap<Settings, Set<string>>();
  let last: { readonly analysis: Analysis; readonly settings: Settings } | undefined;

  function programsOf(folder: string | undefined, from: string): readonly Program[] {
    if (folder === undefined) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Program)
      .filter((program) => program.cwd === from);
  }

  function digest(value: Readonly<Record<string, unknown>>): string {
    const from = cwd();
    const settings = readSettings(value, from);
    const disk = createDisk();
    const root = settings.root === undefined ? findRoot(disk, disk.realPath(from) ?? from) : resolveRoot(disk, settings.root, from);
    const others = programsOf(folderOf(root), from).filter((program) => program.root !== root && disk.stat(program.root).kind === 'folder');
    // A folder above several programs is none itself.
    const own = disk.stat(join(root, 'package.json')).kind === 'file' ? [analyses.forRoot(root, settings)] : [];
    const found = [...own, ...others.map((program) => analyses.forRoot(program.root, program.settings))];
    return hash('sha1', JSON.stringify(found.map(reportable)));
  }

  return {
    toJSON() {
      const { toJSON: _, ...value } = this;
      try {
        return { ...value, program: digest(value) };
      } catch {
        // What could not be worked out is new each time, so that no result is taken for it.
        return { ...value, program: randomUUID() };
      }
    },
    judged(from, analysis, settings) {
      // Nearly always the one of the file before.
      if (last?.analysis === analysis && last.settings === settings) return;
      last = { analysis, settings };
      const { root } = analysis;
      let roots = told.get(settings);
      if (roots === undefined) told.set(settings, (roots = new Set()));
      const key = `${from}\0${root}`;
      if (roots.has(key)) return;
      roots.add(key);
      const disk = createDisk();
      const own = findRoot(disk, disk.realPath(from) ?? from);
      if (root === own) return;
      const folder = folderOf(own);
      if (folder === undefined) return;
      const program: Program = { cwd: from, root, settings };
      const text = JSON.stringify(program);
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, hash('sha1', text) + SUFFIX), text);
      } catch {
        // Then a change in another program is not seen by `eslint --cache`, as without this plugin.
      }
    },
  };
}

/** What reports can say. Endpoints that nothing is said about may move without a cached result losing its truth. */
function reportable({ root, endpoints, applications }: Analysis): unknown {
  const isQuiet = ({ auth, rateLimit, publicTag }: Endpoint) => (auth.status === 'guarded' || auth.status === 'public') && rateLimit.status === 'guarded' && publicTag !== '';
  const quiet = new Set(endpoints.filter(isQuiet).map(({ application, auth }) => `${application} ${auth.status}`));
  return { root, loud: endpoints.filter((endpoint) => !isQuiet(endpoint)), quiet: [...quiet].sort(), applications: endpoints.every(isQuiet) ? [] : applications };
}
