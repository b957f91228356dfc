import { createRealm, type Realm } from './builtins/realm.ts';
import type { Activations } from './amendments/activations.ts';
import type { Amendment } from './amendments/amendment.ts';
import { Awaited, awaitValue } from './evaluation/awaiting.ts';
import { type Bounds, DEFAULT_BOUNDS, WORK_PER_STEP } from './bounds.ts';
import { callValue, constructValue } from './evaluation/calls.ts';
import type { ClassShape } from './observation/class-shape.ts';
import { Heap } from './heap.ts';
import type { Branching, Host } from './host.ts';
import type { Attempt, Joining } from './branches/joining.ts';
import { isolated } from './branches/isolation.ts';
import { iterateValue, ownEntriesOf, type Iteration, type OwnEntries } from './evaluation/iteration.ts';
import type { LoadedModule, Loader } from './modules/loader.ts';
import { Metadata } from './metadata.ts';
import { getMember, setMember } from './evaluation/members.ts';
import { Modules } from './modules/modules.ts';
import { readVariable } from './modules/variables.ts';
import { NO_READS, type Reads } from './observation/reads.ts';
import { BudgetExceeded, NeedsChoice, PathEnd, ThrowSignal } from './signals.ts';
import { settleUnion } from './branches/settling.ts';
import { spanOf } from './spans.ts';
import { textPartsOf } from './text.ts';
import { conditionOf, truthOf, type Truth } from './evaluation/truth.ts';
import type { Hoisted } from './modules/hoisting.ts';
import type { Assigned } from './branches/absence.ts';
import type { Meeting } from './branches/joins.ts';
import { asAlternative, asConsequence, labelEach, labelsOfControls } from './labelling.ts';
import type { Control, Frame } from './frames.ts';
import type { Scope } from './modules/scope.ts';
import type { TSESTree } from '@typescript-eslint/types';
import { type Labels, NO_LABELS } from './labels.ts';
import { ArrayObject, type ClassNode, HeapObject, NativeFunction, type NativeImplementation, Primitive, PromiseObject, type PromiseState, type Condition, type Site, type TextPart, Union, Unknown, type Value, type FunctionNode, withLabels } from './values.ts';

/**
 * An abstract interpreter for ESTree programs. It holds the state of one program's evaluation; what an expression or statement
 * means stands in the files beside this one. It knows no framework (`Host` does) and no disk (`Loader` does).
 */
export class Interpreter {
  readonly loader: Loader;
  readonly host: Host;
  readonly heap: Heap = new Heap(this);
  readonly metadata: Metadata;
  readonly realm: Realm;
  readonly modules: Modules;
  readonly bounds: Bounds;
  readonly reads: Reads;
  /** True while a request is walked; false in the dry run of the registration code. */
  choosing = false;
  branching: Branching = { mode: 'join' };
  frames: Frame[] = [];
  /** Decisions that the code under evaluation depends on (join mode). */
  conditions: Condition[] = [];
  /** Branches decided by labelled values that the code under evaluation stands in (choose mode), innermost last. */
  controls: Control[] = [];
  /** How many of them stand around the call that is being evaluated. */
  outerControls = 0;
  /** How many branches of tests that are not known the code under evaluation stands in (choose mode). */
  openBranches = 0;
  /** The last of them on this path, also where it has been left again. */
  lastControl: Control | undefined;
  /** Values returned under a condition by the functions on the stack, innermost last (join mode). */
  pendingReturns: { conditions: readonly Condition[]; value: Value }[][] = [];
  /** Where branches that leave a construct meet again with those that go on, innermost last: see joins.ts. */
  meetings: readonly Meeting[] = [];
  /** Decisions of one run of a step that were given a key of their own: see `freshCondition`. */
  forks = 0;
  /** What tells these keys from those of other steps. */
  forkScope = '';
  /** Set where calls are tried with all of their branches at once: see joining.ts. */
  joining: Joining | undefined;
  /** Such a call is being evaluated: decisions that were found to matter are taken, and stand here. */
  attempt: Attempt | undefined;
  /** Collects what running generators yield, innermost last. */
  yields: Value[][] = [];
  /** One branch of a decision in the innermost round of a loop has left the round (join mode). */
  hasLeftRound = false;
  /** Handlers and branches on the stack that a throw would end in (join mode). */
  catching = 0;
  /** A statement of the registration code is evaluated after all of it, as if it were its turn. */
  amendment: Amendment | undefined;
  /** Set where statements may be amended: see activations.ts. */
  activations: Activations | undefined;
  /** Functions of the project that have been called at least once. */
  readonly called = new Set<FunctionNode>();
  /** A call beside the registration code is being evaluated: see relevance.ts. */
  isAside = false;
  asideSteps = 0;
  /** What functions mention, and whether it leads to a framework; found once. */
  readonly mentions = new WeakMap<object, readonly string[]>();
  readonly relevance = new WeakMap<object, boolean>();
  /** Declarations by body or statement list, found once. */
  readonly hoisted = new WeakMap<object, Hoisted>();
  /** Declarations of modules by whether they have begun to run. */
  readonly declarations = new WeakMap<TSESTree.Node, 'waiting' | 'begun'>();
  /** What an untaken branch would have assigned, by node, found once. */
  readonly assigned = new WeakMap<object, Assigned>();
  /** Names that functions made in a function can see, found once. */
  readonly captured = new WeakMap<FunctionNode, ReadonlySet<string>>();
  /** Classes with decorators that the registration code made, by the code; undefined where it made several. Filled where they may be amended. */
  readonly decoratedClasses = new Map<ClassNode, ClassShape | undefined>();
  readonly awaited = new Awaited();
  /** Told of the places where a branch was decided by what follows from absence, or by a count. */
  noteControl: ((site: Site) => void) | undefined;
  steps = 0;
  /** Evaluated nodes of all walks of requests. */
  walkedSteps = 0;
  stepLimit: number;

