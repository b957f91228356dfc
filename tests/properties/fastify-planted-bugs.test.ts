import { describe } from 'vitest';
import { fastifyPlantedBugs } from './fastify-planted-bugs.ts';
import { createBench } from './fastify-programs.ts';
import { program } from './fastify-program.ts';
import { ask, findsEachBug } from './planting.ts';

describe('a bug planted in the model of Fastify is found by the generated programs', () => {
  const bench = createBench();
  findsEachBug(fastifyPlantedBugs, bench, () => ask(bench, program, 160, 11));
});
