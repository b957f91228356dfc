import { basename, isAbsolute, resolve } from 'node:path';
import type { Analysis, Settings } from '../model.ts';
import { createParse, type Parse } from '../project/parse.ts';
import { Project, type ProjectSnapshot } from '../project/project.ts';
import type { Identity, Store } from './store.ts';
import { Whereabouts } from './whereabouts.ts';

export type Analyze = (project: Project, settings: Settings) => Analysis;

/** The same with a heap of its own, and what the project knows afterwards; undefined where that cannot be had. */
export type AnalyzeApart = (project: Project, settings: Settings) => { readonly analysis: Analysis; readonly snapshot: ProjectSnapshot } | undefined;

/** One program, judged again and again while it is edited. */
export interface Session {
  /** The file may have another text from now on. */
  suspect(file: string): void;
  /** Of the program as its project has it now. */
  analysis(): Analysis;
}

export type OpenSession = (project: Project, settings: Settings) => Session;

export interface FileRequest {
  /** As ESLint gives it: absolute, or `<input>`. */
  readonly filename: string;
  /** The text being linted, without a byte order mark. */
  readonly text: string;
  readonly settings: Settings;
  /** What a relative `settings.root` is relative to; the working directory unless given. */
  readonly configFolder?: string;
}

export interface FileAnalysis {
  readonly analysis: Analysis;
  /** The linted file as the analysis writes files: relative to its root, with `/`. */
  readonly file: string;
  /** False where neither an endpoint nor an application stands in the file: most files, about which there is nothing to say. */
  readonly isMentioned: boolean;
}

export interface Analyses {
  /** The analysis of the program that the file belongs to, up to date with the disk and with the text. */
  forFile(request: FileRequest): FileAnalysis;
  /** The analysis of the program in a root (absolute, with symlinks resolved), up to date with the disk. */
  forRoot(root: string, settings: Settings): Analysis;
}

export interface AnalysesOptions {
  /** Milliseconds, from any start. */
  readonly now?: () => number;
  /** Where analyses are kept from one run to the next, and shared with others that run now. */
  readonly store?: Store | undefined;
  readonly parse?: Parse;
  /** For programs that change while they are open: an editor, not a run. Else each change is judged by `analyze`. */
  readonly openSession?: OpenSession;
  /** For large programs, in a process that has much to do afterwards. */
  readonly analyzeApart?: AnalyzeApart;
}

/**
 * Looking at each file again takes time, too: at most a twentieth of it where somebody types, and next to nothing in a run
 * that asks about one file after the other.
 */
const CHECK_INTERVAL = 100;
const CHECK_SHARE = 20;
const CHECK_SHARE_IN_RUN = 400;

/** Milliseconds for which a run, which asks without a pause, remembers where files and roots are. */
const PLACES_INTERVAL_IN_RUN = 1_000;

/** Times that another process finished the work, and something had changed again. */
const MAX_ROUNDS = 3;

/** Sources from which on a program is a large one: a thread loads the interpreter once more, and a small program's memory is none to spare. */
const LARGE = 4_000;

/** A run with more roots than that lints a disk of projects, one after the other. */
const MAX_OPEN_PROJECTS = 16;

interface OpenProject {
  readonly identity: Identity;
  readonly settings: Settings;
  project: Project;
  checkedAt: number;
  /** An analysis was given of another state of the program. */
  isEdited: boolean;
  session: Session | undefined;
  /** Milliseconds that the last look at the disk took. */
  cost: number;
  /** Undefined before the first time. */
  askedAt: number | undefined;
  /** Of the record on disk that was last read. */
  stamp: string | undefined;
  /** Of what is on disk. */
  saved: Analysis | undefined;
  /** Of what is on disk with one text in place of a file. */
  edited: { readonly file: string; readonly text: string; readonly analysis: Analysis } | undefined;
}

