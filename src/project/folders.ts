import { readdirSync } from 'node:fs';
import { realPathOf } from './disk.ts';

/**
 * What stands in folders, for who asks about one file after the other: a look at a folder costs no more than one at two or three
 * of its files. Remembers until `clear`.
 */
export class Folders {
  readonly #names = new Map<string, ReadonlyMap<string, boolean> | undefined>();
  readonly #real = new Map<string, string | undefined>();

  /** False where nothing of that name stands in the folder; true also where the folder cannot be looked into. */
  mayHold(folder: string, name: string): boolean {
    return this.#in(folder)?.has(name) !== false;
  }

  /** True for a file that is no symlink. */
  holdsFile(folder: string, name: string): boolean {
    return this.#in(folder)?.get(name) === true;
  }

  /** With all symlinks resolved; undefined where nothing is there. */
  realPath(folder: string): string | undefined {
    if (!this.#real.has(folder)) this.#real.set(folder, realPathOf(folder));
    return this.#real.get(folder);
  }

  clear(): void {
    this.#names.clear();
    this.#real.clear();
  }

  /** By name, whether it is a file. */
  #in(folder: string): ReadonlyMap<string, boolean> | undefined {
    if (!this.#names.has(folder)) this.#names.set(folder, namesIn(folder));
    return this.#names.get(folder);
  }
}

function namesIn(folder: string): ReadonlyMap<string, boolean> | undefined {
  try {
    return new Map(readdirSync(folder, { withFileTypes: true }).map((entry) => [entry.name, entry.isFile()]));
  } catch {
    return undefined;
  }
}
