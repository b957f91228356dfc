import { explore, type Path } from '../guards/explore.ts';
import type { ExploreBounds } from '../guards/explore-bounds.ts';
import type { ChainStep, StepOutcome } from '../guards/chain.ts';
import type { World } from '../guards/worlds.ts';
import type { RequestChain, Route } from '../frameworks/framework.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import { NO_READS } from '../interpreter/reads.ts';
import type { Evidence, RateLimitVerdict } from '../model.ts';
import type { StepSummaries } from '../guards/summaries.ts';
import type { EvidenceWriter } from './evidence.ts';
import { both, conditionsOf, isCompatible, summarized, switchesOf, without } from './worlds.ts';

/** One of the ways to send a request to a route, and which of them. */
interface Shape {
  readonly chain: RequestChain;
  readonly shape: number;
}

const EVERYWHERE: readonly World[] = [[]];

/** A limiter shows early or not at all. */
const BOUNDS: ExploreBounds = { paths: 32, runs: 16, steps: 12_000, total: 40_000 };

/** A handler that limits does so before it works. */
const HANDLER_BOUNDS: ExploreBounds = { paths: 16, runs: 8, steps: 4_000, total: 12_000 };

interface Found {
  readonly by: Evidence;
  readonly switches: World;
}

/** What is known of functions, from one route to the next. */
export interface SharedLimiters {
  /** What was found in functions that do the same on every route. */
  readonly found: Map<object, Map<string, Judged>>;
  /** Of functions that are walked by themselves. */
  readonly alone: StepSummaries;
  /** Of whole chains. */
  readonly walks: StepSummaries;
}

/**
 * Looks again at functions that rest on code that has changed, and forgets evidence in files (relative to the root) in which
 * code stands elsewhere now. Gives what is no longer as verdicts have noted it: see `Judged`.
 */
export function dropStaleLimiters({ found, alone, walks }: SharedLimiters, isStale: (reads: ReadonlySet<object>) => boolean, moved: readonly string[]): readonly object[] {
  alone.drop(isStale);
  walks.drop(isStale);
  const changed: object[] = [];
  for (const known of found.values()) {
    for (const [given, judged] of known) {
      const hasMoved = judged.found.some(({ by }) => moved.includes(by.file));
      if (!hasMoved && !isStale(judged.reads)) continue;
      const now = hasMoved ? undefined : judged.again();
      if (now && textOf(now) === textOf(judged)) {
        judged.reads = now.reads;
        continue;
      }
      known.delete(given);
      changed.push(judged);
    }
  }
  return changed;
}

function textOf({ found, leadsTo, opensTo }: Search): string {
  const texts = (switches: World): readonly string[] => switches.map(({ condition: { key, branch } }) => `${key}=${branch}`);
  const ways = (all: readonly Way[]): unknown => all.map(({ to, switches }) => [to, texts(switches)]);
  return JSON.stringify([found.map(({ by, switches }) => [by, texts(switches)]), ways(leadsTo), ways(opensTo)]);
}

/** Can a client call it without limit? The worst of all shapes of the path. */
export function judgeRateLimit(interpreter: Interpreter, route: Route, writer: EvidenceWriter, shared: SharedLimiters): RateLimitVerdict {
  const all = route.chains(interpreter, 'any').map((chain, shape) => ({ chain, verdict: judgeChain(interpreter, route, { chain, shape }, writer, shared) }));
  const hasLimiter = all.some(({ verdict }) => verdict.status === 'guarded');
  const isUsed = (at: number): boolean => isReached(interpreter, route, (all[at] as typeof all[0]).chain, shared) && isServed(interpreter, route, at, shared);
  const judged = all.flatMap(({ verdict }, at) => (hasLimiter && verdict.status === 'naked' && !isUsed(at) ? [] : [verdict]));
  return judged.find((v) => v.status === 'naked') ?? judged.find((v) => v.status === 'unknown') ?? judged.find((v) => v.status === 'guarded' && v.conditional) ?? judged[0] ?? { status: 'unknown', because: [writer.unfollowed('no request path could be found for it', route.place)] };
}

