import type { TSESTree } from '@typescript-eslint/types';
import { applyEffects, type Branch, type BranchEffects, branchEffects, joinAll, joinEffects, LABELS, optionsUnder } from './branches.ts';
import { evaluate } from '../evaluation/expressions.ts';
import type { Control } from '../frames.ts';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { unionIn } from '../evaluation/members.ts';
import type { Scope } from '../modules/scope.ts';
import { boundOf, NeedsChoice } from '../signals.ts';
import type { Completion } from '../evaluation/statements.ts';
import type { Truth } from '../evaluation/truth.ts';
import { ABSENCE, CONTROLLING, type Labels } from '../labels.ts';
import { type Condition, HeapObject, type Site, UNDEFINED, type UnionOption, type Value } from '../values.ts';

type Known = Truth & { known: true };
type Decided = Omit<Condition, 'branch'>;

/** One branch of a fork that was run to its end. */
interface Way {
  readonly completion: Completion | undefined;
  readonly effects: BranchEffects;
  readonly controls: Control[];
  readonly condition: Condition;
  readonly own: OwnObjects;
}

/** A branch that has left a construct, while the other goes on in it. */
interface Exit {
  /** Under which it did, of the conditions that were not there at the beginning of the construct. */
  readonly conditions: readonly Condition[];
  /** What was done since then. */
  readonly effects: BranchEffects;
  readonly completion: Completion;
  /** Objects that only this branch holds, by their numbers: see `Heap.madeSoFar`. */
  readonly own: OwnObjects;
}

interface OwnObjects {
  readonly after: number;
  readonly upTo: number;
}

/** A function, a loop or one of its rounds: where branches that leave it meet again with those that come to its end. */
export interface Meeting {
  readonly accepts: (completion: Completion) => boolean;
  readonly exits: Exit[];
  readonly mark: number;
  readonly depth: number;
}

/**
 * Runs a construct that some branches may leave early (`return`, `break`, `continue`). What follows the test that
 * parts them is evaluated for those that go on; in the end what each has left is joined.
 */
export function meet(interpreter: Interpreter, accepts: Meeting['accepts'], run: () => Completion | undefined): Completion | undefined {
  const { heap, conditions } = interpreter;
  const depth = conditions.length;
  const meeting: Meeting = { accepts, exits: [], mark: heap.mark(), depth };
  const outer = interpreter.meetings;
  interpreter.meetings = [...outer, meeting];
  let completion: Completion | undefined;
  let held: readonly Condition[] = [];
  try {
    completion = run();
    held = conditions.slice(depth);
  } catch (signal) {
    // Those that have left already go on.
    if (meeting.exits.length > 0 && !(signal instanceof NeedsChoice) && !boundOf(signal)) throw new NeedsChoice([...conditions, ...conditionsOf(meeting)]);
    throw signal;
  } finally {
    interpreter.meetings = outer;
    conditions.length = Math.min(conditions.length, depth);
  }
  if (meeting.exits.length === 0) return completion;
  if (!completion || accepts(completion)) return joinExits(interpreter, meeting, completion);
  // All that come to the end leave further: if (a) continue; return b;
  const isElsewhere = meeting.exits.every((exit) => exit.conditions.some((c) => held.some((h) => h.key === c.key && h.branch !== c.branch)));
  const further = interpreter.meetings.findLast((m) => m.accepts(completion));
  if (!isElsewhere || !further) interpreter.requireChoice(conditionsOf(meeting));
  further.exits.push({ conditions: [...conditions.slice(further.depth), ...held], effects: branchEffects(heap.writesSince(further.mark)), completion, own: { after: heap.madeSoFar(), upTo: heap.madeSoFar() } });
  const last = meeting.exits.pop() as Exit;
  heap.undoTo(meeting.mark);
  applyEffects(interpreter, last.effects);
  return meeting.exits.length > 0 ? joinExits(interpreter, meeting, last.completion) : asEnd(last.completion);
}

