import type { Interpreter } from '../interpreter/interpreter.ts';
import type { Decision } from '../interpreter/host.ts';
import type { Effects } from '../interpreter/effects.ts';
import { CONTROLLING, type Labels } from '../interpreter/labels.ts';
import { Joining } from '../interpreter/branches/joining.ts';
import type { Observation } from '../interpreter/observation/observed.ts';
import type { Reads } from '../interpreter/observation/reads.ts';
import type { ChainStep, StepOutcome } from './chain.ts';
import type { Looked, RequestState } from './request-state.ts';

/** A decision that a run takes by itself, and the branch. */
export interface Choice {
  /** Of the decision. */
  readonly key: string;
  readonly branches: readonly string[];
  readonly index: number;
  readonly kind: Decision['kind'];
}

/** One way through a step. */
export interface StepRun {
  /** Sites that are the step's own place stand for the place of whichever step repeats the run: see `placed`. */
  readonly outcome: StepOutcome;
  /** How many steps further the request goes on. */
  readonly skip: number;
  readonly taken: readonly Decision[];
  /** Which branch each choice of the run took. */
  readonly branches: readonly number[];
  /** The state that it leaves, where the request goes on, by the state before: those that it cannot tell apart may still differ. */
  readonly after: Map<string, string>;
  /** What it did to the request; undefined where that can only be had by running it again. */
  readonly effects: Effects | undefined;
  readonly isAtPlace: boolean;
  readonly joining: Joining | undefined;
}

/**
 * The ways through a step from one state of the request: those found so far, and where the search goes on. Another
 * chain takes it over where all that the runs asked for is the same there.
 */
export interface StepSummary {
  readonly runs: StepRun[];
  /** Ways to try, in order: see `nextWay`. */
  readonly ahead: (readonly Choice[])[];
  /** Branches that some run took, by decision. */
  readonly covered: Set<string>;
  /** How many of them were run, also those that ended as one before. */
  tried: number;
  /** How many had been run when one reached the work for the first time. */
  open: number | undefined;
  /** Places in its code where an absent credential or a count decided something, on any way. */
  readonly controls: Set<string>;
  /** Ways were left out for good. */
  isCut: boolean;
  /** Set where calls are tried with all of their branches at once. */
  joining: Joining | undefined;
  /** How much of that was found before the runs. */
  found: number;
  /** How often the search began anew. */
  restarts: number;
  readonly world: object | undefined;
  /** What the runs looked at of the request, and how that was: see `RequestState`. */
  looked: Looked | undefined;
  /** Undefined until it is written down: see `noteSeen`. */
  seen: string | undefined;
  /** What the runs found out about the route, by its key. */
  readonly facts: Map<string, { readonly observation: Observation; readonly answer: string }>;
  /** Code that the runs looked at. */
  readonly reads: Set<object>;
  /** What those note who use it, in the place of the code: see `Renewal`. Undefined where they note the code itself. */
  tokens: object[] | undefined;
  /** Decisions that the runs asked for, and the branch that was held before the step; undefined where none was. */
  readonly asked: Map<string, string | undefined>;
}

/** Afterwards calls are followed on one path at a time. */
const MAX_RESTARTS = 16;

/** Further runs of a step that has reached the work. */
const RUNS_AFTER_WORK = 12;

/** What is known of steps, from one chain to the next. */
export class StepSummaries {
  private readonly known = new Map<object, Map<string, StepSummary[]>>();
  /** What is known of those that occur in one chain only. */
  private own = new WeakMap<ChainStep, Map<string, StepSummary[]>>();
  /** What is found out about steps' routes, by the key of the observation. */
  private answers = new WeakMap<ChainStep, Map<string, string | undefined>>();
  /** See `Joining`. */
  private readonly decisive: Labels;
  /** Whether somebody will ask what is left of them when code has changed. */
  private readonly isRenewed: boolean;

