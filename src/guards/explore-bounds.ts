import type { Interpreter } from '../interpreter/interpreter.ts';

export interface ExploreBounds {
  /** Paths through one chain. */
  readonly paths: number;
  /** Runs of one step from one state. */
  readonly runs: number;
  /** Evaluated nodes for one run of one step. */
  readonly steps: number;
  /** Evaluated nodes for the whole chain. */
  readonly total: number;
}

const DEFAULT_EXPLORE_BOUNDS: ExploreBounds = { paths: 128, runs: 64, steps: 40_000, total: 160_000 };

/** Evaluated nodes for all walks of a program; each chain that is walked afterwards has to do with few, so that every program ends. */
const PLENTY = 15_000_000;
const SCARCE = 12_000;

/** False where walks have become scarce. */
export function hasPlenty({ walkedSteps }: Interpreter): boolean {
  return walkedSteps <= PLENTY;
}

export function boundsFor(interpreter: Interpreter, bounds: ExploreBounds = DEFAULT_EXPLORE_BOUNDS): ExploreBounds {
  return hasPlenty(interpreter) ? bounds : { ...bounds, steps: Math.min(bounds.steps, SCARCE), total: Math.min(bounds.total, SCARCE) };
}