  constructor(loader: Loader, host: Host, bounds: Bounds = DEFAULT_BOUNDS, reads: Reads = NO_READS) {
    this.loader = loader;
    this.host = host;
    this.bounds = bounds;
    this.reads = reads;
    this.stepLimit = bounds.steps;
    this.metadata = new Metadata(this);
    this.realm = createRealm();
    this.modules = new Modules(this);
  }

  countStep(): void {
    if (++this.steps > this.stepLimit) throw new BudgetExceeded('too many steps');
  }

  /** Counts work that is no evaluation of a node. */
  countWork(amount: number): void {
    this.steps += Math.ceil(amount / WORK_PER_STEP);
    if (this.steps > this.stepLimit) throw new BudgetExceeded('too many steps');
  }

  /** Runs with a fresh step budget. A nested activity's steps do not count for the outer one. */
  withBudget<T>(steps: number, run: () => T): T {
    const { steps: before, stepLimit } = this;
    this.steps = 0;
    this.stepLimit = steps;
    try {
      return run();
    } finally {
      this.steps = before;
      this.stepLimit = stepLimit;
    }
  }

  /** How deep every stack is, so that an abandoned call can be left. */
  depths(): readonly number[] {
    return [this.frames.length, this.conditions.length, this.controls.length, this.pendingReturns.length, this.yields.length];
  }

  restoreDepths([frames = 0, conditions = 0, controls = 0, pendingReturns = 0, yields = 0]: readonly number[]): void {
    this.frames.length = frames;
    this.conditions.length = conditions;
    this.controls.length = controls;
    this.pendingReturns.length = pendingReturns;
    this.yields.length = yields;
  }

  call(callee: Value, receiver: Value, args: readonly Value[], site: Site): Value {
    return callValue(this, callee, receiver, args, site);
  }

  construct(callee: Value, args: readonly Value[], site: Site): Value {
    return constructValue(this, callee, args, site);
  }

  get(target: Value, key: PropertyKey, site: Site): Value {
    return getMember(this, target, key, site);
  }

  set(target: Value, key: PropertyKey, value: Value, site: Site): void {
    setMember(this, target, key, value, site);
  }

  iterate(value: Value, site: Site): Iteration {
    return iterateValue(this, value, site);
  }

  ownEntries(value: Value, site: Site): OwnEntries {
    return ownEntriesOf(this, value, site);
  }

  throwValue(value: Value, site: Site): never {
    throw new ThrowSignal(this.asThrown(value), site);
  }

