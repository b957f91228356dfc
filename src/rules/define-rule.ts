import type { Rule } from 'eslint';
import type { Analysis } from '../model.ts';

/** What is known about the program of the file that is being linted. */
export interface Judged {
  readonly analysis: Analysis;
  /** That file, relative to the root of the analysis. */
  readonly file: string;
  /** False where neither an endpoint nor an application stands in the file. */
  readonly isMentioned: boolean;
}

/** Undefined for text that is no JavaScript or TypeScript (JSON, Markdown, CSS). */
export type Judge = (context: Rule.RuleContext) => Judged | undefined;

export interface RuleDefinition {
  readonly meta: Rule.RuleMetaData;
  readonly create: (context: Rule.RuleContext, judged: Judged) => Rule.RuleListener;
}

/** A rule that still needs to be told whom to ask, so that no rule holds state of its own. */
export function defineRule({ meta, create }: RuleDefinition): (judge: Judge) => Rule.RuleModule {
  return (judge) => ({
    meta,
    create(context) {
      const judged = judge(context);
      return judged?.isMentioned === true ? create(context, judged) : {};
    },
  });
}