/**
 * Each function by itself: a limiter stops a client whatever else the chain does. It counts in the deployments in
 * which a request gets to it and from there to the endpoint, and where none gets there past it, as next('route') may
 * lead.
 */
function judgeChain(interpreter: Interpreter, route: Route, { chain, shape }: Shape, writer: EvidenceWriter, shared: SharedLimiters): RateLimitVerdict {
  const { steps } = chain;
  const met: Found[] = [];
  const limiting = new Set<number>();
  const always = new Set<number>();
  const reached = new Reach();
  const unlimited = new Reach();
  for (const [index, step] of steps.entries()) {
    const worlds = reached.worlds(index);
    if (worlds.length === 0) continue;
    const isLast = index === steps.length - 1;
    const judged = limitersIn(interpreter, chain, step, isLast ? HANDLER_BOUNDS : BOUNDS, route, writer, shared);
    const limits = judged.found.filter(({ switches }) => worlds.some((world) => isCompatible(world, switches)));
    met.push(...limits);
    if (limits.length > 0) limiting.add(index);
    if (limits.some(isCertain)) always.add(index);
    reached.goOn(index, worlds, isLast ? ON : [...judged.leadsTo, ...judged.opensTo]);
    unlimited.goOn(index, limits.reduce((left, { switches }) => left.flatMap((world) => without(world, switches)), unlimited.worlds(index)), isLast ? ON : judged.leadsTo);
  }
  const lead = meeting(met, reached.worlds(steps.length));
  const certain = lead.filter(isCertain);
  const passed = unlimited.worlds(steps.length);
  if (certain.length > 0 && passed.length === 0) return { status: 'guarded', conditional: false, by: unique(certain.map((f) => f.by)) };
  const around = certain.length > 0 ? worldsAround(interpreter, route, { chain, shape }, shared, always) : EVERYWHERE;
  if (around.every((world) => world.length > 0)) {
    return { status: 'guarded', conditional: around.length > 0, by: unique([...certain.map((f) => f.by), ...around.flatMap((world) => conditionsOf(world).map((s) => writer.condition(s)))]) };
  }
  const isSwitched = lead.some((f) => !isCertain(f));
  const open = isSwitched ? reachingWorlds(interpreter, route, chain, shared, limiting) : [];
  const switched = meeting(lead.filter((f) => !isCertain(f)), open);
  if (switched.length === 0) return { status: 'naked', through: [...new Set(steps.slice(0, -1).map((s) => s.name))] };
  return {
    status: 'guarded',
    conditional: open.length === 0 ? passed.length > 0 : passed.some((world) => open.some((other) => isCompatible(world, other))),
    by: unique([...switched.map((f) => f.by), ...switched.flatMap((f) => conditionsOf(f.switches).map((s) => writer.condition(s)))]),
  };
}

/** Those of the limiters that stand in one of the worlds; all of them where no world is known. */
function meeting(limiters: readonly Found[], worlds: readonly World[]): readonly Found[] {
  return worlds.length === 0 ? limiters : limiters.filter(({ switches }) => worlds.some((world) => isCompatible(world, switches)));
}

/** False where something else answers all requests of this shape. */
function isReached(interpreter: Interpreter, route: Route, { steps, state, world }: RequestChain, { walks }: SharedLimiters): boolean {
  const reaches = reachesEnd(steps);
  const { paths, complete } = explore(interpreter, toEndOf(steps), { given: route.conditions, isDecided: reaches, state, world, summaries: walks });
  return !complete || paths.some(reaches);
}

/**
 * False where nobody gets to the endpoint's work by requests of this shape.
 *
 *     app.get('/x', limiter, authenticate); app.all('/x', (req, res) => { if (!req.user) return …      only GET finds out who it is
 */
function isServed(interpreter: Interpreter, route: Route, shape: number, { walks }: SharedLimiters): boolean {
  const chain = route.application && route.chains(interpreter, 'known')[shape];
  if (!chain) return true;
  const works = ({ end }: Path): boolean => end.kind !== 'stopped';
  const { paths, complete } = explore(interpreter, chain.steps, { given: route.conditions, isDecided: works, state: chain.state, world: chain.world, summaries: walks });
  return !complete || paths.some(works);
}

