import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeFolder } from '../analyze-folder.ts';
import type { EnvironmentTruth } from '../conformance/express/agreement.ts';
import { fastifyPlantedBugs } from './fastify-planted-bugs.ts';
import { createBench } from './fastify-programs.ts';
import { program, type Program } from './fastify-program.ts';
import { createNursery } from './mutant.ts';

const programs = 160;

describe('a bug planted in the model of Fastify is found by the generated programs', () => {
  const bench = createBench();
  const nursery = createNursery();
  const asked: { readonly program: Program; readonly truths: readonly EnvironmentTruth[] }[] = [];

  beforeAll(async () => {
    for (const one of fc.sample(program, { numRuns: programs, seed: 11 })) asked.push({ program: one, truths: await bench.truthsOf(one) });
    // What the engine gets wrong without a bug shows nothing.
    expect(asked.filter((one) => bench.compare(one.program, one.truths, analyzeFolder).length > 0)).toEqual([]);
  }, 600_000);

  afterAll(() => {
    bench.remove();
    nursery.remove();
  });

  it('knows at least twenty bugs', () => {
    expect(new Set(fastifyPlantedBugs.map((bug) => bug.about)).size).toBeGreaterThanOrEqual(20);
  });

  it.each(fastifyPlantedBugs)('$about', async (bug) => {
    const analyzeWithBug = await nursery.plant(bug);
    const found = asked.find((one) => bench.compare(one.program, one.truths, analyzeWithBug).length > 0);
    expect(found, `${asked.length} programs agree with the framework in spite of the bug`).toBeDefined();
  });
});
