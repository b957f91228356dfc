import type { External, Value } from '../interpreter/values.ts';
import type { Judgement } from './catalogue/row.ts';

/** What the user's settings say of a function. */
export type OwnJudgement = 'guard' | 'limiter' | 'passes';

/** Asked before anything is evaluated: the settings, then the catalogue for what cannot be read. */
export interface Judge {
  own(value: Value): OwnJudgement | undefined;
  known(external: External, args?: readonly Value[]): Judgement | undefined;
  byName(external: External): 'guard' | 'limiter' | 'populates' | undefined;
}
