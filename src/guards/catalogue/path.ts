import type { External, Value } from '../../interpreter/values.ts';

/**
 * The way from an import to a value as text: `expressjwt()`, `auth().verifyIdToken`. The module itself and its
 * `default` are the empty text, so that every form of import gives the same.
 */
export function pathOf(external: External): string {
  const base = external.base ? pathOf(external.base) : '';
  switch (external.step) {
    case 'import':
      return external.name === '*' || external.name === 'default' ? '' : external.name;
    case 'get':
      // require('package').default
      if (external.name === 'default' && base === '') return '';
      return base === '' ? external.name : `${base}.${external.name}`;
    case 'call':
    case 'new':
      return `${base}()`;
    case 'await':
      return base;
  }
}

/** The arguments of every call on the way, the first call first. */
export function callsOf(external: External): readonly (readonly Value[])[] {
  const earlier = external.base ? callsOf(external.base) : [];
  return external.step === 'call' || external.step === 'new' ? [...earlier, external.args] : earlier;
}

export interface PathPattern {
  /** A path without `**`, as `pathOf` writes it. */
  readonly exact: string | undefined;
  matches(path: string): boolean;
}

/** Reads the `export` of a row. */
export function parsePattern(text: string): PathPattern {
  const pattern = text.replace(/^default(?=$|\(|\.)\.?/, '');
  if (!pattern.includes('**')) return { exact: pattern, matches: (path) => path === pattern };
  const source = pattern
    .split('**')
    .map((piece) => piece.replace(/[.()$]/g, '\\$&'))
    .join('**')
    .replace('\\.**\\.', '(?:(?:\\.|\\().*)?\\.')
    .replace(/^\*\*\\\./, '(?:.*\\.)?')
    .replace(/\\\.\*\*$/, '(?:[.(].*)?')
    .replace(/^\*\*$/, '.*');
  const expression = new RegExp(`^${source}$`);
  return { exact: undefined, matches: (path) => expression.test(path) };
}

/** `./dist/x.js`, `/x/index` and `x` are one subpath. */
export function normalizeSubpath(subpath: string): string {
  return subpath.replace(/^(?:\.?\/)+/, '').replace(/\.(?:js|mjs|cjs)$/, '').replace(/\/index$/, '');
}
