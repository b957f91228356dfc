import type { TSESTree } from '@typescript-eslint/types';
import { hasPlenty } from './guards/explore-bounds.ts';
import { alignmentOf, Renewal } from './guards/renewal.ts';
import { KeptReads } from './interpreter/observation/reads.ts';
import type { Question } from './guards/question.ts';
import { type Amendable, type Amended, Amending } from './interpreter/amendments/amending.ts';
import { ClassAmending, type ClassEdit } from './interpreter/amendments/class-amending.ts';
import { ImportAmending } from './interpreter/amendments/import-amending.ts';
import { capturesOf } from './interpreter/modules/captures.ts';
import { activationOf } from './interpreter/modules/module-record.ts';
import { isSameFor } from './interpreter/observation/relevance.ts';
import type { RequestChain, Route } from './frameworks/framework.ts';
import type { ClassObject, FunctionNode } from './interpreter/values.ts';
import { isFunction } from './interpreter/walk.ts';
import { JudgedProgram } from './judged-program.ts';
import type { Analysis, RateLimitVerdict, Settings } from './model.ts';
import type { Conditional } from './policy/alternatives.ts';
import { mayMake } from './program.ts';
import { dropStaleLimiters } from './policy/limiters.ts';
import { LiveLoader } from './project/live-loader.ts';
import { LiveModule, type PlannedEdit } from './project/live-module.ts';
import { createParse, type Parse } from './project/parse.ts';
import type { Project } from './project/project.ts';

/** What was found out about one route, and what that rests on. */
interface JudgedRoute {
  readonly found: Route;
  readonly route: LastingRoute;
  endpoints: readonly Conditional[];
  /** Code that was looked at. */
  reads: ReadonlySet<object>;
  /** Files that its endpoints and their evidence name, relative to the root. */
  files: ReadonlySet<string>;
  /** Of the state, when it was there last: what was gone has missed changes of code. */
  there: number;
}

/** A route whose chains are put together once: behind a shared guard stand thousands, and most of what is in them is not that guard. */
class LastingRoute {
  readonly kept: Route;
  readonly #reads: KeptReads;
  readonly #chains = new Map<Question, { readonly chains: readonly RequestChain[]; readonly reads: ReadonlySet<object> }>();
  #rateLimit: { readonly verdict: RateLimitVerdict; readonly reads: ReadonlySet<object> } | undefined;

  constructor(route: Route, kept: KeptReads) {
    this.#reads = kept;
    this.kept = {
      ...route,
      chains: (interpreter, question) => {
        const known = this.#chains.get(question);
        if (known) {
          kept.add(known.reads);
          return known.chains;
        }
        const reads = new Set<object>();
        const chains = kept.during(reads, () => route.chains(interpreter, question));
        this.#chains.set(question, { chains, reads });
        return chains;
      },
    };
  }

  /** A change of a guard does not touch it, as a rule. */
  rateLimit(judge: (route: Route) => RateLimitVerdict): RateLimitVerdict {
    if (this.#rateLimit) {
      this.#reads.add(this.#rateLimit.reads);
      return this.#rateLimit.verdict;
    }
    const reads = new Set<object>();
    const verdict = this.#reads.during(reads, () => judge(this.kept));
    this.#rateLimit = { verdict, reads };
    return verdict;
  }

