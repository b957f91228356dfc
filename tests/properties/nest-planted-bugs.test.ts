import { describe } from 'vitest';
import { nestPlantedBugs } from './nest-planted-bugs.ts';
import { createBench } from './nest-programs.ts';
import { program } from './nest-program.ts';
import { ask, findsEachBug } from './planting.ts';

describe('a bug planted in the model of Nest is found by the generated programs', () => {
  const bench = createBench();
  findsEachBug(nestPlantedBugs, bench, () => ask(bench, program, 60, 11));
});
