import { compile, type CompileFailure, type CompileOptions, type Matcher } from './path-match.ts';
import type { PathPattern } from './path-pattern.ts';

/** Compiles each text of a path once for each way of matching: `/` and `/:id` stand in most routers. */
export class PathCompiler {
  readonly #known = new Map<string, Matcher | CompileFailure>();
  readonly #texts = new WeakMap<Matcher, readonly string[]>();

  compile(pattern: PathPattern | readonly PathPattern[], options: CompileOptions): Matcher | CompileFailure {
    // A regular expression may remember where it matched last.
    if (!('kind' in pattern) || pattern.kind !== 'string') return compile(pattern, options);
    const { major, end, sensitive, strict } = options;
    const key = `${major} ${end} ${sensitive} ${strict} ${pattern.source}`;
    let matcher = this.#known.get(key);
    if (!matcher) this.#known.set(key, (matcher = compile(pattern, options)));
    return matcher;
  }

  /** The texts that `make` makes up for a matcher. */
  textsOf(matcher: Matcher, make: (matcher: Matcher) => readonly string[]): readonly string[] {
    let texts = this.#texts.get(matcher);
    if (!texts) this.#texts.set(matcher, (texts = make(matcher)));
    return texts;
  }
}