  constructor(decisive: Labels = CONTROLLING, isRenewed = false) {
    this.decisive = decisive;
    this.isRenewed = isRenewed;
  }

  /** The summary that holds for the step here; a new one where there is none. `held` tells the branch of a decision taken earlier. */
  of(step: ChainStep, state: RequestState | undefined, world: object | undefined, held: (asked: string) => string | undefined): StepSummary {
    const summaries = this.summariesOf(step);
    const texts = new Map<Looked, string>();
    const isSeen = ({ looked, seen }: StepSummary): boolean => {
      if (!state || !looked) return true;
      let text = texts.get(looked);
      if (text === undefined) texts.set(looked, text = state.textOf(looked));
      return text === seen;
    };
    const found = summaries.find((s) => s.world === world && this.holds(s, step, held) && isSeen(s));
    if (found) return found;
    const summary = emptySummary(world, this.isRenewed && step.subject !== undefined);
    summaries.push(summary);
    return summary;
  }

  private summariesOf(step: ChainStep): StepSummary[] {
    let situations = step.subject ? this.known.get(step.subject) : this.own.get(step);
    if (!situations) {
      situations = new Map();
      if (step.subject) this.known.set(step.subject, situations);
      else this.own.set(step, situations);
    }
    const situation = `${step.situation} ${step.conditions.map((c) => `${c.key}=${c.branch}`).join('&')}`;
    let summaries = situations.get(situation);
    if (!summaries) situations.set(situation, summaries = []);
    return summaries;
  }

  /** From the start again, with the branches of calls joined. What the runs asked for and read still holds. */
  restart(summary: StepSummary): void {
    summary.runs.length = 0;
    summary.ahead.splice(0, summary.ahead.length, []);
    summary.covered.clear();
    summary.tried = 0;
    summary.open = undefined;
    summary.isCut = false;
    summary.restarts++;
    summary.joining = summary.restarts > MAX_RESTARTS ? undefined : summary.joining ?? new Joining(this.decisive);
    summary.found = summary.joining?.found ?? 0;
  }

  /** Notes what a run found out about its route. */
  noteFacts(step: ChainStep, summary: StepSummary, reads: Reads): void {
    for (const observation of step.reads()) {
      const answer = this.answerOn(step, observation);
      if (answer !== undefined) {
        summary.facts.set(observation.key, { observation, answer });
        continue;
      }
      this.forget(step, summary);
      summary.tokens = undefined;
      reads.add(summary.reads);
    }
  }

  private holds(summary: StepSummary, step: ChainStep, held: (asked: string) => string | undefined): boolean {
    for (const { observation, answer } of summary.facts.values()) if (this.answerOn(step, observation) !== answer) return false;
    for (const [asked, branch] of summary.asked) if (held(asked) !== branch) return false;
    return true;
  }

  private answerOn(step: ChainStep, observation: Observation): string | undefined {
    let answers = this.answers.get(step);
    if (!answers) this.answers.set(step, answers = new Map());
    if (!answers.has(observation.key)) answers.set(observation.key, observation.of((name) => step.fact(name)));
    return answers.get(observation.key);
  }

  /**
   * Forgets the summaries that rest on code that changes; `forgotten` is told of each, and of those that stay beside it. Where
   * that code leaves something on the request, they are not all: a function that it left there may be the same one with other
   * variables now, which no state tells. So who looked at functions there is forgotten too.
   */
  drop(isStale: (reads: ReadonlySet<object>) => boolean, forgotten: (summary: StepSummary, alike: readonly StepSummary[]) => void = () => {}): void {
    this.answers = new WeakMap();
    this.own = new WeakMap();
    let leavesSomething = false;
    this.dropWhere((summary) => {
      const isDropped = isStale(summary.reads);
      leavesSomething ||= isDropped && !leavesNothing(summary);
      return isDropped;
    }, forgotten);
    if (leavesSomething) this.dropWhere(({ seen }) => seen !== undefined && CODE.test(seen), forgotten);
  }

