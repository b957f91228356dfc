import { type ChainStep, type Finding, StepEnd, type StepOutcome, type StopReason } from '../../guards/chain.ts';
import { fingerprintOf } from '../../guards/fingerprint.ts';
import { onlyTurnsAway } from '../../guards/inverse.ts';
import type { Question } from '../../guards/question.ts';
import type { ActiveRequest, ActiveRequests } from '../../guards/active.ts';
import type { Judge } from '../../guards/judge.ts';
import { statusOfError } from '../../guards/status.ts';
import type { Control, Interpreter } from '../../interpreter/interpreter.ts';
import { undecidedAt } from '../../interpreter/truth.ts';
import { PathEnd, ThrowSignal } from '../../interpreter/signals.ts';
import {
  ABSENT, type Behaviour, CLIENT, COUNTER, External, FunctionObject, HeapObject, ModelObject, Primitive, PromiseObject, type Site, UNDEFINED, Unknown, type Value, labelsOf,
} from '../../interpreter/values.ts';
import { runExternal } from './external.ts';
import { createRequest, enterStop, type RequestFacts } from './request.ts';
import { type Answer, createResponse, isRefusal } from './response.ts';
import type { Stop } from './routing.ts';
import { nameOf } from './names.ts';

/** A request on its way through one chain: the objects that all steps share, and what the running step has done. */
export class ExpressRequest implements ActiveRequest {
  readonly interpreter: Interpreter;
  readonly judge: Judge;
  readonly facts: RequestFacts;
  readonly request: ModelObject;
  readonly response: ModelObject;
  /** What the running step has answered on this path. */
  answers: Answer[] = [];
  /** Where a secret of the client's body was taken to be right on this path: see `guessSecret`. */
  assumed: Site | undefined;
  /** The program handed out a credential on this path. */
  hasIssued = false;
  running: { stop: Stop; index: number } | undefined;
  protected readonly stops: readonly Stop[];
  private readonly active: ActiveRequests;

  constructor(interpreter: Interpreter, judge: Judge, facts: Pick<RequestFacts, 'question' | 'method' | 'originalUrl' | 'application'>, stops: readonly Stop[], active: ActiveRequests) {
    this.interpreter = interpreter;
    this.judge = judge;
    this.stops = stops;
    this.active = active;
    this.facts = { ...facts, response: () => this.response, issued: () => this.issued(), hasOpaqueStep: false, readsPath: false };
    this.request = createRequest(interpreter, this.facts);
    this.response = createResponse(interpreter, {
      answered: (answer) => this.answered(answer),
      setCookie: () => this.issued(),
    }, () => this.request, facts.application);
  }

  steps(): ChainStep[] {
    return this.stops.map((stop, index) => ({
      name: nameOf(stop.handler.value),
      site: siteOf(stop),
      conditions: stop.conditions,
      subject: stop.isOwn || stop.param ? undefined : stop.handler.value,
      dependsOnRoute: () => this.facts.readsPath,
      run: () => this.run(stop, index),
    }));
  }

  /** What the steps so far have left on the request and the response. */
  state(): string {
    return fingerprintOf([this.request, this.response]);
  }

  private run(stop: Stop, index: number): StepOutcome {
    const { value } = stop.handler;
    const pending = this.pendingError();
    const handlesErrors = isErrorHandler(stop);
    if (handlesErrors !== (pending !== undefined)) return pending && stop.isLast ? pending : { kind: 'continues' };
    enterStop(this.interpreter, this.request, stop);
    const next = this.createNext(stop, index);
    const extra = stop.param ? [new Primitive(stop.param.value), new Primitive(stop.param.name)] : [];
    const args = handlesErrors ? [this.thrownError(), this.request, this.response, next] : [this.request, this.response, next, ...extra];
    if (handlesErrors) this.interpreter.heap.deleteProperty(this.request, PENDING);
    return this.within(stop, index, () => this.pass(value, args, stop));
  }

