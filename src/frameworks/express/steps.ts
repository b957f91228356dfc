import type { ActiveRequests } from '../../guards/active.ts';
import { type ChainStep, StepEnd, type StepOutcome } from '../../guards/chain.ts';
import type { Judge } from '../../guards/judge.ts';
import { createResponse } from '../../guards/request/response.ts';
import type { Question } from '../../guards/question.ts';
import { RequestRun, type Stage, stageOf } from '../../guards/request-run.ts';
import { RequestState } from '../../guards/request-state.ts';
import type { Subjects } from '../../guards/subjects.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ABSENCE } from '../../interpreter/labels.ts';
import { type Behaviour, FunctionObject, HeapObject, ModelObject, Primitive, PromiseObject, type Site, UNDEFINED, Unknown, type Value } from '../../interpreter/values.ts';
import type { RequestChain } from '../framework.ts';
import { createExpressRequest, enterStop, STOP_MEMBERS } from './request.ts';
import type { PathParams } from './path-match.ts';
import type { Stop } from './routing.ts';

/** A function in an Express chain, at its index. */
export interface ExpressStage extends Stage {
  readonly stop: Stop;
  readonly index: number;
}

/** A request on its way through one chain of an Express application. */
export class ExpressRequest extends RequestRun<ExpressStage> {
  readonly request: ModelObject;
  readonly response: ModelObject;
  private readonly state: RequestState;
  private readonly subjects: Subjects;
  protected stops: readonly Stop[] = [];

  constructor(interpreter: Interpreter, judge: Judge, { question, application }: { readonly question: Question; readonly application: Value }, active: ActiveRequests, subjects: Subjects) {
    super(interpreter, judge, { question, method: 'GET', originalUrl: '/' }, active);
    this.subjects = subjects;
    this.request = createExpressRequest(interpreter, this.facts, application, () => this.response);
    this.response = createResponse(interpreter, 'express.response', {
      answered: (answer) => this.answered(answer),
      setCookie: () => this.issued(),
    }, (_self, key) => (key === 'req' ? this.request : key === 'app' ? application : undefined));
    const locals = interpreter.object();
    this.response.properties.set('locals', locals);
    this.state = new RequestState([this.request, this.response, locals], STOP_MEMBERS, () => this.pendingText());
  }

  /** The request on its way to one endpoint. All chains share the request, as each leaves it as it was. */
  chain(method: string, originalUrl: string, stops: readonly Stop[]): RequestChain {
    const lastErrorHandler = stops.findLastIndex(isErrorHandler);
    const steps = stops.map((stop, index): ChainStep => {
      const stage: ExpressStage = { ...stageOf(stop.handler.value, stop.site, stop), stop, index };
      const role = `${stop.isOwn} ${stop.isLast}`;
      return {
        name: stage.name,
        site: stage.codeSite,
        place: stop.site,
        conditions: stop.conditions,
        situation: index < lastErrorHandler ? 'an error handler follows' : '',
        subject: stop.param ? undefined : this.subjects.of(this.interpreter, stop.handler.value, role),
        reads: () => this.facts.reads,
        fact: (name) => factOf(stop, method, originalUrl, name),
        run: () => {
          this.stops = stops;
          Object.assign(this.facts, { method, originalUrl });
          return this.run(stage);
        },
      };
    });
    return { steps, state: this.state, world: this };
  }

  private pendingText(): string {
    const pending = this.request.properties.get(PENDING);
    return pending instanceof PendingError ? ` ${pending.outcome.because} ${pending.outcome.by.site.module.file}:${pending.outcome.by.site.start}` : '';
  }

  private run(stage: ExpressStage): StepOutcome {
    const { stop } = stage;
    this.facts.reads.clear();
    const pending = this.pendingError();
    const handlesErrors = isErrorHandler(stop);
    if (handlesErrors !== (pending !== undefined)) return pending && stop.isLast ? pending : { kind: 'continues', isPassedOver: true };
    const outcome = this.enter(stage, () => {
      enterStop(this.interpreter, this.request, stop, this.facts);
      const next = this.createNext(stage);
      const extra = stop.param ? [new Primitive(stop.param.value), new Primitive(stop.param.name)] : [];
      const args = handlesErrors ? [this.thrownError(), this.request, this.response, next] : [this.request, this.response, next, ...extra];
      if (handlesErrors) this.interpreter.heap.deleteProperty(this.request, PENDING);
      return this.pass(stop.handler.value, UNDEFINED, args, stage);
    });
    // The error handler only words the answer: what failed has stopped the request.
    return pending && outcome.kind === 'stopped' && outcome.because !== 'limit' ? pending : outcome;
  }

  isContinuation(value: Value): boolean {
    return value instanceof ModelObject && value.behaviour.name === 'express.next';
  }

  protected override goesOnByCall(args: readonly Value[]): boolean {
    return args.some((arg) => this.isContinuation(arg));
  }

