import { explore, type ExploreBounds } from '../guards/explore.ts';
import type { ChainStep } from '../guards/chain.ts';
import type { Limiting } from '../guards/limiting.ts';
import type { RequestChain, Route } from '../frameworks/framework.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { Condition } from '../interpreter/values.ts';
import type { Evidence, RateLimitVerdict } from '../model.ts';
import type { EvidenceWriter } from './evidence.ts';
import { isCompatible, switchesOf } from './worlds.ts';

/** A limiter shows early or not at all. */
const BOUNDS: ExploreBounds = { paths: 32, runs: 16, steps: 12_000, total: 40_000 };

/** A handler that limits does so before it works. */
const HANDLER_BOUNDS: ExploreBounds = { paths: 16, runs: 8, steps: 4_000, total: 12_000 };

interface Found {
  readonly by: Evidence;
  readonly switches: readonly Condition[];
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
 * Each function by itself: a limiter stops a client whatever else the chain does. It counts where no request gets to
 * the endpoint past it, as next('route') may lead.
 */
function judgeChain(interpreter: Interpreter, route: Route, chain: RequestChain, writer: EvidenceWriter, shared: SharedLimiters): RateLimitVerdict {
  const { steps } = chain;
  const found: Found[] = [];
  const met = new Set([0]);
  let isPassed = false;
  for (const index of met) {
    const step = steps[index];
    if (!step) continue;
    const judged = limitersIn(interpreter, step, index === steps.length - 1 ? HANDLER_BOUNDS : BOUNDS, route, writer, shared);
    found.push(...judged.found);
    if (judged.found.some(isCertain)) continue;
    isPassed ||= index === steps.length - 1;
    for (const to of judged.leadsTo) met.add(to === BEHIND ? index + 1 : to);
  }
  const certain = found.filter(isCertain);
  if (certain.length > 0 && !isPassed) return { status: 'guarded', conditional: false, by: unique(certain.map((f) => f.by)) };
  const switched = found.filter((f) => !isCertain(f));
  if (switched.length === 0) return { status: 'naked', through: [...new Set(steps.slice(0, -1).map((s) => s.name))] };
  return {
    status: 'guarded',
    conditional: !coverEverything(switched),
    by: unique([...switched.map((f) => f.by), ...switched.flatMap((f) => f.switches.map((s) => writer.condition(s)))]),
  };
}

function isCertain({ switches }: Found): boolean {
  return switches.length === 0;
}

/** Where a step that is walked by itself and simply goes on leads. */
const BEHIND = 1;

interface Judged {
  readonly found: readonly Found[];
  /** Indexes of the steps that a request goes on to, or `BEHIND`. */
  readonly leadsTo: readonly number[];
}

const PASSES: Judged = { found: [], leadsTo: [BEHIND] };

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
  const found = paths.flatMap((path) => (path.end.kind === 'stopped' && path.end.because === 'limit' ? [{ by: writer.evidence(path.end.by), switches: switchesOf(path) }] : []));
  const leadsTo = new Set(paths.flatMap((path) => (path.end.kind === 'fell through' ? [path.end.to] : [])));
  if (!complete) leadsTo.add(BEHIND);
  const judged: Judged = { found, leadsTo: [...leadsTo] };
  if (step.subject && step.conditions.length === 0 && [...step.reads()].length === 0) shared.found.set(step.subject, judged);
  return judged;
}

/** A limiter for either position of a switch limits always. */
function coverEverything(found: readonly Found[]): boolean {
  return found.some((a) => a.switches.length === 1 && found.some((b) => b.switches.length === 1 && b.switches[0]?.key === a.switches[0]?.key && !isCompatible(a.switches, b.switches)));
}

function unique(evidence: readonly Evidence[]): Evidence[] {
  return [...new Map(evidence.map((e) => [`${e.file}:${e.line} ${e.name}`, e])).values()].slice(0, 6);
}
