import { basename, dirname, isAbsolute, resolve } from 'node:path';
import type { Analysis, Settings } from '../model.ts';
import { createDisk } from './disk.ts';
import { createParse } from './parse.ts';
import { relativePath } from './paths.ts';
import { Project } from './project.ts';
import { findRoot, resolveRoot } from './root.ts';

export type Analyze = (project: Project, settings: Settings) => Analysis;

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
}

export interface Analyses {
  /** The analysis of the program that the file belongs to, up to date with the disk and with the text. */
  forFile(request: FileRequest): FileAnalysis;
}

export interface AnalysesOptions {
  /** Milliseconds, from any start. */
  readonly now?: () => number;
}

/** Looking at each file again takes time, too: at most a twentieth of it. */
const CHECK_INTERVAL = 100;
const CHECK_SHARE = 20;

/** A run with more roots than that lints a disk of projects, one after the other. */
const MAX_OPEN_PROJECTS = 16;

interface OpenProject {
  readonly project: Project;
  readonly settings: Settings;
  checkedAt: number;
  interval: number;
  /** Of what is on disk. */
  saved: Analysis | undefined;
  /** Of what is on disk with one text in place of a file. */
  edited: { readonly file: string; readonly text: string; readonly analysis: Analysis } | undefined;
}

/** Keeps the projects that were asked about open, and analyses them again only when something that they rest on changed. */
export function createAnalyses(analyze: Analyze, { now = () => performance.now() }: AnalysesOptions = {}): Analyses {
  const parse = createParse();
  const disk = createDisk();
  const projects = new Map<string, OpenProject>();
  const roots = new Map<string, string>();
  const keys = new WeakMap<Settings, string>();
  let rootsCheckedAt = -Infinity;
  let lone: { readonly key: string; readonly result: FileAnalysis } | undefined;

  function keyOf(settings: Settings): string {
    let key = keys.get(settings);
    if (key === undefined) keys.set(settings, (key = JSON.stringify(settings)));
    return key;
  }

  function rootOf(file: string, { settings, configFolder }: FileRequest): string {
    if (settings.root !== undefined) return resolveRoot(disk, settings.root, configFolder ?? process.cwd());
    const folder = dirname(file);
    let root = roots.get(folder);
    if (root === undefined) roots.set(folder, (root = findRoot(disk, folder)));
    return root;
  }

  /** Forgets where files and roots are, from time to time. */
  function refreshRoots(): void {
    if (now() - rootsCheckedAt < CHECK_INTERVAL) return;
    rootsCheckedAt = now();
    disk.clear();
    roots.clear();
  }

  function open(root: string, settings: Settings): OpenProject {
    const key = `${root}\0${keyOf(settings)}`;
    let found = projects.get(key);
    if (found === undefined) {
      const project = new Project({ root, ignore: settings.ignore, parse });
      found = { project, settings, checkedAt: now(), interval: CHECK_INTERVAL, saved: undefined, edited: undefined };
    } else if (now() - found.checkedAt >= found.interval) {
      refresh(found);
    }
    // The map keeps the order of use.
    projects.delete(key);
    projects.set(key, found);
    if (projects.size > MAX_OPEN_PROJECTS) projects.delete(projects.keys().next().value!);
    return found;
  }

  function refresh(opened: OpenProject): void {
    const start = now();
    if (opened.project.refresh()) {
      opened.saved = undefined;
      opened.edited = undefined;
    }
    opened.checkedAt = now();
    opened.interval = Math.max(CHECK_INTERVAL, CHECK_SHARE * (opened.checkedAt - start));
  }

  function analysisOf(opened: OpenProject, file: string, text: string): Analysis {
    const { project, settings } = opened;
    if (opened.edited?.file === file && opened.edited.text === text) return opened.edited.analysis;
    if (project.textOnDisk(file) === text) return (opened.saved ??= analyze(project, settings));
    // Tests, and files under another root, are linted too: what matters is the program without them.
    if (!project.isSource(file)) opened.saved ??= analyze(project, settings);
    if (opened.saved !== undefined && !project.isConcernedBy(file, text)) return opened.saved;
    project.overlay(file, text);
    try {
      const analysis = analyze(project, settings);
      opened.edited = { file, text, analysis };
      return analysis;
    } finally {
      project.overlay(file, undefined);
    }
  }

  function analyzeAlone({ filename, text, settings }: FileRequest): FileAnalysis {
    const key = `${filename}\0${keyOf(settings)}\0${text}`;
    if (lone?.key !== key) {
      const file = resolve(filename);
      lone = { key, result: { analysis: analyze(Project.alone(file, text, parse), settings), file: basename(file) } };
    }
    return lone.result;
  }

  return {
    forFile(request) {
      refreshRoots();
      const file = isAbsolute(request.filename) ? disk.realPath(request.filename) : undefined;
      if (file === undefined || disk.stat(file).kind !== 'file') return analyzeAlone(request);
      const root = rootOf(file, request);
      const opened = open(root, request.settings);
      return { analysis: analysisOf(opened, file, request.text), file: relativePath(root, file) };
    },
  };
}
