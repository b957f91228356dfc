import type { Decision } from '../interpreter/host.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import { BudgetExceeded } from '../interpreter/signals.ts';
import type { Condition, Site } from '../interpreter/values.ts';
import type { ChainStep, Finding, StepOutcome, StopReason } from './chain.ts';

/** One way of a request through a chain, to its end. */
export interface Path {
  readonly decisions: readonly Decision[];
  readonly end:
    | { readonly kind: 'work' }
    | { readonly kind: 'stopped'; readonly because: StopReason; readonly by: Finding; readonly step: number }
    /** The last step handed the request on, to the step with that index. */
    | { readonly kind: 'fell through'; readonly to: number };
  /** Steps that could not be followed on the way. */
  readonly unfollowed: readonly { readonly reason: string; readonly site: Site }[];
}

export interface Exploration {
  readonly paths: readonly Path[];
  /** False where a bound was hit before every path was tried. */
  readonly complete: boolean;
}

export interface ExploreBounds {
  /** Paths through one chain. */
  readonly paths: number;
  /** Runs of one step from one state. */
  readonly runs: number;
  /** Evaluated nodes for one run of one step. */
  readonly steps: number;
  /** Evaluated nodes for the whole chain. */
  readonly total: number;
}

export const DEFAULT_EXPLORE_BOUNDS: ExploreBounds = { paths: 128, runs: 64, steps: 40_000, total: 160_000 };

export interface ExploreOptions {
  /** Holds from the start and is no decision of a path. */
  readonly given: readonly Condition[];
  /** Ends the walk early: no further path can change the answer. */
  readonly isDecided: (path: Path) => boolean;
  /** A text that is equal for states of the request that later steps cannot tell apart. */
  readonly stateOf?: () => string;
  readonly bounds?: ExploreBounds;
  /** What functions did that do the same on every route, kept from one chain to the next. */
  readonly summaries?: StepSummaries;
}

export type StepSummaries = WeakMap<object, Map<string, StepSummary>>;

/** How the runs of a function end, from one state of the request. */
export interface StepSummary {
  /** Each end that makes a difference once. */
  readonly runs: readonly SummarizedRun[];
  /** Keys of the earlier decisions that it hung on. */
  readonly consulted: ReadonlySet<string>;
}

export interface SummarizedRun {
  /** Which branch each choice of the run took. */
  readonly branches: readonly number[];
  readonly outcome: StepOutcome;
  readonly taken: readonly Decision[];
}

/**
 * Walks a request through a chain on every path: whenever a step depends on something unknown, it is run again
 * for each branch, and the steps behind it from each state that it leaves.
 */
export function explore(interpreter: Interpreter, chain: readonly ChainStep[], options: ExploreOptions): Exploration {
  return new Walk(interpreter, chain, options).run();
}

interface Choice {
  readonly branches: readonly string[];
  readonly index: number;
}

/** Runs of one step that left the same state, and the paths that were found behind it. */
interface Passage {
  /** Decisions of weight that all of these runs took. */
  common: readonly Decision[];
  /** Decisions that hold for what comes behind. */
  readonly lasting: readonly Decision[];
  /** Keys of earlier decisions that what comes behind hung on. */
  readonly consulted: ReadonlySet<string>;
  readonly from: number;
  readonly to: number;
}

/** Thrown to end an exploration whose answer cannot change any more. */
const DECIDED = Symbol('decided');

class Walk {
  private readonly interpreter: Interpreter;
  private readonly chain: readonly ChainStep[];
  private readonly options: ExploreOptions;
  private readonly bounds: ExploreBounds;
  private readonly paths: Path[] = [];
  private complete = true;
  private spent = 0;
  /** Decisions on the way to the step under evaluation; configuration holds for the whole path. */
  private decisions: readonly Decision[];
  private readonly unfollowed: { reason: string; site: Site }[] = [];
  /** Keys of earlier decisions that the steps under evaluation asked for again. */
  private consulted = new Set<string>();

  constructor(interpreter: Interpreter, chain: readonly ChainStep[], options: ExploreOptions) {
    this.interpreter = interpreter;
    this.chain = chain;
    this.options = options;
    this.bounds = options.bounds ?? DEFAULT_EXPLORE_BOUNDS;
    this.decisions = options.given.map((condition) => ({ condition, kind: 'configuration' as const }));
  }

  run(): Exploration {
    const mark = this.interpreter.heap.mark();
    try {
      this.walk(0);
    } catch (signal) {
      if (signal !== DECIDED) throw signal;
    } finally {
      this.interpreter.heap.undoTo(mark);
    }
    return { paths: this.paths, complete: this.complete };
  }

