import type { DirectoryEntry, LoadedModule, LoadFailure, Loader, Resolution } from '../interpreter/modules/loader.ts';
import type { KeptReads } from '../interpreter/observation/reads.ts';
import { LiveModule } from './live-module.ts';
import type { Parse } from './parse.ts';
import type { Project } from './project.ts';

/** Loads what a project has, in modules that can be edited while the analysis holds them. */
export class LiveLoader implements Loader {
  readonly root: string;
  /** Of files that were asked for their text only, beside those that were loaded. */
  readonly texts = new Map<string, string>();
  readonly #project: Project;
  readonly #parse: Parse;
  readonly #reads: KeptReads;
  readonly #modules = new Map<string, LiveModule | LoadFailure>();

  constructor(project: Project, parse: Parse, reads: KeptReads) {
    this.root = project.root;
    this.#project = project;
    this.#parse = parse;
    this.#reads = reads;
  }

  /** For an analysis from the beginning: keeps the modules that are as they were read. */
  renew(): void {
    this.texts.clear();
    for (const [file, module] of this.#modules) if (!module.ok || !module.renew() || this.#project.text(file) !== module.text) this.#modules.delete(file);
  }

  load(file: string): LoadedModule | LoadFailure {
    let module = this.#modules.get(file);
    if (module === undefined) this.#modules.set(file, (module = this.#read(file)));
    return module;
  }

  text(file: string): string | undefined {
    const known = this.texts.get(file);
    if (known !== undefined) return known;
    const text = this.#project.text(file);
    if (text !== undefined) this.texts.set(file, text);
    return text;
  }

  resolve(specifier: string, fromFile: string, kind: 'import' | 'require'): Resolution {
    return this.#project.resolve(specifier, fromFile, kind);
  }

  list(folder: string): readonly DirectoryEntry[] | undefined {
    return this.#project.list(folder);
  }

  kindOf(path: string): 'file' | 'folder' | undefined {
    return this.#project.kindOf(path);
  }

  readText(path: string): string | undefined {
    return this.#project.readText(path);
  }

  /** What was loaded of a file so far. */
  loaded(file: string): LiveModule | LoadFailure | undefined {
    return this.#modules.get(file);
  }

  /** The text that a file has now, as a module by itself. */
  parseAnew(file: string): LoadedModule | LoadFailure {
    const text = this.#project.text(file);
    return text === undefined ? { ok: false, file, reason: 'cannot be read' } : this.#parse(file, text);
  }

  #read(file: string): LiveModule | LoadFailure {
    const module = this.parseAnew(file);
    // The project says why it left a file out, and notes it.
    if (!module.ok) return this.#project.load(file) as LoadFailure;
    return new LiveModule(module, this.#reads);
  }
}
