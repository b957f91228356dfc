import type { Major, Pattern } from './recorder.ts';

/** Any parameter becomes this: no literal segment of a program equals it, and `\d+` matches it. */
const parameterValue = '4711';

/** Concrete paths that the pattern matches, one for each choice of optional parts. A regular expression needs an entry in `known`. */
export function samplesOf(pattern: Pattern, major: Major, known: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const stated = known[String(pattern)];
  if (stated) return stated;
  if (pattern instanceof RegExp) throw new Error(`scenario.json has no sample for ${String(pattern)}`);
  return major === 5 ? samplesOfFive(pattern) : samplesOfFour(pattern);
}

/** Joins the samples of mounts and route as a client would write the URL. */
export function joinSamples(lists: readonly (readonly string[])[]): string[] {
  const joined = lists.reduce<string[]>((prefixes, list) => prefixes.flatMap((prefix) => list.map((sample) => `${prefix}/${sample}`)), ['']);
  return [...new Set(joined.map((path) => path.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1')))];
}

// Express 5: `:id`, `*splat`, `{/optional}`; groups nest, the innermost is expanded first.
function samplesOfFive(pattern: string): string[] {
  const group = /\{([^{}]*)\}/.exec(pattern);
  if (group) {
    const [whole, inside] = group;
    return [inside ?? '', ''].flatMap((choice) => samplesOfFive(pattern.replace(whole, choice)));
  }
  return [pattern.replaceAll(/\*\w+/g, 'deep/down').replaceAll(/:\w+/g, parameterValue)];
}

// Express 4: `:id`, `:id(\\d+)`, `/:id?`, `*`
function samplesOfFour(pattern: string): string[] {
  const optional = /\/:\w+(\([^)]*\))?\?/.exec(pattern);
  if (optional) return [`/${parameterValue}`, ''].flatMap((choice) => samplesOfFour(pattern.replace(optional[0], choice)));
  return [pattern.replaceAll(/:\w+(\([^)]*\))?[*+]?/g, parameterValue).replaceAll(/\(\.\*\)|\*/g, 'deep/down')];
}
