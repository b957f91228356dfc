import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze, Session } from '../../src/analysis.ts';
import type { Analysis } from '../../src/model.ts';
import { createParse } from '../../src/project/parse.ts';
import { Project } from '../../src/project/project.ts';
import { isSource } from '../../src/project/source-extensions.ts';
import { readSettings } from '../../src/settings.ts';
import { temporaryFolder, writeFiles } from '../project/temporary.ts';
import { extent } from './agreement.ts';
import { decoratedFiles, decoratedProgram, decoratorEdit, redecorated } from './decorator-edits.ts';
import { edit, edited } from './edits.ts';
import { editedStatements, filesOf, type ModuleName, type ModuleProgram, moduleProgram, printModule, type StatementEdit, statementEdit } from './registration-edits.ts';
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
const parse = createParse();

interface Count {
  edits: number;
  followed: number;
}

/** Where the session and an analysis from the beginning differ after one of the edits; counts how many there were and were followed in place. */
function differences<E extends { readonly file: number; readonly isSaved: boolean }>(files: Files, edits: readonly E[], edit: (file: string, text: string, edit: E) => string | undefined, count: Count = { edits: 0, followed: 0 }, among = (sources: readonly string[]): readonly string[] => sources): string | undefined {
  const root = temporaryFolder(Object.fromEntries(files));
  const settings = readSettings(undefined, root);
  const project = new Project({ root, ignore: settings.ignore });
  const session = new Session(project, settings);
  session.analysis();
  const sources = [...files.keys()].filter(isSource).map((name) => join(root, name));
  const edited = among(sources);
  for (const one of edits) {
    const file = edited[one.file % edited.length] as string;
    const text = edit(file, readFileSync(file, 'utf8'), one);
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
    const before = session.beginnings;
    const followed = session.analysis();
    count.edits += 1;
    if (session.beginnings === before) count.followed += 1;
    project.overlay(file, undefined);
    const begun = analyze(fresh, settings);
    const other = begun.endpoints.find((endpoint, index) => JSON.stringify(endpoint) !== JSON.stringify(followed.endpoints[index]));
    if (JSON.stringify(followed) !== JSON.stringify(begun)) return [file, ...sources.map((source) => (source === file ? text : readFileSync(source, 'utf8'))), JSON.stringify(followed.endpoints[other ? begun.endpoints.indexOf(other) : 0]), 'but from the beginning', JSON.stringify(other)].join('\n');
  }
  return undefined;
}

/** The same for edits of statements, and how many there were and were followed in place. */
function differencesOfStatements(program: ModuleProgram, edits: readonly StatementEdit[], count: Count): string | undefined {
  const root = temporaryFolder(Object.fromEntries(filesOf(program)));
  const settings = readSettings(undefined, root);
  const project = new Project({ root, ignore: settings.ignore });
  let session = new Session(project, settings);
  session.analysis();
  const modules = { ...program.modules };
  for (const one of edits) {
    const statements = editedStatements(modules[one.module], one);
    const text = statements && printModule(one.module, program.form, statements);
    const file = join(root, `${one.module}.js`);
    if (statements === undefined || text === undefined || !parse(file, text).ok) continue;
    const fresh = new Project({ root, ignore: settings.ignore });
    if (one.isSaved) {
      modules[one.module] = statements;
      writeFiles(root, { [`${one.module}.js`]: text });
      project.refresh();
      for (const other of project.edited ?? []) session.suspect(other);
      // Other files than before may belong to the program.
      if (project.edited === undefined) session = new Session(project, settings);
    } else {
      project.overlay(file, text);
      fresh.overlay(file, text);
    }
    const before = session.beginnings;
    const followed = session.analysis();
    count.edits += 1;
    if (session.beginnings === before) count.followed += 1;
    project.overlay(file, undefined);
    const begun = analyze(fresh, settings);
    if (JSON.stringify(followed) === JSON.stringify(begun)) continue;
    const shown = (analysis: Analysis): string => analysis.endpoints.map((endpoint) => JSON.stringify(endpoint)).filter((endpoint) => ![followed, begun].every((both) => both.endpoints.some((other) => JSON.stringify(other) === endpoint))).join('\n');
    return [JSON.stringify({ program, edits }), JSON.stringify(one), ...Object.entries(modules).map(([name, old]) => `${name}:\n${printModule(name as ModuleName, program.form, name === one.module ? statements : old)}`), shown(followed), 'but from the beginning', shown(begun)].join('\n');
  }
  return undefined;
}

describe('a program that is edited is judged as one that is read for the first time', () => {
  it.each(Object.keys(programs))('%s', (framework) => {
    const result = fc.check(fc.property(programs[framework] as fc.Arbitrary<Files>, fc.array(edit, { minLength: 4, maxLength: 12 }), (files, edits) => differences(files, edits, edited) === undefined), { numRuns: runs, seed });
    const [files, edits] = result.counterexample ?? [];
    expect(files && edits ? differences(files, edits, edited) : result.errorInstance).toBeFalsy();
  }, 600_000 + runs * 1000);

  it('classes whose decorators and methods come and go', () => {
    const count = { edits: 0, followed: 0 };
    const result = fc.check(fc.property(decoratedProgram, fc.array(decoratorEdit, { minLength: 4, maxLength: 12 }), (files, edits) => differences(files, edits, redecorated, count, decoratedFiles) === undefined), { numRuns: runs, seed });
    const [files, edits] = result.counterexample ?? [];
    expect(files && edits ? differences(files, edits, redecorated, count, decoratedFiles) : result.errorInstance).toBeFalsy();
    process.stdout.write(`${count.followed} of ${count.edits} edits of decorators and methods followed in place\n`);
    expect(count.followed / count.edits).toBeGreaterThan(0.2);
  }, 600_000 + runs * 1000);

  it('modules whose registration code leans on each other', () => {
    const count = { edits: 0, followed: 0 };
    const result = fc.check(fc.property(moduleProgram, fc.array(statementEdit, { minLength: 4, maxLength: 12 }), (program, edits) => differencesOfStatements(program, edits, count) === undefined), { numRuns: runs * 3, seed });
    const [program, edits] = result.counterexample ?? [];
    expect(program && edits ? differencesOfStatements(program, edits, count) : result.errorInstance).toBeFalsy();
    process.stdout.write(`${count.followed} of ${count.edits} edits of registrations followed in place\n`);
    expect(count.followed / count.edits).toBeGreaterThan(0.2);
  }, 600_000 + runs * 3000);
});
