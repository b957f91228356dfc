import ignore from 'ignore';
import { basename, dirname, extname, join } from 'node:path';
import type { DirectoryEntry, LoadFailure, LoadedModule, Loader, Resolution } from '../interpreter/loader.ts';
import type { Note } from '../model.ts';
import { createDisk, createEmptyDisk } from './disk.ts';
import type { Disk, Fact } from './disk.ts';
import { createImportScan } from './entries.ts';
import { commonTypescriptFolder, listFiles } from './files.ts';
import type { FileList } from './files.ts';
import { createIgnoreRules } from './ignore.ts';
import type { IgnoreRules } from './ignore.ts';
import { createEmptyLocator, createLocator } from './locate.ts';
import type { Locator } from './locate.ts';
import { createManifests, MAX_JSON_BYTES } from './manifest.ts';
import type { Manifests } from './manifest.ts';
import { createParse } from './parse.ts';
import type { Parse } from './parse.ts';
import { hasSegment, isInside, relativePath } from './paths.ts';
import { createResolve } from './resolve.ts';
import type { Resolve } from './resolve.ts';
import { isWorkspaceRoot } from './root.ts';
import { dialectOf, isSource, MAX_SOURCE_BYTES } from './source-extensions.ts';
import { createTsconfigs } from './tsconfig.ts';

export interface ProjectOptions {
  /** Absolute, with symlinks resolved. */
  readonly root: string;
  /** Patterns as in `Settings.ignore`. */
  readonly ignore: readonly string[];
  readonly parse?: Parse;
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
  readonly #patterns: readonly string[];
  readonly #parse: Parse;
  readonly #disk: Disk;
  readonly #locator: Locator;
  readonly #modules = new Map<string, LoadedModule | LoadFailure>();
  readonly #notes = new Map<string, Note>();
  /** Texts that were read and are likely to be parsed next. */
  readonly #texts = new Map<string, string>();
  readonly #scans = new Map<string, Map<string, boolean>>();
  /** Files of which the text was asked for. */
  readonly #looked = new Set<string>();
  #layout: Layout | undefined;
  #overlay: { readonly file: string; readonly text: string } | undefined;
  #overlayModule: LoadedModule | LoadFailure | undefined;

  constructor({ root, ignore, parse = createParse() }: ProjectOptions, surroundings?: { readonly disk: Disk; readonly locator: Locator }) {
    this.root = root;
    this.#patterns = ignore;
    this.#parse = parse;
    this.#disk = surroundings?.disk ?? createDisk();
    this.#locator = surroundings?.locator ?? createLocator(this.#disk);
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
    if (this.#overlay?.file === file) return (this.#overlayModule ??= this.#parse(file, this.#overlay.text));
    let module = this.#modules.get(file);
    if (module === undefined) this.#modules.set(file, (module = this.#read(file)));
    return module;
  }

  text(file: string): string | undefined {
    if (this.#overlay?.file === file) return this.#overlay.text;
    if (this.#refusal(file) !== undefined) return undefined;
    this.#looked.add(file);
    const text = this.textOnDisk(file);
    if (text !== undefined && !this.#modules.has(file)) this.#texts.set(file, text);
    return text;
  }

  resolve(specifier: string, fromFile: string, kind: 'import' | 'require'): Resolution {
    return this.#current().resolve(specifier, fromFile, kind);
  }

  list(folder: string): readonly DirectoryEntry[] | undefined {
    if (!this.#holds(folder, 'folder')) return undefined;
    const { rules } = this.#current();
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

  /** Those of `sources()` that import one of the packages, by a scan of the text: see `createImportScan`. */
  importersOf(packages: readonly string[]): readonly string[] {
    const key = packages.join('\n');
    let known = this.#scans.get(key);
    if (known === undefined) this.#scans.set(key, (known = new Map()));
    const scan = createImportScan(packages);
    return this.sources().filter((file) => {
      if (this.#overlay?.file === file) return scan(this.#overlay.text);
      let answer = known.get(file);
      if (answer === undefined) known.set(file, (answer = this.#scan(file, scan)));
      return answer;
    });
  }

  /** Text that counts in place of what is on disk, as an editor's buffer; `undefined` takes it away. One file at a time. */
  overlay(file: string, text: string | undefined): void {
    if (this.#overlay?.file === file && this.#overlay.text === text) return;
    this.#overlay = text === undefined ? undefined : { file, text };
    this.#overlayModule = undefined;
  }

  /**
   * False where a text of that file cannot change what was computed from this project: it was not read, and no
   * import scan that was asked for says yes to its text, now or before.
   */
  isConcernedBy(file: string, text: string): boolean {
    if (text.length > MAX_SOURCE_BYTES) return false;
    if (this.#modules.has(file) || this.#looked.has(file)) return true;
    if (!this.isSource(file)) return false;
    return [...this.#scans].some(([key, answers]) => answers.get(file) === true || createImportScan(key.split('\n'))(text));
  }

  /** Text on disk, as it was when this project read it. */
  textOnDisk(file: string): string | undefined {
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

  /** Looks at the disk again and forgets what changed. False where nothing did. */
  refresh(): boolean {
    const changed = this.#disk.refresh();
    if (changed.length === 0) return false;
    for (const path of changed) {
      this.#modules.delete(path);
      this.#texts.delete(path);
      this.#notes.delete(path);
      for (const answers of this.#scans.values()) answers.delete(path);
    }
    // The text of a module decides nothing about where imports lead; whether it exists does, and that changes its folder.
    if (!changed.every((path) => isSource(path))) this.#forgetLayout();
    return true;
  }

  /** Forgets everything but the overlay. */
  clear(): void {
    this.#modules.clear();
    this.#texts.clear();
    this.#looked.clear();
    this.#scans.clear();
    this.#notes.clear();
    this.#disk.clear();
    this.#forgetLayout();
  }

  #forgetLayout(): void {
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
      isOutput: (file) => rules.isGitIgnored(file, 'file'),
    });
    return { rules, resolve, manifests, files: undefined, sources: undefined };
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

  #scan(file: string, scan: (text: string) => boolean): boolean {
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

/** Name to folder of the packages in a workspace; of two with one name, the one nearer to the top. */
function packageFolders(files: readonly string[], manifests: Manifests): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const file of [...files].sort((a, b) => a.split('/').length - b.split('/').length)) {
    const manifest = manifests.in(dirname(file));
    if (manifest?.name !== undefined && !folders.has(manifest.name)) folders.set(manifest.name, manifest.folder);
  }
  return folders;
}
