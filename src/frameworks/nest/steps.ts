import { type ChainStep, StepEnd, type StepOutcome } from '../../guards/chain.ts';
import type { GuardRow, MarkPlace } from '../../guards/catalogue/row.ts';
import { runExternal } from '../../guards/external.ts';
import { nameOf } from '../../guards/names.ts';
import { reasonOfControl } from '../../guards/request-run.ts';
import type { Question } from '../../guards/question.ts';
import { clientValue, credentialValue, namesIdentity } from '../../guards/request/anonymous.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ObservedReference } from '../../interpreter/observation/observed-reference.ts';
import { ThrowSignal } from '../../interpreter/signals.ts';
import { spanOf } from '../../interpreter/spans.ts';
import { undecidedAt } from '../../interpreter/evaluation/truth.ts';
import { ABSENCE, CLIENT, COUNTER } from '../../interpreter/labels.ts';
import { ArrayObject, ClassObject, type Condition, External, FunctionObject, HeapObject, ModelObject, NativeFunction, Primitive, PromiseObject, type Site, UNDEFINED, Unknown, type Value, labelsOf } from '../../interpreter/values.ts';
import type { Handler } from '../handlers.ts';
import { enterStop } from '../express/request.ts';
import type { Stop } from '../express/routing.ts';
import { ExpressRequest, type ExpressStage, factOf } from '../express/steps.ts';
import type { RequestChain } from '../framework.ts';
import { createContext } from './context.ts';
import { realOf } from '../later.ts';
import type { Injector } from './injector.ts';
import type { ModuleRecord } from './modules.ts';
import type { NestStore, Parameter } from './store.ts';

/** What one endpoint is, for the functions that stand before it. */
export interface EndpointFacts {
  readonly type: 'http' | 'graphql' | 'ws' | 'rpc';
  readonly controller: ClassObject;
  readonly key: PropertyKey;
  readonly handler: FunctionObject | NativeFunction;
  readonly module: ModuleRecord | undefined;
  readonly injector: Injector;
  readonly guards: readonly Handler[];
  readonly interceptors: readonly Handler[];
  readonly place: Site;
  /** What the sample path has for the parameters. */
  readonly params: Stop['params'];
  /** Left out for HTTP. */
  readonly transport?: Transport;
}

/** How a request comes to a method that is not called over HTTP. */
export interface Transport {
  /** What the method is called with, in the order of `ContextFacts.args`. */
  args(run: NestRequest): readonly Value[];
  /** What has the request before the guards: it accepts a connection or makes a context. */
  readonly before: readonly TransportStep[];
  /** Among endpoints that differ in no more than `fact` tells, the request may be shared; left out where they may differ in anything. */
  readonly shared?: SharedRequests;
  /** What the arguments tell of the endpoint, by name. */
  fact?(name: string): string | undefined;
}

/** Requests that endpoints share, by what is asked of them. */
export type SharedRequests = Map<string, NestRequest>;

export interface TransportStep {
  readonly name: string;
  /** The function or the object that runs, for its place. */
  readonly value: Value;
  readonly conditions: readonly Condition[];
  run(run: NestRequest, stage: ExpressStage): StepOutcome;
}

/** Stands before the key of metadata that a step reads. */
const METADATA = 'metadata ';

/** What is read by whoever looks at all of the endpoint's method or class: it cannot be compared. */
const ENDPOINT = 'endpoint';

/** The situation of the endpoint's own method. */
const HANDLER = 'handles';

/** A request on its way through Nest: middleware as in Express, then guards, interceptors and the method. */
export class NestRequest extends ExpressRequest {
  /** Takes the metadata of the endpoint for not set: would the guards stop the request then? */
  readonly hidesMetadata: boolean;
  readonly context: ModelObject;
  private readonly store: NestStore;
  private readonly handler: ObservedReference;
  private readonly controller: ObservedReference;
  private current: EndpointFacts;

