import type { TSESTree } from '@typescript-eslint/types';
import { type Amendable, Amending } from '../interpreter/amendments/amending.ts';
import { ClassAmending, type ClassEdit } from '../interpreter/amendments/class-amending.ts';
import { ImportAmending } from '../interpreter/amendments/import-amending.ts';
import { capturesOf } from '../interpreter/modules/captures.ts';
import { activationOf } from '../interpreter/modules/module-record.ts';
import { isSameFor } from '../interpreter/observation/relevance.ts';
import type { FunctionNode } from '../interpreter/values.ts';
import { isFunction } from '../interpreter/walk.ts';
import type { JudgedProgram } from '../judged-program.ts';
import { mayMake } from '../program.ts';
import type { LiveModule, PlannedEdit } from '../project/live-module.ts';
import { type CarriedOut, type ModuleEdit, nodesOf, type State } from './state.ts';

/** For each module and function in which statements came and went; undefined where one cannot be amended. */
function amendingsOf(state: State, module: LiveModule, { blocks }: PlannedEdit): readonly Amending[] | undefined {
  const { interpreter } = state.program;
  const record = interpreter.modules.recordOf(module.file);
  const asks = asksOf(state);
  // What a module binds is there before a function of it runs.
  const amendings = blocks.toSorted((a, b) => a.around.length - b.around.length).flatMap((block) => {
    const activation = block.owner.type === 'Program' ? record && activationOf(record) : interpreter.activations?.of(block.owner);
    return record && activation ? [new Amending(interpreter, activation, record, block, asks)] : [];
  });
  return amendings.length === blocks.length ? amendings : undefined;
}

export function isRedecorated(program: JudgedProgram, node: TSESTree.ClassDeclaration): boolean {
  const shape = program.interpreter.decoratedClasses.get(node);
  return shape !== undefined && program.isMadeRoutesOf(shape.created);
}

function asksOf({ program, reads }: State): Amendable {
  return { isLookedInto: (code) => reads.lasting.has(code) || reads.relevant.has(code), isMaker: mayMake, isRedecorated: (node) => isRedecorated(program, node) };
}

/** For names that imports bind; undefined where one cannot be amended. */
function importAmendingsOf(state: State, module: LiveModule, { imports }: PlannedEdit): readonly ImportAmending[] | undefined {
  const { interpreter } = state.program;
  const record = interpreter.modules.recordOf(module.file);
  const amendings = record ? imports.map((edit) => new ImportAmending(interpreter, record, edit, asksOf(state))) : [];
  return amendings.length === imports.length && amendings.every((amending) => amending.prepare()) ? amendings : undefined;
}

/** For each class with other methods or decorators, or with such as mention something else now; undefined where one cannot be amended. */
function classAmendingsOf(state: State, module: LiveModule, { classes }: PlannedEdit, others: Iterable<TSESTree.ClassDeclaration>): readonly ClassAmending[] | undefined {
  const { interpreter } = state.program;
  const record = interpreter.modules.recordOf(module.file);
  const edits = new Map<TSESTree.ClassDeclaration, ClassEdit>(classes.map((edit) => [edit.node, edit]));
  for (const node of others) if (!edits.has(node)) edits.set(node, { node, members: node.body.body, removed: [], added: new Set(), decorators: undefined });
  const amendings = [...edits].flatMap(([node, edit]) => {
    const shape = interpreter.decoratedClasses.get(node);
    return record && shape ? [new ClassAmending(interpreter, shape, record, edit, asksOf(state))] : [];
  });
  return amendings.length === edits.size && amendings.every((amending) => amending.prepare()) ? amendings : undefined;
}

/** Puts the new bodies in, and evaluates statements that came; undefined where answers that were given about the old ones would be others. */
export function carryOut(state: State, { module, edit }: ModuleEdit): CarriedOut | undefined {
  const { program, reads } = state;
  const { interpreter } = program;
  const amendings = amendingsOf(state, module, edit);
  if (!amendings?.every((amending) => amending.prepare())) return undefined;
  const importAmendings = importAmendingsOf(state, module, edit);
  const classAmendings = importAmendings && classAmendingsOf(state, module, edit, [...amendings, ...importAmendings].flatMap(({ classes }) => [...classes]));
  if (!classAmendings) return undefined;
  const before = new Map<object, readonly string[]>();
  for (const node of nodesOf(edit)) {
    const names = interpreter.mentions.get(node);
    if (names) before.set(node, names);
    for (const known of [interpreter.mentions, interpreter.relevance, interpreter.assigned]) known.delete(node);
  }
  // Other functions around run again wherever they have run.
  const captures = (): string => edit.changed.map(({ node, around }) => capturesOf(interpreter, node, around.filter((outer) => isFunction(outer) && reads.lasting.has(outer)) as FunctionNode[])).join(' ');
  const captured = captures();
  module.carryOut(edit);
  if (captures() !== captured) return undefined;
  for (const node of nodesOf(edit)) interpreter.captured.delete(node as FunctionNode);
  for (const amending of importAmendings) amending.finish();
  const finished = amendings.map((amending) => amending.finish());
  const amended = finished.filter((one) => one !== undefined);
  if (amended.length < finished.length || edit.blocks.some(({ owner }) => amendings.some((amending) => amending.hasCalled(owner)))) return undefined;
  if (!classAmendings.every((amending) => amending.finish())) return undefined;
  const stale = [...amended.flatMap((one) => one.stale), ...[...importAmendings, ...classAmendings].flatMap((one) => [...one.stale])];
  if (![...edit.changed, ...edit.classes, ...edit.blocks.map(({ owner, around }) => ({ node: owner, around }))].every(({ node, around }) => isSameFor(interpreter, module, [node, ...around], before, reads.relevant))) return undefined;
  return { changes: amended.flatMap((one) => one.changes), classes: classAmendings.map(({ created }) => created), stale };
}