/** Where a request that no limiter stops gets to the endpoint; none where that could not be followed. */
function reachingWorlds(interpreter: Interpreter, route: Route, { steps, state, world }: RequestChain, { walks }: SharedLimiters, limiting: ReadonlySet<number>): readonly World[] {
  const reaches = reachesEnd(steps);
  const isEverywhere = (path: Path): boolean => reaches(path) && switchesOf(path).length === 0;
  const unlimited = toEndOf(steps).map((step, index) => (limiting.has(index) ? passingStep(step) : step));
  const { paths, complete } = explore(interpreter, unlimited, { given: route.conditions, isDecided: isEverywhere, state, world, summaries: walks });
  return complete ? summarized(paths.filter(reaches).map(switchesOf)) : [];
}

/**
 * Where one client gets to the endpoint's work past all limiters that always stand there; everywhere where that could not be
 * followed.
 *
 *     members.use((req, res, next) => (req.headers.authorization ? next() : next('router')), limiter)      who is let out is turned away later
 */
function worldsAround(interpreter: Interpreter, route: Route, { shape }: Shape, { walks }: SharedLimiters, limiting: ReadonlySet<number>): readonly World[] {
  const chain = route.chains(interpreter, 'same')[shape];
  if (!chain) return EVERYWHERE;
  const works = ({ end }: Path): boolean => end.kind !== 'stopped';
  const isEverywhere = (path: Path): boolean => works(path) && switchesOf(path).length === 0;
  const reach = (limited: (step: ChainStep) => ChainStep): readonly World[] => {
    const steps = chain.steps.map((step, index) => (limiting.has(index) ? limited(step) : step));
    const { paths, complete } = explore(interpreter, steps, { given: route.conditions, isDecided: isEverywhere, state: chain.state, world: chain.world, summaries: walks });
    return complete ? summarized(paths.filter(works).map(switchesOf)) : EVERYWHERE;
  };
  const around = reach(stoppingStep);
  // Where nobody gets there by this walk at all, it has not found out how one gets there.
  return around.length === 0 && reach(passingStep).length === 0 ? EVERYWHERE : around;
}

function reachesEnd(steps: readonly ChainStep[]): (path: Path) => boolean {
  return ({ end }) => end.kind !== 'stopped' || end.step === steps.length - 1;
}

/** The steps, with nothing done in the last: whether it is reached does not hang on that. */
function toEndOf(steps: readonly ChainStep[]): readonly ChainStep[] {
  return steps.map((step, index) => (index === steps.length - 1 ? passingStep(step) : step));
}

/** The step, which lets nobody on that it is run for. */
function stoppingStep(step: ChainStep): ChainStep {
  const stopped: StepOutcome = { kind: 'stopped', because: 'limit', by: { name: step.name, site: step.site, text: '' } };
  const run = (): StepOutcome => {
    const outcome = step.run();
    return outcome.kind === 'continues' && outcome.isPassedOver ? outcome : stopped;
  };
  return { ...step, subject: undefined, run };
}

function passingStep(step: ChainStep): ChainStep {
  return { ...step, conditions: [], subject: undefined, reads: () => [], run: () => ({ kind: 'continues' }) };
}

/** The deployments in which a request gets to each step of a chain. */
class Reach {
  private readonly known = new Map<number, readonly World[]>([[0, [[]]]]);

  worlds(index: number): readonly World[] {
    return summarized(this.known.get(index) ?? []);
  }

  goOn(from: number, worlds: readonly World[], ways: readonly Way[]): void {
    for (const { to, switches } of ways) {
      const index = to === BEHIND ? from + 1 : to;
      this.known.set(index, [...this.known.get(index) ?? [], ...worlds.flatMap((world) => both(world, switches))]);
    }
  }
}

function isCertain({ switches }: Found): boolean {
  return switches.length === 0;
}

/** Where a step that is walked by itself and simply goes on leads. */
const BEHIND = 1;

/** What was found in one function. */
interface Search {
  /** Code that was looked at. */
  readonly reads: ReadonlySet<object>;
  readonly found: readonly Found[];
  readonly leadsTo: readonly Way[];
  /** Ways on for who is not stopped by a limiter of which no more is known. */
  readonly opensTo: readonly Way[];
}