  /** The step came to its end without `next()`. */
  afterReturn(returned: Value, stage: Stage): StepOutcome {
    const end = this.endOf(returned instanceof PromiseObject ? returned.result : returned);
    if (end) return end;
    // return check(req, res, next)      where check could not be followed
    const unfollowed = stage.isLast ? undefined : unfollowedIn(returned instanceof PromiseObject ? returned.result : returned);
    if (unfollowed) return { kind: 'unknown', reason: unfollowed.reason, site: unfollowed.site ?? stage.codeSite };
    if (!stage.isLast && this.running?.stop.isHook && returned instanceof PromiseObject) return { kind: 'continues' };
    return stage.isLast ? this.work() : this.stays(stage);
  }

  /** An error: the next function with four parameters takes it; without one, the framework answers. */
  fail(error: Value, site: Site, { index }: ExpressStage): StepOutcome {
    const outcome = this.refusedBy(error, site);
    if (outcome.because === 'limit' || !this.handlesErrorsBehind(index)) return outcome;
    this.interpreter.heap.setProperty(this.request, PENDING, new PendingError(outcome, error));
    return { kind: 'continues' };
  }

  private handlesErrorsBehind(index: number): boolean {
    return this.stops.some((stop, at) => at > index && isErrorHandler(stop));
  }

  private pendingError(): StepOutcome | undefined {
    const slot = this.request.properties.get(PENDING);
    return slot instanceof PendingError ? slot.outcome : undefined;
  }

  private thrownError(): Value {
    const slot = this.request.properties.get(PENDING);
    return slot instanceof PendingError ? slot.error : UNDEFINED;
  }

  protected createNext(stage: ExpressStage): ModelObject {
    const behaviour: Behaviour = {
      name: 'express.next',
      call: (interpreter, _self, _receiver, args, site) => {
        interpreter.commit();
        const [argument] = args;
        const settled = argument ? interpreter.settle(argument) : UNDEFINED;
        throw new StepEnd(this.onNext(settled, site, stage));
      },
    };
    return new ModelObject(this.interpreter.realm.functionPrototype, behaviour, this);
  }

  /** next('route') and next('router'): on behind the route or the router, which may be past the endpoint. */
  private leave(to: number, site: Site, stop: Stop): StepOutcome {
    this.facts.reads.add(POSITION);
    if (to < this.stops.length || stop.isLast) return { kind: 'continues', to };
    const control = this.interpreter.controls.at(-1);
    return this.stopped(control && (control.labels & ABSENCE) !== 0 ? 'absence' : 'refusal', control?.site ?? site, control);
  }

  private onNext(argument: Value, site: Site, stage: ExpressStage): StepOutcome {
    const { stop } = stage;
    if (argument instanceof Primitive) {
      if (argument.value === 'route') return this.leave(stop.afterRoute, site, stop);
      if (argument.value === 'router') return this.leave(stop.afterRouter, site, stop);
      if (argument.value) return this.fail(argument, site, stage);
      const control = this.interpreter.controls.at(-1);
      // if (!req.user) return next()      in the endpoint's own handler: on to the 404
      if (stop.isLast && control && (control.labels & ABSENCE) !== 0) return this.stopped('absence', control.site, control);
      return { kind: 'continues' };
    }
    if (argument instanceof HeapObject) return this.fail(argument, site, stage);
    // next(error) with something that is not known: an error, or nothing
    const truth = this.interpreter.isTrue(argument, site);
    return truth ? this.fail(argument, site, stage) : { kind: 'continues' };
  }
}

/** An error on its way to an error handler. Stands on the request, so that it is taken back with the path. */
class PendingError extends HeapObject {
  readonly outcome: StepOutcome & { kind: 'stopped' };
  readonly error: Value;
  constructor(outcome: StepOutcome & { kind: 'stopped' }, error: Value) {
    super(null);
    this.outcome = outcome;
    this.error = error;
  }
}

const PENDING = Symbol('pending error');

/** Stands for where a step is in its chain. */
const POSITION = 'position';

/** What a function may read of its route, as a text; undefined for what cannot be compared. */
export function factOf(stop: Stop, method: string, originalUrl: string, name: string): string | undefined {
  switch (name) {
    case 'path': case 'url': return stop.url;
    case 'baseUrl': return stop.baseUrl;
    case 'originalUrl': return originalUrl;
    case 'method': return method;
    case 'params': return Object.entries(stop.params).map(([key, value]) => `${key}:${shapeOf(value)}`).join();
    default: return name.startsWith('params.') ? shapeOf(new Map(Object.entries(stop.params)).get(name.slice('params.'.length))) : undefined;
  }
}

/** All that code can tell of a parameter; a wildcard has several segments. */
function shapeOf(value: PathParams[string]): string {
  return typeof value === 'string' ? 'a text' : `${value?.length ?? 'no'} texts`;
}

/** What could not be followed of a value, in any of its forms. */
function unfollowedIn(value: Value): Unknown | undefined {
  if (value instanceof Unknown) return value.unfollowed ? value : undefined;
  if (value.kind !== 'union') return undefined;
  for (const option of value.options) {
    const unfollowed = option.value && unfollowedIn(option.value);
    if (unfollowed) return unfollowed;
  }
  return undefined;
}

function isErrorHandler(stop: Stop): boolean {
  const { value } = stop.handler;
  return value instanceof FunctionObject && stop.param === undefined && value.node.params.length === 4;
}