  private dropWhere(isDropped: (summary: StepSummary) => boolean, forgotten: (summary: StepSummary, alike: readonly StepSummary[]) => void): void {
    for (const situations of this.known.values()) {
      for (const summaries of situations.values()) {
        for (let at = summaries.length - 1; at >= 0; at--) {
          const summary = summaries[at] as StepSummary;
          if (!isDropped(summary)) continue;
          summaries.splice(at, 1);
          forgotten(summary, summaries);
        }
      }
    }
  }

  /** The step hangs on something that cannot be compared. */
  private forget(step: ChainStep, summary: StepSummary): void {
    const states = step.subject && this.known.get(step.subject);
    for (const summaries of states?.values() ?? []) {
      const index = summaries.indexOf(summary);
      if (index >= 0) summaries.splice(index, 1);
    }
  }
}

function emptySummary(world: object | undefined, isRenewed: boolean): StepSummary {
  return { tokens: isRenewed ? [{}] : undefined, runs: [], ahead: [[]], covered: new Set(), controls: new Set(), tried: 0, open: undefined, isCut: false, joining: undefined, found: 0, restarts: 0, world, looked: undefined, seen: undefined, facts: new Map(), reads: new Set(), asked: new Map() };
}

/** The request goes on from each of its runs as it came. */
export function leavesNothing({ runs }: StepSummary): boolean {
  return runs.every(({ outcome, effects }) => outcome.kind === 'stopped' || outcome.kind === 'work' || effects?.length === 0);
}

/** A function or class in the text of a state: see `fingerprintOf`. */
const CODE = /f(?:\/|[A-Za-z]:)/;

/** The outcome as it is for another step that does the same. */
export function placed(run: StepRun, step: ChainStep): StepOutcome {
  const { outcome } = run;
  if (!run.isAtPlace) return outcome;
  if (outcome.kind === 'stopped') return { ...outcome, by: { ...outcome.by, site: step.place } };
  return outcome.kind === 'unknown' ? { ...outcome, site: step.place } : outcome;
}

/** The run as it is for another step that does the same: what decides whether that one is there stands elsewhere. */
export function runOf(run: StepRun, { conditions }: ChainStep): StepRun {
  if (conditions.length === 0) return run;
  const taken = run.taken.map((decision) => {
    const own = conditions.find(({ key }) => key === decision.condition.key);
    return own ? { ...decision, condition: { ...own, branch: decision.condition.branch } } : decision;
  });
  return { ...run, taken };
}

/** True where the outcome's site is where the step was put into the chain. */
export function isAtPlace(outcome: StepOutcome, step: ChainStep): boolean {
  if (outcome.kind === 'stopped') return outcome.by.site === step.place;
  return outcome.kind === 'unknown' && outcome.site === step.place;
}

/**
 * Moves the way that is best tried next to its place in the order: one that takes a branch for the first time leads to code
 * that no run has seen. Among equals, what differs early differs most: a bound leaves out variations of ways that were tried.
 */
export function nextWay({ ahead, covered, tried }: StepSummary): readonly Choice[] {
  const fresh = ahead.findIndex((way, index) => index >= tried && !covered.has(branchTaken(way.at(-1))));
  const [way] = ahead.splice(Math.max(fresh, tried), 1);
  ahead.splice(tried, 0, way as readonly Choice[]);
  return way as readonly Choice[];
}

function branchTaken(choice: Choice | undefined): string {
  return choice ? `${choice.key}=${choice.branches[choice.index]}` : '';
}

/** Notes the branches that a run took, and adds the ways that take one of its new choices otherwise. */
export function addWays(summary: StepSummary, choices: readonly Choice[], from: number, most: number): void {
  for (const choice of choices) summary.covered.add(branchTaken(choice));
  const { ahead } = summary;
  for (let at = from; at < choices.length && ahead.length < most; at++) {
    const choice = choices[at] as Choice;
    for (let index = 1; index < choice.branches.length; index++) ahead.push([...choices.slice(0, at), { ...choice, index }]);
  }
}

