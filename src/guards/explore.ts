import { effectsSince } from '../interpreter/effects.ts';
import type { Decision } from '../interpreter/host.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import { boundOf } from '../interpreter/signals.ts';
import type { Condition, Site } from '../interpreter/values.ts';
import type { ChainStep, Finding, StepOutcome, StopReason } from './chain.ts';
import { type Choice, isAtPlace, otherWays, placed, type StepRun, StepSummaries, type StepSummary } from './summaries.ts';

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
  /** See `RequestChain`. */
  readonly world?: object | undefined;
}

/**
 * Walks a request through a chain on every path: whenever a step depends on something unknown, it is run again
 * for each branch, and the steps behind it from each state that it leaves.
 */
export function explore(interpreter: Interpreter, chain: readonly ChainStep[], options: ExploreOptions): Exploration {
  return new Walk(interpreter, chain, options).run();
}

/** Runs of one step that left the same state, and the paths that were found behind it. */
interface Passage {
  /** Decisions that all of these runs took and that hold for what comes behind. */
  common: readonly Decision[];
  /** What the first of them took. */
  readonly lasting: readonly Decision[];
  /** Keys of the decisions that what comes behind asked for. */
  readonly asked: ReadonlySet<string>;
  readonly from: number;
  readonly to: number;
}

/** A step with more ways than this is followed with the branches of its calls joined. */
const RUNS_BEFORE_JOINING = 8;

/** Writes of one run that are kept to be done again. */
const MAX_EFFECTS = 500;

/** Thrown to end an exploration whose answer cannot change any more. */
const DECIDED = Symbol('decided');

class Walk {
  private readonly interpreter: Interpreter;
  private readonly chain: readonly ChainStep[];
  private readonly options: ExploreOptions;
  private readonly bounds: ExploreBounds;
  private readonly paths: Path[] = [];
  private readonly summaries: StepSummaries;
  private complete = true;
  private spent = 0;
  /** Decisions on the way to the step under evaluation; configuration holds for the whole path. */
  private decisions: readonly Decision[];
  private readonly unfollowed: { reason: string; site: Site }[] = [];
  /** Keys of the decisions that the steps walked so far, behind the one that is being left, asked for. */
  private asked = new Set<string>();

  constructor(interpreter: Interpreter, chain: readonly ChainStep[], options: ExploreOptions) {
    this.interpreter = interpreter;
    this.chain = chain;
    this.options = options;
    this.bounds = options.bounds ?? DEFAULT_EXPLORE_BOUNDS;
    this.summaries = options.summaries ?? new StepSummaries();
    this.decisions = options.given.map((condition) => ({ condition, kind: 'configuration' as const }));
  }