  constructor(interpreter: Interpreter, store: NestStore, facts: { readonly question: Question; readonly application: Value }, endpoint: EndpointFacts, metadata: 'seen' | 'hidden') {
    super(interpreter, store.judge, facts, store.active, store.subjects);
    this.hidesMetadata = metadata === 'hidden';
    this.current = endpoint;
    this.store = store;
    this.handler = this.reference('handler');
    this.controller = this.reference('controller');
    this.context = createContext(interpreter, { type: endpoint.type, args: () => this.contextArgs(), controller: this.controller, handler: this.handler });
  }

  private reference(name: 'handler' | 'controller'): ObservedReference {
    return new ObservedReference({
      name,
      observations: this.facts.reads,
      current: () => this.endpoint[name],
      learnAll: () => this.facts.reads.add(ENDPOINT),
      numberOf: (value) => this.store.numberOf(value),
    });
  }

  /** Where the request is going at the moment. */
  get endpoint(): EndpointFacts {
    return this.current;
  }

  contextArgs(): readonly Value[] {
    return this.endpoint.transport?.args(this) ?? [this.request, this.response, UNDEFINED];
  }

  /** Metadata of the method and of its class. */
  metadataOf(key: string): readonly Value[] {
    this.facts.reads.add(METADATA + key);
    return this.valuesUnder(key, this.endpoint);
  }

  private valuesUnder(key: string, { handler, controller }: EndpointFacts): Value[] {
    return [handler, controller].flatMap((bearer) => this.markOf(bearer, key) ?? []).map((value) => this.interpreter.settle(value));
  }

  /** What it is like is compared. */
  private markOf(bearer: HeapObject, key: string): Value | undefined {
    const { metadata, reads } = this.interpreter;
    return reads.unnoticed(() => metadata.find(bearer, undefined, key))?.value;
  }

  /** As `ChainStep.fact`. */
  private factOf(name: string, endpoint: EndpointFacts, stop: Stop, method: string, originalUrl: string): string | undefined {
    if (!name.startsWith(METADATA)) {
      return this.handler.answer(name, endpoint.handler) ?? this.controller.answer(name, endpoint.controller) ?? endpoint.transport?.fact?.(name) ?? factOf(stop, method, originalUrl, name);
    }
    return this.valuesUnder(name.slice(METADATA.length), endpoint).map((value) => this.store.subjects.describe(this.interpreter, value)).join();
  }

  override chain(method: string, originalUrl: string, stops: readonly Stop[]): RequestChain {
    return this.chainTo(this.endpoint, method, originalUrl, stops);
  }

  /** Endpoints share the request, as each leaves it as it was, unless what their transport hands over is each endpoint's own. */
  chainTo(endpoint: EndpointFacts, method: string, originalUrl: string, stops: readonly Stop[]): RequestChain {
    const { steps: middleware, state } = super.chain(method, originalUrl, stops);
    const { guards, interceptors, handler, place, controller, key, transport } = endpoint;
    const isShared = !transport || transport.shared !== undefined;
    const steps: ChainStep[] = middleware.map((step) => ({
      ...step,
      run: () => {
        this.current = endpoint;
        return step.run();
      },
    }));
    const stopFor = (value: Value, site: Site, conditions: readonly Condition[], isOwn: boolean): Stop => ({
      handler: { value, conditions: [] }, conditions, site, baseUrl: '', url: originalUrl, params: endpoint.params, afterRoute: -1, afterRouter: -1, isOwn, isLast: isOwn,
    });
    const add = (name: string, value: Value, conditions: readonly Condition[], situation: string, run: (stage: ExpressStage) => StepOutcome): void => {
      const isOwn = situation === HANDLER;
      const index = steps.length;
      const site = siteOf(value) ?? place;
      const stop = stopFor(value, site, conditions, isOwn);
      const stage: ExpressStage = { name, site, codeSite: site, isOwn, isLast: isOwn, stop, index };
      steps.push({
        name,
        site,
        conditions,
        situation,
        subject: isOwn || !isShared || value.kind !== 'object' ? undefined : value,
        place: site,
        reads: () => this.facts.reads,
        fact: (fact) => this.factOf(fact, endpoint, stop, method, originalUrl),
        run: () => this.enter(stage, () => {
          this.current = endpoint;
          Object.assign(this.facts, { method, originalUrl });
          enterStop(this.interpreter, this.request, stop, this.facts);
          return run(stage);
        }),
      });
    };
    for (const { name, value, conditions, run } of transport?.before ?? []) add(name, value, conditions, name, (stage) => run(this, stage));
    for (const { value, conditions } of guards) add(guardName(value), value, conditions, 'guards', (stage) => this.passGuard(value, stage));
    for (const { value, conditions } of interceptors) if (isReadable(value)) add(guardName(value), value, conditions, 'intercepts', (stage) => this.passInterceptor(value, stage));
    add(`${controller.name}.${String(key)}`, handler, [], HANDLER, (stage) => this.reachHandler(stage));
    return { steps, state, world: isShared ? this : undefined };
  }