/** Keeps the projects that were asked about open, and analyses them again only when something that they rest on changed. */
export function createAnalyses(analyze: Analyze, { now = () => performance.now(), store, parse = createParse(), openSession, analyzeApart }: AnalysesOptions = {}): Analyses {
  const projects = new Map<string, OpenProject>();
  const places = new Whereabouts();
  const keys = new WeakMap<Settings, string>();
  const mentioned = new WeakMap<Analysis, ReadonlySet<string>>();
  let placesKnownAt = -Infinity;
  let askedAt = -Infinity;
  let latest: OpenProject | undefined;
  let lone: { readonly key: string; readonly result: FileAnalysis } | undefined;

  function keyOf(settings: Settings): string {
    let key = keys.get(settings);
    if (key === undefined) keys.set(settings, (key = JSON.stringify(settings)));
    return key;
  }

  /** Forgets where files and roots are, from time to time. */
  function refreshPlaces(time: number): void {
    const interval = time - askedAt >= CHECK_INTERVAL ? CHECK_INTERVAL : PLACES_INTERVAL_IN_RUN;
    askedAt = time;
    if (time - placesKnownAt < interval) return;
    placesKnownAt = time;
    places.forget();
  }

  function open(root: string, settings: Settings, time: number): OpenProject {
    const found = opened(root, settings);
    if (found.askedAt === undefined) {
      restore(found);
      found.checkedAt = now();
    } else if (isDue(found, time)) {
      refresh(found);
    }
    found.askedAt = time;
    return found;
  }

  function opened(root: string, settings: Settings): OpenProject {
    if (latest?.settings === settings && latest.identity.root === root) return latest;
    const identity = { root, settings: keyOf(settings) };
    const key = `${root}\0${identity.settings}`;
    latest = projects.get(key) ?? { identity, settings, project: new Project({ root, ignore: settings.ignore, parse }), checkedAt: 0, isEdited: false, session: undefined, cost: 0, askedAt: undefined, stamp: undefined, saved: undefined, edited: undefined };
    // The map keeps the order of use.
    projects.delete(key);
    projects.set(key, latest);
    if (projects.size > MAX_OPEN_PROJECTS) projects.delete(projects.keys().next().value!);
    return latest;
  }

  function isDue({ checkedAt, askedAt: before = 0, cost }: OpenProject, time: number): boolean {
    const share = time - before >= CHECK_INTERVAL ? CHECK_SHARE : CHECK_SHARE_IN_RUN;
    return time - checkedAt >= Math.max(CHECK_INTERVAL, share * cost);
  }

  function refresh(opened: OpenProject): void {
    const start = now();
    if (opened.project.refresh()) {
      opened.isEdited ||= opened.saved !== undefined;
      opened.saved = undefined;
      opened.edited = undefined;
      const { edited } = opened.project;
      if (edited === undefined) opened.session = undefined;
      else for (const file of edited) opened.session?.suspect(file);
    }
    opened.checkedAt = now();
    opened.cost = opened.checkedAt - start;
  }

  /** Takes over what is kept on disk where it still holds, and else what it says about the files that did not change. */
  function restore(opened: OpenProject): void {
    if (store === undefined) return;
    const { identity, settings } = opened;
    opened.stamp = store.stamp(identity);
    const stored = store.read(identity);
    if (stored === undefined) return;
    opened.project = new Project({ root: identity.root, ignore: settings.ignore, parse, snapshot: stored.snapshot });
    opened.session = undefined;
    const start = now();
    const differs = opened.project.refresh();
    opened.cost = now() - start;
    if (differs) return;
    opened.saved = stored.analysis;
    if (opened.project.isRenewed) keep(opened, stored.analysis);
  }

  function keep(opened: OpenProject, analysis: Analysis): void {
    if (store === undefined) return;
    store.write(opened.identity, { analysis, snapshot: opened.project.snapshot() });
    opened.stamp = store.stamp(opened.identity);
  }

  /** A first analysis keeps nothing: most runs end with it. */
  function judge(opened: OpenProject): Analysis {
    const { project, settings } = opened;
    if (!opened.isEdited || openSession === undefined) {
      const isLarge = analyzeApart !== undefined && project.overlaid === undefined && project.sources().length >= LARGE;
      const apart = isLarge ? analyzeApart(project, settings) : undefined;
      if (apart) {
        opened.project = new Project({ root: project.root, ignore: settings.ignore, parse, snapshot: apart.snapshot });
        return apart.analysis;
      }
      const analysis = analyze(project, settings);
      project.releaseTrees();
      return analysis;
    }
    return (opened.session ??= openSession(project, settings)).analysis();
  }

  /** Of what is on disk. One of all threads and processes that ask at the same time works it out. */
  function savedOf(opened: OpenProject): Analysis {
    for (let round = 0; store !== undefined && opened.saved === undefined && round < MAX_ROUNDS; round += 1) {
      const lock = store.lock(opened.identity);
      if (lock.kind === 'unavailable') break;
      try {
        if (store.stamp(opened.identity) !== opened.stamp) restore(opened);
        if (opened.saved !== undefined || lock.kind === 'released') continue;
        opened.saved = judge(opened);
        keep(opened, opened.saved);
      } finally {
        if (lock.kind === 'held') lock.release();
      }
    }
    return (opened.saved ??= judge(opened));
  }

  function analysisOf(opened: OpenProject, file: string, text: string): Analysis {
    if (opened.edited?.file === file && opened.edited.text === text) return opened.edited.analysis;
    if (opened.saved !== undefined && !opened.project.isConcernedBy(file, text)) return opened.saved;
    if (opened.project.isOnDisk(file, text)) return savedOf(opened);
    // Tests, and files under another root, are linted too: what matters is the program without them.
    if (!opened.project.isSource(file)) savedOf(opened);
    const { project } = opened;
    if (opened.saved !== undefined && !project.isConcernedBy(file, text)) return opened.saved;
    project.overlay(file, text);
    try {
      opened.isEdited ||= opened.saved !== undefined || opened.edited !== undefined;
      const analysis = judge(opened);
      opened.edited = { file, text, analysis };
      return analysis;
    } finally {
      project.overlay(file, undefined);
    }
  }

  /** Files with endpoints or applications. */
  function mentionedIn(analysis: Analysis): ReadonlySet<string> {
    let files = mentioned.get(analysis);
    if (files === undefined) mentioned.set(analysis, (files = new Set([...analysis.endpoints, ...analysis.applications].map(({ file }) => file))));
    return files;
  }

  function answer(analysis: Analysis, file: string): FileAnalysis {
    return { analysis, file, isMentioned: mentionedIn(analysis).has(file) };
  }

  function analyzeAlone({ filename, text, settings }: FileRequest): FileAnalysis {
    const key = `${filename}\0${keyOf(settings)}\0${text}`;
    if (lone?.key !== key) {
      const file = resolve(filename);
      lone = { key, result: answer(analyze(Project.alone(file, text, parse), settings), basename(file)) };
    }
    return lone.result;
  }

  return {
    forFile(request) {
      const { filename, text, settings, configFolder = process.cwd() } = request;
      const time = now();
      refreshPlaces(time);
      const place = isAbsolute(filename) ? places.find(filename, settings.root, configFolder) : undefined;
      if (place === undefined) return analyzeAlone(request);
      return answer(analysisOf(open(place.root, settings, time), place.file, text), place.relative);
    },
    forRoot: (root, settings) => savedOf(open(root, settings, now())),
  };
}
