import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Analysis } from '../../src/model.ts';
import { disagreements } from '../conformance/express/agreement.ts';
import type { EnvironmentTruth } from '../conformance/express/agreement.ts';
import { createRecorder } from '../conformance/express/recorder.ts';
import type { Major, Recorder } from '../conformance/express/recorder.ts';
import { createStage } from '../conformance/express/scenario.ts';
import type { Stage } from '../conformance/express/scenario.ts';
import { runProgram } from './express-oracle.ts';
import { printProgram } from './express-printer.ts';
import type { Program } from './express-program.ts';

/** Runs programs on both majors and lets an analysis read them from the disk. */
export interface Bench {
  /** What the running framework does with the program. */
  truthsOf(program: Program): Promise<EnvironmentTruth[]>;
  /** Where the two differ. The program lies on the disk only during the call. */
  compare(program: Program, truths: readonly EnvironmentTruth[], analyzeFolder: (folder: string) => Analysis): string[];
  remove(): void;
}

export function createBench(): Bench {
  const recorders: Record<Major, Recorder> = { 4: createRecorder(4), 5: createRecorder(5) };
  const stages: Record<Major, Stage> = { 4: createStage(4), 5: createStage(5) };
  let count = 0;
  return {
    truthsOf: (program) => runProgram(recorders[program.major], program),
    compare(program, truths, analyzeFolder) {
      const folder = path.join(stages[program.major].root, 'programs', String(count++));
      mkdirSync(folder, { recursive: true });
      try {
        for (const [name, source] of printProgram(program).files) writeFileSync(path.join(folder, name), source);
        return disagreements(truths, analyzeFolder(folder));
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    remove: () => Object.values(stages).forEach((stage) => stage.remove()),
  };
}

/** The program as a person would read it in a report. */
export function show(program: Program): string {
  return [...printProgram(program).files].filter(([name]) => name !== 'package.json').map(([name, source]) => `// ${name}, Express ${program.major}\n${source}`).join('\n');
}
