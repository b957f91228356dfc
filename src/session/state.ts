import type { TSESTree } from '@typescript-eslint/types';
import type { Route } from '../frameworks/framework.ts';
import type { Amended } from '../interpreter/amendments/amending.ts';
import type { KeptReads } from '../interpreter/observation/reads.ts';
import type { ClassObject } from '../interpreter/values.ts';
import type { JudgedProgram } from '../judged-program.ts';
import type { Analysis } from '../model.ts';
import type { LiveModule, PlannedEdit } from '../project/live-module.ts';
import type { JudgedRoute } from './routes.ts';

export interface State {
  readonly program: JudgedProgram;
  readonly reads: KeptReads;
  routes: readonly JudgedRoute[];
  readonly judged: WeakMap<Route, JudgedRoute>;
  /** How often routes came and went. */
  there: number;
  analysis: Analysis;
  /** The text of a file that was not on disk when the registration code was evaluated. */
  readonly overlay: { readonly file: string; readonly text: string } | undefined;
}

export interface ModuleEdit {
  readonly module: LiveModule;
  readonly edit: PlannedEdit;
}

/** What an edit changed. */
export interface CarriedOut {
  readonly changes: Amended['changes'];
  /** With other methods or decorators. */
  readonly classes: readonly ClassObject[];
  readonly stale: readonly object[];
}

/** The functions and classes that changed, and those in which statements came and went, with all nodes around them. */
export function nodesOf({ changed, blocks, classes }: PlannedEdit): readonly TSESTree.Node[] {
  return [...changed.map(({ node, around }) => [node, ...around]), ...classes.map(({ node, around }) => [node, ...around]), ...blocks.map(({ owner, around }) => [owner, ...around])].flat();
}
