import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { analyzeFolder } from '../analyze-folder.ts';
import { toleratingRejections } from '../conformance/express/exchange.ts';
import { features, featuresOf } from './express-coverage.ts';
import type { Feature } from './express-coverage.ts';
import { createBench, show } from './express-programs.ts';
import { program } from './express-program.ts';

// `npm run test:properties -- 10000` sets these.
const runs = Number(process.env['PROPERTY_RUNS'] ?? 200);
const seed = Number(process.env['PROPERTY_SEED'] ?? 20_261_130);
const isLongRun = process.env['PROPERTY_RUNS'] !== undefined;

describe('generated Express programs', () => {
  const bench = createBench();
  afterAll(() => bench.remove());

  it(`are judged as the framework answers: ${runs} programs, seed ${seed}`, async () => {
    let judged = 0;
    const property = fc.asyncProperty(program, async (one) => {
      judged += 1;
      if (isLongRun && judged % 250 === 0) process.stdout.write(`${judged} programs, seed ${seed}\n`);
      return bench.compare(one, await bench.truthsOf(one), analyzeFolder).length === 0;
    });
    const report = await toleratingRejections(async () => {
      const result = await fc.check(property, { numRuns: runs, seed });
      if (!result.failed) return [];
      const [smallest] = result.counterexample ?? [];
      if (!smallest) throw result.errorInstance;
      const found = bench.compare(smallest, await bench.truthsOf(smallest), analyzeFolder);
      return [`seed ${seed}, path ${result.counterexamplePath}, after ${result.numRuns} programs`, ...found, show(smallest)];
    });
    expect(report.join('\n')).toBe('');
  }, 600_000 + runs * 1000);

  it('show every feature in at least one of a hundred', () => {
    const drawn = fc.sample(program, { numRuns: 2000, seed });
    const counts = new Map<Feature, number>(features.map((feature) => [feature, 0]));
    for (const one of drawn) for (const feature of featuresOf(one)) counts.set(feature, counts.get(feature)! + 1);
    const shares = [...counts].map(([feature, count]) => ({ feature, share: count / drawn.length })).sort((a, b) => a.share - b.share);
    process.stdout.write(`${shares.map(({ feature, share }) => `${(share * 100).toFixed(1).padStart(5)} %  ${feature}`).join('\n')}\n`);
    expect(shares.filter(({ share }) => share < 0.01)).toEqual([]);
  });
});
