import { basename, dirname, join } from 'node:path';
import { createDisk } from '../project/disk.ts';
import { Folders } from '../project/folders.ts';
import { relativePath } from '../project/paths.ts';
import { findRoot, type Landmarks, resolveRoot } from '../project/root.ts';

/** Where a linted file is. */
export interface Whereabout {
  /** With symlinks resolved. */
  readonly file: string;
  /** Of its program. */
  readonly root: string;
  /** The file as the analysis writes files: relative to the root, with `/`. */
  readonly relative: string;
}

/** Finds linted files and the roots of their programs. Remembers until `forget`: a run asks about all files of a folder. */
export class Whereabouts {
  readonly #disk = createDisk();
  readonly #folders = new Folders();
  readonly #roots = new Map<string, string>();
  readonly #landmarks = new Map<string, Landmarks>();

  /** Undefined where there is no file. `root` is that of the settings, relative to `folder`. */
  find(path: string, root: string | undefined, folder: string): Whereabout | undefined {
    const file = this.#fileAt(path);
    if (file === undefined) return undefined;
    const found = root === undefined ? this.#rootOf(dirname(file)) : resolveRoot(this.#disk, root, folder);
    return { file, root: found, relative: relativePath(found, file) };
  }

  forget(): void {
    this.#disk.clear();
    this.#folders.clear();
    this.#roots.clear();
    this.#landmarks.clear();
  }

  #fileAt(path: string): string | undefined {
    const given = dirname(path);
    const folder = this.#folders.realPath(given);
    if (folder === undefined) return undefined;
    const name = basename(path);
    if (this.#folders.holdsFile(folder, name)) return folder === given ? path : join(folder, name);
    // A symlink, a name in other case, or a file that has just been made.
    const file = this.#disk.realPath(path);
    return file !== undefined && this.#disk.stat(file).kind === 'file' ? file : undefined;
  }

  #rootOf(folder: string): string {
    let root = this.#roots.get(folder);
    if (root === undefined) this.#roots.set(folder, (root = findRoot(this.#disk, folder, this.#landmarks, this.#folders)));
    return root;
  }
}