  /** Runs the code of a step, and says how the request leaves it. */
  within(stop: Stop, index: number, run: () => StepOutcome): StepOutcome {
    this.answers = [];
    this.assumed = undefined;
    this.hasIssued = false;
    this.running = { stop, index };
    const outer = this.active.current;
    this.active.current = this;
    try {
      return run();
    } catch (signal) {
      if (signal instanceof StepEnd) return signal.outcome;
      if (signal instanceof PathEnd) return this.afterReturn(UNDEFINED, stop);
      if (signal instanceof ThrowSignal) return this.fail(signal.value, signal.site, index);
      throw signal;
    } finally {
      this.active.current = outer;
    }
  }

  get question(): Question {
    return this.facts.question;
  }

  issued(): void {
    this.hasIssued = true;
  }

  /** A login compares what it is sent with a stored secret: both ways are followed in the endpoint's own functions. */
  guesses(site: Site): boolean {
    if (!this.running?.stop.isOwn || this.facts.question !== 'anonymous') return false;
    const isRight = this.interpreter.decide(undecidedAt('a guess at a secret', site, CLIENT)) === true;
    if (isRight) this.assumed = site;
    return isRight;
  }

  /** One function, whatever it is: of the project, of a package, or not known. */
  pass(value: Value, args: readonly Value[], stop: Stop): StepOutcome {
    const own = this.judge.own(value);
    const finding: Finding = { name: nameOf(value), site: siteOf(stop), text: 'named as a guard in the settings' };
    if (own === 'passes' && !stop.isLast) return { kind: 'continues' };
    if (own === 'guard' && this.facts.question === 'anonymous') return { kind: 'stopped', because: 'absence', by: finding };
    if (own === 'limiter' && this.facts.question === 'any') return { kind: 'stopped', because: 'limit', by: { ...finding, text: 'named as a limiter in the settings' } };
    if (value instanceof External) return runExternal(this, value, args, stop);
    if (value instanceof Unknown) return { kind: 'unknown', reason: value.reason, site: value.site ?? stop.site };
    const returned = this.interpreter.call(value, UNDEFINED, args, stop.site);
    if (returned instanceof PromiseObject && returned.state === 'rejected') throw new ThrowSignal(returned.result, stop.site);
    return this.afterReturn(returned instanceof PromiseObject ? returned.result : returned, stop);
  }

  /** The step came to its end without `next()`. */
  afterReturn(returned: Value, stop: Stop): StepOutcome {
    const answer = this.answers.at(-1);
    if (answer) return this.stopped(reasonOf(answer.control, labelsOf(returned)), answer.site, answer.control);
    const control = this.interpreter.controls.at(-1) ?? ((labelsOf(returned) & ABSENT) !== 0 ? this.interpreter.lastControl : undefined);
    if (control && (control.labels & ABSENT) !== 0) return this.stopped('absence', control.site, control);
    if (stop.isOwn) return this.work(stop.site);
    if (this.interpreter.lastControl) return this.stopped('absence', this.interpreter.lastControl.site, this.interpreter.lastControl);
    return { kind: 'unknown', reason: `${nameOf(stop.handler.value)} neither answers nor calls next(), as far as it could be followed`, site: siteOf(stop) };
  }

  private answered(answer: Answer): void {
    const { running } = this;
    this.answers.push(answer);
    if (!running) return;
    if (answer.status === 429) throw new StepEnd(this.stopped('limit', answer.site, answer.control));
    if (!running.stop.isOwn || isRefusal(answer)) return;
    if (answer.control && (answer.control.labels & COUNTER) !== 0) return;
    const isGuardsAnswer = answer.control && (answer.control.labels & ABSENT) !== 0 && !onlyTurnsAway(answer.control.untaken);
    if (!isGuardsAnswer) throw new StepEnd(this.work(answer.site));
  }

  /** Code outside the project answers. */
  answeredBy(site: Site): void {
    this.answered({ status: undefined, isRedirect: false, control: this.interpreter.controls.at(-1), site });
  }

  /** The work is reached; unless it took a right password to get here and the program hands out no credential for it. */
  work(site: Site): StepOutcome {
    if (this.assumed && !this.hasIssued && this.facts.question === 'anonymous') {
      return { kind: 'stopped', because: 'absence', by: { name: this.stepName(), site: this.assumed, text: 'compares what the client sends with a secret' } };
    }
    void site;
    return { kind: 'work' };
  }

