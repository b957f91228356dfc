import type { TSESTree } from '@typescript-eslint/types';
import type { Scope } from '../interpreter/modules/scope.ts';
import type { Site } from '../interpreter/values.ts';
import type { Question } from './question.ts';

/** The request that is being walked through a step, as far as what its code calls needs to know. */
export interface ActiveRequest {
  readonly question: Question;
  /** The program makes a credential and hands it out. */
  issued(): void;
  /**
   * What the client sent in the open (body, query) is held against a secret. True where this path takes it to be
   * right, as a login does; a request that gets to its work that way must be given a credential for it, unless what
   * is checked is the credential itself: a token that was mailed.
   */
  guesses(site: Site, isCredentialItself: boolean): boolean;
  /** Code is entered that a missing credential led to: where the request can go no further from there, the step ends. */
  entersBranch(branch: TSESTree.Statement, scope: Scope): void;
}

/** Which request is being walked; one at a time. */
export interface ActiveRequests {
  current: ActiveRequest | undefined;
}
