import type { PublicPath } from '../model.ts';

/**
 * The first pattern that covers one method and full path of an endpoint.
 *
 * Whole segments are compared, without regard to case, as Express routes by default. In a pattern, `*` stands
 * for one segment, `:name` for one parameter whatever its name, and a final `**` for any number of segments. A `**`
 * that is followed by more stands for fixed segments only: it never swallows a parameter or a wildcard,
 * so that a short pattern does not open what it was not written for.
 */
export function matchesPublicPath(
  patterns: readonly PublicPath[],
  method: string,
  path: string,
): PublicPath | undefined {
  const segments = toSegments(path);
  return patterns.find(
    (pattern) =>
      (pattern.method === '*' || pattern.method.toUpperCase() === method.toUpperCase()) &&
      matchesFrom(toSegments(pattern.path), segments),
  );
}

function toSegments(path: string): readonly string[] {
  return path
    .toLowerCase()
    .split('/')
    .filter((segment) => segment !== '');
}

function matchesFrom(pattern: readonly string[], segments: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return segments.length === 0;
  if (first === '**') {
    if (rest.length === 0) return true;
    const end = segments.findIndex((segment) => !isFixed(segment));
    const longest = end === -1 ? segments.length : end;
    for (let taken = 0; taken <= longest; taken++) {
      if (matchesFrom(rest, segments.slice(taken))) return true;
    }
    return false;
  }
  const [segment, ...others] = segments;
  return segment !== undefined && matchesSegment(first, segment) && matchesFrom(rest, others);
}

function matchesSegment(pattern: string, segment: string): boolean {
  // `/*splat`, `/(.*)` and `{/optional}` may stand for several segments or none, so only `**` and the same text cover them.
  if (pattern === '*') return isFixed(segment) || isParameter(segment);
  if (isParameter(pattern)) return isParameter(segment);
  return pattern === segment;
}

/** `users`, `v1.json`; not `:id`, `*splat`, `(.*)` or `{optional}`. */
function isFixed(segment: string): boolean {
  return !/[:*(){}?+]/.test(segment);
}

/** `:id`, also with a pattern of its own (`:id(\\d+)`). An optional one (`:id?`) is none. */
function isParameter(segment: string): boolean {
  return /^:\w+(?:\([^)]*\))?$/.test(segment);
}
