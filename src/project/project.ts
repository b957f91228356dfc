import ignore from 'ignore';
import { basename, dirname, extname, join } from 'node:path';
import type { DirectoryEntry, LoadFailure, LoadedModule, Loader, Resolution } from '../interpreter/modules/loader.ts';
import type { Note } from '../model.ts';
import { type Change, createDisk, createEmptyDisk, digestOfText, type Disk, type DiskSnapshot, type Fact } from './disk.ts';
import { importQuery, type TextQuery, type TextScan } from './entries.ts';
import { commonTypescriptFolder, type FileList, listFiles } from './files.ts';
import { createIgnoreRules, type IgnoreRules } from './ignore.ts';
import { createEmptyLocator, createLocator, type Locator } from './locate.ts';
import { createManifests, type Manifests, MAX_JSON_BYTES, packageFolders } from './manifest.ts';
import { createParse, type Parse } from './parse.ts';
import { hasSegment, isInside, relativePath } from './paths.ts';
import { createResolve, type Resolve, stemOf } from './resolve.ts';
import { isWorkspaceRoot } from './root.ts';
import { Scans, type ScanSnapshot } from './scans.ts';
import { dialectOf, isSource, MAX_SOURCE_BYTES } from './source-extensions.ts';
import { createTsconfigs } from './tsconfig.ts';

export interface ProjectOptions {
  /** Absolute, with symlinks resolved. */
  readonly root: string;
  /** Patterns as in `Settings.ignore`. */
  readonly ignore: readonly string[];
  readonly parse?: Parse;
  /** What a project of the same root and patterns remembered, perhaps in another process: `refresh` tells whether it still holds. */
  readonly snapshot?: ProjectSnapshot;
}

/** Everything that was asked of the disk, and what was answered, as plain data. */
export interface ProjectSnapshot {
  readonly disk: DiskSnapshot;
  readonly files: FileList;
  readonly scans: readonly ScanSnapshot[];
  /** Files whose text was evaluated or looked into. */
  readonly used: readonly string[];
  /** Folders whose names the program asked for. */
  readonly listed: readonly string[];
  /** Beginnings of paths at which no file was found. */
  readonly missed: readonly string[];
  readonly notes: readonly (readonly [file: string, note: Note])[];
}

/** Everything that rests on names and configuration, not on the text of modules. Thrown away together. */
interface Layout {
  readonly rules: IgnoreRules;
  readonly resolve: Resolve;
  readonly manifests: Manifests;
  files: FileList | undefined;
  sources: ReadonlySet<string> | undefined;
}

/** One root with its files, their trees and what their imports lead to. Reads lazily and keeps until `refresh`. */
export class Project implements Loader {
  readonly root: string;
  /** Where all that the last `refresh` met is other texts of modules: those that were used. */
  edited: readonly string[] | undefined;
  readonly #patterns: readonly string[];
  readonly #parse: Parse;
  readonly #disk: Disk;
  readonly #locator: Locator;
  readonly #modules = new Map<string, LoadedModule | LoadFailure>();
  readonly #notes = new Map<string, Note>();
  /** Texts that were read and are likely to be parsed next. */
  readonly #texts = new Map<string, string>();
  /** What was asked of the text of every source. */
  readonly scans: Scans;
  /** Files whose text was evaluated or looked into. */
  readonly #used = new Set<string>();
  readonly #listed = new Set<string>();
  readonly #missed = new Set<string>();
  #layout: Layout | undefined;
  /** From the snapshot, until something shows that they may be others. */
  #known: FileList | undefined;
  #overlay: { readonly file: string; readonly text: string } | undefined;
  #overlayModule: LoadedModule | LoadFailure | undefined;

  constructor({ root, ignore, parse = createParse(), snapshot }: ProjectOptions, surroundings?: { readonly disk: Disk; readonly locator: Locator }) {
    this.root = root;
    this.#patterns = ignore;
    this.#parse = parse;
    this.#disk = surroundings?.disk ?? createDisk(snapshot?.disk);
    this.#locator = surroundings?.locator ?? createLocator(this.#disk);
    this.scans = new Scans(snapshot?.scans ?? [], snapshot?.files.sources ?? []);
    this.#known = snapshot?.files;
    if (snapshot === undefined) return;
    for (const file of snapshot.used) this.#used.add(file);
    for (const folder of snapshot.listed) this.#listed.add(folder);
    for (const path of snapshot.missed) this.#missed.add(path);
    for (const [file, note] of snapshot.notes) this.#notes.set(file, note);
  }

