import { explore, type ExploreBounds } from '../guards/explore.ts';
import type { ChainStep } from '../guards/chain.ts';
import type { RequestChain, Route } from '../frameworks/framework.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { Condition } from '../interpreter/values.ts';
import type { Evidence, RateLimitVerdict } from '../model.ts';
import type { EvidenceWriter } from './evidence.ts';
import { isCompatible, switchesOf } from './worlds.ts';

/** A limiter shows early or not at all. */
const BOUNDS: ExploreBounds = { paths: 32, runs: 16, steps: 12_000, total: 40_000 };

export interface Found {
  readonly by: Evidence;
  readonly switches: readonly Condition[];
}

/** What was found in functions that do the same on every route. */
export type SharedLimiters = WeakMap<object, readonly Found[]>;

/** Can a client call it without limit? The worst of all shapes of the path. */
export function judgeRateLimit(interpreter: Interpreter, route: Route, writer: EvidenceWriter, shared: SharedLimiters): RateLimitVerdict {
  const judged = route.chains(interpreter, 'any').map((chain) => judgeChain(interpreter, route, chain, writer, shared));
  return judged.find((v) => v.status === 'naked') ?? judged.find((v) => v.status === 'unknown') ?? judged.find((v) => v.status === 'guarded' && v.conditional) ?? judged[0] ?? { status: 'unknown', because: [writer.unfollowed('no request path could be found for it', route.place)] };
}

/** Each function by itself: a limiter stops a client whatever else the chain does. */
function judgeChain(interpreter: Interpreter, route: Route, chain: RequestChain, writer: EvidenceWriter, shared: SharedLimiters): RateLimitVerdict {
  const found: Found[] = [];
  let next = 0;
  for (const [index, step] of chain.steps.entries()) {
    // next('route') for everybody
    if (index < next) continue;
    const judged = limitersIn(interpreter, step, route, writer, shared);
    next = judged.next;
    found.push(...judged.found);
    if (found.some((f) => f.switches.length === 0)) break;
  }
  const certain = found.filter((f) => f.switches.length === 0);
  if (certain.length > 0) return { status: 'guarded', conditional: false, by: unique(certain.map((f) => f.by)) };
  if (found.length === 0) return { status: 'naked', through: [...new Set(chain.steps.slice(0, -1).map((s) => s.name))] };
  return {
    status: 'guarded',
    conditional: !coverEverything(found),
    by: unique([...found.map((f) => f.by), ...found.flatMap((f) => f.switches.map((s) => writer.condition(s)))]),
  };
}

/** `next`: the nearest step that a request goes on to from this one. */
function limitersIn(interpreter: Interpreter, step: ChainStep, route: Route, writer: EvidenceWriter, shared: SharedLimiters): { readonly found: readonly Found[]; readonly next: number } {
  const isUnconditional = (path: { decisions: readonly { kind: string }[] }): boolean => path.decisions.every((d) => d.kind !== 'configuration');
  const known = step.subject && shared.get(step.subject);
  if (known) return { found: known, next: 0 };
  const { paths } = explore(interpreter, [step], {
    given: route.conditions,
    isDecided: (path) => path.end.kind === 'stopped' && path.end.because === 'limit' && isUnconditional(path),
    bounds: BOUNDS,
  });
  const found = paths.flatMap((path) => (path.end.kind === 'stopped' && path.end.because === 'limit' ? [{ by: writer.evidence(path.end.by), switches: switchesOf(path) }] : []));
  if (step.subject && step.conditions.length === 0 && [...step.reads()].length === 0) shared.set(step.subject, found);
  const targets = paths.flatMap((path) => (path.end.kind === 'fell through' ? [path.end.to] : []));
  // Walked by itself, a step that simply goes on leads to the place behind the first.
  return { found, next: targets.length === 0 || targets.includes(1) ? 0 : Math.min(...targets) };
}

/** A limiter for either position of a switch limits always. */
function coverEverything(found: readonly Found[]): boolean {
  return found.some((a) => a.switches.length === 1 && found.some((b) => b.switches.length === 1 && b.switches[0]?.key === a.switches[0]?.key && !isCompatible(a.switches, b.switches)));
}

function unique(evidence: readonly Evidence[]): Evidence[] {
  return [...new Map(evidence.map((e) => [`${e.file}:${e.line} ${e.name}`, e])).values()].slice(0, 6);
}
