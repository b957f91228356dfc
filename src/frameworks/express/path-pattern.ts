import { freshSegment } from './path-fresh.ts';

/** Express 4 routes with path-to-regexp 0.1, Express 5 with `router` 2 and path-to-regexp 8. */
export type ExpressMajor = 4 | 5;

/** A part of a template whose text is not known. Equal identities stand for equal text. */
export interface UnknownPart {
  /** Names the value for people and for comparison: `base`, `process.env.PREFIX`. */
  readonly unknown: string;
}

/** The first argument of `app.get`, `app.use` and their like. An array of paths is an array of patterns. */
export type PathPattern =
  | { readonly kind: 'string'; readonly source: string }
  | { readonly kind: 'regexp'; readonly source: string; readonly flags: string }
  | { readonly kind: 'parts'; readonly parts: readonly (string | UnknownPart)[] };

/**
 * The pattern as the framework would get it, each unknown part replaced by a literal segment that
 * stands for it. Throws a SyntaxError where a regular expression is none.
 */
export function concretePath(pattern: PathPattern): string | RegExp {
  switch (pattern.kind) {
    case 'string':
      return pattern.source;
    case 'regexp':
      return new RegExp(pattern.source, pattern.flags);
    case 'parts':
      return concreteTemplate(pattern.parts);
  }
}

/**
 * The text of an unknown part may itself begin or end with a slash, and what stands around it says
 * where that is likely. Each place gets one spelling, so that equal templates stay equal and path
 * boundaries fall where they would.
 */
function concreteTemplate(parts: readonly (string | UnknownPart)[]): string {
  let text = '';
  let opensThePath = false;
  for (const part of parts) {
    if (typeof part === 'string') {
      // `${base}users`
      if (opensThePath && /^\w/.test(part)) text += '/';
      text += part;
      if (part !== '') opensThePath = false;
      continue;
    }
    // `${base}/users`, `/api${path}`, `/:id${rest}`; but not `/${version}`, `/report-${name}`, `/:${key}`
    const beginsWithSlash = text === '' || /[\w)}]$/.test(text);
    opensThePath = text === '';
    text += (beginsWithSlash ? '/' : '') + freshSegment(part.unknown);
  }
  return text;
}

/** The path as served, for people: mounts and route in order, unknown parts as `{identity}`. */
export function joinPaths(patterns: readonly PathPattern[]): string {
  let joined = '';
  for (const pattern of patterns) {
    const text = displayPath(pattern);
    // router.use('/api', …get('/'))
    if (text === '' || text === '/') continue;
    joined = joined.replace(/\/+$/, '');
    // router.use('/api', …get('*'))
    if (joined !== '' && !/^[/{]/.test(text)) joined += '/';
    joined += text;
  }
  return joined === '' ? '/' : joined;
}

function displayPath(pattern: PathPattern): string {
  switch (pattern.kind) {
    case 'string':
      return pattern.source;
    case 'regexp':
      return `/${pattern.source}/${pattern.flags}`;
    case 'parts':
      return pattern.parts.map((part) => (typeof part === 'string' ? part : `{${part.unknown}}`)).join('');
  }
}
