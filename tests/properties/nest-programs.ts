import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Analysis } from '../../src/model.ts';
import { boot, transpile } from '../conformance/nest/running.ts';
import { ask, disagreements, type Truth } from '../conformance/nest/truth.ts';
import { credentials, printProgram } from './nest-printer.ts';
import type { Program } from './nest-program.ts';

/** Runs programs and lets an analysis read them from the disk. */
export interface Bench {
  /** What the running framework does with the program. */
  truthsOf(program: Program): Promise<Truth[]>;
  /** Where the two differ. The program lies on the disk only during the call. */
  compare(program: Program, truths: readonly Truth[], analyzeFolder: (folder: string) => Analysis): string[];
  remove(): void;
}

export function createBench(): Bench {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'nest-programs-')));
  let count = 0;
  const written = (program: Program): string => {
    const folder = path.join(root, String(count++));
    mkdirSync(path.join(folder, 'src'), { recursive: true });
    for (const [name, source] of printProgram(program)) writeFileSync(path.join(folder, name), source);
    return folder;
  };
  return {
    async truthsOf(program) {
      const folder = written(program);
      const transpiled = transpile(folder);
      try {
        const application = await boot(transpiled.folder, program.adapter);
        const truths: Truth[] = [];
        try {
          // A limiter counts by handler, so that one boot does for all.
          for (const route of application.routes) truths.push(await ask(application, route, credentials));
        } finally {
          await application.close();
        }
        return truths;
      } finally {
        transpiled.remove();
        rmSync(folder, { recursive: true });
      }
    },
    compare(program, truths, analyzeFolder) {
      const folder = written(program);
      try {
        return disagreements(truths, analyzeFolder(folder), { unreachable: {} });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The program as a person would read it in a report. */
export function show(program: Program): string {
  return [...printProgram(program)].filter(([name]) => !['package.json', 'src/guards.ts', 'src/marks.ts', 'src/keys.ts'].includes(name)).map(([name, source]) => `// ${name}, Nest on ${program.adapter}\n${source}`).join('\n');
}
