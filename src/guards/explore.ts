import { effectsSince } from '../interpreter/effects.ts';
import type { Decision } from '../interpreter/host.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import { boundOf } from '../interpreter/signals.ts';
import type { Condition, Site } from '../interpreter/values.ts';
import type { ChainStep, Finding, StepOutcome, StopReason } from './chain.ts';
import { boundsFor, type ExploreBounds } from './explore-bounds.ts';
import { addWays, type Choice, isAtPlace, isOpenEnough, isOpenEverywhere, isOpenWhatever, nextWay, noteControls, noteLooked, noteReads, noteSeen, noteUse, placed, runOf, skipInputs, type StepRun, StepSummaries, type StepSummary } from './summaries.ts';
import type { RequestState } from './request-state.ts';
import { beyond, differing, isSame, isWithin, unitedWith, type World } from './worlds.ts';

/** One way of a request through a chain, to its end. */
export interface Path {
  readonly decisions: readonly Decision[];
  readonly end:
    | { readonly kind: 'work'; readonly isLogin: boolean }
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

export interface ExploreOptions {
  /** Holds from the start and is no decision of a path. */
  readonly given: readonly Condition[];
  /** Ends the walk early: no further path can change the answer. */
  readonly isDecided: (path: Path) => boolean;
  readonly state?: RequestState;
  readonly bounds?: ExploreBounds;
  /** The question is whether the work is reached: where it is, what else the client might send changes nothing. */
  readonly seeksWork?: boolean;
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
  /** What the first of them took and what holds for what comes behind. */
  readonly lasting: World;
  /** Keys of the decisions that what comes behind asked for. */
  readonly asked: ReadonlySet<string>;
  /** Where the state is left, by all runs so far. */
  worlds: readonly World[];
  /** The paths behind, and the world that they are written down for. */
  readonly from: number;
  readonly to: number;
  written: World;
}

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
    this.bounds = boundsFor(interpreter, options.bounds);
    this.summaries = options.summaries ?? new StepSummaries();
    this.decisions = options.given.map((condition) => ({ condition, kind: 'configuration' as const }));
  }

  run(): Exploration {
    const mark = this.interpreter.heap.mark();
    try {
      this.walk(0, this.stateText());
    } catch (signal) {
      if (signal !== DECIDED) throw signal;
    } finally {
      this.interpreter.heap.undoTo(mark);
    }
    return { paths: this.paths, complete: this.complete };
  }

  private finish(end: Path['end']): void {
    this.record({ decisions: this.decisions.slice(this.options.given.length), end, unfollowed: [...this.unfollowed] });
  }

  private record(path: Path): void {
    this.paths.push(path);
    if (this.options.isDecided(path)) throw DECIDED;
    if (this.paths.length < this.bounds.paths) return;
    this.complete = false;
    throw DECIDED;
  }

  private stateText(): string {
    return this.options.state?.text() ?? '';
  }

  /** The step on every path of its own, and the steps behind it. */
  private walk(index: number, state: string): void {
    const step = this.chain[index];
    if (!step) {
      this.finish({ kind: 'fell through', to: index });
      return;
    }
    const summary = this.summaryOf(step, this.decisions);
    const { heap, reads } = this.interpreter;
    noteUse(summary, reads);
    const before = this.decisions;
    const passages = new Map<string, Passage[]>();
    const ends = new Set<string>();
    const from = this.paths.length;
    let { restarts } = summary;
    for (let at = 0; at < summary.runs.length || summary.tried < summary.ahead.length; at++) {
      // Too many ways to try them all, and most of them differ in what does not matter: once more, with the branches of the step's calls joined.
      if (this.needsJoining(summary)) this.summaries.restart(summary);
      if (summary.restarts !== restarts) {
        restarts = summary.restarts;
        this.paths.length = from;
        passages.clear();
        ends.clear();
        at = 0;
      }
      const known = summary.runs[at];
      if (!known) {
        const isOpen = this.options.seeksWork === true && isOpenEverywhere(summary);
        if (isOpen) skipInputs(summary);
        if (summary.tried >= summary.ahead.length) break;
        if (summary.tried >= this.bounds.runs || this.spent > this.bounds.total || (isOpen && isOpenEnough(summary))) {
          // A run that was not tried may end otherwise, or leave another state behind.
          this.complete = false;
          break;
        }
      }
      const mark = heap.mark();
      const depth = this.unfollowed.length;
      try {
        const found = known ?? this.runNext(step, index, summary, before, state);
        if (!found) continue;
        const run = runOf(found, step);
        if (known) this.repeat(step, summary, known, before);
        this.decisions = [...before, ...run.taken];
        const isNew = this.end(run, step, index, state, { passages, ends });
        // It ends as a run before it, under no fewer decisions.
        if (!known && !isNew) summary.runs.splice(at--, 1);
      } finally {
        heap.undoTo(mark);
        this.unfollowed.length = depth;
        if (this.options.state) noteSeen(summary, this.options.state);
      }
    }
    this.decisions = before;
    if (summary.isCut) this.complete = false;
    if (this.options.seeksWork === true && isOpenWhatever(summary)) this.finish({ kind: 'work', isLogin: false });
    for (const alike of passages.values()) for (const passage of alike) this.spread(passage);
    for (const asked of summary.asked.keys()) if (asked.startsWith('c')) this.asked.add(asked.slice(1));
    this.decisions = before;
  }

  private needsJoining({ joining, restarts, tried, ahead, open }: StepSummary): boolean {
    return this.options.seeksWork === true && !joining && restarts === 0 && open === undefined && tried >= this.bounds.runs && tried < ahead.length;
  }

  private summaryOf(step: ChainStep, before: readonly Decision[]): StepSummary {
    return this.summaries.of(step, this.options.state, this.options.world, (asked) => this.heldBefore(asked.slice(1), asked.startsWith('i'), before));
  }

  /** Runs the step once on a path that was not tried yet. Undefined where all of its runs have to be done anew. */
  private runNext(step: ChainStep, index: number, summary: StepSummary, before: readonly Decision[], state: string): StepRun | undefined {
    const { heap } = this.interpreter;
    const given = nextWay(summary);
    const choices = [...given];
    const mark = heap.mark();
    const { outcome, taken } = noteReads(summary, this.interpreter.reads, () => noteControls(this.interpreter, summary, () => this.runOnce(step, choices, before, summary)));
    summary.tried++;
    if (this.options.state) noteLooked(summary, this.options.state);
    if (summary.joining && summary.joining.found !== summary.found) {
      // What was found now would have changed the runs before it too.
      this.summaries.restart(summary);
      return undefined;
    }
    // More than will be run says that there are more, and leaves a choice.
    addWays(summary, choices, given.length, 4 * this.bounds.runs);
    const goesOn = outcome.kind === 'continues' || outcome.kind === 'unknown';
    const run: StepRun = {
      outcome,
      skip: outcome.kind === 'continues' && outcome.to !== undefined ? outcome.to - index : 1,
      taken,
      branches: choices.map((c) => c.index),
      after: new Map(goesOn ? [[state, this.stateText()]] : []),
      effects: goesOn && this.options.world ? effectsSince(heap, mark, MAX_EFFECTS) : undefined,
      isAtPlace: isAtPlace(outcome, step),
      joining: summary.joining,
    };
    // Telling the state apart may have looked at the route too.
    this.summaries.noteFacts(step, summary, this.interpreter.reads);
    if (outcome.kind === 'work') summary.open ??= summary.tried;
    summary.runs.push(run);
    return run;
  }

  /** Brings the request into the state that the run leaves. */
  private repeat(step: ChainStep, summary: StepSummary, run: StepRun, before: readonly Decision[]): void {
    if (run.outcome.kind === 'stopped' || run.outcome.kind === 'work') return;
    if (run.effects) for (const effect of run.effects) effect(this.interpreter.heap, (name) => step.fact(name));
    else noteReads(summary, this.interpreter.reads, () => this.runOnce(step, run.branches.map((branch): Choice => ({ key: '', branches: [], index: branch, kind: 'choice' })), before, { asked: new Map(), joining: run.joining }));
  }

  /** True where this end of the step is a new one. */
  private end(run: StepRun, step: ChainStep, index: number, state: string, { passages, ends }: { passages: Map<string, Passage[]>; ends: Set<string> }): boolean {
    const outcome = placed(run, step);
    if (outcome.kind !== 'work' && outcome.kind !== 'stopped') return this.pass(outcome, run, index, this.stateAfter(run, state), passages);
    const key = endKey(outcome, run.taken);
    if (ends.has(key)) return false;
    ends.add(key);
    this.finish(outcome.kind === 'work' ? outcome : { ...outcome, step: index });
    return true;
  }

  private stateAfter({ after }: StepRun, before: string): string {
    let text = after.get(before);
    if (text === undefined) after.set(before, text = this.stateText());
    return text;
  }

  /** Goes on behind a step, once for each state that the step can leave. */
  private pass(outcome: StepOutcome & { kind: 'continues' | 'unknown' }, run: StepRun, index: number, after: string, passages: Map<string, Passage[]>): boolean {
    const lasting = run.taken.filter(isLasting);
    const key = `${run.skip} ${outcome.kind === 'unknown' ? outcome.reason : ''} ${after}`;
    const alike = passages.get(key) ?? [];
    // app.use(guard) under a flag leaves the request as it was either way; what comes behind may ask for the flag too.
    const known = alike.find((passage) => differing(passage.lasting, lasting).every((other) => !passage.asked.has(other)));
    if (known) return this.generalize(known, lasting);
    if (outcome.kind === 'unknown') this.unfollowed.push(outcome);
    const from = this.paths.length;
    const outer = this.asked;
    const asked = new Set<string>();
    this.asked = asked;
    this.walk(index + run.skip, after);
    this.asked = outer;
    for (const one of asked) outer.add(one);
    passages.set(key, [...alike, { lasting, asked, worlds: [lasting], from, to: this.paths.length, written: lasting }]);
    return true;
  }

  /** The same state is left in another world too. False where it is covered. */
  private generalize(passage: Passage, lasting: World): boolean {
    const world = beyond(passage.worlds, lasting);
    if (!world) return false;
    passage.worlds = unitedWith(passage.worlds, world);
    this.widen(passage);
    return true;
  }

  /** Writes the paths behind down for the widest world that is theirs. */
  private widen(passage: Passage): void {
    const { written } = passage;
    const wider = passage.worlds.find((world) => isWithin(written, world)) ?? written;
    if (wider.length === written.length) return;
    passage.written = wider;
    const dropped = written.filter((decision) => !isWithin(wider, [decision]));
    for (let at = passage.from; at < passage.to; at++) {
      const path = inWorld(this.paths[at] as Path, dropped, []);
      this.paths[at] = path;
      if (this.options.isDecided(path)) throw DECIDED;
    }
  }

  /** Writes the paths behind down for the other worlds too, where that tells more of them. */
  private spread({ worlds, from, to, written }: Passage): void {
    if (worlds.length === 1) return;
    for (const path of this.paths.slice(from, to)) {
      const told = new Set([tellingOf(written, path)]);
      for (const world of worlds) {
        const telling = tellingOf(world, path);
        if (!told.has(telling)) this.record(inWorld(path, written, world));
        told.add(telling);
      }
    }
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
      const choice = (choices[made] ??= { key: condition.key, branches, index: 0, kind });
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
          this.options.state?.clear();
          return step.run();
        } finally {
          this.spent += interpreter.steps;
          interpreter.walkedSteps += interpreter.steps;
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

/** Equal for ends of one step that differ only in what the client chose: a body that is refused at one place for many reasons. */
function endKey(outcome: StepOutcome & { kind: 'work' | 'stopped' }, taken: readonly Decision[]): string {
  const place = outcome.kind === 'stopped' ? `${outcome.because} ${outcome.by.site.module.file}:${outcome.by.site.start}` : outcome.isLogin ? 'login' : 'work';
  return [place, ...taken.filter(isLasting).map((d) => `${d.kind} ${d.condition.key}=${d.condition.branch}`)].join('\n');
}

/** Decisions that are taken once for the whole path. */
function isLasting(decision: Decision): boolean {
  return decision.kind !== 'input';
}

/** What the world says of the deployment, and whether it is certain that the path lets the request through. */
function tellingOf(world: World, { end }: Path): string {
  const switches = world.filter((d) => d.kind === 'configuration').map(({ condition }) => `${condition.key}=${condition.branch}`).sort();
  return `${end.kind !== 'stopped' && world.some((d) => d.kind === 'uncertain')} ${switches.join('&')}`;
}

function inWorld(path: Path, dropped: World, added: World): Path {
  return { ...path, decisions: [...path.decisions.filter((d) => !dropped.some((other) => isSame(other, d))), ...added] };
}
