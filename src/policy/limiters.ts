import type { ChainStep } from '../guards/chain.ts';
import { explore, type Path } from '../guards/explore.ts';
import type { ExploreBounds } from '../guards/explore-bounds.ts';
import type { StepSummaries } from '../guards/summaries.ts';
import type { World } from '../guards/worlds.ts';
import type { RequestChain, Route } from '../frameworks/framework.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import { NO_READS } from '../interpreter/observation/reads.ts';
import type { Evidence } from '../model.ts';
import type { EvidenceWriter } from './evidence.ts';
import { conditionsOf, isCompatible, switchesOf } from './worlds.ts';

/** A limiter shows early or not at all. */
const BOUNDS: ExploreBounds = { paths: 32, runs: 16, steps: 12_000, total: 40_000 };

/** A handler that limits does so before it works. */
const HANDLER_BOUNDS: ExploreBounds = { paths: 16, runs: 8, steps: 4_000, total: 12_000 };

export interface Found {
  readonly by: Evidence;
  readonly switches: World;
}

/** Where a request goes on to, in which deployments: the index of a step, or `BEHIND`. */
export interface Way {
  readonly to: number;
  readonly switches: World;
}

/** Where a step that is walked by itself and simply goes on leads. */
export const BEHIND = 1;

export const ON: readonly Way[] = [{ to: BEHIND, switches: [] }];

/** What was found in one function. */
export interface Search {
  /** Code that was looked at. */
  readonly reads: ReadonlySet<object>;
  readonly found: readonly Found[];
  readonly leadsTo: readonly Way[];
  /** Ways on for who is not stopped by a limiter of which no more is known. */
  readonly opensTo: readonly Way[];
}

/** The same, where it holds on other routes too. Verdicts that rest on it note it in the place of the code: most changes of that find the same. */
interface Judged {
  /** With the places that the code has now. */
  search: Search;
  /** All that a verdict may say of it, as it was written down then. */
  readonly text: string;
  /** Files that it names, relative to the root. */
  readonly files: ReadonlySet<string>;
  /** The same once more; undefined where what was found then holds on one route only. */
  again(): { readonly search: Search; readonly text: string } | undefined;
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
 * Looks for limiters in one function, walked by itself: as a step of a chain, or as the last one, which is where the
 * endpoint works.
 */
export function limitersIn(interpreter: Interpreter, chain: RequestChain, step: ChainStep, place: 'before the end' | 'last', route: Route, writer: EvidenceWriter, shared: SharedLimiters): Search {
  const same = step.conditions.length === 0 ? sameElsewhere(step, shared) : undefined;
  // A step may ask for what is given: what it does there it does not do elsewhere.
  const given = [place, ...route.conditions.map(({ key, branch }) => `${key}=${branch}`)].join('&');
  const known = same?.get(given);
  if (known) {
    interpreter.reads.note(known);
    return known.search;
  }
  const find = (): Search & { readonly isShared: boolean } => searchIn(interpreter, chain, step, place === 'last' ? HANDLER_BOUNDS : BOUNDS, route.conditions, writer, shared.alone);
  const { isShared, ...search } = find();
  if (!same || !isShared) {
    interpreter.reads.add(search.reads);
    return search;
  }
  // Only who keeps what was looked at will ask again.
  const isKept = interpreter.reads !== NO_READS;
  const again: Judged['again'] = () => {
    const { isShared: isStillShared, ...now } = find();
    return isStillShared ? { search: now, text: textOf(now, writer) } : undefined;
  };
  const judged: Judged = isKept ? { search, text: textOf(search, writer), files: filesOf(search, writer), again } : { search, text: '', files: new Set(), again: () => undefined };
  same.set(given, judged);
  interpreter.reads.note(judged);
  return search;
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

/** It stands in every deployment. */
export function isCertain({ switches }: Found): boolean {
  return switches.length === 0;
}

/** What was found in functions that do the same as the step, by what is given where they stand. */
function sameElsewhere({ subject }: ChainStep, { found }: SharedLimiters): Map<string, Judged> | undefined {
  if (!subject) return undefined;
  const known = found.get(subject) ?? new Map<string, Judged>();
  found.set(subject, known);
  return known;
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
      const hasMoved = moved.some((file) => judged.files.has(file));
      if (!hasMoved && !isStale(judged.search.reads)) continue;
      const now = hasMoved ? undefined : judged.again();
      if (now?.text === judged.text) {
        judged.search = now.search;
        continue;
      }
      known.delete(given);
      changed.push(judged);
    }
  }
  return changed;
}

function filesOf({ found, leadsTo, opensTo }: Search, writer: EvidenceWriter): ReadonlySet<string> {
  return new Set([...found.map(({ by }) => by.file), ...[...found, ...leadsTo, ...opensTo].flatMap(({ switches }) => conditionsOf(switches).map((condition) => writer.condition(condition).file))]);
}

function textOf({ found, leadsTo, opensTo }: Search, writer: EvidenceWriter): string {
  const texts = (switches: World): readonly unknown[] => switches.map(({ condition }) => [condition.key, condition.branch, writer.condition(condition)]);
  const ways = (all: readonly Way[]): unknown => all.map(({ to, switches }) => [to, texts(switches)]);
  return JSON.stringify([found.map(({ by, switches }) => [by, texts(switches)]), ways(leadsTo), ways(opensTo)]);
}
