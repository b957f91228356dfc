import type { Major, Pattern } from './recorder.ts';

/** Any parameter becomes these: no literal segment of a program equals them, and `\d+` matches the first: some of what stands before takes only such. */
const PARAMETERS = ['4711', 'word'];
const [CONSTRAINED] = PARAMETERS as [string, ...string[]];

/** What a wildcard takes: some guards let only the shallow through, or only the deep. */
const WILDCARDS = ['deep/down', 'deep'];

function isNew(path: string, index: number, paths: readonly string[]): boolean {
  return paths.indexOf(path) === index;
}

/** Concrete paths that the pattern matches, one for each choice of optional parts. A regular expression needs an entry in `known`. */
export function samplesOf(pattern: Pattern, major: Major, known: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const stated = known[String(pattern)];
  if (stated) return stated;
  if (pattern instanceof RegExp) throw new Error(`scenario.json has no sample for ${String(pattern)}`);
  return major === 5 ? samplesOfFive(pattern) : samplesOfFour(pattern);
}

/** Joins the samples of mounts and route as a client would write the URL. A slash at the end stays where a sample has one: /^\/admin\// matches no other. */
export function joinSamples(lists: readonly (readonly string[])[]): string[] {
  const joined = lists.reduce<string[]>((prefixes, list) => prefixes.flatMap((prefix) => list.map((sample) => (sample === '/' ? prefix : `${prefix}/${sample}`))), ['']);
  return [...new Set(joined.map((path) => path.replaceAll(/\/+/g, '/') || '/'))];
}

// Express 5: `:id`, `*splat`, `{/optional}`; groups nest, the innermost is expanded first.
function samplesOfFive(pattern: string): string[] {
  const group = /\{([^{}]*)\}/.exec(pattern);
  if (group) {
    const [whole, inside] = group;
    return [inside ?? '', ''].flatMap((choice) => samplesOfFive(pattern.replace(whole, choice)));
  }
  return PARAMETERS.flatMap((parameter) => WILDCARDS.map((wildcard) => pattern.replaceAll(/\*\w+/g, wildcard).replaceAll(/:\w+/g, parameter))).filter(isNew);
}

// Express 4: `:id`, `:id(\\d+)`, `/:id?`, `*`
function samplesOfFour(pattern: string): string[] {
  const optional = /\/:\w+(\([^)]*\))?\?/.exec(pattern);
  if (optional) return [...(optional[1] ? [CONSTRAINED] : PARAMETERS).map((parameter) => `/${parameter}`), ''].flatMap((choice) => samplesOfFour(pattern.replace(optional[0], choice)));
  const plain = pattern.replaceAll(/:\w+\([^)]*\)[*+]?/g, CONSTRAINED);
  return PARAMETERS.flatMap((parameter) => WILDCARDS.map((wildcard) => plain.replaceAll(/:\w+[*+]?/g, parameter).replaceAll(/\(\.\*\)|\*/g, wildcard))).filter(isNew);
}
