import { type LoadedModule, textBetween } from '../interpreter/modules/loader.ts';
import type { Site } from '../interpreter/values.ts';
import type { Decision } from '../interpreter/host.ts';
import type { StepOutcome } from './chain.ts';
import { leavesNothing, type StepRun, type StepSummary } from './summaries.ts';

/** Where offsets of the nodes of a module stand, in a form that is equal before and after an edit of its text. */
export interface Alignment {
  readonly module: LoadedModule;
  /** How much is the same at the beginning of both texts, and at their ends. */
  readonly before: number;
  readonly behind: number;
}

/** Between two texts of a module. */
export function alignmentOf(module: LoadedModule, fresh: string): Alignment {
  const { text } = module;
  const most = Math.min(text.length, fresh.length);
  let before = 0;
  while (before < most && text.charCodeAt(before) === fresh.charCodeAt(before)) before++;
  let behind = 0;
  while (behind < most - before && text.charCodeAt(text.length - behind - 1) === fresh.charCodeAt(fresh.length - behind - 1)) behind++;
  return { module, before, behind };
}

/** A summary that rested on code which changed. */
interface Retired {
  readonly summary: StepSummary;
  /** Those of the same step and situation, where one that was found since may say the same. */
  readonly alike: readonly StepSummary[];
  readonly text: string;
}

/**
 * Most changes of a guard leave what it does to a request as it was. Summaries that rest on changed code are set aside; where
 * the first route that needs one finds the same again, the others need not be judged. What is compared is all that a walk
 * takes from a summary, with offsets in edited files as far from the beginning or the end of the text as they were.
 */
export class Renewal {
  private readonly alignments: readonly Alignment[];
  private retired: readonly Retired[] = [];
  private readonly pending = new Set<object>();

  constructor(alignments: readonly Alignment[]) {
    this.alignments = alignments;
  }

  /** To be called while the code is as it was. */
  retire(summary: StepSummary, alike: readonly StepSummary[]): void {
    for (const token of summary.tokens ?? []) this.pending.add(token);
    const text = summary.tokens && summary.tokens.length < MOST_TOKENS ? this.textOf(summary) : undefined;
    if (text !== undefined) this.retired = [...this.retired, { summary, alike, text }];
  }

  /** The summary is gone for good. */
  lose({ tokens }: StepSummary): void {
    for (const token of tokens ?? []) this.pending.add(token);
  }

  /** Whether something that was noted there was not found again so far. */
  concerns(reads: ReadonlySet<object>): boolean {
    const { pending } = this;
    if (pending.size === 0) return false;
    if (pending.size > reads.size) {
      for (const read of reads) if (pending.has(read)) return true;
      return false;
    }
    for (const token of pending) if (reads.has(token)) return true;
    return false;
  }

  /** A route was judged: whoever used what it found again need not be judged. */
  settle(): void {
    this.retired = this.retired.filter(({ summary, alike, text }) => {
      const found = alike.find((other) => other.world === summary.world && other.tokens && this.textOf(other) === text);
      if (!found) return true;
      for (const token of summary.tokens ?? []) {
        this.pending.delete(token);
        found.tokens?.push(token);
      }
      return false;
    });
  }

  /** Undefined where that cannot be told in full. */
  private textOf(summary: StepSummary): string | undefined {
    const { runs, ahead, tried, open, joining, restarts, isCut, controls, seen, looked, facts, asked } = summary;
    // What a guard leaves may look the same and do something else: a function with other variables.
    if (joining || restarts > 0 || !leavesNothing(summary)) return undefined;
    return this.aligned(JSON.stringify([
      runs.map((run) => this.ofRun(run)),
      ahead.slice(tried).map((way) => way.map(({ key, branches, index, kind }) => [key, branches, index, kind])),
      [tried, open, isCut, seen, [...controls].sort()],
      looked?.map(({ keys, all }) => [all, [...keys].map(String).sort()]),
      [...facts].map(([key, { answer }]) => [key, answer]),
      [...asked].map(([key, branch]) => [key, branch]),
    ]));
  }

  private ofRun({ outcome, skip, taken, branches, after, isAtPlace }: StepRun): unknown {
    return [this.ofOutcome(outcome), skip, taken.map((decision) => this.ofDecision(decision)), branches, [...after], isAtPlace];
  }

  private ofOutcome(outcome: StepOutcome): unknown {
    const rest = Object.entries(outcome).filter(([key]) => key !== 'by' && key !== 'site');
    if (outcome.kind === 'stopped') return [rest, outcome.by.name, outcome.by.text, this.ofSite(outcome.by.site)];
    return outcome.kind === 'unknown' ? [rest, this.ofSite(outcome.site)] : rest;
  }

  private ofDecision({ condition: { key, branch, site, defaultBranch, configuration, isUncertain }, kind }: Decision): unknown {
    return [kind, key, branch, defaultBranch, configuration, isUncertain, this.ofSite(site), textBetween(site.module, site.start, site.end)];
  }

  private ofSite({ module, start, end, name }: Site): unknown {
    return [`${module.file}:${start}`, `${module.file}:${end}`, module.position(start).line, name && [`${module.file}:${name.start}`, module.position(name.start).line]];
  }

  /** Keys name places by file and offset. */
  private aligned(text: string): string {
    return this.alignments.reduce((all, alignment) => {
      const { module, before, behind } = alignment;
      const [first = '', ...parts] = all.split(`${JSON.stringify(module.file).slice(1, -1)}:`);
      return [first, ...parts.map((part) => {
        const digits = /^\d+/.exec(part)?.[0];
        if (digits === undefined) return part;
        const place = module.place(Number(digits));
        const fromEnd = module.text.length - place;
        return `${place < before ? place : fromEnd <= behind ? `-${fromEnd}` : `=${place}`}${part.slice(digits.length)}`;
      })].join(`${module.file}:`);
    }, text);
  }
}

/** Each edit that leaves a summary as it was adds one; with more, all who use it are judged again, and begin with one. */
const MOST_TOKENS = 64;
