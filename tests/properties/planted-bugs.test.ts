import { describe } from 'vitest';
import { toleratingRejections } from '../conformance/express/exchange.ts';
import { createBench } from './express-programs.ts';
import { program } from './express-program.ts';
import { plantedBugs } from './planted-bugs.ts';
import { ask, findsEachBug } from './planting.ts';

describe('a bug planted in the engine is found by the generated programs', () => {
  const bench = createBench();
  // Far fewer programs than a long run has: a bug that takes more of them to find counts as missed.
  findsEachBug(plantedBugs, bench, () => toleratingRejections(() => ask(bench, program, 200, 7)));
});