/** What a construct completes with that was left in this way. */
function asEnd(completion: Completion): Completion | undefined {
  return completion.type === 'return' ? completion : undefined;
}

export function isReturn(completion: Completion): boolean {
  return completion.type === 'return';
}

function conditionsOf({ exits }: Meeting): Condition[] {
  return exits.flatMap((exit) => exit.conditions);
}

function joinExits(interpreter: Interpreter, meeting: Meeting, completion: Completion | undefined): Completion | undefined {
  const { heap } = interpreter;
  const last = branchEffects(heap.writesSince(meeting.mark));
  heap.undoTo(meeting.mark);
  const branches = [...meeting.exits, { conditions: [], effects: last, own: undefined }];
  const isOf = (own: OwnObjects | undefined, made: number): boolean => own !== undefined && made > own.after && made <= own.upTo;
  const mayHold = (own: OwnObjects | undefined, made: number): boolean => {
    if (isOf(own, made)) return true;
    return (!own || made <= own.after) && !meeting.exits.some((exit) => isOf(exit.own, made));
  };
  if (!joinAll(interpreter, branches.map((branch): Branch => ({ ...branch, mayHold: (object) => mayHold(branch.own, heap.madeAs(object)) })))) interpreter.requireChoice(conditionsOf(meeting));
  const returned = meeting.exits.flatMap(({ conditions, completion: left }) => (left.type === 'return' ? valueUnder(conditions, left.value) : []));
  if (returned.length === 0) return undefined;
  const end = completion?.type === 'return' ? completion.value : UNDEFINED;
  return { type: 'return', value: unionIn(interpreter, [...returned, ...valueUnder([], end)]) };
}

function valueUnder(conditions: readonly Condition[], value: Value): UnionOption[] {
  if (value.kind !== 'union') return [{ conditions, value }];
  return value.options.map((option) => ({ conditions: [...conditions, ...option.conditions], value: option.value }));
}

/** Runs both ways where the test is not known, and joins how they ended. */
export function forkOnTest(interpreter: Interpreter, node: TSESTree.Expression, scope: Scope, module: LoadedModule, run: (test: Known) => Completion | undefined): Completion | undefined {
  return decideTest(interpreter, node, scope, module, run, (condition, way) => forkCompletions(interpreter, condition, way));
}

export function forkOnTruth(interpreter: Interpreter, truth: Truth, run: (test: Known) => Completion | undefined): Completion | undefined {
  return decideTruth(interpreter, truth, run, (condition, way) => forkCompletions(interpreter, condition, way));
}

/** The value of an expression with a test, such as `test ? a : b`, with what either side did. */
export function valueOnTest(interpreter: Interpreter, node: TSESTree.Expression, scope: Scope, module: LoadedModule, run: (test: Known) => Value): Value {
  return decideTest(interpreter, node, scope, module, run, (condition, way) => forkValues(interpreter, condition, way));
}

export function valueOnTruth(interpreter: Interpreter, truth: Truth, run: (test: Known) => Value): Value {
  return decideTruth(interpreter, truth, run, (condition, way) => forkValues(interpreter, condition, way));
}

type Fork<T> = (condition: Decided, way: (branch: 'true' | 'false') => T) => T;

/** Each part of `a && b` by itself, as `evaluateTest` does. */
function decideTest<T>(interpreter: Interpreter, node: TSESTree.Expression, scope: Scope, module: LoadedModule, run: (test: Known) => T, fork: Fork<T>): T {
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    return decideTest(interpreter, node.argument, scope, module, (test) => run({ ...test, value: !test.value }), fork);
  }
  if (node.type === 'LogicalExpression' && node.operator !== '??') {
    const decisive = node.operator === '||';
    return decideTest(interpreter, node.left, scope, module, (left) => {
      if (left.value === decisive) return run(left);
      return decideTest(interpreter, node.right, scope, module, (right) => run(right.value === decisive ? right : { ...right, labels: left.labels | right.labels, isChosen: (left.isChosen ?? false) || (right.isChosen ?? false) }), fork);
    }, fork);
  }
  return decideValue(interpreter, evaluate(interpreter, node, scope, module), interpreter.site(module, node), run, fork);
}

