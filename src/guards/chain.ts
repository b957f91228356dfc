import type { Observation } from '../interpreter/observation/observed.ts';
import type { Condition, Site } from '../interpreter/values.ts';

/** What stands at a place, for evidence: resolved to file and line when the verdict is written. */
export interface Finding {
  readonly name: string;
  readonly site: Site;
  readonly text: string;
}

/**
 * `absence`: because it has no credential; `limit`: a limiter may stop it; `refusal`: it is turned away for another
 * reason, such as the body's shape; `answer`: it is served here.
 */
export type StopReason = 'absence' | 'refusal' | 'limit' | 'answer';

/** How one run of a step ends, on one path. */
export type StepOutcome =
  /** The request goes on to the next step, or to the one with that index. */
  | {
      readonly kind: 'continues';
      readonly to?: number;
      /** The step did not run: an error is on its way past it. */
      readonly isPassedOver?: boolean;
    }
  /** Nothing that comes later sees the request. */
  | { readonly kind: 'stopped'; readonly because: StopReason; readonly by: Finding }
  /** The endpoint's work is reached; by a login, where a right secret was sent and a credential was given for it. */
  | { readonly kind: 'work'; readonly isLogin: boolean }
  /** Could not be followed; the request may go on. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly site: Site };

/** Thrown through the interpreted code when the request leaves a step for good: `next()`, the endpoint's work, a known guard. */
export class StepEnd {
  readonly outcome: StepOutcome;
  constructor(outcome: StepOutcome) {
    this.outcome = outcome;
  }
}

/** One function that a request passes on its way to the endpoint's work. */
export interface ChainStep {
  readonly name: string;
  readonly site: Site;
  /** Under which decisions of the registration the step is there. */
  readonly conditions: readonly Condition[];
  /** What its end hangs on besides the request: whether an error handler follows. Equal texts are equal situations. */
  readonly situation: string;
  /** Equal for steps that do the same from the same state of the request, on whichever route. */
  readonly subject: object | undefined;
  /** Where it was put into the chain. */
  readonly place: Site;
  /** What it has read in its last run of all that differs from route to route, by name. */
  reads(): Iterable<Observation>;
  /** What that is on this step's route; undefined where it cannot be compared. */
  fact(name: string): string | undefined;
  /** Runs the step with the request as the steps before left it. */
  run(): StepOutcome;
}
