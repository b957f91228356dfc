import { explore, type Path } from '../guards/explore.ts';
import type { ChainStep, StepOutcome } from '../guards/chain.ts';
import type { World } from '../guards/worlds.ts';
import type { RequestChain, Route } from '../frameworks/framework.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { Evidence, RateLimitVerdict } from '../model.ts';
import type { EvidenceWriter } from './evidence.ts';
import { BEHIND, type Found, isCertain, limitersIn, ON, type SharedLimiters, type Way } from './limiters.ts';
import { both, conditionsOf, isCompatible, summarized, switchesOf, without } from './worlds.ts';

/** One of the ways to send a request to a route, and which of them. */
interface Shape {
  readonly chain: RequestChain;
  readonly shape: number;
}

const EVERYWHERE: readonly World[] = [[]];

/** Can a client call it without limit? The worst of all shapes of the path. */
export function judgeRateLimit(interpreter: Interpreter, route: Route, writer: EvidenceWriter, shared: SharedLimiters): RateLimitVerdict {
  const all = route.chains(interpreter, 'any').map((chain, shape) => ({ chain, verdict: judgeChain(interpreter, route, { chain, shape }, writer, shared) }));
  const hasLimiter = all.some(({ verdict }) => verdict.status === 'guarded');
  const isUsed = (at: number): boolean => isReached(interpreter, route, (all[at] as typeof all[0]).chain, shared) && isServed(interpreter, route, at, shared);
  const judged = all.flatMap(({ verdict }, at) => (hasLimiter && verdict.status === 'naked' && !isUsed(at) ? [] : [verdict]));
  return judged.find((v) => v.status === 'naked') ?? judged.find((v) => v.status === 'unknown') ?? judged.find((v) => v.status === 'guarded' && v.conditional) ?? judged[0] ?? { status: 'unknown', because: [writer.unfollowed(route.unfollowed ?? 'no request path could be found for it', route.place)] };
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
    const judged = limitersIn(interpreter, chain, step, isLast ? 'last' : 'before the end', route, writer, shared);
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

function unique(evidence: readonly Evidence[]): Evidence[] {
  return [...new Map(evidence.map((e) => [`${e.file}:${e.line} ${e.name}`, e])).values()].slice(0, 6);
}
