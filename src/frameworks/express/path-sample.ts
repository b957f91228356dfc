import { constrainedSegments, freshSegment } from './path-fresh.ts';
import { PathCompiler } from './path-compiler.ts';
import type { Matcher, PathExpression } from './path-match.ts';
import type { ExpressMajor, PathPattern } from './path-pattern.ts';
import { textsOf } from './path-regexp.ts';

/** A request path that reaches the end of a chain of registrations. */
export interface SamplePath {
  readonly path: string;
  /** Every parameter of the chain by name, a wildcard's segments joined with slashes; the innermost of a name counts. */
  readonly params: Readonly<Record<string, string>>;
}

export type SamplePaths =
  | { readonly samples: readonly SamplePath[] }
  /** A fragment of a sentence: why no path was found. `spelled`: paths that look like it, where the patterns before the last leave it nothing. */
  | { readonly unsampled: string; readonly spelled?: readonly string[] };

export interface SampleOptions {
  readonly major: ExpressMajor;
  /** What the last pattern of the chain was given to. */
  readonly last: 'route' | 'mount';
}

/** Paths for one chain; the first is the one with every optional part. */
const SAMPLE_LIMIT = 6;

/**
 * Request paths that reach the last of the chain's patterns through the mounts before it, each verified
 * with the major's own matchers: case-sensitive and strict where that is possible, so that they hold
 * for any router. Parameters are segments that stand for any value and equal no literal; where a
 * parameter is constrained, a value that it accepts.
 */
export function samplePaths(chain: readonly PathPattern[], { major, last }: SampleOptions, compiler = new PathCompiler()): SamplePaths {
  const compileAll = (strict: boolean): readonly Matcher[] | { unsampled: string } => {
    const matchers: Matcher[] = [];
    for (const [index, pattern] of chain.entries()) {
      const end = last === 'route' && index === chain.length - 1;
      const matcher = compiler.compile(pattern, { major, end, sensitive: true, strict });
      if ('invalid' in matcher) return { unsampled: matcher.invalid };
      if ('unfollowed' in matcher) return { unsampled: matcher.unfollowed };
      matchers.push(matcher);
    }
    return matchers;
  };
  const loose = compileAll(false);
  if ('unsampled' in loose) return loose;
  const strict = compileAll(true);
  if ('unsampled' in strict) return strict;
  const strictly = collect(strict, compiler, (path) => (walk(path, strict) === undefined ? undefined : walk(path, loose)));
  const samples = strictly.length > 0 ? strictly : collect(loose, compiler, (path) => walk(path, loose));
  if (samples.length > 0) return { samples };
  const [texts] = choices(loose.map(textsOfMatcher));
  return { unsampled: 'no request path was found that its patterns match', spelled: texts ? spellings(texts) : [] };
}

function collect(matchers: readonly Matcher[], compiler: PathCompiler, verify: (path: string) => SamplePath | undefined): readonly SamplePath[] {
  const samples = new Map<string, SamplePath>();
  for (const texts of choices(matchers.map((matcher) => compiler.textsOf(matcher, textsOfMatcher)))) {
    const sample = spellings(texts).map(verify).find((verified) => verified !== undefined);
    if (sample !== undefined && !samples.has(sample.path)) samples.set(sample.path, sample);
    if (samples.size === SAMPLE_LIMIT) break;
  }
  return [...samples.values()];
}

function textsOfMatcher({ expressions }: Matcher): readonly string[] {
  return expressions.flatMap(({ regexp, names, isGiven = false }) => (isGiven ? withTails(regexp, textsOf(regexp, supplyFor(names))) : textsOf(regexp, supplyFor(names))));
}

/** An expression that does not end matches longer paths too, which what stands before it may tell apart: /^\/admin\//, /^\/items(?:\/|$)/ */
function withTails({ source }: RegExp, texts: readonly string[]): readonly string[] {
  const tail = freshSegment('tail');
  return [...texts, ...texts.map((text) => `${text}${source.includes('$') ? '/' : ''}${tail}`)];
}

function supplyFor(names: PathExpression['names']): Parameters<typeof textsOf>[1] {
  return {
    *capture(index) {
      const name = names[index] ?? String(index);
      yield freshSegment(`:${name}`);
      yield* constrainedSegments(`:${name}`);
    },
    run: (ordinal) => freshSegment(`*${ordinal}`),
  };
}

/** Every level in its first form, then each level's other forms, one level at a time. */
function choices(levels: readonly (readonly string[])[]): readonly (readonly string[])[] {
  if (levels.some((texts) => texts.length === 0)) return [];
  const first = levels.map((texts) => texts[0]!);
  return [first, ...levels.flatMap((texts, level) => texts.slice(1).map((text) => first.with(level, text)))];
}

/** How texts of a chain can make one path: a mount's trailing slash is also the slash its routes begin with, or it is not. */
function spellings(texts: readonly string[]): readonly string[] {
  const rooted = texts.map((text) => (text.startsWith('/') ? text : `/${text}`));
  const joined = rooted.reduce((path, text) => path.replace(/\/$/, '') + (text === '/' && path !== '' ? '' : text), '');
  return [...new Set([joined === '' ? '/' : joined, rooted.join('')])];
}

function walk(path: string, matchers: readonly Matcher[]): SamplePath | undefined {
  // In a URL these end the path, or do not occur.
  if (/[?#\s]/.test(path)) return undefined;
  const params: Record<string, string> = {};
  let rest = path;
  for (const matcher of matchers) {
    const match = matcher.match(rest);
    if (match === undefined) return undefined;
    for (const [name, value] of Object.entries(match.params)) {
      if (value !== undefined) params[name] = typeof value === 'string' ? value : value.join('/');
    }
    rest = match.rest;
  }
  return { path, params };
}
