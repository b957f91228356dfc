import fc from 'fast-check';
import { analyzeFolder } from '../analyze-folder.ts';

/** How many programs, from which seed: `npm run test:properties -- 10000` sets both. */
export interface Extent {
  readonly runs: number;
  readonly seed: number;
  readonly isLongRun: boolean;
}

export function extent(defaultRuns: number): Extent {
  return {
    runs: Number(process.env['PROPERTY_RUNS'] ?? defaultRuns),
    seed: Number(process.env['PROPERTY_SEED'] ?? 20_261_130),
    isLongRun: process.env['PROPERTY_RUNS'] !== undefined,
  };
}

export interface Bench<Program, Truths> {
  /** Undefined where the framework itself tells nothing about the program, which then does not count. */
  truthsOf(program: Program): Promise<Truths | undefined>;
  compare(program: Program, truths: Truths, analyze: typeof analyzeFolder): readonly string[];
}

/** Judges programs and asks the framework; says what the smallest program that differs is, and how. Empty where all agree. */
export async function disagreement<Program, Truths>(program: fc.Arbitrary<Program>, bench: Bench<Program, Truths>, show: (program: Program) => string, { runs, seed, isLongRun }: Extent): Promise<string> {
  let judged = 0;
  const property = fc.asyncProperty(program, async (one) => {
    const truths = await bench.truthsOf(one);
    fc.pre(truths !== undefined);
    judged += 1;
    if (isLongRun && judged % 250 === 0) process.stdout.write(`${judged} programs, seed ${seed}\n`);
    return bench.compare(one, truths, analyzeFolder).length === 0;
  });
  const result = await fc.check(property, { numRuns: runs, seed });
  if (result.numSkips > 0) process.stdout.write(`${result.numSkips} programs left out, about which the framework tells nothing\n`);
  // A generator that draws little else would show nothing.
  if (result.numSkips > runs / 20) return `${result.numSkips} of ${runs} programs are none that the framework starts`;
  if (!result.failed) return '';
  const [smallest] = result.counterexample ?? [];
  if (!smallest) throw result.errorInstance;
  const truths = await bench.truthsOf(smallest);
  const found = truths === undefined ? [] : bench.compare(smallest, truths, analyzeFolder);
  return [`seed ${seed}, path ${result.counterexamplePath}, after ${result.numRuns} programs`, ...found, show(smallest)].join('\n');
}

/** Prints the share of programs that show each feature, and gives the features that too few show. */
export function rareFeatures<Program, Feature extends string>(program: fc.Arbitrary<Program>, features: readonly Feature[], featuresOf: (program: Program) => Iterable<Feature>, seed: number): readonly { readonly feature: Feature; readonly share: number }[] {
  const drawn = fc.sample(program, { numRuns: 2000, seed });
  const counts = new Map<Feature, number>(features.map((feature) => [feature, 0]));
  for (const one of drawn) for (const feature of featuresOf(one)) counts.set(feature, counts.get(feature)! + 1);
  const shares = [...counts].map(([feature, count]) => ({ feature, share: count / drawn.length })).sort((a, b) => a.share - b.share);
  process.stdout.write(`${shares.map(({ feature, share }) => `${(share * 100).toFixed(1).padStart(5)} %  ${feature}`).join('\n')}\n`);
  return shares.filter(({ share }) => share < 0.01);
}
