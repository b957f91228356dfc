import type { ActiveRequests } from '../../guards/active.ts';
import type { Catalogue } from '../../guards/catalogue/index.ts';
import { type ChainStep, StepEnd, type StepOutcome } from '../../guards/chain.ts';
import type { Judge } from '../../guards/judge.ts';
import type { Question } from '../../guards/question.ts';
import { isRefusal, statusIn } from '../../guards/request/response.ts';
import { isGuardsAnswer, RequestRun, type Stage, stageOf } from '../../guards/request-run.ts';
import { RequestState } from '../../guards/request-state.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { PathEnd } from '../../interpreter/signals.ts';
import { ABSENCE } from '../../interpreter/labels.ts';
import { type Behaviour, type Condition, HeapObject, ModelObject, Primitive, PromiseObject, type Site, UNDEFINED, type Value, labelsOf } from '../../interpreter/values.ts';
import { handlersOf } from '../handlers.ts';
import type { RequestChain } from '../framework.ts';
import { registrationOf } from './limits.ts';
import { createReply, errorStatus } from './reply.ts';
import { createFastifyRequest, createRawRequest } from './request.ts';
import { ROUTE_PLACES, type RouteFacts } from './route-facts.ts';
import { createSocket } from './socket.ts';
import { BEFORE_HANDLER, type BeforeHandler, type Hook, type RegisteredRoute, type RouteHandler } from './state.ts';

/** A function that the request meets: a hook of a scope or of the route, or the handler. */
interface FastifyStage extends Stage {
  readonly value: Value;
  readonly conditions: readonly Condition[];
  readonly phase: BeforeHandler | 'handler' | 'socket' | 'middleware';
}

/** A request on its way through the hooks of a route to one of its handlers. All routes of an application share it, as each leaves it as it was. */
export class FastifyRequest extends RequestRun<FastifyStage> {
  readonly request: ModelObject;
  readonly response: ModelObject;
  private readonly raw: ModelObject;
  private readonly state: RequestState;
  private readonly routes: RouteFacts;

  constructor(interpreter: Interpreter, judge: Judge, question: Question, active: ActiveRequests, routes: RouteFacts, decorations: Catalogue['requestDecoration']) {
    super(interpreter, judge, { question, method: 'GET', originalUrl: '/' }, active);
    this.routes = routes;
    this.raw = createRawRequest(interpreter, this.facts);
    this.request = createFastifyRequest(interpreter, this.facts, { routes, raw: this.raw }, decorations);
    this.response = createReply(interpreter, { reads: this.facts.reads, routes }, { answered: (answer) => this.answered(answer), setCookie: () => this.issued() }, () => this.request);
    this.state = new RequestState([this.request, this.response, this.raw], ROUTE_PLACES);
  }

  chain(method: string, originalUrl: string, route: RegisteredRoute, handler: RouteHandler): RequestChain {
    const steps = this.stages(route, handler, originalUrl).map((stage): ChainStep => ({
      name: stage.name,
      site: stage.codeSite,
      conditions: stage.conditions,
      situation: '',
      subject: stage.isLast ? undefined : this.routes.subjectOf(this.interpreter, stage, route),
      place: stage.site,
      reads: () => this.facts.reads,
      fact: (name) => this.routes.fact(this.interpreter, route, { method, originalUrl }, name),
      run: () => {
        Object.assign(this.facts, { method, originalUrl });
        return this.enter(stage, () => {
          this.routes.enter(this.interpreter, this.request, route);
          return this.runStage(stage, route);
        });
      },
    }));
    return { steps, state: this.state, world: this };
  }

  private stages({ scope, options, site, conditions: given }: RegisteredRoute, { handler, isWebSocket }: RouteHandler, originalUrl: string): FastifyStage[] {
    const stages: FastifyStage[] = [];
    for (const phase of BEFORE_HANDLER) {
      for (const hook of scope.hooks.get(phase) ?? []) if (meets(hook, originalUrl)) stages.push(this.stage(hook, phase));
      for (const handler of handlersOf(this.interpreter, [this.interpreter.get(options, phase, site)])) {
        stages.push({ ...stageOf(handler.value, site, { isOwn: true, isLast: false }), value: handler.value, conditions: handler.conditions, phase });
      }
    }
    stages.push({ ...stageOf(handler.value, site, { isOwn: true, isLast: true }), value: handler.value, conditions: handler.conditions, phase: isWebSocket ? 'socket' : 'handler' });
    return stages.filter(countsOnce(this.judge, given));
  }

  private stage({ handler: { value, conditions }, site, middleware }: Hook, phase: BeforeHandler): FastifyStage {
    const stage = stageOf(value, site, { isOwn: false, isLast: false });
    if (!middleware) return { ...stage, value, conditions, phase };
    return { ...stage, name: `${stage.name} (middleware, not a hook)`, value, conditions, phase: 'middleware' };
  }

