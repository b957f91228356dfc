import { createRequire } from 'node:module';
import type { Analyze, OpenSession } from './cache/analyses.ts';

const load = createRequire(import.meta.url);

/**
 * `analyze`, with its module loaded at the first call: a run that finds its analysis on disk needs no interpreter.
 * Rules are synchronous, so that `import()` will not do; `require()` loads ESM in every supported version of Node.
 */
export const analyze: Analyze = (project, settings) => loaded().analyze(project, settings);

export const openSession: OpenSession = (project, settings) => new (loaded().Session)(project, settings);

function loaded(): typeof import('./analysis.ts') {
  return load('./analysis.js') as typeof import('./analysis.ts');
}
