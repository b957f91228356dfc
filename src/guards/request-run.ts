import type { TSESTree } from '@typescript-eslint/types';
import type { Control } from '../interpreter/frames.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import { Observations } from '../interpreter/observation/observed.ts';
import type { Scope } from '../interpreter/modules/scope.ts';
import { PathEnd, ThrowSignal } from '../interpreter/signals.ts';
import { spanOf } from '../interpreter/spans.ts';
import { undecidedAt } from '../interpreter/evaluation/truth.ts';
import { ABSENCE, CLIENT, COUNTER, type Labels } from '../interpreter/labels.ts';
import { External, FunctionObject, type ModelObject, PromiseObject, type Site, TRUE, UNDEFINED, Unknown, type Value, labelsOf } from '../interpreter/values.ts';
import type { ActiveRequest, ActiveRequests } from './active.ts';
import { type Finding, StepEnd, type StepOutcome, type StopReason } from './chain.ts';
import { runExternal } from './external.ts';
import { onlyAnswers, onlyTurnsAway, showsPage } from './inverse.ts';
import { leavesFor } from './leaving.ts';
import type { Judge } from './judge.ts';
import { nameOf } from './names.ts';
import type { Question } from './question.ts';
import { type Answer, isRefusal } from './request/response.ts';
import type { RequestFacts } from './request/request.ts';
import { statusOfError } from './status.ts';

/** These stand on the request, so that they are taken back with the path. */
const OPAQUE = Symbol('opaque step');
const SESSION = Symbol('a session is on the request');

/** The function of a chain that the request is in. */
export interface Stage {
  readonly name: string;
  /** Where it was put into the chain. */
  readonly site: Site;
  /** Where its code stands, where that can be read. */
  readonly codeSite: Site;
  /** True for the functions of the endpoint's own registration. */
  readonly isOwn: boolean;
  /** The endpoint's handler. */
  readonly isLast: boolean;
}

export function stageOf(value: Value, site: Site, { isOwn, isLast }: Pick<Stage, 'isOwn' | 'isLast'>): Stage {
  const codeSite = value instanceof FunctionObject
    ? { module: value.module, start: spanOf(value.node).start, end: spanOf(value.node).end }
    : value.kind === 'external' && value.site ? value.site : site;
  return { name: nameOf(value), site, codeSite, isOwn, isLast };
}

/**
 * A request on its way through one chain: what the running function has done with it, and how that ends. A framework
 * adds its request and response objects and its ways of going on.
 */
export abstract class RequestRun<S extends Stage = Stage> implements ActiveRequest {
  abstract readonly request: ModelObject;
  abstract readonly response: ModelObject;
  readonly interpreter: Interpreter;
  readonly judge: Judge;
  readonly facts: RequestFacts;
  /** What the running step has answered on this path. */
  answers: Answer[] = [];
  running: S | undefined;
  /** Where a secret of the client's body was taken to be right on this path: see `guesses`. */
  private assumed: Site | undefined;
  /** The program handed out a credential on this path. */
  private hasIssued = false;
  /** The step's own function, as it was called, where only its call of `next` can hand the request on. */
  private entered: { readonly callee: FunctionObject; readonly frames: number; readonly catching: number } | undefined;
  private readonly active: ActiveRequests;

  constructor(interpreter: Interpreter, judge: Judge, facts: Pick<RequestFacts, 'question' | 'method' | 'originalUrl'>, active: ActiveRequests) {
    this.interpreter = interpreter;
    this.judge = judge;
    this.active = active;
    this.facts = { ...facts, issued: () => this.issued(), hasOpaqueStep: () => this.request.properties.has(OPAQUE), hasSession: () => this.request.properties.has(SESSION), reads: new Observations() };
  }

  /** The callback among the arguments that hands the request on. */
  abstract isContinuation(value: Value): boolean;
  /** The function came to its end without saying how the request goes on. */
  abstract afterReturn(returned: Value, stage: Stage): StepOutcome;
  /** It threw, rejected or handed on an error. */
  abstract fail(error: Value, site: Site, stage: S): StepOutcome;

  get question(): Question {
    return this.facts.question;
  }

  issued(): void {
    this.interpreter.commit();
    this.hasIssued = true;
  }