  stopped(because: StopReason, site: Site, control: Control | undefined): StepOutcome {
    const text = because === 'absence'
      ? 'stops a request that carries no credential'
      : because === 'limit' ? 'stops a client that sends too many requests' : 'answers';
    return { kind: 'stopped', because, by: { name: this.stepName(), site: control?.site ?? site, text } };
  }

  /** An error: the next function with four parameters takes it; without one, the framework answers. */
  fail(error: Value, site: Site, index: number): StepOutcome {
    const control = this.interpreter.controls.at(-1);
    const labels = labelsOf(error) | (control?.labels ?? 0);
    const isLimit = statusOfError(error) === 429 || (labels & COUNTER) !== 0;
    const outcome = this.stopped(isLimit ? 'limit' : (labels & ABSENT) !== 0 ? 'absence' : 'refusal', control?.site ?? site, control);
    if (isLimit || !this.stops.some((s, i) => i > index && isErrorHandler(s))) return outcome;
    const { heap } = this.interpreter;
    heap.setProperty(this.request, PENDING, new PendingError(outcome, error));
    return { kind: 'continues' };
  }

  private pendingError(): StepOutcome | undefined {
    const slot = this.request.properties.get(PENDING);
    return slot instanceof PendingError ? slot.outcome : undefined;
  }

  private thrownError(): Value {
    const slot = this.request.properties.get(PENDING);
    return slot instanceof PendingError ? slot.error : UNDEFINED;
  }

  createNext(stop: Stop, index: number): ModelObject {
    const behaviour: Behaviour = {
      name: 'express.next',
      call: (interpreter, _self, _receiver, args, site) => {
        const [argument] = args;
        const settled = argument ? interpreter.settle(argument) : UNDEFINED;
        throw new StepEnd(this.onNext(settled, site, stop, index));
      },
    };
    return new ModelObject(this.interpreter.realm.functionPrototype, behaviour, this);
  }

  onNext(argument: Value, site: Site, stop: Stop, index: number): StepOutcome {
    if (argument instanceof Primitive) {
      if (argument.value === 'route') return { kind: 'continues', to: stop.afterRoute };
      if (argument.value === 'router') return { kind: 'continues', to: stop.afterRouter };
      if (argument.value) return this.fail(argument, site, index);
      const control = this.interpreter.controls.at(-1);
      // if (!req.user) return next()      in the endpoint's own handler: on to the 404
      if (stop.isLast && control && (control.labels & ABSENT) !== 0) return this.stopped('absence', control.site, control);
      return { kind: 'continues' };
    }
    if (argument instanceof HeapObject) return this.fail(argument, site, index);
    // next(error) with something that is not known: an error, or nothing
    const truth = this.interpreter.isTrue(argument, site);
    return truth ? this.fail(argument, site, index) : { kind: 'continues' };
  }

  stepName(): string {
    return this.running ? nameOf(this.running.stop.handler.value) : '';
  }
}

/** An error on its way to an error handler. Stands on the request, so that it is taken back with the path. */
class PendingError extends HeapObject {
  readonly outcome: StepOutcome;
  readonly error: Value;
  constructor(outcome: StepOutcome, error: Value) {
    super(null);
    this.outcome = outcome;
    this.error = error;
  }
}

const PENDING = Symbol('pending error');

export function reasonOf(control: Control | undefined, labels: number): StopReason {
  const all = (control?.labels ?? 0) | labels;
  if ((all & COUNTER) !== 0) return 'limit';
  return (all & ABSENT) !== 0 ? 'absence' : 'refusal';
}

function isErrorHandler(stop: Stop): boolean {
  const { value } = stop.handler;
  return value instanceof FunctionObject && stop.param === undefined && value.node.params.length === 4;
}

function siteOf(stop: Stop): Site {
  const { value } = stop.handler;
  return value instanceof FunctionObject ? { module: value.module, start: value.node.range[0], end: value.node.range[1] } : value.kind === 'external' && value.site ? value.site : stop.site;
}
