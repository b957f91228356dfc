import { afterAll, describe, expect, it } from 'vitest';
import { disagreement, extent, rareFeatures } from './agreement.ts';
import { features, featuresOf } from './fastify-coverage.ts';
import { createBench, show } from './fastify-programs.ts';
import { program } from './fastify-program.ts';

const asked = extent(60);

describe('generated Fastify programs', () => {
  const bench = createBench();
  afterAll(() => bench.remove());

  it(`are judged as the framework answers: ${asked.runs} programs, seed ${asked.seed}`, async () => {
    expect(await disagreement(program, bench, show, asked)).toBe('');
  }, 600_000 + asked.runs * 1000);

  it('show every feature in at least one of a hundred', () => {
    expect(rareFeatures(program, features, featuresOf, asked.seed)).toEqual([]);
  });
});
