import { createTextScan } from './entries.ts';
import type { TextQuery, TextScan } from './entries.ts';

interface Scan {
  readonly test: TextScan;
  readonly query: TextQuery;
  /** By file, of the text on disk. */
  readonly answers: Map<string, boolean>;
}

/** Who is not among the hits was asked and said no. */
export interface ScanSnapshot {
  readonly query: TextQuery;
  readonly hits: readonly string[];
}

/** The queries that were asked of the text of every source, with the answers. */
export class Scans {
  readonly #scans = new Map<string, Scan>();

  /** `asked`: the files that the snapshot speaks about. */
  constructor(snapshot: readonly ScanSnapshot[], asked: readonly string[]) {
    for (const { query, hits } of snapshot) {
      const { answers } = this.#open(query);
      for (const file of asked) answers.set(file, false);
      for (const file of hits) answers.set(file, true);
    }
  }

  /** Those of the files whose text answers with yes; `run` reads a text that was not asked yet. */
  filter(files: readonly string[], query: TextQuery, run: (file: string, test: TextScan) => boolean, overlay: { readonly file: string; readonly text: string } | undefined): readonly string[] {
    const { test, answers } = this.#open(query);
    return files.filter((file) => {
      if (overlay?.file === file) return test(overlay.text);
      let answer = answers.get(file);
      if (answer === undefined) answers.set(file, (answer = run(file, test)));
      return answer;
    });
  }

  /** True where some query has another answer for this text than for the one on disk. */
  differ(file: string, text: string): boolean {
    return [...this.#scans.values()].some(({ answers, test }) => (answers.get(file) ?? false) !== test(text));
  }

  /** The answers of all queries for a text. */
  answersFor(text: string): string {
    return [...this.#scans.values()].map(({ test }) => Number(test(text))).join('');
  }

  /** Asks again about a file that changed on disk. True where an answer is another one. */
  refresh(file: string, run: (file: string, test: TextScan) => boolean): boolean {
    let differs = false;
    for (const { answers, test } of this.#scans.values()) {
      const before = answers.get(file);
      if (before === undefined) continue;
      const now = run(file, test);
      answers.set(file, now);
      differs ||= now !== before;
    }
    return differs;
  }

  snapshot(): readonly ScanSnapshot[] {
    return [...this.#scans.values()].map(({ query, answers }) => ({
      query,
      hits: [...answers].flatMap(([file, answer]) => (answer ? file : [])),
    }));
  }

  clear(): void {
    this.#scans.clear();
  }

  #open(query: TextQuery): Scan {
    const key = JSON.stringify(query);
    let scan = this.#scans.get(key);
    if (scan === undefined) this.#scans.set(key, (scan = { query, test: createTextScan(query), answers: new Map() }));
    return scan;
  }
}
