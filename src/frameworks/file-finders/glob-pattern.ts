import { Minimatch } from 'minimatch';

/**
 * Of patterns for paths: the folder that all matching paths lie in, and what matches them, both relative to where one
 * looks. Undefined for what is not read here.
 */
export interface GlobPattern {
  readonly folder: string;
  readonly matches: Pick<RegExp, 'test'>;
}

const MAGIC = /[*?[\]{}()!]/;

export function globPattern(source: string): GlobPattern | undefined {
  const pattern = source.replace(/^(?:\.\/)+/, '');
  const minimatch = new Minimatch(pattern, { nocomment: true, nonegate: true, platform: 'linux' });
  // routes/{a,b.js      to some packages a name, to others a mistake
  if (MAGIC.test(pattern) && !minimatch.hasMagic() && minimatch.set.length === 1) return undefined;
  const segments = pattern.split('/');
  const magic = segments.findIndex((segment) => MAGIC.test(segment));
  return { folder: segments.slice(0, magic === -1 ? -1 : magic).join('/'), matches: { test: (path) => minimatch.match(path) } };
}