  /** A function that cannot be read has had the request. */
  passedOpaque(): void {
    this.interpreter.heap.setProperty(this.request, OPAQUE, TRUE);
  }

  /** A package has left these members on the request. */
  populated(members: readonly string[]): void {
    if (members.includes('session')) this.interpreter.heap.setProperty(this.request, SESSION, TRUE);
  }

  /** A login compares what it is sent with a stored secret: both ways are followed in the endpoint's own functions. */
  guesses(site: Site, isCredentialItself: boolean): boolean {
    if (!this.running?.isLast || this.facts.question !== 'anonymous') return false;
    const isRight = this.interpreter.decideNow(undecidedAt('a guess at a secret', site, CLIENT));
    if (isRight && !isCredentialItself) this.assumed = site;
    return isRight;
  }

  /** Runs one function of the chain with a clean sheet. */
  protected enter(stage: S, run: () => StepOutcome): StepOutcome {
    this.facts.reads.clear();
    this.answers = [];
    this.assumed = undefined;
    this.hasIssued = false;
    this.entered = undefined;
    this.running = stage;
    const outer = this.active.current;
    this.active.current = this;
    try {
      return run();
    } catch (signal) {
      if (signal instanceof StepEnd) return signal.outcome;
      if (signal instanceof PathEnd) return this.afterReturn(UNDEFINED, stage);
      if (signal instanceof ThrowSignal) return this.fail(signal.value, signal.site, stage);
      throw signal;
    } finally {
      this.active.current = outer;
    }
  }

  /** One function, whatever it is: of the project, of a package, or not known. */
  protected pass(value: Value, receiver: Value, args: readonly Value[], stage: S): StepOutcome {
    const own = this.judge.own(value);
    const finding: Finding = { name: stage.name, site: stage.codeSite, text: 'named as a guard in the settings' };
    if (own === 'passes' && !stage.isLast) return { kind: 'continues' };
    if (own === 'guard' && this.facts.question === 'anonymous') return { kind: 'stopped', because: 'absence', by: finding };
    if (own === 'limiter' && this.facts.question === 'any') return { kind: 'stopped', because: 'limit', by: { ...finding, text: 'named as a limiter in the settings' } };
    if (value instanceof External) return runExternal(this, value, args, stage);
    if (value instanceof Unknown) return { kind: 'unknown', reason: value.reason, site: value.site ?? stage.site };
    return this.callIn(value, receiver, args, stage);
  }

  /** Whether a function that is called with these has to hand the request on by calling one of them. */
  protected goesOnByCall(args: readonly Value[]): boolean {
    void args;
    return false;
  }

  /** if (!req.user) return deny(req, res)      whatever that does, the request goes no further */
  entersBranch(branch: TSESTree.Statement, scope: Scope): void {
    const { entered, interpreter } = this;
    const control = interpreter.controls.at(-1);
    if (!entered || !control || interpreter.frames.length !== entered.frames || interpreter.catching !== entered.catching) return;
    if ((control.labels & ABSENCE) === 0 || control.isAlternative || onlyTurnsAway(control.untaken)) return;
    if (!leavesFor(interpreter, branch, scope, entered.callee, (value) => value === this.request || value === this.response)) return;
    throw new StepEnd(this.stopped('absence', control.site, control));
  }

  /** A function of the project. */
  callIn(value: Value, receiver: Value, args: readonly Value[], stage: Stage): StepOutcome {
    const isFollowed = value instanceof FunctionObject && !stage.isLast && this.facts.question === 'anonymous' && this.goesOnByCall(args);
    this.entered = isFollowed ? { callee: value, frames: this.interpreter.frames.length + 1, catching: this.interpreter.catching } : undefined;
    const returned = this.interpreter.call(value, receiver, args, stage.site);
    if (returned instanceof PromiseObject && returned.state === 'rejected') throw new ThrowSignal(returned.result, stage.site);
    return this.afterReturn(returned, stage);
  }

  /** An answer; ends the run where it is the endpoint's work or a limiter's. */
  answered(answer: Answer): void {
    this.interpreter.commit();
    const { running } = this;
    this.answers.push(answer);
    if (!running) return;
    if (answer.status === 429) throw new StepEnd(this.stopped('limit', answer.site, answer.control));
    if (!running.isOwn || isRefusal(answer)) return;
    if (answer.control && (answer.control.labels & COUNTER) !== 0) return;
    // if (!valid(req.body)) return res.redirect('back')      the work comes later
    if (answer.isRedirect && this.interpreter.openBranches > 0) return;
    if (!isGuardsAnswer(answer)) throw new StepEnd(this.work());
  }