  private runStage(stage: FastifyStage, route: RegisteredRoute): StepOutcome {
    const { request, response, interpreter } = this;
    const receiver = route.scope.instance;
    const done = this.createDone();
    switch (stage.phase) {
      case 'handler': return this.pass(stage.value, receiver, [request, response], stage);
      case 'socket': return this.pass(stage.value, receiver, [createSocket(interpreter, (answer) => this.answered(answer)), request], stage);
      case 'preParsing': return this.pass(stage.value, receiver, [request, response, interpreter.unknown('the stream of the body', stage.site), done], stage);
      case 'middleware': return this.pass(stage.value, UNDEFINED, [this.raw, interpreter.get(response, 'raw', stage.site), done], stage);
      default: return this.pass(stage.value, receiver, [request, response, done], stage);
    }
  }

  isContinuation(value: Value): boolean {
    return value instanceof ModelObject && value.behaviour.name === 'fastify.done';
  }

  afterReturn(returned: Value, stage: Stage): StepOutcome {
    const isPromise = returned instanceof PromiseObject;
    if (isPromise && returned.state === 'pending') throw new PathEnd('never continues');
    const result = isPromise ? returned.result : returned;
    if (stage.isLast) return isPromise && isNothing(result) ? this.afterNothing(result, stage) : this.afterHandler(result, stage);
    const answer = this.answers.at(-1);
    if (answer) return this.endOfAnswer(answer, labelsOf(result));
    // onRequest: (request) => request.jwtVerify()
    if (isPromise || returned.kind === 'external') return { kind: 'continues' };
    if (returned.kind === 'unknown') return returned.unfollowed ? { kind: 'unknown', reason: returned.reason, site: returned.site ?? stage.site } : { kind: 'continues' };
    return this.endOf(result) ?? this.stays(stage);
  }

  /** What a handler returns is the answer, with the status that it has set. */
  private afterHandler(result: Value, stage: Stage): StepOutcome {
    const answer = this.answers.at(-1);
    if (answer) return this.endOfAnswer(answer, labelsOf(result));
    if (isNothing(result) || result === this.response) return this.endOf(result) ?? this.work();
    const status = errorStatus(result) ?? statusIn(this.response);
    const control = this.interpreter.controls.at(-1) ?? ((labelsOf(result) & ABSENCE) !== 0 ? this.interpreter.lastControl : undefined);
    const site = control?.site ?? stage.site;
    if (status === 429) return this.stopped('limit', site, control);
    const given = { status, isRedirect: false, control, site };
    return isGuardsAnswer(given) || isRefusal(given) ? this.endOfAnswer(given, labelsOf(result)) : this.work();
  }

  /** An async handler that gives nothing is answered all the same, with the status that it has set. */
  private afterNothing(result: Value, stage: Stage): StepOutcome {
    const status = statusIn(this.response);
    if (this.answers.length > 0 || status === undefined || status < 400) return this.afterHandler(result, stage);
    const labels = labelsOf(this.interpreter.get(this.response, 'statusCode', stage.site));
    return this.endOfAnswer({ status, isRedirect: false, control: undefined, site: stage.site }, labels);
  }

  /** Fastify's error handler answers, whoever wrote it. */
  fail(error: Value, site: Site): StepOutcome {
    return this.refusedBy(error, site);
  }

  private createDone(): ModelObject {
    const behaviour: Behaviour = {
      name: 'fastify.done',
      call: (interpreter, _self, _receiver, args, site) => {
        const [argument] = args;
        throw new StepEnd(this.onDone(argument ? interpreter.settle(argument) : UNDEFINED, site));
      },
    };
    return new ModelObject(this.interpreter.realm.functionPrototype, behaviour, this);
  }

  private onDone(argument: Value, site: Site): StepOutcome {
    // reply.code(401).send(); done()      the reply is sent: no later hook runs
    const answer = this.answers.at(-1);
    if (answer) return this.endOfAnswer(answer, 0);
    if (argument instanceof Primitive) return argument.value ? this.fail(argument, site) : { kind: 'continues' };
    if (argument instanceof HeapObject) return this.fail(argument, site);
    return this.interpreter.isTrue(argument, site) ? this.fail(argument, site) : { kind: 'continues' };
  }
}

function isNothing(value: Value): boolean {
  return value instanceof Primitive && value.value === undefined;
}

/** Leaves out limiters behind one of the same plugin that is there wherever they and the route are: they do not count. */
function countsOnce(judge: Judge, given: readonly Condition[]): (stage: FastifyStage) => boolean {
  const met = new Map<Value, (readonly Condition[])[]>();
  return ({ value, conditions }) => {
    const registration = registrationOf(judge, value);
    if (!registration) return true;
    const before = met.get(registration) ?? [];
    // if (process.env.X) app.register(rateLimit): both what it puts on the route and its app.rateLimit() stand there under X
    const holds = [...given, ...conditions];
    if (before.some((earlier) => earlier.every((one) => holds.some((other) => other.key === one.key && other.branch === one.branch)))) return false;
    met.set(registration, [...before, conditions]);
    return true;
  };
}

/** use('/admin', middleware) runs for that path and below. */
function meets({ middleware }: Hook, originalUrl: string): boolean {
  if (!middleware || middleware.path === '' || middleware.path === '/') return true;
  const path = middleware.path.replace(/\/$/, '');
  return originalUrl === path || originalUrl.startsWith(`${path}/`);
}