  private finish(end: Path['end']): void {
    const path: Path = { decisions: this.decisions.slice(this.options.given.length), end, unfollowed: [...this.unfollowed] };
    this.paths.push(path);
    if (this.options.isDecided(path)) throw DECIDED;
    if (this.paths.length < this.bounds.paths) return;
    this.complete = false;
    throw DECIDED;
  }

  private walk(index: number): void {
    const step = this.chain[index];
    if (!step) {
      this.finish({ kind: 'fell through', to: index });
      return;
    }
    const before = this.decisions;
    const key = this.summaryKey(step, before);
    const known = key === undefined || !step.subject ? undefined : this.options.summaries?.get(step.subject)?.get(key);
    if (known) this.replay(step, index, known);
    else this.runAll(step, index, key);
    this.decisions = before;
  }

  private summaryKey(step: ChainStep, before: readonly Decision[]): string | undefined {
    if (!step.subject || !this.options.summaries || !this.options.stateOf || step.conditions.length > 0) return undefined;
    const held = before.filter(hasWeight).map((d) => `${d.condition.key}=${d.condition.branch}`).sort();
    return `${step.situation} ${this.options.stateOf()} ${held.join('&')}`;
  }

  /** Runs the step on every path of its own, and the steps behind it. */
  private runAll(step: ChainStep, index: number, key: string | undefined): void {
    const { heap } = this.interpreter;
    const before = this.decisions;
    // What differs early differs most: a bound then leaves out variations of ways that were tried.
    const ahead: (readonly Choice[])[] = [[]];
    const passages = new Map<string, Passage[]>();
    const runs: SummarizedRun[] = [];
    const consulted = new Set<string>();
    let isShared = key !== undefined;
    let onlyContinues = true;
    for (let run = 0; run < ahead.length; run++) {
      if (run >= this.bounds.runs || this.spent > this.bounds.total) {
        // A function that lets every request of so many pass decides nothing.
        if (!onlyContinues || this.spent > this.bounds.total) this.complete = false;
        return;
      }
      const known = ahead[run] as readonly Choice[];
      const choices = [...known];
      const mark = heap.mark();
      const depth = this.unfollowed.length;
      const { outcome, taken } = this.runOnce(step, choices, before, consulted);
      isShared &&= !step.dependsOnRoute();
      this.decisions = [...before, ...taken];
      onlyContinues &&= outcome.kind === 'continues';
      // One more than will be run says that there are more.
      if (ahead.length <= this.bounds.runs) ahead.push(...otherWays(choices, known.length, this.bounds.runs + 1 - ahead.length));
      const isNew = this.end(outcome, index, taken, passages);
      if (isShared && isNew) runs.push({ branches: choices.map((c) => c.index), outcome, taken });
      heap.undoTo(mark);
      this.unfollowed.length = depth;
    }
    if (!isShared || key === undefined || !step.subject || !this.options.summaries) return;
    const summaries = this.options.summaries.get(step.subject) ?? new Map<string, StepSummary>();
    summaries.set(key, { runs, consulted });
    this.options.summaries.set(step.subject, summaries);
  }

  /** Goes through the ends that the step is known to have; what passes on is run once more for the state it leaves. */
  private replay(step: ChainStep, index: number, { runs, consulted }: StepSummary): void {
    const { heap } = this.interpreter;
    const before = this.decisions;
    const passages = new Map<string, Passage[]>();
    for (const key of consulted) this.consulted.add(key);
    for (const run of runs) {
      const mark = heap.mark();
      const depth = this.unfollowed.length;
      const choices = run.branches.map((branch): Choice => ({ branches: [], index: branch }));
      const { outcome, taken } = run.outcome.kind === 'stopped' ? run : this.runOnce(step, choices, before, new Set());
      this.decisions = [...before, ...taken];
      this.end(outcome, index, taken, passages);
      heap.undoTo(mark);
      this.unfollowed.length = depth;
    }
  }

  /** True where this end of the step is a new one. */
  private end(outcome: StepOutcome, index: number, taken: readonly Decision[], passages: Map<string, Passage[]>): boolean {
    if (outcome.kind === 'work') this.finish(outcome);
    else if (outcome.kind === 'stopped') this.finish({ ...outcome, step: index });
    else return this.pass(outcome, index, taken, passages);
    return true;
  }

