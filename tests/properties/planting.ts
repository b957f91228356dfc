import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyzeFolder } from '../analyze-folder.ts';
import type { Bench } from './agreement.ts';
import { createNursery, type PlantedBug } from './mutant.ts';

interface Asked<Program, Truths> {
  readonly program: Program;
  readonly truths: Truths;
  /** How the engine differs from the framework without a bug. */
  readonly differences: readonly string[];
}

/** Draws programs and asks the framework about each. */
export async function ask<Program, Truths>(bench: Bench<Program, Truths>, program: fc.Arbitrary<Program>, runs: number, seed: number): Promise<readonly Asked<Program, Truths>[]> {
  const asked: Asked<Program, Truths>[] = [];
  for (const one of fc.sample(program, { numRuns: runs, seed })) {
    const truths = await bench.truthsOf(one);
    if (truths === undefined) continue;
    asked.push({ program: one, truths, differences: bench.compare(one, truths, analyzeFolder) });
  }
  return asked;
}

/** Declares a test for each bug: one of the programs has to show it. What the engine gets wrong without a bug shows nothing. */
export function findsEachBug<Program, Truths>(bugs: readonly PlantedBug[], bench: Bench<Program, Truths> & { remove(): void }, draw: () => Promise<readonly Asked<Program, Truths>[]>): void {
  const nursery = createNursery();
  let asked: readonly Asked<Program, Truths>[] = [];

  beforeAll(async () => {
    asked = await draw();
  }, 600_000);

  afterAll(() => {
    bench.remove();
    nursery.remove();
  });

  it('knows at least twenty bugs', () => {
    expect(new Set(bugs.map((bug) => bug.about)).size).toBeGreaterThanOrEqual(20);
  });

  it('agrees with the framework without a bug', () => {
    expect(asked.flatMap((one) => one.differences)).toEqual([]);
  });

  it.each(bugs)('$about', async (bug) => {
    const analyzeWithBug = await nursery.plant(bug);
    const found = asked.find((one) => one.differences.length === 0 && bench.compare(one.program, one.truths, analyzeWithBug).length > 0);
    expect(found, `${asked.length} programs agree with the framework in spite of the bug`).toBeDefined();
  });
}
