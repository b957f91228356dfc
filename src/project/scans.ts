import { createTextScan } from './entries.ts';
import type { TextQuery, TextScan } from './entries.ts';

interface Scan {
  readonly test: TextScan;
  readonly query: TextQuery;
  /** By file, of the text on disk. */
  readonly answers: Map<string, boolean>;
  /** Of the files that the snapshot speaks about, those that answered with yes: what `answers` says counts before it. */
  readonly hits: ReadonlySet<string>;
}

/** Who is not among the hits was asked and said no. */
export interface ScanSnapshot {
  readonly query: TextQuery;
  readonly hits: readonly string[];
}

/** Of a query that the snapshot does not know. */
const NO_HITS: ReadonlySet<string> = new Set();

/** The queries that were asked of the text of every source, with the answers. */
export class Scans {
  readonly #scans = new Map<string, Scan>();
  /** The files that the snapshot speaks about. */
  readonly #asked: ReadonlySet<string>;

  constructor(snapshot: readonly ScanSnapshot[], asked: readonly string[]) {
    this.#asked = new Set(asked);
    for (const { query, hits } of snapshot) this.#scans.set(JSON.stringify(query), { query, test: createTextScan(query), answers: new Map(), hits: new Set(hits) });
  }

  /** Those of the files whose text answers with yes; `run` reads a text that was not asked yet. */
  filter(files: readonly string[], query: TextQuery, run: (file: string, test: TextScan) => boolean, overlay: { readonly file: string; readonly text: string } | undefined): readonly string[] {
    const scan = this.#open(query);
    const { test, answers } = scan;
    return files.filter((file) => {
      if (overlay?.file === file) return test(overlay.text);
      let answer = this.#answerOf(scan, file);
      if (answer === undefined) answers.set(file, (answer = run(file, test)));
      return answer;
    });
  }

  /** True where some query has another answer for this text than for the one on disk. */
  differ(file: string, text: string): boolean {
    return [...this.#scans.values()].some((scan) => (this.#answerOf(scan, file) ?? false) !== scan.test(text));
  }

  /** The answers of all queries for a text. */
  answersFor(text: string): string {
    return [...this.#scans.values()].map(({ test }) => Number(test(text))).join('');
  }

  /** Asks again about a file that changed on disk. True where an answer is another one. */
  refresh(file: string, run: (file: string, test: TextScan) => boolean): boolean {
    let differs = false;
    for (const scan of this.#scans.values()) {
      const before = this.#answerOf(scan, file);
      if (before === undefined) continue;
      const now = run(file, scan.test);
      scan.answers.set(file, now);
      differs ||= now !== before;
    }
    return differs;
  }

  snapshot(): readonly ScanSnapshot[] {
    return [...this.#scans.values()].map(({ query, answers, hits }) => ({
      query,
      hits: [...[...hits].filter((file) => !answers.has(file)), ...[...answers].flatMap(([file, answer]) => (answer ? file : []))],
    }));
  }

  clear(): void {
    this.#scans.clear();
  }

  /** Undefined where nobody has asked. Who asked and is no hit said no. */
  #answerOf({ answers, hits }: Scan, file: string): boolean | undefined {
    return answers.get(file) ?? (hits !== NO_HITS && this.#asked.has(file) ? hits.has(file) : undefined);
  }

  #open(query: TextQuery): Scan {
    const key = JSON.stringify(query);
    let scan = this.#scans.get(key);
    if (scan === undefined) this.#scans.set(key, (scan = { query, test: createTextScan(query), answers: new Map(), hits: NO_HITS }));
    return scan;
  }
}
