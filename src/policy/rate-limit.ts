import { explore, type ExploreBounds } from '../guards/explore.ts';
import type { ChainStep } from '../guards/chain.ts';
import type { Limiting } from '../guards/limiting.ts';
import type { RequestChain, Route } from '../frameworks/framework.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { Evidence, RateLimitVerdict } from '../model.ts';
import type { EvidenceWriter } from './evidence.ts';
import { both, isCompatible, switchesOf, united, without, type World } from './worlds.ts';

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
  readonly found: WeakMap<object, Judged>;
  readonly limiting: Limiting;
}

/** Can a client call it without limit? The worst of all shapes of the path. */
export function judgeRateLimit(interpreter: Interpreter, route: Route, writer: EvidenceWriter, shared: SharedLimiters): RateLimitVerdict {
  const judged = route.chains(interpreter, 'any').map((chain) => judgeChain(interpreter, route, chain, writer, shared));
  return judged.find((v) => v.status === 'naked') ?? judged.find((v) => v.status === 'unknown') ?? judged.find((v) => v.status === 'guarded' && v.conditional) ?? judged[0] ?? { status: 'unknown', because: [writer.unfollowed('no request path could be found for it', route.place)] };
}

/**
 * Each function by itself: a limiter stops a client whatever else the chain does. It counts in the deployments in
 * which a request gets to it and from there to the endpoint, and where none gets there past it, as next('route') may
 * lead.
 */
function judgeChain(interpreter: Interpreter, route: Route, chain: RequestChain, writer: EvidenceWriter, shared: SharedLimiters): RateLimitVerdict {
  const { steps } = chain;
  const met: Found[] = [];
  const reached = new Reach();
  const unlimited = new Reach();
  for (const [index, step] of steps.entries()) {
    const worlds = reached.worlds(index);
    if (worlds.length === 0) continue;
    const isLast = index === steps.length - 1;
    const judged = limitersIn(interpreter, step, isLast ? HANDLER_BOUNDS : BOUNDS, route, writer, shared);
    const limits = judged.found.filter(({ switches }) => worlds.some((world) => isCompatible(world, switches)));
    met.push(...limits);
    reached.goOn(index, worlds, isLast ? ON : [...judged.leadsTo, ...judged.opensTo]);
    unlimited.goOn(index, limits.reduce((left, { switches }) => left.flatMap((world) => without(world, switches)), unlimited.worlds(index)), isLast ? ON : judged.leadsTo);
  }
  const end = reached.worlds(steps.length);
  const found = end.length === 0 ? met : met.filter(({ switches }) => end.some((world) => isCompatible(world, switches)));
  const certain = found.filter(isCertain);
  const isPassed = unlimited.worlds(steps.length).length > 0;
  if (certain.length > 0 && !isPassed) return { status: 'guarded', conditional: false, by: unique(certain.map((f) => f.by)) };
  const switched = found.filter((f) => !isCertain(f));
  if (switched.length === 0) return { status: 'naked', through: [...new Set(steps.slice(0, -1).map((s) => s.name))] };
  return {
    status: 'guarded',
    conditional: isPassed,
    by: unique([...switched.map((f) => f.by), ...switched.flatMap((f) => f.switches.map((s) => writer.condition(s)))]),
  };
}

/** The deployments in which a request gets to each step of a chain. */
class Reach {
  private readonly known = new Map<number, readonly World[]>([[0, [[]]]]);

  worlds(index: number): readonly World[] {
    return united(this.known.get(index) ?? []);
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

interface Judged {
  readonly found: readonly Found[];
  readonly leadsTo: readonly Way[];
  /** Ways on for who is not stopped by a limiter of which no more is known. */
  readonly opensTo: readonly Way[];
}

/** Where a request goes on to, in which deployments: the index of a step, or `BEHIND`. */
interface Way {
  readonly to: number;
  readonly switches: World;
}

const ON: readonly Way[] = [{ to: BEHIND, switches: [] }];
const PASSES: Judged = { found: [], leadsTo: ON, opensTo: [] };

function limitersIn(interpreter: Interpreter, step: ChainStep, bounds: ExploreBounds, route: Route, writer: EvidenceWriter, shared: SharedLimiters): Judged {
  const isUnconditional = (path: { decisions: readonly { kind: string }[] }): boolean => path.decisions.every((d) => d.kind !== 'configuration');
  if (step.code && !shared.limiting.mayLimit(step.code)) return PASSES;
  const known = step.subject && shared.found.get(step.subject);
  if (known) return known;
  const { paths, complete } = explore(interpreter, [step], {
    given: route.conditions,
    isDecided: (path) => path.end.kind === 'stopped' && path.end.because === 'limit' && isUnconditional(path),
    bounds,
  });
  const limits = paths.filter((path) => path.end.kind === 'stopped' && path.end.because === 'limit');
  const others = paths.filter((path) => !limits.includes(path));
  const found = limits.flatMap((path) => (path.end.kind === 'stopped' ? [{ by: writer.evidence(path.end.by), switches: switchesOf(path) }] : []));
  const leadsTo = others.flatMap((path): Way[] => (path.end.kind === 'fell through' ? [{ to: path.end.to, switches: switchesOf(path) }] : []));
  // A limiter that always stands has ended the walk.
  const opensTo = found.filter((limiter) => isCertain(limiter) || others.every((path) => !isCompatible(limiter.switches, switchesOf(path)))).map(({ switches }): Way => ({ to: BEHIND, switches }));
  const judged: Judged = { found, leadsTo: complete ? leadsTo : [...leadsTo, ...ON], opensTo };
  if (step.subject && step.conditions.length === 0 && [...step.reads()].length === 0) shared.found.set(step.subject, judged);
  return judged;
}

function unique(evidence: readonly Evidence[]): Evidence[] {
  return [...new Map(evidence.map((e) => [`${e.file}:${e.line} ${e.name}`, e])).values()].slice(0, 6);
}
