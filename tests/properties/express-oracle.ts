import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { inMemory } from '../conformance/express/exchange.ts';
import type { Outcome, Question } from '../conformance/express/exchange.ts';
import { isAt } from '../conformance/express/recorder.ts';
import type { ExpressApplication, Recorder, RunningEndpoint } from '../conformance/express/recorder.ts';
import { joinSamples, samplesOf } from '../conformance/express/samples.ts';
import { withEnvironment } from '../conformance/express/scenario.ts';
import type { EnvironmentTruth } from '../conformance/express/agreement.ts';
import type { Truth } from '../conformance/express/truth.ts';
import { credentials } from './express-parts.ts';
import { expressions } from './express-program.ts';
import type { Flag, Program } from './express-program.ts';
import { printProgram } from './express-printer.ts';
import type { PrintedProgram } from './express-printer.ts';

const require = createRequire(import.meta.url);
const attempts = 4;
const expressionSamples = Object.fromEntries(expressions.map(({ source, samples }) => [source, samples]));

/** A folder that exists nowhere: the program is run from memory. */
const programFolder = '/program';

/** Runs the program, under each combination of its flags, and asks every endpoint. */
export async function runProgram(recorder: Recorder, program: Program): Promise<EnvironmentTruth[]> {
  const printed = printProgram(program, 'commonjs');
  const text = [...printed.files.values()].join('\n');
  const flags = (['FLAG_A', 'FLAG_B'] satisfies Flag[]).filter((flag) => text.includes(flag));
  const boot = createLoader(recorder, printed);
  const asked: EnvironmentTruth[] = [];
  for (const environment of combinations(flags)) {
    asked.push(await withEnvironment(environment, async () => ({ folder: programFolder, truths: await askEndpoints(recorder, printed, boot, text) })));
  }
  return asked;
}

function combinations(flags: readonly Flag[]): Record<string, string>[] {
  return flags.reduce<Record<string, string>[]>((all, flag) => all.flatMap((one) => [one, { ...one, [flag]: 'on' }]), [{}]);
}

async function askEndpoints(recorder: Recorder, printed: PrintedProgram, boot: () => ExpressApplication, text: string): Promise<Truth[]> {
  const hasLimiter = /\b(limitByHand|limitByPackage|exceeded)\b/.test(text);
  const shared = boot();
  const overview = withTableRows(recorder.endpointsOf(shared), printed);
  const truths: Truth[] = [];
  for (const [index, endpoint] of overview.entries()) {
    if (endpoint.methods.includes('USE')) continue;
    // A counter that one endpoint used up must not stop the next.
    const application = hasLimiter ? boot : () => shared;
    truths.push(await askEndpoint(recorder, endpoint, index, application, { hasLimiter, hasBody: text.includes('express.json()') }));
  }
  return truths;
}

/** What the program has in it, to ask no more than it needs. */
interface Features {
  readonly hasLimiter: boolean;
  readonly hasBody: boolean;
}