  private instanceFor(value: Value, site: Site): Value {
    const real = realOf(value);
    return real instanceof ClassObject || real instanceof NativeFunction ? realOf(this.endpoint.injector.instanceOf(real, this.endpoint.module, site)) : real;
  }

  /** server.use((client, next) => next(new Error('who are you?'))) */
  passMiddleware(value: Value, args: readonly Value[], stage: ExpressStage): StepOutcome {
    return this.pass(value, UNDEFINED, [...args, this.createNext(stage)], stage);
  }

  private passGuard(value: Value, stage: ExpressStage): StepOutcome {
    const own = this.judge.own(value) ?? this.judge.own(classOf(value) ?? UNDEFINED);
    const finding = { name: guardName(value), site: stage.site, text: 'named as a guard in the settings' };
    if (own === 'passes') return { kind: 'continues' };
    if (own === 'guard' && this.question === 'anonymous') return { kind: 'stopped', because: 'absence', by: finding };
    if (own === 'limiter' && this.question === 'any') return { kind: 'stopped', because: 'limit', by: { ...finding, text: 'named as a limiter in the settings' } };
    const instance = this.instanceFor(value, stage.site);
    if (instance instanceof External) return this.passPackageGuard(instance, stage);
    if (instance instanceof Unknown) return { kind: 'unknown', reason: instance.reason, site: instance.site ?? stage.site };
    const canActivate = this.interpreter.get(instance, 'canActivate', stage.site);
    const base = canActivate.kind === 'unknown' ? packageBase(instance) : undefined;
    // class RolesGuard extends ACGuard {}
    if (base) return this.passPackageGuard(base, stage);
    if (canActivate.kind === 'unknown') return { kind: 'unknown', reason: canActivate.reason, site: stage.site };
    return this.afterGuard(this.interpreter.call(canActivate, instance, [this.context], stage.site), stage);
  }

  private passPackageGuard(instance: External, stage: ExpressStage): StepOutcome {
    const external = instance.step === 'new' && instance.base ? instance.base : instance;
    const row = this.judge.known(external)?.row;
    if (row?.role === 'guard' && this.question === 'anonymous' && this.passesByMarks(row, stage.site)) return { kind: 'continues' };
    return runExternal(this, external, [this.request, this.response], { ...stage, isLast: false });
  }

  private passesByMarks({ opens = [], asks = [] }: Pick<GuardRow, 'opens' | 'asks'>, site: Site): boolean {
    const isSet = ({ key, on }: MarkPlace): boolean => {
      this.facts.reads.add(METADATA + key);
      const { handler, controller } = this.endpoint;
      const bearers = on === 'either' ? [handler, controller] : [on === 'method' ? handler : controller];
      const values = this.hidesMetadata ? [] : bearers.flatMap((bearer) => this.markOf(bearer, key) ?? []);
      const [value] = values.map((one) => this.interpreter.settle(one)).filter((one) => !(one instanceof Primitive && one.value === undefined));
      return value !== undefined && this.interpreter.isTrue(value, site) === true;
    };
    return opens.some(isSet) || !asks.every(isSet);
  }

