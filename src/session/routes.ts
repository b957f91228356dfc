import type { RequestChain, Route } from '../frameworks/framework.ts';
import type { Question } from '../guards/question.ts';
import type { KeptReads } from '../interpreter/observation/reads.ts';
import type { JudgedProgram } from '../judged-program.ts';
import type { RateLimitVerdict } from '../model.ts';
import type { Conditional } from '../policy/alternatives.ts';

/** What was found out about one route, and what that rests on. */
export interface JudgedRoute {
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

export function judge(program: JudgedProgram, kept: KeptReads, route: LastingRoute): Omit<JudgedRoute, 'route' | 'found' | 'there'> {
  const reads = new Set<object>();
  const endpoints = kept.during(reads, () => program.judge(route.kept, () => route.rateLimit((asked) => program.rateLimit(asked))));
  return { endpoints, reads, files: new Set(endpoints.flatMap(({ endpoint: { file, owner, auth, rateLimit } }) => [
    file, ...owner ? [owner.file] : [], ...[auth, rateLimit].flatMap((verdict) => ('by' in verdict ? verdict.by : 'because' in verdict ? verdict.because : []).map((place) => place.file)),
  ])) };
}

export function judgedRoute(program: JudgedProgram, reads: KeptReads, found: Route, there = 0): JudgedRoute {
  const route = new LastingRoute(found, reads);
  return { found, route, there, ...judge(program, reads, route) };
}