  /** A program of one text that is on no disk: nothing can be imported into it but packages. */
  static alone(file: string, text: string, parse?: Parse): Project {
    const project = new Project({ root: dirname(file), ignore: [], parse }, { disk: createEmptyDisk(), locator: createEmptyLocator() });
    project.overlay(file, text);
    const files = { sources: [file], manifests: [], complete: true };
    project.#layout = { ...project.#createLayout(), files, sources: new Set([file]) };
    return project;
  }

  load(file: string): LoadedModule | LoadFailure {
    this.#used.add(file);
    if (this.#overlay?.file === file) return (this.#overlayModule ??= this.#parse(file, this.#overlay.text));
    let module = this.#modules.get(file);
    if (module === undefined) this.#modules.set(file, (module = this.#read(file)));
    return module;
  }

  text(file: string): string | undefined {
    this.#used.add(file);
    if (this.#overlay?.file === file) return this.#overlay.text;
    if (this.#refusal(file) !== undefined) return undefined;
    const text = this.#textOnDisk(file);
    if (text !== undefined && !this.#modules.has(file)) this.#texts.set(file, text);
    return text;
  }

  resolve(specifier: string, fromFile: string, kind: 'import' | 'require'): Resolution {
    return this.#current().resolve(specifier, fromFile, kind);
  }

  list(folder: string): readonly DirectoryEntry[] | undefined {
    if (!this.#holds(folder, 'folder')) return undefined;
    const { rules } = this.#current();
    this.#listed.add(folder);
    return this.#disk.list(folder)?.filter(({ name, kind }) => !rules.isLeftOut(join(folder, name), kind));
  }

  kindOf(path: string): 'file' | 'folder' | undefined {
    if (!isInside(this.root, path)) return undefined;
    const { kind } = this.#disk.stat(path);
    return kind !== 'missing' && this.#holds(path, kind) ? kind : undefined;
  }

  readText(path: string): string | undefined {
    if (this.kindOf(path) !== 'file') return undefined;
    const read = this.#disk.read(path, MAX_JSON_BYTES);
    return 'text' in read ? read.text : undefined;
  }

  /** Absolute paths of all modules in the root that are not left out, in a fixed order. */
  sources(): readonly string[] {
    return this.#files().sources;
  }

  /** Those of `sources()` that one of the patterns names, relative to the root, as in .gitignore. */
  matching(patterns: readonly string[]): readonly string[] {
    const matcher = ignore().add([...patterns]);
    return this.sources().filter((file) => matcher.ignores(relativePath(this.root, file)));
  }

  /** True where a file belongs to the program by its place: inside the root and not left out. */
  isSource(file: string): boolean {
    const layout = this.#current();
    layout.sources ??= new Set(this.sources());
    return layout.sources.has(file);
  }

  /** Those of `sources()` that import one of the packages, and match `having`, by a scan of the text: see `importQuery`. */
  importersOf(packages: readonly string[], having?: RegExp): readonly string[] {
    return this.sourcesWith(importQuery(packages, having));
  }

  /** Those of `sources()` whose text answers the query with yes. */
  sourcesWith(query: TextQuery): readonly string[] {
    return this.scans.filter(this.sources(), query, (file, test) => this.#scan(file, test), this.#overlay);
  }

  /** Text that counts in place of what is on disk. */
  get overlaid(): { readonly file: string; readonly text: string } | undefined {
    return this.#overlay;
  }

  /** Text that counts in place of what is on disk, as an editor's buffer; `undefined` takes it away. One file at a time. */
  overlay(file: string, text: string | undefined): void {
    if (this.#overlay?.file === file && this.#overlay.text === text) return;
    this.#overlay = text === undefined ? undefined : { file, text };
    this.#overlayModule = undefined;
  }

  /**
   * False where a text of that file cannot change what was computed from this project: it was neither evaluated nor looked into,
   * and answers every query as the text on disk does.
   */
  isConcernedBy(file: string, text: string): boolean {
    if (text.length > MAX_SOURCE_BYTES) return false;
    if (this.#used.has(file)) return true;
    if (!this.isSource(file)) return false;
    return this.scans.differ(file, text);
  }

  /** Whether a file has that text on disk, as this project last saw it. */
  isOnDisk(file: string, text: string): boolean {
    const digest = this.#disk.digestOf(file);
    if (digest !== undefined) return digest === digestOfText(text);
    return this.#textOnDisk(file) === text;
  }

  /** Text on disk, as it was when this project read it. */
  #textOnDisk(file: string): string | undefined {
    const module = this.#modules.get(file);
    if (module?.ok === true) return module.text;
    const kept = this.#texts.get(file);
    if (kept !== undefined) return kept;
    const read = this.#disk.read(file, MAX_SOURCE_BYTES);
    return 'text' in read ? read.text : undefined;
  }

  /** What was left out and why: files that do not parse, broken configuration, bounds. Sorted by file. */
  notes(): readonly Note[] {
    const modules = new Map(this.#modules);
    if (this.#overlay !== undefined) modules.delete(this.#overlay.file);
    if (this.#overlayModule !== undefined) modules.set(this.#overlayModule.file, this.#overlayModule);
    const notes = new Map(this.#notes);
    for (const [file, module] of modules) if (!module.ok) notes.set(file, this.#noteOf(file, module.reason));
    return [...notes.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  }

  /** What was seen of each path that was looked at. Everything computed from this project holds as long as all of it does. */
  facts(): readonly Fact[] {
    return this.#disk.facts();
  }

  /** Looks at the disk again and forgets what changed. False where everything that was computed from this project still holds. */
  refresh(): boolean {
    let matters = false;
    let layoutMatters = false;
    let scansMatter = false;
    const edited: string[] = [];
    for (const change of this.#disk.refresh()) {
      const { path } = change;
      this.#modules.delete(path);
      this.#texts.delete(path);
      this.#notes.delete(path);
      // The text of a module decides nothing about where imports lead; whether it exists does, and that changes its folder.
      if (isSource(path) && change.before === 'file' && change.now === 'file') {
        if (this.scans.refresh(path, (file, test) => this.#scan(file, test))) matters = scansMatter = true;
        else if (this.#used.has(path)) edited.push(path);
      } else if (this.#isOtherPlace(change)) matters = layoutMatters = true;
    }
    this.edited = layoutMatters || scansMatter ? undefined : edited;
    matters ||= edited.length > 0;
    if (layoutMatters) this.#forgetLayout();
    return matters;
  }

  /** Lets go of trees and texts, which take more memory than all else: what is asked for once more is read once more. */
  releaseTrees(): void {
    // What does not parse stays known, to be told.
    for (const [file, module] of this.#modules) if (module.ok) this.#modules.delete(file);
    this.#texts.clear();
  }

  /** True where the last `refresh` had to read files or folders again to see that they are the same; another snapshot spares that. */
  get isRenewed(): boolean {
    return this.#disk.isRenewed();
  }

  /** All that the answers of this project rest on; see `ProjectOptions.snapshot`. */
  snapshot(): ProjectSnapshot {
    return {
      disk: this.#disk.snapshot(),
      files: this.#files(),
      scans: this.scans.snapshot(),
      used: [...this.#used],
      listed: [...this.#listed],
      missed: [...this.#missed],
      notes: [...this.#notes],
    };
  }

  /** Forgets everything but the overlay. */
  clear(): void {
    this.#modules.clear();
    this.#texts.clear();
    this.#used.clear();
    this.#listed.clear();
    this.#missed.clear();
    this.scans.clear();
    this.#notes.clear();
    this.#disk.clear();
    this.#forgetLayout();
  }

  #forgetLayout(): void {
    this.#known = undefined;
    this.#layout = undefined;
    this.#locator.clear();
  }

  #current(): Layout {
    return (this.#layout ??= this.#createLayout());
  }

  #createLayout(): Layout {
    const disk = this.#disk;
    const rules = createIgnoreRules(disk, this.root, this.#patterns);
    const note = (file: string, reason: string) => this.#note(file, reason);
    const manifests = createManifests(disk, this.root, note);
    const isWorkspace = isWorkspaceRoot(disk, this.root);
    let folders: ReadonlyMap<string, string> | undefined;
    const workspaceFolder = (name: string) => {
      if (!isWorkspace) return undefined;
      folders ??= packageFolders(this.#files().manifests, manifests);
      return folders.get(name);
    };
    const commonFolders = new Map<string, string>();
    const commonFolder = (folder: string) => {
      let common = commonFolders.get(folder);
      if (common === undefined) commonFolders.set(folder, (common = commonTypescriptFolder(this.#files().sources, folder)));
      return common;
    };
    const tsconfigs = createTsconfigs(disk, this.root, workspaceFolder, note);
    const resolve = createResolve({
      root: this.root,
      disk,
      locator: this.#locator,
      manifests,
      tsconfigs,
      workspaceFolder,
      commonFolder,
      onMissing: (path) => {
        this.#missed.add(stemOf(path));
        disk.list(dirname(path));
      },
      isOutput: (file) => rules.isGitIgnored(file, 'file'),
    });
    return { rules, resolve, manifests, files: this.#known, sources: undefined };
  }

  #files(): FileList {
    const layout = this.#current();
    if (layout.files === undefined) {
      layout.files = listFiles(this.#disk, this.root, layout.rules);
      // So that a broken package.json at the top is told, though nothing may ask for it.
      layout.manifests.in(this.root);
      if (!layout.files.complete) this.#note(this.root, 'holds too many files: the rest was left out');
    }
    return layout.files;
  }

  /** Whether what came to a path or went from it means anything. */
  #isOtherPlace({ path, before, now, entries }: Change): boolean {
    if (before !== 'folder' || now !== 'folder') return true;
    const { rules } = this.#current();
    return entries.some(({ name, kind }) => {
      const entry = join(path, name);
      const isLeftOut = rules.isLeftOut(entry, kind);
      if (this.#listed.has(path) && !isLeftOut) return true;
      if (kind === 'folder' ? !isLeftOut : isSource(name) ? !isLeftOut : name === 'package.json') return true;
      return [...this.#missed].some((missed) => entry.startsWith(missed));
    });
  }

  #scan(file: string, scan: TextScan): boolean {
    const read = this.#disk.read(file, MAX_SOURCE_BYTES);
    if ('reason' in read) {
      this.#note(file, read.reason);
      return false;
    }
    const answer = scan(read.text);
    if (answer && !this.#modules.has(file)) this.#texts.set(file, read.text);
    return answer;
  }

  #read(file: string): LoadedModule | LoadFailure {
    const kept = this.#texts.get(file);
    if (kept !== undefined) {
      this.#texts.delete(file);
      return this.#parse(file, kept);
    }
    const refusal = this.#refusal(file);
    if (refusal !== undefined) return { ok: false, file, reason: refusal };
    const read = this.#disk.read(file, MAX_SOURCE_BYTES);
    return 'text' in read ? this.#parse(file, read.text) : { ok: false, file, reason: read.reason };
  }

  /** Why a file is not read, whatever is in it. */
  #refusal(file: string): string | undefined {
    if (!isInside(this.root, file)) return 'lies outside of the project';
    if (hasSegment(file.slice(this.root.length), 'node_modules')) return 'belongs to an installed package';
    if (dialectOf(file) === undefined) return `is neither JavaScript nor TypeScript (${extname(file) || basename(file)})`;
    return undefined;
  }

  #note(file: string, reason: string): void {
    this.#notes.set(file, this.#noteOf(file, reason));
  }

  #noteOf(file: string, reason: string): Note {
    return { file: relativePath(this.root, file) || '.', reason };
  }

  /** Inside the root also when symlinks are followed, and the same on every machine: what git leaves out is not there. */
  #holds(path: string, kind: 'file' | 'folder'): boolean {
    if (!isInside(this.root, path)) return false;
    const real = this.#disk.realPath(path);
    return real !== undefined && isInside(this.root, real) && !this.#current().rules.isGitIgnored(path, kind);
  }
}