  /** What a guard gives: true lets through, anything false answers 403. */
  private afterGuard(returned: Value, stage: ExpressStage): StepOutcome {
    const { interpreter } = this;
    const result = interpreter.awaitValue(returned, stage.site);
    if (interpreter.isTrue(result, stage.site)) return { kind: 'continues' };
    // return PROVIDERS.includes(request.params.provider): what the client sent decides, and it may send something else
    const labels = labelsOf(result);
    if (result instanceof Primitive && (labels & CLIENT) !== 0 && (labels & (ABSENCE | COUNTER)) === 0 && interpreter.decide(undecidedAt('what the client sends', stage.site, CLIENT))) return { kind: 'continues' };
    const control = this.answers.at(-1)?.control ?? interpreter.controls.at(-1) ?? interpreter.lastControl;
    const isLabelled = reasonOfControl(undefined, labelsOf(result));
    const because = isLabelled === 'refusal' ? reasonOfControl(this.answers.at(-1)?.control, 0) : isLabelled;
    return this.stopped(because, stage.site, because === 'refusal' ? undefined : control);
  }

  private passInterceptor(value: Value, stage: ExpressStage): StepOutcome {
    const { interpreter } = this;
    const instance = this.instanceFor(value, stage.site);
    if (!(instance instanceof HeapObject)) return { kind: 'continues' };
    const intercept = interpreter.get(instance, 'intercept', stage.site);
    if (!(intercept instanceof FunctionObject)) return { kind: 'continues' };
    const next = interpreter.object([['handle', interpreter.native('handle', () => {
      throw new StepEnd({ kind: 'continues' });
    })]]);
    const returned = interpreter.awaitValue(interpreter.call(intercept, instance, [this.context, next], stage.site), stage.site);
    const because = reasonOfControl(this.answers.at(-1)?.control ?? interpreter.controls.at(-1), labelsOf(returned));
    return because === 'refusal' ? { kind: 'continues' } : this.stopped(because, stage.site, interpreter.lastControl);
  }

  private reachHandler(stage: ExpressStage): StepOutcome {
    const { interpreter } = this;
    const { controller, module, injector, handler } = this.endpoint;
    const instance = realOf(injector.instanceOf(controller, module, stage.site));
    const args = this.argumentsOf(stage);
    const returned = interpreter.call(handler, instance, args, stage.site);
    const result = returned instanceof PromiseObject && returned.state === 'rejected' ? reject(returned, stage.site) : returned;
    return this.afterHandler(result instanceof PromiseObject ? interpreter.awaitValue(result, stage.site) : result, stage);
  }

  private afterHandler(returned: Value, stage: ExpressStage): StepOutcome {
    if (this.answers.length > 0) return this.afterReturn(returned, stage);
    const isByAbsence = (labelsOf(returned) & ABSENCE) !== 0;
    if (isByAbsence && saysNo(returned) && !this.ranToEnd()) return this.stopped('absence', stage.site, this.interpreter.lastControl);
    return this.work();
  }

  /** Only its last statement was left out for want of a credential: if (redirect) return { redirect } */
  private ranToEnd(): boolean {
    const { handler } = this.endpoint;
    const [untaken] = this.interpreter.lastControl?.untaken ?? [];
    const body = handler instanceof FunctionObject && handler.node.body.type === 'BlockStatement' ? handler.node.body.body : [];
    const last = body.at(-1);
    if (untaken === undefined || last === undefined || !(handler instanceof FunctionObject)) return false;
    const { module } = handler;
    return body.length > 1 && module.place(spanOf(untaken).start) > module.place(spanOf(last).start) && module.place(spanOf(untaken).end) <= module.place(spanOf(last).end);
  }