  /** What rests on code that has changed, and everything where code moved: names may tell the lines of functions. */
  forget(isStale: (reads: ReadonlySet<object>) => boolean, hasMoved: boolean): void {
    if (hasMoved || (this.#rateLimit && isStale(this.#rateLimit.reads))) this.#rateLimit = undefined;
    for (const [question, { reads }] of this.#chains) if (hasMoved || isStale(reads)) this.#chains.delete(question);
  }
}

interface State {
  readonly program: JudgedProgram;
  readonly reads: KeptReads;
  routes: readonly JudgedRoute[];
  readonly judged: WeakMap<Route, JudgedRoute>;
  /** How often routes came and went. */
  there: number;
  analysis: Analysis;
  /** The text of a file that was not on disk when the registration code was evaluated. */
  readonly overlay: { readonly file: string; readonly text: string } | undefined;
}

interface ModuleEdit {
  readonly module: LiveModule;
  readonly edit: PlannedEdit;
}

/** What an edit changed. */
interface CarriedOut {
  readonly changes: Amended['changes'];
  /** With other methods or decorators. */
  readonly classes: readonly ClassObject[];
  readonly stale: readonly object[];
}

/** How often routes may come and go: each time leaves some kilobytes behind, of nodes and of what was registered once. */
const MOST_AMENDED = 2_000;

/**
 * One program, judged again and again while it is edited. The state of the dry run is kept; where an edit changes only bodies
 * of functions that it did not look at, these are put in the place of the old ones, and only routes are judged again whose
 * judgement rests on them. After every other edit, and wherever an answer could differ, all begins anew.
 */
export class Session {
  readonly #project: Project;
  readonly #settings: Settings;
  readonly #reads = new KeptReads();
  readonly #loader: LiveLoader;
  #state: State | undefined;
  #beginnings = 0;
  /** Files that may have another text than the state knows. */
  #suspects = new Set<string>();

  constructor(project: Project, settings: Settings, parse: Parse = createParse()) {
    this.#project = project;
    this.#settings = settings;
    this.#loader = new LiveLoader(project, parse, this.#reads);
  }

  /** The file may have another text from now on. */
  suspect(file: string): void {
    this.#suspects.add(file);
  }

  /** Of the program as the project has it now. */
  analysis(): Analysis {
    const { overlaid: overlay } = this.#project;
    if (overlay) this.#suspects.add(overlay.file);
    const suspects = this.#suspects;
    // What is overlaid now may be taken away.
    this.#suspects = new Set(overlay && [overlay.file]);
    if (!this.#state || !this.#follow(this.#state, suspects)) this.#state = this.#begin();
    return this.#state.analysis;
  }

  /** How often all began anew. */
  get beginnings(): number {
    return this.#beginnings;
  }

  #begin(): State {
    this.#beginnings++;
    this.#state = undefined;
    const [reads, loader] = [this.#reads, this.#loader];
    reads.clear();
    loader.renew();
    const program = new JudgedProgram(this.#project, this.#settings, loader, reads);
    const routes = program.routes.map((found) => judgedRoute(program, reads, found));
    const judged = new WeakMap(routes.map((one) => [one.found, one]));
    return { program, reads, routes, judged, there: 0, overlay: this.#project.overlaid, analysis: write(program, reads, routes) };
  }

  /** Brings the state up to date; false where it has to be given up. */
  #follow(state: State, suspects: ReadonlySet<string>): boolean {
    if (state.there >= MOST_AMENDED) return false;
    try {
      const edits: ModuleEdit[] = [];
      for (const file of suspects) {
        const found = this.#editOf(state, file);
        if (found === undefined || !hasPlenty(state.program.interpreter)) return false;
        if (found !== 'none') edits.push(found);
      }
      const renewal = retire(state, edits);
      const amended: CarriedOut[] = [];
      for (const edit of edits) {
        const done = carryOut(state, edit);
        if (!done) return false;
        amended.push(done);
      }
      return judgeAgain(state, edits, amended, renewal);
    } catch (error) {
      // A tree too deep to compare. Whatever is wrong with the code itself shows again from the beginning.
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  #editOf({ program, reads, overlay }: State, file: string): ModuleEdit | 'none' | undefined {
    const loader = this.#loader;
    const module = loader.loaded(file);
    const seen = module instanceof LiveModule ? module.text : loader.texts.get(file);
    if (module && !module.ok) return undefined;
    const text = this.#project.text(file);
    if (text === undefined) return undefined;
    if (seen === undefined) {
      const isSame = overlay?.file === file ? this.#answersFor(overlay.text) === this.#answersFor(text) : !this.#project.scans.differ(file, text);
      return isSame ? 'none' : undefined;
    }
    if (seen === text) return 'none';
    const asked = loader.texts.get(file);
    if (program.host.runsAtImport(seen) !== program.host.runsAtImport(text) || this.#answersFor(seen) !== this.#answersFor(text)) return undefined;
    if (asked !== undefined) loader.texts.set(file, text);
    if (!(module instanceof LiveModule)) return 'none';
    const fresh = loader.parseAnew(file);
    const edit = fresh.ok ? module.plan(fresh, {
      isAmendable: (node) => program.interpreter.activations?.of(node) !== undefined,
      areNamesAmended: () => program.host.keepsState() && !program.host.keepsDecorations(),
      isRedecorated: (node) => isRedecorated(program, node),
    }) : undefined;
    if (!edit || (edit.moves && module.hasLastingLines) || edit.changed.some(({ node }) => reads.lasting.has(node))) return undefined;
    return { module, edit };
  }

  #answersFor(text: string): string {
    return this.#project.scans.answersFor(text);
  }
}

function write(program: JudgedProgram, reads: KeptReads, routes: readonly JudgedRoute[]): Analysis {
  return reads.during(new Set(), () => program.analysis(routes.flatMap(({ endpoints }) => endpoints)));
}

function judge(program: JudgedProgram, kept: KeptReads, route: LastingRoute): Omit<JudgedRoute, 'route' | 'found' | 'there'> {
  const reads = new Set<object>();
  const endpoints = kept.during(reads, () => program.judge(route.kept, () => route.rateLimit((asked) => program.rateLimit(asked))));
  return { endpoints, reads, files: new Set(endpoints.flatMap(({ endpoint: { file, owner, auth, rateLimit } }) => [
    file, ...owner ? [owner.file] : [], ...[auth, rateLimit].flatMap((verdict) => ('by' in verdict ? verdict.by : 'because' in verdict ? verdict.because : []).map((place) => place.file)),
  ])) };
}

function judgedRoute(program: JudgedProgram, reads: KeptReads, found: Route, there = 0): JudgedRoute {
  const route = new LastingRoute(found, reads);
  return { found, route, there, ...judge(program, reads, route) };
}

/** Sets aside what rests on code that is about to change. */
function retire({ program, reads }: State, edits: readonly ModuleEdit[]): Renewal {
  const changing = edits.flatMap(({ edit }) => nodesOf(edit));
  const renewal = new Renewal(edits.map(({ module, edit }) => alignmentOf(module, edit.fresh.text)));
  reads.during(new Set(), () => program.shared.summaries.drop((read) => meets(changing, read), (summary, alike) => renewal.retire(summary, alike)));
  return renewal;
}

function meets(some: readonly object[], others: ReadonlySet<object>): boolean {
  return some.some((one) => others.has(one));
}

/** For each module and function in which statements came and went; undefined where one cannot be amended. */
function amendingsOf(state: State, module: LiveModule, { blocks }: PlannedEdit): readonly Amending[] | undefined {
  const { interpreter } = state.program;
  const record = interpreter.modules.recordOf(module.file);
  const asks = asksOf(state);
  // What a module binds is there before a function of it runs.
  const amendings = blocks.toSorted((a, b) => a.around.length - b.around.length).flatMap((block) => {
    const activation = block.owner.type === 'Program' ? record && activationOf(record) : interpreter.activations?.of(block.owner);
    return record && activation ? [new Amending(interpreter, activation, record, block, asks)] : [];
  });
  return amendings.length === blocks.length ? amendings : undefined;
}

function isRedecorated(program: JudgedProgram, node: TSESTree.ClassDeclaration): boolean {
  const shape = program.interpreter.decoratedClasses.get(node);
  return shape !== undefined && program.isMadeRoutesOf(shape.created);
}

function asksOf({ program, reads }: State): Amendable {
  return { isLookedInto: (code) => reads.lasting.has(code) || reads.relevant.has(code), isMaker: mayMake, isRedecorated: (node) => isRedecorated(program, node) };
}

/** For names that imports bind; undefined where one cannot be amended. */
function importAmendingsOf(state: State, module: LiveModule, { imports }: PlannedEdit): readonly ImportAmending[] | undefined {
  const { interpreter } = state.program;
  const record = interpreter.modules.recordOf(module.file);
  const amendings = record ? imports.map((edit) => new ImportAmending(interpreter, record, edit, asksOf(state))) : [];
  return amendings.length === imports.length && amendings.every((amending) => amending.prepare()) ? amendings : undefined;
}

/** For each class with other methods or decorators, or with such as mention something else now; undefined where one cannot be amended. */
function classAmendingsOf(state: State, module: LiveModule, { classes }: PlannedEdit, others: Iterable<TSESTree.ClassDeclaration>): readonly ClassAmending[] | undefined {
  const { interpreter } = state.program;
  const record = interpreter.modules.recordOf(module.file);
  const edits = new Map<TSESTree.ClassDeclaration, ClassEdit>(classes.map((edit) => [edit.node, edit]));
  for (const node of others) if (!edits.has(node)) edits.set(node, { node, members: node.body.body, removed: [], added: new Set(), decorators: undefined });
  const amendings = [...edits].flatMap(([node, edit]) => {
    const shape = interpreter.decoratedClasses.get(node);
    return record && shape ? [new ClassAmending(interpreter, shape, record, edit, asksOf(state))] : [];
  });
  return amendings.length === edits.size && amendings.every((amending) => amending.prepare()) ? amendings : undefined;
}

/** Puts the new bodies in, and evaluates statements that came; undefined where answers that were given about the old ones would be others. */
function carryOut(state: State, { module, edit }: ModuleEdit): CarriedOut | undefined {
  const { program, reads } = state;
  const { interpreter } = program;
  const amendings = amendingsOf(state, module, edit);
  if (!amendings?.every((amending) => amending.prepare())) return undefined;
  const importAmendings = importAmendingsOf(state, module, edit);
  const classAmendings = importAmendings && classAmendingsOf(state, module, edit, [...amendings, ...importAmendings].flatMap(({ classes }) => [...classes]));
  if (!classAmendings) return undefined;
  const before = new Map<object, readonly string[]>();
  for (const node of nodesOf(edit)) {
    const names = interpreter.mentions.get(node);
    if (names) before.set(node, names);
    for (const known of [interpreter.mentions, interpreter.relevance, interpreter.assigned]) known.delete(node);
  }
  // Other functions around run again wherever they have run.
  const captures = (): string => edit.changed.map(({ node, around }) => capturesOf(interpreter, node, around.filter((outer) => isFunction(outer) && reads.lasting.has(outer)) as FunctionNode[])).join(' ');
  const captured = captures();
  module.carryOut(edit);
  if (captures() !== captured) return undefined;
  for (const node of nodesOf(edit)) interpreter.captured.delete(node as FunctionNode);
  for (const amending of importAmendings) amending.finish();
  const finished = amendings.map((amending) => amending.finish());
  const amended = finished.filter((one) => one !== undefined);
  if (amended.length < finished.length || edit.blocks.some(({ owner }) => amendings.some((amending) => amending.hasCalled(owner)))) return undefined;
  if (!classAmendings.every((amending) => amending.finish())) return undefined;
  const stale = [...amended.flatMap((one) => one.stale), ...[...importAmendings, ...classAmendings].flatMap((one) => [...one.stale])];
  if (![...edit.changed, ...edit.classes, ...edit.blocks.map(({ owner, around }) => ({ node: owner, around }))].every(({ node, around }) => isSameFor(interpreter, module, [node, ...around], before, reads.relevant))) return undefined;
  return { changes: amended.flatMap((one) => one.changes), classes: classAmendings.map(({ created }) => created), stale };
}

/** False where the state has to be given up. */
function judgeAgain(state: State, edits: readonly ModuleEdit[], amended: readonly CarriedOut[], renewal: Renewal): boolean {
  const { program, reads, analysis } = state;
  const changes = amended.flatMap((one) => one.changes);
  const classes = amended.flatMap((one) => one.classes);
  const stale: object[] = [...new Set<object>([...edits.flatMap(({ edit }) => nodesOf(edit)), ...amended.flatMap((one) => one.stale)])];
  const moved = edits.filter(({ edit }) => edit.moves).map(({ module }) => program.fileOf(module));
  const isStale = (read: ReadonlySet<object>): boolean => meets(stale, read);
  if (amended.some((one) => one.stale.length > 0)) program.shared.summaries.drop(isStale, (summary) => renewal.lose(summary));
  stale.push(...reads.during(new Set(), () => dropStaleLimiters(program.shared.limiters, isStale, moved)));
  // Of endpoints that exclude each other the switch between them is told too.
  let differs = moved.some((file) => analysis.applications.some((application) => application.file === file) || state.routes.some(({ route }) => route.kept.conditions.length > 0));
  const fresh = new Set<JudgedRoute>();
  if (changes.length > 0 || classes.length > 0) {
    if (!program.amended(changes, classes)) return false;
    const before = state.there++;
    state.routes = program.routes.map((found) => {
      const known = state.judged.get(found);
      if (known?.there === before) return Object.assign(known, { there: state.there });
      const judged = judgedRoute(program, reads, found, state.there);
      state.judged.set(found, judged);
      fresh.add(judged);
      return judged;
    });
    differs = true;
  }
  for (const judged of state.routes) {
    if (fresh.has(judged) || (!isStale(judged.reads) && !renewal.concerns(judged.reads) && !moved.some((file) => judged.files.has(file)))) continue;
    const { endpoints, route, reads: before } = judged;
    route.forget(isStale, moved.length > 0);
    const { reads: now, ...again } = judge(program, reads, route);
    reads.during(new Set(), () => renewal.settle());
    // What is as it was stays the very same, which spares the collection of thousands of old objects.
    if (now.size !== before.size || [...now].some((node) => !before.has(node))) judged.reads = now;
    if (isSame(endpoints.map(({ endpoint }) => endpoint), again.endpoints.map(({ endpoint }) => endpoint))) continue;
    Object.assign(judged, again);
    differs = true;
  }
  // Most edits change no verdict.
  if (differs || !isSame(program.notes(), analysis.notes)) state.analysis = write(program, reads, state.routes);
  return true;
}

/** Of plain data. Quicker than to write both down: behind a guard stand thousands of endpoints. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => isSame(a[key as keyof typeof a], b[key as keyof typeof b]));
}

/** The functions and classes that changed, and those in which statements came and went, with all nodes around them. */
function nodesOf({ changed, blocks, classes }: PlannedEdit): readonly TSESTree.Node[] {
  return [...changed.map(({ node, around }) => [node, ...around]), ...classes.map(({ node, around }) => [node, ...around]), ...blocks.map(({ owner, around }) => [owner, ...around])].flat();
}