  run(): Exploration {
    const mark = this.interpreter.heap.mark();
    try {
      this.walk(0, this.state());
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

  private state(): string {
    return this.options.stateOf?.() ?? '';
  }

  /** The step on every path of its own, and the steps behind it. */
  private walk(index: number, state: string): void {
    const step = this.chain[index];
    if (!step) {
      this.finish({ kind: 'fell through', to: index });
      return;
    }
    const { heap } = this.interpreter;
    const before = this.decisions;
    const summary = this.summaryOf(step, state, before);
    const passages = new Map<string, Passage[]>();
    const from = this.paths.length;
    let { restarts } = summary;
    for (let at = 0; at < summary.runs.length || summary.tried < summary.ahead.length; at++) {
      // Most of the ways differ in what does not matter: once more, with the branches of the step's calls joined.
      if (this.options.summaries && summary.restarts === 0 && summary.tried >= RUNS_BEFORE_JOINING) this.summaries.restart(summary);
      if (summary.restarts !== restarts) {
        restarts = summary.restarts;
        this.paths.length = from;
        passages.clear();
        at = 0;
      }
      const known = summary.runs[at];
      if (!known && (summary.tried >= this.bounds.runs || this.spent > this.bounds.total)) {
        // A run that was not tried may end otherwise, or leave another state behind.
        this.complete = false;
        break;
      }
      const mark = heap.mark();
      const depth = this.unfollowed.length;
      const run = known ?? this.runNext(step, index, summary, before);
      if (!run) {
        heap.undoTo(mark);
        continue;
      }
      if (known) this.repeat(step, known, before);
      this.decisions = [...before, ...run.taken];
      const isNew = this.end(run, step, index, passages);
      // It ends as a run before it, under no fewer decisions.
      if (!known && !isNew) summary.runs.splice(at--, 1);
      heap.undoTo(mark);
      this.unfollowed.length = depth;
    }
    for (const asked of summary.asked.keys()) if (asked.startsWith('c')) this.asked.add(asked.slice(1));
    this.decisions = before;
  }

  private summaryOf(step: ChainStep, state: string, before: readonly Decision[]): StepSummary {
    return this.summaries.of(step, state, this.options.world, (asked) => this.heldBefore(asked.slice(1), asked.startsWith('i'), before));
  }

  /** Runs the step once on a path that was not tried yet. Undefined where all of its runs have to be done anew. */
  private runNext(step: ChainStep, index: number, summary: StepSummary, before: readonly Decision[]): StepRun | undefined {
    const { heap } = this.interpreter;
    const given = summary.ahead[summary.tried] as readonly Choice[];
    const choices = [...given];
    const mark = heap.mark();
    const { outcome, taken } = this.runOnce(step, choices, before, summary);
    summary.tried++;
    if (summary.joining && summary.joining.found !== summary.found) {
      // What was found now would have changed the runs before it too.
      this.summaries.restart(summary);
      return undefined;
    }
    // One more than will be run says that there are more.
    if (summary.ahead.length <= this.bounds.runs) summary.ahead.push(...otherWays(choices, given.length, this.bounds.runs + 1 - summary.ahead.length));
    this.summaries.noteFacts(step, summary);
    const goesOn = outcome.kind === 'continues' || outcome.kind === 'unknown';
    const run: StepRun = {
      outcome,
      skip: outcome.kind === 'continues' && outcome.to !== undefined ? outcome.to - index : 1,
      taken,
      branches: choices.map((c) => c.index),
      after: goesOn ? this.state() : '',
      effects: goesOn && this.options.world ? effectsSince(heap, mark, MAX_EFFECTS) : undefined,
      isAtPlace: isAtPlace(outcome, step),
      joining: summary.joining,
    };
    summary.runs.push(run);
    return run;
  }

  /** Brings the request into the state that the run leaves. */
  private repeat(step: ChainStep, run: StepRun, before: readonly Decision[]): void {
    if (run.outcome.kind === 'stopped' || run.outcome.kind === 'work') return;
    if (run.effects) for (const effect of run.effects) effect(this.interpreter.heap);
    else this.runOnce(step, run.branches.map((branch): Choice => ({ branches: [], index: branch })), before, { asked: new Map(), joining: run.joining });
  }

  /** True where this end of the step is a new one. */
  private end(run: StepRun, step: ChainStep, index: number, passages: Map<string, Passage[]>): boolean {
    const outcome = placed(run, step);
    if (outcome.kind === 'work') this.finish(outcome);
    else if (outcome.kind === 'stopped') this.finish({ ...outcome, step: index });
    else return this.pass(outcome, run, index, passages);
    return true;
  }

  /** Goes on behind a step, once for each state that the step can leave. */
  private pass(outcome: StepOutcome & { kind: 'continues' | 'unknown' }, run: StepRun, index: number, passages: Map<string, Passage[]>): boolean {
    const lasting = run.taken.filter(isLasting);
    const key = `${run.skip} ${outcome.kind === 'unknown' ? outcome.reason : ''} ${run.after}`;
    const alike = passages.get(key) ?? [];
    // app.use(guard) under a flag leaves the request as it was either way; what comes behind may ask for the flag too.
    const known = alike.find((passage) => differing(passage.lasting, lasting).every((other) => !passage.asked.has(other)));
    if (known) return this.generalize(known, lasting);
    if (outcome.kind === 'unknown') this.unfollowed.push(outcome);
    const from = this.paths.length;
    const outer = this.asked;
    const asked = new Set<string>();
    this.asked = asked;
    this.walk(index + run.skip, run.after);
    this.asked = outer;
    for (const one of asked) outer.add(one);
    passages.set(key, [...alike, { common: lasting, lasting, asked, from, to: this.paths.length }]);
    return true;
  }

  /** The same state is left under other decisions too: those that differ did not matter for what was found behind it. */
  private generalize(passage: Passage, lasting: readonly Decision[]): boolean {
    const dropped = passage.common.filter((d) => !lasting.some((w) => isSame(w, d)));
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

  private runOnce(step: ChainStep, choices: Choice[], before: readonly Decision[], { asked, joining }: Pick<StepSummary, 'asked' | 'joining'>): { outcome: StepOutcome; taken: Decision[] } {
    const { interpreter } = this;
    const taken: Decision[] = [];
    let made = 0;
    const given = choices.length;
    const choose = (branches: readonly string[], condition: Omit<Condition, 'branch'>, kind: Decision['kind']): string => {
      const isInput = kind === 'input';
      const earlier = this.heldBefore(condition.key, isInput, before);
      asked.set(`${isInput ? 'i' : 'c'}${condition.key}`, earlier);
      const held = earlier ?? (isInput ? undefined : branchOf(taken, condition.key));
      if (held !== undefined) return held;
      const choice = (choices[made] ??= { branches, index: 0 });
      made++;
      const branch = branches[choice.index] as string;
      taken.push({ condition: { ...condition, branch }, kind });
      return branch;
    };
    const { branching, controls, lastControl, choosing, joining: joiningBefore, forks, forkScope } = interpreter;
    interpreter.choosing = true;
    const frames = interpreter.frames.length;
    interpreter.branching = {
      mode: 'choose',
      choose,
      taken: () => taken.length,
      takeBack: (count) => {
        taken.length = count;
        made = count;
        choices.length = Math.max(count, given);
      },
    };
    interpreter.controls = [];
    interpreter.lastControl = undefined;
    interpreter.joining = joining;
    interpreter.forks = 0;
    interpreter.forkScope = scopeOf(step);
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
      if (!boundOf(signal)) throw signal;
      return { outcome: { kind: 'unknown', reason: `${step.name} takes too long to follow`, site: step.site }, taken };
    } finally {
      interpreter.frames.length = frames;
      Object.assign(interpreter, { branching, controls, lastControl, choosing, joining: joiningBefore, forks, forkScope });
    }
  }

  /** The branch that a decision before the step fixes. What the client chooses may differ from one test to the next. */
  private heldBefore(key: string, isInput: boolean, before: readonly Decision[]): string | undefined {
    return branchOf(isInput ? before.slice(0, this.options.given.length) : before, key);
  }
}

/** Tells the decisions of this step's calls from those of other steps. */
function scopeOf({ site, place }: ChainStep): string {
  return `${site.module.file}:${site.start}@${place.start}`;
}

function branchOf(decisions: readonly Decision[], key: string): string | undefined {
  return decisions.find((d) => d.condition.key === key)?.condition.branch;
}

/** Decisions that are taken once for the whole path. */
function isLasting(decision: Decision): boolean {
  return decision.kind !== 'input';
}

/** Keys of decisions that only one of the two has. */
function differing(a: readonly Decision[], b: readonly Decision[]): string[] {
  const only = (those: readonly Decision[], others: readonly Decision[]): string[] => those.filter((d) => !others.some((other) => isSame(other, d))).map((d) => d.condition.key);
  return [...only(a, b), ...only(b, a)];
}

function isSame(a: Decision, b: Decision): boolean {
  return a.condition.key === b.condition.key && a.condition.branch === b.condition.branch;
}
