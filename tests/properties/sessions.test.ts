import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze, Session } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { isSource } from '../../src/project/source-extensions.ts';
import { readSettings } from '../../src/settings.ts';
import { temporaryFolder, writeFiles } from '../project/temporary.ts';
import { extent } from './agreement.ts';
import { type Edit, edit, edited } from './edits.ts';
import { printProgram as printExpress } from './express-printer.ts';
import { program as expressProgram } from './express-program.ts';
import { printProgram as printFastify } from './fastify-printer.ts';
import { program as fastifyProgram } from './fastify-program.ts';
import { printProgram as printNest } from './nest-printer.ts';
import { program as nestProgram } from './nest-program.ts';

type Files = ReadonlyMap<string, string>;

const programs: Readonly<Record<string, fc.Arbitrary<Files>>> = {
  Express: expressProgram.map((program) => printExpress(program).files),
  Fastify: fastifyProgram.map((program) => printFastify(program)),
  Nest: nestProgram.map((program) => printNest(program)),
};

const { runs, seed } = extent(40);

/** Where the session and an analysis from the beginning differ after one of the edits. */
function differences(files: Files, edits: readonly Edit[]): string | undefined {
  const root = temporaryFolder(Object.fromEntries(files));
  const settings = readSettings(undefined, root);
  const project = new Project({ root, ignore: settings.ignore });
  const session = new Session(project, settings);
  session.analysis();
  const sources = [...files.keys()].filter(isSource).map((name) => join(root, name));
  for (const one of edits) {
    const file = sources[one.file % sources.length] as string;
    const text = edited(file, readFileSync(file, 'utf8'), one);
    if (text === undefined) continue;
    const fresh = new Project({ root, ignore: settings.ignore });
    if (one.isSaved) {
      writeFiles(root, { [file.slice(root.length + 1)]: text });
      project.refresh();
      for (const other of project.edited ?? sources) session.suspect(other);
    } else {
      project.overlay(file, text);
      fresh.overlay(file, text);
    }
    const followed = session.analysis();
    project.overlay(file, undefined);
    const begun = analyze(fresh, settings);
    const other = begun.endpoints.find((endpoint, index) => JSON.stringify(endpoint) !== JSON.stringify(followed.endpoints[index]));
    if (JSON.stringify(followed) !== JSON.stringify(begun)) return [file, ...sources.map((source) => (source === file ? text : readFileSync(source, 'utf8'))), JSON.stringify(followed.endpoints[other ? begun.endpoints.indexOf(other) : 0]), 'but from the beginning', JSON.stringify(other)].join('\n');
  }
  return undefined;
}

describe('a program that is edited is judged as one that is read for the first time', () => {
  it.each(Object.keys(programs))('%s', (framework) => {
    const result = fc.check(fc.property(programs[framework] as fc.Arbitrary<Files>, fc.array(edit, { minLength: 4, maxLength: 12 }), (files, edits) => differences(files, edits) === undefined), { numRuns: runs, seed });
    const [files, edits] = result.counterexample ?? [];
    expect(files && edits ? differences(files, edits) : result.errorInstance).toBeFalsy();
  }, 600_000 + runs * 1000);
});
