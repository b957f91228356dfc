export interface Bounds {
  /** Evaluated nodes for one activity (an entry, a module, one path of a request). */
  readonly steps: number;
  /** Nested calls. */
  readonly depth: number;
  /** Nested calls of the same function. */
  readonly recursion: number;
  /** Rounds of one loop whose end is known. */
  readonly rounds: number;
}

export const DEFAULT_BOUNDS: Bounds = { steps: 1_500_000, depth: 150, recursion: 24, rounds: 20_000 };

/** Options of values that are joined, for one evaluated node. */
export const WORK_PER_STEP = 8;
