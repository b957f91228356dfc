import type { TSESTree } from '@typescript-eslint/types';

/**
 * What the interpreter asks of the project: modules by absolute path, specifiers resolved, folders listed.
 * The interpreter never touches the disk itself.
 */
export interface Loader {
  /** Absolute path of the project root, without a trailing slash. */
  readonly root: string;
  /** Parses once and keeps. Never throws: a file that cannot be read or parsed says why. */
  load(file: string): LoadedModule | LoadFailure;
  /** Text of a module without parsing it; undefined where it cannot be read or is too large. */
  text(file: string): string | undefined;
  /** Where a specifier in `fromFile` leads, as the running program (or its bundler) would resolve it. */
  resolve(specifier: string, fromFile: string, kind: 'import' | 'require'): Resolution;
  /** Names in a folder inside the root, sorted; undefined where there is no such folder or it lies outside. */
  list(folder: string): readonly DirectoryEntry[] | undefined;
  /** 'file', 'folder', or undefined; only inside the root. */
  kindOf(path: string): 'file' | 'folder' | undefined;
  /** Text of a file inside the root that is no module (JSON, .env.example), at most 1 MB. */
  readText(path: string): string | undefined;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

export interface LoadedModule {
  readonly ok: true;
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
  /** ESTree with TS nodes; every node has `range` in UTF-16 offsets; none has `loc` or `parent`. */
  readonly program: TSESTree.Program;
  readonly comments: readonly SourceComment[];
  /** True where the text uses `require`/`module.exports` and no ESM syntax. */
  readonly commonJs: boolean;
  /** 1-based line and column of an offset of its nodes. */
  position(offset: number): { line: number; column: number };
  /** Where that offset stands in `text`: elsewhere once the file was edited and its nodes stayed. */
  place(offset: number): number;
  /** Whether the text of one of its nodes matches. To be asked of code that may be edited later in place of reading its text. */
  says(node: object, question: RegExp): boolean;
}

/** The text between two offsets of a module's nodes. */
export function textBetween(module: LoadedModule, start: number, end: number): string {
  return module.text.slice(module.place(start), module.place(end));
}

export interface LoadFailure {
  readonly ok: false;
  readonly file: string;
  /** Complete sentence fragment: "does not parse: Unexpected token (12:4)". */
  readonly reason: string;
}

export interface SourceComment {
  readonly type: 'Line' | 'Block';
  /** Without the delimiters. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export type Resolution =
  /** A module of the project (also of a workspace package inside the root). */
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'json'; readonly file: string }
  /** A package that is not part of the project: never read. `subpath` is '' or 'lib/x'. */
  | { readonly kind: 'package'; readonly name: string; readonly subpath: string }
  /** `node:fs` and `fs` alike: name without the prefix. */
  | { readonly kind: 'builtin'; readonly name: string }
  /** A relative or aliased specifier that leads nowhere, or outside the root. */
  | { readonly kind: 'missing'; readonly reason: string };
