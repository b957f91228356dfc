import type { TSESTree } from '@typescript-eslint/types';
import type { Labels } from './labels.ts';
import type { FunctionObject, Site, Value } from './values.ts';

/** A call or a loop round that is being evaluated. */
export interface Frame {
  /** The call in the user's code; the loop statement for a round. */
  readonly site: Site;
  /** What it was given: arguments, or the element of the round. */
  readonly given: readonly Value[];
  readonly callee: FunctionObject | undefined;
}

/**
 * A branch that a labelled value decided: a credential's absence, a client's count. `untaken` is the code that
 * would have run otherwise.
 */
export interface Control {
  /** Of ABSENT, BY_ABSENCE and COUNTER. */
  readonly labels: Labels;
  readonly site: Site;
  readonly untaken: readonly TSESTree.Node[];
  /** `untaken` is the other branch of an `if` with `else`, not what stands behind it. */
  readonly isAlternative?: boolean;
}
