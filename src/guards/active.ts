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
}

/** Which request is being walked; one at a time. */
export interface ActiveRequests {
  current: ActiveRequest | undefined;
}