/** The same, where it holds on other routes too. Verdicts that rest on it note it in the place of the code: most changes of that find the same. */
interface Judged extends Search {
  reads: ReadonlySet<object>;
  /** Undefined where what was found then holds on one route only. */
  again(): Search | undefined;
}

/** Where a request goes on to, in which deployments: the index of a step, or `BEHIND`. */
interface Way {
  readonly to: number;
  readonly switches: World;
}

const ON: readonly Way[] = [{ to: BEHIND, switches: [] }];

function limitersIn(interpreter: Interpreter, chain: RequestChain, step: ChainStep, bounds: ExploreBounds, route: Route, writer: EvidenceWriter, shared: SharedLimiters): Search {
  const same = step.conditions.length === 0 ? sameElsewhere(step, shared) : undefined;
  // A step may ask for what is given: what it does there it does not do elsewhere.
  const given = route.conditions.map(({ key, branch }) => `${key}=${branch}`).join('&');
  const known = same?.get(given);
  if (known) {
    interpreter.reads.note(known);
    return known;
  }
  const search = (): Search & { readonly isShared: boolean } => searchIn(interpreter, chain, step, bounds, route.conditions, writer, shared.alone);
  const { isShared, ...searched } = search();
  if (!same || !isShared) {
    interpreter.reads.add(searched.reads);
    return searched;
  }
  const again = (): Search | undefined => {
    const now = search();
    return now.isShared ? now : undefined;
  };
  // Only who keeps what was looked at will ask again.
  const judged: Judged = { ...searched, again: interpreter.reads === NO_READS ? () => undefined : again };
  same.set(given, judged);
  interpreter.reads.note(judged);
  return judged;
}

function searchIn(interpreter: Interpreter, chain: RequestChain, step: ChainStep, bounds: ExploreBounds, given: Route['conditions'], writer: EvidenceWriter, summaries: StepSummaries): Search & { readonly isShared: boolean } {
  const reads = new Set<object>();
  let hasRun = false;
  let looksAtRoute = false;
  const observed: ChainStep = {
    ...step,
    run() {
      hasRun = true;
      try {
        return step.run();
      } finally {
        for (const _ of step.reads()) looksAtRoute = true;
      }
    },
  };
  const { paths, complete } = interpreter.reads.apart(reads, () => explore(interpreter, [observed], {
    given,
    isDecided: (path) => isLimit(path) && switchesOf(path).length === 0,
    bounds,
    summaries,
    world: chain.world,
  }));
  const limits = paths.filter(isLimit);
  const others = paths.filter((path) => !limits.includes(path));
  const found = limits.flatMap((path) => (path.end.kind === 'stopped' ? [{ by: writer.evidence(path.end.by), switches: switchesOf(path) }] : []));
  const leadsTo = others.flatMap((path): Way[] => (path.end.kind === 'fell through' ? [{ to: path.end.to, switches: switchesOf(path) }] : []));
  // A limiter that always stands has ended the walk.
  const opensTo = found.filter((limiter) => isCertain(limiter) || others.every((path) => !isCompatible(limiter.switches, switchesOf(path)))).map(({ switches }): Way => ({ to: BEHIND, switches }));
  // What another route has found by what is the same on this one says nothing of what the step reads.
  return { reads, found, leadsTo: complete ? leadsTo : [...leadsTo, ...ON], opensTo, isShared: hasRun && !looksAtRoute };
}

function isLimit({ end }: Path): boolean {
  return end.kind === 'stopped' && end.because === 'limit';
}

/** What was found in functions that do the same as the step, by what is given where they stand. */
function sameElsewhere({ subject }: ChainStep, { found }: SharedLimiters): Map<string, Judged> | undefined {
  if (!subject) return undefined;
  const known = found.get(subject) ?? new Map<string, Judged>();
  found.set(subject, known);
  return known;
}

function unique(evidence: readonly Evidence[]): Evidence[] {
  return [...new Map(evidence.map((e) => [`${e.file}:${e.line} ${e.name}`, e])).values()].slice(0, 6);
}
