import { afterAll, describe, expect, it } from 'vitest';
import { toleratingRejections } from '../conformance/express/exchange.ts';
import { disagreement, extent, rareFeatures } from './agreement.ts';
import { features, featuresOf } from './express-coverage.ts';
import { createBench, show } from './express-programs.ts';
import { program } from './express-program.ts';

const asked = extent(200);

describe('generated Express programs', () => {
  const bench = createBench();
  afterAll(() => bench.remove());

  it(`are judged as the framework answers: ${asked.runs} programs, seed ${asked.seed}`, async () => {
    expect(await toleratingRejections(() => disagreement(program, bench, show, asked))).toBe('');
  }, 600_000 + asked.runs * 1000);

  it('show every feature in at least one of a hundred', () => {
    expect(rareFeatures(program, features, featuresOf, asked.seed)).toEqual([]);
  });
});