/** Runs what depends on the value for each that it may be, and joins how that ended. */
export function forkOnEach(interpreter: Interpreter, value: Value, run: (option: Value) => Completion | undefined): Completion | undefined {
  return decideOption(interpreter, value, run, (condition, way) => forkCompletions(interpreter, condition, way));
}

/** What `run` gives for each value that it may be, by itself. */
export function valueOfEach(interpreter: Interpreter, value: Value, run: (option: Value) => Value): Value {
  return decideOption(interpreter, value, run, (condition, way) => forkValues(interpreter, condition, way));
}

function decideValue<T>(interpreter: Interpreter, value: Value, site: Site, run: (test: Known) => T, fork: Fork<T>): T {
  return decideOption(interpreter, value, (option) => decideTruth(interpreter, interpreter.whether(option, site), run, fork), fork);
}

function decideOption<T>(interpreter: Interpreter, value: Value, run: (option: Value) => T, fork: Fork<T>): T {
  const settled = interpreter.settle(value);
  if (settled.kind !== 'union') return run(settled);
  const option = settled.options.find((o) => interpreter.isPossible(o.conditions));
  const open = option?.conditions.find((c) => interpreter.held(c.key) === undefined);
  if (!open) return decideOption(interpreter, option?.value ?? UNDEFINED, run, fork);
  return fork(open, () => decideOption(interpreter, settled, run, fork));
}

function decideTruth<T>(interpreter: Interpreter, truth: Truth, run: (test: Known) => T, fork: Fork<T>): T {
  if (truth.known) return run(truth);
  const { labels, negated, kind } = truth;
  const taken = (branch: string): T => run({ known: true, value: (branch === 'true') !== negated, labels, isChosen: true });
  const held = kind === 'input' ? undefined : interpreter.held(truth.condition.key);
  if (held !== undefined) return taken(held);
  if (interpreter.attempt && interpreter.joining?.matters(truth.condition)) return run({ known: true, value: interpreter.decideNow(truth), labels, isChosen: true });
  if (!interpreter.attempt && (labels & CONTROLLING) !== 0) interpreter.commit();
  const condition = kind === 'input' ? interpreter.freshCondition(truth.condition) : truth.condition;
  return fork({ ...condition, isUncertain: kind === 'uncertain' }, taken);
}

function forkValues(interpreter: Interpreter, decided: Decided, run: (branch: 'true' | 'false') => Value): Value {
  const values: Value[] = [];
  const made = interpreter.heap.madeSoFar();
  const ways = BRANCHES.map((branch) => startWay(interpreter, { ...decided, branch }, () => {
    values.push(run(branch));
    return undefined;
  }));
  joinWays(interpreter, ways, made);
  return unionIn(interpreter, ways.flatMap((way, at) => optionsUnder(way.condition, values[at] as Value)));
}

const BRANCHES = ['true', 'false'] as const;

/** Both branches, each from the same state. Where one leaves and the other goes on, the first waits where they meet again. */
function forkCompletions(interpreter: Interpreter, decided: Decided, run: (branch: 'true' | 'false') => Completion | undefined): Completion | undefined {
  const made = interpreter.heap.madeSoFar();
  const ways = BRANCHES.map((branch) => startWay(interpreter, { ...decided, branch }, () => run(branch)));
  const [onTrue, onFalse] = ways as [Way, Way];
  if (onTrue.completion?.type === 'return' && onFalse.completion?.type === 'return') {
    joinWays(interpreter, ways, made);
    return { type: 'return', value: unionIn(interpreter, [...optionsUnder(onTrue.condition, onTrue.completion.value), ...optionsUnder(onFalse.condition, onFalse.completion.value)]) };
  }
  if (endAlike(onTrue.completion, onFalse.completion)) {
    joinWays(interpreter, ways, made);
    interpreter.controls = joinedControls(interpreter, onTrue, onFalse);
    return onTrue.completion;
  }
  const [leaving, going] = onTrue.completion ? [onTrue, onFalse] : [onFalse, onTrue];
  leave(interpreter, leaving);
  interpreter.conditions.push(going.condition);
  applyEffects(interpreter, going.effects);
  interpreter.controls = [...going.controls];
  return going.completion;
}