  /** Goes on behind a step, once for each state that the step can leave. */
  private pass(outcome: StepOutcome & { kind: 'continues' | 'unknown' }, index: number, taken: readonly Decision[], passages: Map<string, Passage[]>): boolean {
    const to = outcome.kind === 'continues' ? outcome.to ?? index + 1 : index + 1;
    const weight = taken.filter(hasWeight);
    const key = `${to} ${outcome.kind === 'unknown' ? outcome.reason : ''} ${this.options.stateOf?.() ?? ''}`;
    const lasting = taken.filter((d) => d.kind !== 'input');
    const sameState = passages.get(key) ?? [];
    const known = sameState.find((passage) => differ(passage.lasting, lasting).every((other) => !passage.consulted.has(other)));
    // Kept in a summary too where it widens what is known.
    if (known) return this.generalize(known, weight);
    if (outcome.kind === 'unknown') this.unfollowed.push(outcome);
    const from = this.paths.length;
    const outer = this.consulted;
    const consulted = (this.consulted = new Set());
    this.walk(to);
    this.consulted = outer;
    for (const asked of consulted) outer.add(asked);
    passages.set(key, [...sameState, { common: weight, lasting, consulted, from, to: this.paths.length }]);
    return true;
  }

  /** The same state is left under other decisions too: those that differ did not matter for what was found behind it. */
  private generalize(passage: Passage, weight: readonly Decision[]): boolean {
    const dropped = passage.common.filter((d) => !weight.some((w) => isSame(w, d)));
    if (dropped.length === 0) return false;
    passage.common = passage.common.filter((d) => !dropped.includes(d));
    for (let at = passage.from; at < passage.to; at++) {
      const path = this.paths[at] as Path;
      const wider: Path = { ...path, decisions: path.decisions.filter((d) => !dropped.some((other) => isSame(other, d))) };
      this.paths[at] = wider;
      if (this.options.isDecided(wider)) throw DECIDED;
    }
    return true;
  }

  private runOnce(step: ChainStep, choices: Choice[], before: readonly Decision[], consulted: Set<string>): { outcome: StepOutcome; taken: Decision[] } {
    const { interpreter } = this;
    const taken: Decision[] = [];
    let made = 0;
    const choose = (branches: readonly string[], condition: Omit<Condition, 'branch'>, kind: Decision['kind']): string => {
      const held = this.held(condition.key, kind, before, taken);
      if (held !== undefined) {
        consulted.add(condition.key);
        this.consulted.add(condition.key);
        return held;
      }
      const choice = (choices[made] ??= { branches, index: 0 });
      made++;
      const branch = branches[choice.index] as string;
      taken.push({ condition: { ...condition, branch }, kind });
      return branch;
    };
    const { branching, controls, lastControl, choosing } = interpreter;
    interpreter.choosing = true;
    const frames = interpreter.frames.length;
    interpreter.branching = { mode: 'choose', choose };
    interpreter.controls = [];
    interpreter.lastControl = undefined;
    try {
      const outcome = interpreter.withBudget(this.bounds.steps, (): StepOutcome => {
        try {
          for (const condition of step.conditions) {
            if (choose(['true', 'false'], condition, condition.configuration ? 'configuration' : 'input') !== condition.branch) return { kind: 'continues' };
          }
          return step.run();
        } finally {
          this.spent += interpreter.steps;
        }
      });
      return { outcome, taken };
    } catch (signal) {
      if (!(signal instanceof BudgetExceeded)) throw signal;
      return { outcome: { kind: 'unknown', reason: `${step.name} takes too long to follow`, site: step.site }, taken };
    } finally {
      interpreter.frames.length = frames;
      Object.assign(interpreter, { branching, controls, lastControl, choosing });
    }
  }

  /** The branch that an earlier decision of the same path fixes. What the client chooses may differ from one test to the next. */
  private held(key: string, kind: Decision['kind'], before: readonly Decision[], taken: readonly Decision[]): string | undefined {
    const earlier = kind === 'input' ? before.slice(0, this.options.given.length) : [...before, ...taken];
    return earlier.find((d) => d.condition.key === key)?.condition.branch;
  }
}

/** Decisions that tell one deployment from another, or that the analysis is not sure of. */
function hasWeight(decision: Decision): boolean {
  return decision.kind === 'configuration' || decision.kind === 'uncertain';
}

/** Keys of decisions that only one of the two has. */
function differ(a: readonly Decision[], b: readonly Decision[]): string[] {
  const only = (those: readonly Decision[], others: readonly Decision[]): string[] => those.filter((d) => !others.some((other) => isSame(other, d))).map((d) => d.condition.key);
  return [...only(a, b), ...only(b, a)];
}

function isSame(a: Decision, b: Decision): boolean {
  return a.condition.key === b.condition.key && a.condition.branch === b.condition.branch;
}

/** The choices that were made new in a run, each taken otherwise. */
function otherWays(choices: readonly Choice[], from: number, most: number): Choice[][] {
  const ways: Choice[][] = [];
  for (let at = from; at < choices.length && ways.length < most; at++) {
    const { branches } = choices[at] as Choice;
    for (let index = 1; index < branches.length; index++) ways.push([...choices.slice(0, at), { branches, index }]);
  }
  return ways;
}