  /** Code outside the project answers. */
  answeredBy(site: Site): void {
    this.answered({ status: undefined, isRedirect: false, control: this.interpreter.controls.at(-1), site });
  }

  /** How a function ends that answered, or that ends under a branch that a missing credential decided; undefined where neither holds. */
  protected endOf(returned: Value): StepOutcome | undefined {
    const answer = this.answers.at(-1);
    if (answer) return this.endOfAnswer(answer, labelsOf(returned));
    const control = this.interpreter.controls.at(-1) ?? ((labelsOf(returned) & ABSENCE) !== 0 ? this.interpreter.lastControl : undefined);
    return control && (control.labels & ABSENCE) !== 0 ? this.stopped('absence', control.site, control) : undefined;
  }

  /** An answer that is not the endpoint's work. */
  protected endOfAnswer(answer: Answer, labels: Labels): StepOutcome {
    return this.stopped(reasonOf(answer, labels), answer.site, answer.control);
  }

  /** Neither answered nor handed on: the request stays where it is, as far as could be followed. */
  protected stays(stage: Stage): StepOutcome {
    const { lastControl } = this.interpreter;
    if (lastControl) return this.stopped('absence', lastControl.site, lastControl);
    return { kind: 'unknown', reason: `${stage.name} neither answers nor calls next(), as far as it could be followed`, site: stage.codeSite };
  }

  /** The work is reached; unless it took a right password to get here and the program hands out no credential for it. */
  work(): StepOutcome {
    if (this.assumed && !this.hasIssued && this.facts.question === 'anonymous') {
      return { kind: 'stopped', because: 'absence', by: { name: this.running?.name ?? '', site: this.assumed, text: 'compares what the client sends with a secret' } };
    }
    return { kind: 'work', isLogin: this.assumed !== undefined };
  }

  stopped(because: StopReason, site: Site, control: Control | undefined): StepOutcome & { kind: 'stopped' } {
    const text = STOP_TEXTS[because];
    return { kind: 'stopped', because, by: { name: this.running?.name ?? '', site: control?.site ?? site, text } };
  }

  /** An error ends the request. */
  refusedBy(error: Value, site: Site): StepOutcome & { kind: 'stopped' } {
    const control = this.interpreter.controls.at(-1);
    const labels = labelsOf(error) | (control?.labels ?? 0);
    if (statusOfError(error) === 429 || (labels & COUNTER) !== 0) return this.stopped('limit', control?.site ?? site, control);
    return this.stopped((labels & ABSENCE) !== 0 ? 'absence' : 'refusal', control?.site ?? site, control);
  }
}

/** An answer that a missing credential led to, where a credential would have led to more than another answer of the kind. */
export function isGuardsAnswer({ control, isRedirect, method, page }: Answer): boolean {
  if (!control || (control.labels & ABSENCE) === 0 || onlyTurnsAway(control.untaken)) return false;
  if (page !== undefined && showsPage(control.untaken, page)) return false;
  return isRedirect || !(control.isAlternative && onlyAnswers(control.untaken, method));
}

const STOP_TEXTS: Readonly<Record<StopReason, string>> = {
  absence: 'stops a request that carries no credential',
  limit: 'stops a client that sends too many requests',
  refusal: 'turns the request away',
  answer: 'answers the request',
};

function reasonOf(answer: Answer, labels: Labels): StopReason {
  const all = (answer.control?.labels ?? 0) | labels;
  if ((all & COUNTER) !== 0 && isRefusal(answer)) return 'limit';
  if ((all & ABSENCE) !== 0) return 'absence';
  return isRefusal(answer) ? 'refusal' : 'answer';
}

/** Why a request is stopped by a branch and a value with these labels. */
export function reasonOfControl(control: Control | undefined, labels: Labels): StopReason {
  const all = (control?.labels ?? 0) | labels;
  if ((all & COUNTER) !== 0) return 'limit';
  return (all & ABSENCE) !== 0 ? 'absence' : 'refusal';
}
