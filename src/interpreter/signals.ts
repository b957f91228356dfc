import type { Condition, Site, Value } from './values.ts';

/** A `throw` of the interpreted program on its way to the nearest `catch`. */
export class ThrowSignal {
  readonly value: Value;
  readonly site: Site;
  /** It left a branch of a test that is not known. */
  leftBranch = false;
  constructor(value: Value, site: Site) {
    this.value = value;
    this.site = site;
  }
}

/** Ends the path under evaluation: the request has left the function for good, or the program waits for ever. */
export class PathEnd {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A bound was hit: steps, depth or time. Says which. */
export class BudgetExceeded {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** The bound that was hit, also where it is one of the machine that runs the analysis: its stack, the longest text it can hold. */
export function boundOf(signal: unknown): BudgetExceeded | undefined {
  if (signal instanceof BudgetExceeded) return signal;
  return signal instanceof RangeError ? new BudgetExceeded(`too large to follow (${signal.message})`) : undefined;
}

/** Code that was tried with both branches of a test at once needs one of them after all: see branches.ts. */
export class NeedsChoice {
  readonly reason = 'needs a choice';
  /** Decisions that have to be taken for it. None where it would not do to take them: the code answers the request. */
  readonly open: readonly Condition[];
  constructor(open: readonly Condition[] = []) {
    this.open = open;
  }
}