async function askEndpoint(recorder: Recorder, endpoint: RunningEndpoint, index: number, fresh: () => ExpressApplication, { hasLimiter, hasBody }: Features): Promise<Truth> {
  const name = `${endpoint.methods.join()} ${endpoint.segments.map(String).join('')}`;
  const paths = joinSamples(endpoint.segments.map((pattern) => samplesOf(pattern, recorder.major, expressionSamples)));
  const methods = endpoint.methods.includes('ALL') ? ['GET', 'POST', 'PUT', 'DELETE'] : endpoint.methods;
  const questions: Question[] = paths.flatMap((sample) => methods.map((method) => ({ method, path: sample, ...hasBody && { body: { text: 'hello' } } })));

  const row = async (question: Question, headers: Readonly<Record<string, string>>) => {
    const application = fresh();
    const own = recorder.endpointsOf(application)[index]!;
    const outcomes: Outcome[] = [];
    for (let attempt = 0; attempt < (hasLimiter ? attempts : 1); attempt++) outcomes.push(await inMemory(recorder, application, { ...question, headers }));
    const worked = outcomes.map((outcome) => outcome.workedIn.some((position) => isAt(own, position)));
    return { worked: Boolean(worked[0]), anyWork: outcomes[0]!.workedIn.length > 0, stops: Boolean(worked[0]) && worked.includes(false) };
  };

  const anonymous = [];
  for (const question of questions) anonymous.push(await row(question, {}));
  const open = anonymous.filter((one) => one.worked);
  if (open.length > 0) return { endpoint, name, openToAnonymous: true, reachable: true, passedOn: false, limited: open.every((one) => one.stops) };
  const known = [];
  for (const question of questions) known.push(await row(question, credentials));
  // Who has a credential at one place only may be let past a limiter that asks for the other.
  if (hasLimiter) for (const some of parts(credentials)) for (const question of questions) known.push(await row(question, some));
  const reached = known.filter((one) => one.worked);
  // Where nobody reaches the work, whether something else hides it or nothing leads to it, there is nothing to compare.
  if (reached.length === 0) return { endpoint, name, openToAnonymous: false, reachable: false, passedOn: true, isClosed: known.every((one) => !one.anyWork), limited: undefined };
  return { endpoint, name, openToAnonymous: false, reachable: true, passedOn: false, limited: reached.every((one) => one.stops) };
}

/** Some of the headers, but neither none nor all. */
function parts(headers: Readonly<Record<string, string>>): Record<string, string>[] {
  const all = Object.entries(headers).reduce<Record<string, string>[]>((some, [name, value]) => some.flatMap((one) => [one, { ...one, [name]: value }]), [{}]);
  return all.slice(1, -1);
}

/** Gives what a loop over a table registered the line of its row. */
function withTableRows(endpoints: readonly RunningEndpoint[], printed: PrintedProgram): RunningEndpoint[] {
  const rowOf = new Map<unknown, { file: string; line: number; column: number }>();
  for (const table of printed.tables) {
    const file = path.join(programFolder, table.file);
    const registrations = [...new Set(endpoints.map((endpoint) => endpoint.registration))]
      .filter(({ methods, frames: [frame] }) => !methods.includes('USE') && frame?.file === file && frame.line === table.line);
    registrations.forEach((registration, index) => rowOf.set(registration, { file, line: table.rows[index]!, column: 1 }));
  }
  return endpoints.map((endpoint) => {
    const row = rowOf.get(endpoint.registration);
    return row ? { ...endpoint, registration: { ...endpoint.registration, frames: [row, ...endpoint.registration.frames] } } : endpoint;
  });
}

type CompiledModule = (require: (specifier: string) => unknown, module: { exports: unknown }, exports: unknown) => void;

/** @returns what boots the program anew each time: its modules are compiled once and evaluated every time */
function createLoader(recorder: Recorder, printed: PrintedProgram): () => ExpressApplication {
  const compiled = new Map<string, CompiledModule>();
  const compile = (file: string): CompiledModule => {
    const before = compiled.get(file);
    if (before) return before;
    const source = printed.files.get(file);
    if (source === undefined) throw new Error(`the program has no ${file}`);
    const module = compileFunction(source, ['require', 'module', 'exports'], { filename: path.join(programFolder, file) }) as CompiledModule;
    compiled.set(file, module);
    return module;
  };
  return () => {
    const loaded = new Map<string, { exports: unknown }>();
    const requireFrom = (specifier: string): unknown => {
      if (specifier === 'express') return recorder.express;
      if (!specifier.startsWith('./')) return require(specifier);
      const file = `${specifier.slice(2)}.js`;
      const before = loaded.get(file);
      if (before) return before.exports;
      const module = { exports: {} };
      loaded.set(file, module);
      compile(file)(requireFrom, module, module.exports);
      return module.exports;
    };
    recorder.takeListening();
    requireFrom('./app');
    const [application] = recorder.takeListening();
    if (!application) throw new Error('the program does not listen');
    return application;
  };
}