/** The work was reached. Where some deployments ask for a credential, whatever the client sends there is looked at too. */
export function isOpenEverywhere({ open, runs }: StepSummary): boolean {
  return open !== undefined && !runs.some(({ outcome }) => outcome.kind === 'stopped' && outcome.because === 'absence');
}

/** Runs after the work was reached among which the client may send something else where the deployment does not let it reach the work. */
const INPUTS_ELSEWHERE = 4;

/** Leaves out the ways on which the client sends something else: where the deployment lets it reach the work, they change nothing. */
export function skipInputs(summary: StepSummary): void {
  const { ahead, tried, runs } = summary;
  const open = runs.filter(({ outcome }) => outcome.kind === 'work');
  let left = INPUTS_ELSEWHERE - (tried - (summary.open ?? tried));
  const rest = ahead.slice(tried).filter((way) => way.at(-1)?.kind === 'configuration' || (!open.some((run) => isInDeployment(run, way)) && left-- > 0));
  if (rest.length === ahead.length - tried) return;
  ahead.splice(tried, Infinity, ...rest);
  summary.isCut = true;
}

/** False where the way takes a decision of the deployment otherwise than the run did. */
function isInDeployment({ taken }: StepRun, way: readonly Choice[]): boolean {
  return way.every(({ key, branches, index, kind }) => kind !== 'configuration' || taken.every(({ condition }) => condition.key !== key || condition.branch === branches[index]));
}

/**
 * The work was reached, and more ways through the step were tried since. What differs early was tried first: a check
 * that only some deployments have shows by then.
 */
export function isOpenEnough({ open, tried }: StepSummary): boolean {
  return open !== undefined && tried - open >= RUNS_AFTER_WORK;
}

/** No way through the step that was tried has asked for a credential, or counted. */
function isNotAsking({ controls, runs }: StepSummary): boolean {
  return controls.size === 0 && !runs.some(({ outcome }) => outcome.kind === 'stopped' && (outcome.because === 'absence' || outcome.because === 'limit'));
}

/** Runs the step, and notes the places where a credential or a count decides that it comes to. */
export function noteControls<T>(interpreter: Interpreter, { controls }: StepSummary, run: () => T): T {
  const { noteControl } = interpreter;
  interpreter.noteControl = ({ module, start }) => controls.add(`${module.file}:${start}`);
  try {
    return run();
  } finally {
    interpreter.noteControl = noteControl;
  }
}

/** Notes that somebody uses the summary. */
export function noteUse({ tokens, reads }: StepSummary, noted: Reads): void {
  const token = tokens?.[0];
  if (token) noted.note(token);
  else noted.add(reads);
}

/** Runs the step, and notes the code that it looks at. */
export function noteReads<T>({ tokens, reads }: StepSummary, noted: Reads, run: () => T): T {
  return tokens ? noted.apart(reads, run) : noted.during(reads, run);
}

/** Notes what a run looked at of the request. */
export function noteLooked(summary: StepSummary, state: RequestState): void {
  const looked = state.lookedWith(summary.looked);
  if (looked === summary.looked) return;
  summary.looked = looked;
  summary.seen = undefined;
}

/** Notes how that was, in the state before the runs. */
export function noteSeen(summary: StepSummary, state: RequestState): void {
  if (summary.looked) summary.seen ??= state.textOf(summary.looked);
}

/** Its own switches have nothing to do with credentials: that one way leads to the work says the same of all deployments. */
export function isOpenWhatever(summary: StepSummary): boolean {
  return isNotAsking(summary) && summary.runs.some(({ outcome, taken }) => outcome.kind === 'work' && !outcome.isLogin && !taken.some(({ kind }) => kind === 'uncertain'));
}