  /** throw new UnauthorizedException()      says why it is thrown, unlike a client of a service that a branch makes */
  asThrown(value: Value): Value {
    if (value.kind !== 'external' || this.controls.length === 0) return this.underControl(value);
    return withLabels(value, asConsequence(value, labelsOfControls(this)));
  }

  throwError(className: string, message: string, site: Site, labels: Labels = NO_LABELS): never {
    const constructor = this.realm.globals.get(className);
    const error = constructor ? this.construct(constructor, [new Primitive(message)], site) : this.object([['message', new Primitive(message)]]);
    if (error.kind === 'object') this.heap.addLabels(error, labels);
    throw new ThrowSignal(this.underControl(error), site);
  }

  /** The value, labelled by the branches that the code under evaluation stands in. */
  underControl(value: Value): Value {
    if (this.controls.length === 0) return value;
    return labelEach(this, value, labelsOfControls(this), asConsequence);
  }

  /** Labels what stands in the place of a value with the labels. Objects are labelled in place (on the trail), others as a copy. */
  label(value: Value, labels: Labels): Value {
    return labels === NO_LABELS ? value : labelEach(this, value, labels, asAlternative);
  }

  /** What is known of a value's truth, without deciding. */
  whether(value: Value, site: Site): Truth {
    return truthOf(this, value, site);
  }

  /** The truth of a value; chooses in choose mode; undefined in join mode where it is not known. */
  isTrue(value: Value, site: Site): boolean | undefined {
    const truth = truthOf(this, value, site);
    if (truth.known) return truth.value;
    return this.decide(truth);
  }

  /** Takes a decision that is not known: by the choice of the path, or by the conditions that already hold. */
  decide(truth: Truth & { known: false }): boolean | undefined {
    const held = this.conditions.find((c) => c.key === truth.condition.key);
    if (held) return (held.branch === 'true') !== truth.negated;
    // Most tests stand before an early exit: the way on is tried first.
    const branches = truth.negated ? ['true', 'false'] : ['false', 'true'];
    if (this.branching.mode === 'choose') return (this.branching.choose(branches, truth.condition, truth.kind) === 'true') !== truth.negated;
    if (this.attempt) return (this.attempt.choose(branches, truth.condition, truth.kind) === 'true') !== truth.negated;
    if (this.choosing) throw new NeedsChoice();
    return undefined;
  }

  /** For what cannot be told of both branches: the decisions have to be taken first. */
  requireChoice(conditions: readonly Condition[]): never {
    throw new NeedsChoice([...this.conditions, ...this.meetings.flatMap((m) => m.exits.flatMap((exit) => exit.conditions)), ...conditions]);
  }

  /** The branch of a decision that the code under evaluation depends on, or that was taken for it. */
  held(key: string): string | undefined {
    return (this.conditions.find((c) => c.key === key) ?? this.attempt?.chosen.find((c) => c.key === key))?.branch;
  }

  /** Both branches of what is not known are being evaluated, while a request is walked. */
  get isJoining(): boolean {
    return this.choosing && this.branching.mode === 'join';
  }

  /** What the client chooses may differ from one test to the next: a decision of its own for this one. */
  freshCondition(condition: Omit<Condition, 'branch'>): Omit<Condition, 'branch'> {
    return { ...condition, key: `${this.forkScope}#${this.forks++}:${condition.key}` };
  }

  /** Takes a decision now, also where both branches of an outer test are being tried at once. */
  decideNow(truth: Truth & { known: false }): boolean {
    const value = this.decide(truth);
    if (value === undefined) throw new NeedsChoice();
    return value;
  }

  /** Says that what happens now must not happen in both branches at once. */
  commit(): void {
    if (this.choosing && this.branching.mode === 'join') throw new NeedsChoice();
  }

  underConditions<T>(conditions: readonly Condition[], run: () => T): T {
    if (conditions.length === 0) return run();
    const depth = this.conditions.length;
    this.conditions.push(...conditions);
    try {
      return run();
    } finally {
      this.conditions.length = depth;
    }
  }

