import type { Rule } from 'eslint';
import type { Analysis } from '../model.ts';
import type { RuleOptions } from './options.ts';
import { createReporter, type Protection } from './reports.ts';

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
  readonly protection: Protection;
}

/** A rule that still needs to be told whom to ask, so that no rule holds state of its own. */
export function defineRule({ meta, protection }: RuleDefinition): (judge: Judge) => Rule.RuleModule {
  return (judge) => {
    const reportsOf = createReporter(protection);
    return {
      meta,
      create(context) {
        const judged = judge(context);
        if (judged?.isMentioned !== true) return {};
        const [options] = context.options as [RuleOptions];
        const reports = reportsOf({ ...judged, options });
        return reports.length === 0 ? {} : { Program: () => reports.forEach((report) => context.report(report)) };
      },
    };
  };
}