  private argumentsOf(stage: ExpressStage): Value[] {
    const { handler, controller, key } = this.endpoint;
    const decorated = this.store.parametersOf(controller.instances, key);
    const params = handler instanceof FunctionObject ? handler.node.params : [];
    const given = this.endpoint.transport?.args(this);
    if (given && decorated.size === 0) return [...given];
    const count = Math.max(params.length, ...[...decorated.keys()].map((index) => index + 1), 0);
    return Array.from({ length: count }, (_, index): Value => {
      const parameter = decorated.get(index);
      if (parameter) return this.argument(parameter, stage);
      const param = params[index];
      const inner = param?.type === 'AssignmentPattern' ? param.left : param;
      const name = inner?.type === 'Identifier' ? inner.name : 'argument';
      // A decorator of a package: by the name of what it fills in.
      return namesIdentity(name) ? credentialValue(this.interpreter, this.question, name, stage.site) : clientValue(name, stage.site);
    });
  }

  private argument(parameter: Parameter, stage: ExpressStage): Value {
    const { interpreter } = this;
    switch (parameter.kind) {
      case 'request': return this.request;
      case 'response': return this.response;
      case 'next': return this.createNext(stage);
      case 'inject': return UNDEFINED;
      case 'custom': return interpreter.awaitValue(interpreter.call(parameter.factory, UNDEFINED, [parameter.data, this.context], stage.site), stage.site);
      case 'argument': {
        const whole = this.contextArgs()[parameter.index] ?? UNDEFINED;
        return parameter.name instanceof Primitive ? interpreter.get(whole, String(parameter.name.value), stage.site) : whole;
      }
      case 'part': {
        const whole = interpreter.get(this.request, parameter.part, stage.site);
        if (!(parameter.name instanceof Primitive)) return whole;
        const name = String(parameter.name.value);
        return interpreter.get(whole, parameter.part === 'headers' ? name.toLowerCase() : name, stage.site);
      }
    }
  }
}

function reject(promise: PromiseObject, site: Site): never {
  throw new ThrowSignal(promise.result, site);
}

/** Nothing, false, or an object that only says so: { success: false, message: 'log in first' }. */
function saysNo(value: Value): boolean {
  if (value instanceof Primitive) return !value.value;
  if (!(value instanceof HeapObject) || value instanceof ModelObject || value instanceof ArrayObject || value.open !== undefined) return false;
  const members = [...value.properties];
  return members.length > 0 && members.every(([, slot]) => slot instanceof Primitive) && members.some(([key, slot]) => /^(error|message|msg|reason)$/i.test(String(key)) || (slot instanceof Primitive && slot.value === false));
}

function classOf(value: Value): ClassObject | undefined {
  const constructor = value instanceof HeapObject ? value.prototype?.properties.get('constructor') : undefined;
  return constructor instanceof ClassObject ? constructor : undefined;
}

export function guardName(value: Value): string {
  const real = realOf(value);
  if (real instanceof FunctionObject || real instanceof ClassObject || real instanceof NativeFunction || real instanceof External) return nameOf(real);
  return classOf(real)?.name ?? nativeName(real) ?? nameOf(real);
}

function nativeName(value: Value): string | undefined {
  const constructor = value instanceof HeapObject ? value.prototype?.properties.get('constructor') : undefined;
  return constructor instanceof NativeFunction ? constructor.name : undefined;
}

function siteOf(value: Value): Site | undefined {
  const real = realOf(value);
  if (real instanceof ClassObject) return nameSite(real);
  const made = classOf(real);
  if (made) return nameSite(made);
  return real instanceof FunctionObject ? real.site : undefined;
}

/** Where the name of a class stands. */
export function nameSite(created: ClassObject): Site {
  const { module, node } = created;
  const name = node.id ?? node;
  return { module, start: spanOf(name).start, end: spanOf(name).end };
}

function isReadable(value: Value): boolean {
  const real = realOf(value);
  return real instanceof ClassObject || classOf(real) !== undefined;
}

/** The package's class that a class of the project extends. */
function packageBase(instance: Value): External | undefined {
  for (let created: Value | undefined = classOf(instance); created; created = created instanceof ClassObject ? created.superclass : undefined) {
    if (created instanceof External) return created;
  }
  return undefined;
}