function leave(interpreter: Interpreter, { completion, condition, effects, own }: Way): void {
  const meeting = completion && interpreter.meetings.findLast((m) => m.accepts(completion));
  if (!completion || !meeting) interpreter.requireChoice([condition]);
  const { heap } = interpreter;
  const mark = heap.mark();
  applyEffects(interpreter, effects);
  interpreter.countWork(effects.size);
  meeting.exits.push({ conditions: [...interpreter.conditions.slice(meeting.depth), condition], effects: branchEffects(heap.writesSince(meeting.mark)), completion, own });
  heap.undoTo(mark);
}

/** What follows runs under a branch that absence decided only where both ways do; a client's count is left out of account. */
function joinedControls(interpreter: Interpreter, onTrue: Way, onFalse: Way): Control[] {
  const decisive = interpreter.joining?.decisive ?? CONTROLLING;
  const shared = onTrue.controls.filter((control) => onFalse.controls.some((other) => isSameControl(control, other)));
  for (const way of [onTrue, onFalse]) {
    if (way.controls.some((control) => (control.labels & decisive) !== 0 && !shared.some((other) => isSameControl(control, other)))) interpreter.requireChoice([way.condition]);
  }
  return shared;
}

function isSameControl(a: Control, b: Control): boolean {
  return a === b || (a.labels === b.labels && a.site.start === b.site.start && a.site.module === b.site.module);
}

function joinWays(interpreter: Interpreter, ways: readonly Way[], made: number): void {
  const [onTrue, onFalse] = ways as [Way, Way];
  for (const [way, other] of [[onTrue, onFalse], [onFalse, onTrue]] as const) if (marksOne(interpreter, way.effects, other.effects, made)) interpreter.requireChoice([way.condition]);
  joinEffects(interpreter, onTrue.condition, onTrue.effects, onFalse.condition, onFalse.effects);
}

/** True where an object that was there before is marked as absent in one branch only. */
function marksOne(interpreter: Interpreter, effects: BranchEffects, others: BranchEffects, made: number): boolean {
  for (const [target, places] of effects) {
    const labels = places.get(LABELS) as Labels | undefined;
    if (labels === undefined || !(target instanceof HeapObject) || interpreter.heap.isNewerThan(target, made)) continue;
    const other = (others.get(target)?.get(LABELS) as Labels | undefined) ?? target.labels;
    if (((labels ^ other) & ABSENCE) !== 0) return true;
  }
  return false;
}

function endAlike(a: Completion | undefined, b: Completion | undefined): boolean {
  if (!a || !b || a.type === 'return' || b.type === 'return') return a === b;
  return a.type === b.type && a.label === b.label;
}

function startWay(interpreter: Interpreter, condition: Condition, run: () => Completion | undefined): Way {
  const { heap, controls } = interpreter;
  const mark = heap.mark();
  interpreter.countWork(interpreter.conditions.length);
  const after = heap.madeSoFar();
  interpreter.controls = [...controls];
  try {
    const completion = interpreter.underConditions([condition], run);
    return { completion, effects: branchEffects(heap.writesSince(mark)), controls: interpreter.controls, condition, own: { after, upTo: heap.madeSoFar() } };
  } catch (signal) {
    if (signal instanceof NeedsChoice || boundOf(signal)) throw signal;
    // It leaves the function here, and the other branch may go on.
    throw new NeedsChoice([...interpreter.conditions, condition]);
  } finally {
    heap.undoTo(mark);
    interpreter.controls = controls;
  }
}
