import { afterAll, describe, expect, it } from 'vitest';
import { disagreement, extent, rareFeatures } from './agreement.ts';
import { features, featuresOf } from './nest-coverage.ts';
import { createBench, show } from './nest-programs.ts';
import { program } from './nest-program.ts';

const asked = extent(40);

describe('generated Nest programs', () => {
  const bench = createBench();
  afterAll(() => bench.remove());

  it(`are judged as the framework answers: ${asked.runs} programs, seed ${asked.seed}`, async () => {
    expect(await disagreement(program, bench, show, asked)).toBe('');
  }, 600_000 + asked.runs * 1000);

  it('show every feature in at least one of a hundred', () => {
    expect(rareFeatures(program, features, featuresOf, asked.seed)).toEqual([]);
  });
});
