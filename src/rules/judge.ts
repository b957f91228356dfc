import type { Rule } from 'eslint';
import type { Analysis } from '../model.ts';

/**
 * What is known about the program of the file that is being linted. `file` is that file, relative to the root of the
 * analysis. Undefined for text that is no JavaScript or TypeScript (JSON, Markdown, CSS).
 */
export type Judge = (
  context: Rule.RuleContext,
) => { readonly analysis: Analysis; readonly file: string } | undefined;
