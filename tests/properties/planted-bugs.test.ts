import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeFolder } from '../analyze-folder.ts';
import type { EnvironmentTruth } from '../conformance/express/agreement.ts';
import { toleratingRejections } from '../conformance/express/exchange.ts';
import { createBench } from './express-programs.ts';
import { program } from './express-program.ts';
import type { Program } from './express-program.ts';
import { createNursery } from './mutant.ts';
import { plantedBugs } from './planted-bugs.ts';

// Far fewer programs than a long run has: a bug that takes more of them to find counts as missed.
const programs = 200;

describe('a bug planted in the engine is found by the generated programs', () => {
  const bench = createBench();
  const nursery = createNursery();
  const asked: { readonly program: Program; readonly truths: readonly EnvironmentTruth[] }[] = [];

  beforeAll(async () => {
    await toleratingRejections(async () => {
      for (const one of fc.sample(program, { numRuns: programs, seed: 7 })) {
        const truths = await bench.truthsOf(one);
        // What the engine gets wrong without a bug shows nothing.
        if (bench.compare(one, truths, analyzeFolder).length === 0) asked.push({ program: one, truths });
      }
    });
  }, 600_000);

  afterAll(() => {
    bench.remove();
    nursery.remove();
  });

  it('knows at least twenty bugs', () => {
    expect(new Set(plantedBugs.map((bug) => bug.about)).size).toBeGreaterThanOrEqual(20);
  });

  it.each(plantedBugs)('$about', async (bug) => {
    const analyzeWithBug = await nursery.plant(bug);
    const found = asked.find((one) => bench.compare(one.program, one.truths, analyzeWithBug).length > 0);
    expect(found, `${asked.length} programs agree with the framework in spite of the bug`).toBeDefined();
  });
});
