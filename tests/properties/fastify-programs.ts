import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Analysis } from '../../src/model.ts';
import { disagreements, type EnvironmentTruth } from '../conformance/express/agreement.ts';
import type { Major } from '../conformance/express/recorder.ts';
import { type Scenario, type Stage, withDefaults, withEnvironment } from '../conformance/express/scenario.ts';
import { createFastifyStage } from '../conformance/fastify/stage.ts';
import { askFastify, NeverStarts } from '../conformance/fastify/truth.ts';
import { credentials } from './fastify-parts.ts';
import { FLAG, printProgram } from './fastify-printer.ts';
import type { Program } from './fastify-program.ts';

/** Runs programs on both majors and lets an analysis read them from the disk. */
export interface Bench {
  /** What the running framework does with the program; undefined where it never comes to the end of starting it. */
  truthsOf(program: Program): Promise<EnvironmentTruth[] | undefined>;
  /** Where the two differ. The program lies on the disk only during the call. */
  compare(program: Program, truths: readonly EnvironmentTruth[], analyzeFolder: (folder: string) => Analysis): string[];
  remove(): void;
}

const scenario: Scenario = withDefaults({ about: 'a generated program', credentials: { headers: credentials }, attempts: 4 });

export function createBench(): Bench {
  const stages: Record<Major, Stage> = { 4: createFastifyStage(4), 5: createFastifyStage(5) };
  let count = 0;
  const withFolder = async <T>(program: Program, run: (folder: string) => T | Promise<T>): Promise<T> => {
    const folder = write(program);
    try {
      return await run(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const write = (program: Program): string => {
    const folder = path.join(stages[program.major].root, 'programs', String(count++));
    for (const [name, source] of printProgram(program)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), source);
    }
    return folder;
  };
  return {
    truthsOf: (program) => withFolder(program, async (folder) => {
      try {
        // Every limiter of these programs counts by address.
        const truths: EnvironmentTruth[] = [];
        for (const environment of environmentsOf(program)) truths.push({ folder, truths: await withEnvironment(environment, () => askFastify(scenario, () => folder, 'by address')) });
        return truths;
      } catch (error) {
        if (error instanceof NeverStarts) return undefined;
        throw error;
      }
    }),
    compare(program, truths, analyzeFolder) {
      const folder = write(program);
      try {
        const analysis = analyzeFolder(folder);
        return [...disagreements(truths, analysis), ...truths.length === 1 ? conditionalIn(analysis) : []];
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    remove: () => Object.values(stages).forEach((stage) => stage.remove()),
  };
}

function environmentsOf(program: Program): readonly Readonly<Record<string, string>>[] {
  const isSwitched = [...printProgram(program).values()].some((text) => text.includes(FLAG));
  return isSwitched ? [{ [FLAG]: 'off' }, { [FLAG]: 'on' }] : [{}];
}

/** Of a program that reads no configuration: nothing is there in one deployment and not in another. */
function conditionalIn({ endpoints }: Analysis): string[] {
  return endpoints.flatMap(({ methods, path, auth, rateLimit }) => [auth, rateLimit].flatMap((verdict) => (verdict.status === 'guarded' && verdict.conditional ? [`${methods.join()} ${path}: ${JSON.stringify(verdict)}`] : [])));
}

/** The program as a person would read it in a report. */
export function show(program: Program): string {
  return [...printProgram(program)].filter(([name]) => name !== 'package.json' && name !== 'guards.js').map(([name, source]) => `// ${name}, Fastify ${program.major}\n${source}`).join('\n');
}