  /** `result` where the condition takes that branch, nothing otherwise. */
  when(value: Value, branch: 'true' | 'false', site: Site, result: Value): Value {
    const truth = truthOf(this, value, site);
    if (truth.known) return result;
    if (this.isJoining) this.requireChoice([]);
    const condition = conditionOf(truth, branch);
    if (result instanceof Union) return new Union(result.options.map((o) => ({ conditions: [condition, ...o.conditions], value: o.value })));
    return new Union([{ conditions: [condition], value: result }]);
  }

  /** False where the conditions contradict those that hold now. */
  isPossible(conditions: readonly Condition[]): boolean {
    return conditions.every((c) => this.conditions.every((held) => held.key !== c.key || held.branch === c.branch) && (this.attempt?.chosen.every((held) => held.key !== c.key || held.branch === c.branch) ?? true));
  }

  /** In choose mode the option of a union that this path takes; otherwise the value itself. */
  settle(value: Value): Value {
    return value.kind === 'union' ? settleUnion(this, value) : value;
  }

  unknown(reason: string, site: Site | undefined, labels: Labels = NO_LABELS, identity?: string): Unknown {
    return new Unknown(reason, { site, labels, identity });
  }

  /** Something that the program knows and the analysis could not follow. */
  unfollowed(reason: string, site: Site | undefined): Unknown {
    return new Unknown(reason, { site, unfollowed: true });
  }

  array(elements: readonly Value[], site?: Site): ArrayObject {
    return this.new(new ArrayObject(this.realm.arrayPrototype, elements, site));
  }

  object(entries?: Iterable<readonly [PropertyKey, Value]>, site?: Site): HeapObject {
    const object = new HeapObject(this.realm.objectPrototype, site);
    if (entries) for (const [key, value] of entries) object.properties.set(key, value);
    return this.new(object);
  }

  native(name: string, implementation: NativeImplementation): NativeFunction {
    return new NativeFunction(this.realm.functionPrototype, name, implementation);
  }

  promise(state: PromiseState, result: Value, site?: Site): PromiseObject {
    return this.new(new PromiseObject(this.realm.promisePrototype, state, result, site));
  }

  private new<T extends HeapObject>(object: T): T {
    this.amendment?.makes(object);
    return this.isJoining ? this.heap.noteMade(object) : object;
  }

  /** What `await value` gives. A rejection is thrown; a promise that never settles ends the path. */
  awaitValue(value: Value, site: Site): Value {
    return awaitValue(this, value, site);
  }

  /** Nothing would catch what is thrown now. A program that runs does not get here: the analysis was imprecise. */
  wouldEndProgram(): boolean {
    return !this.choosing && this.catching === 0;
  }

  /** Runs what may throw to a handler. */
  caught<T>(run: () => T): T {
    this.catching++;
    try {
      return run();
    } finally {
      this.catching--;
    }
  }

  /** The program waits here for something that does not come, as far as could be followed. */
  neverContinues(site: Site): Value {
    if (this.choosing) throw new PathEnd('never continues');
    return this.unknown('a promise that is settled later', site);
  }

  toText(value: Value): { text: string; labels: Labels } | undefined {
    if (value.kind !== 'primitive' || typeof value.value === 'symbol') return undefined;
    return { text: String(value.value), labels: value.labels };
  }

  textParts(value: Value): readonly TextPart[] {
    return textPartsOf(value);
  }

  currentModule(): LoadedModule | undefined {
    return this.frames.at(-1)?.site.module;
  }

  /** Runs code that belongs to no branch of what is being evaluated. */
  isolated<T>(run: () => T): T {
    return isolated(this, run);
  }

  /** Runs in a branch of a test that is not known. */
  inBranch<T>(run: () => T): T {
    this.openBranches++;
    try {
      return run();
    } catch (signal) {
      if (signal instanceof ThrowSignal) signal.leftBranch = true;
      throw signal;
    } finally {
      this.openBranches--;
    }
  }

  /** Goes on under a branch that a labelled value decided. */
  enterControl(control: Control): void {
    this.noteControl?.(control.site);
    this.controls.push(control);
    this.lastControl = control;
  }

  site(module: LoadedModule, node: object): Site {
    return { module, start: spanOf(node).start, end: spanOf(node).end };
  }

  /** Reads a variable, computing it at the first read. */
  read(scope: Scope, name: string, site: Site): Value | undefined {
    return readVariable(this, scope, name, site);
  }
}
