import { dirname, join } from 'node:path';
import type { Framework } from './frameworks/framework.ts';
import type { Interpreter } from './interpreter/interpreter.ts';
import { boundOf, PathEnd, ThrowSignal } from './interpreter/signals.ts';
import { ClassObject, FunctionObject, type Site, UNDEFINED, type Value } from './interpreter/values.ts';
import type { Settings } from './model.ts';
import type { Project } from './project/project.ts';

/** By what an application was made: what the program starts with, a module beside that, an exported function that nobody calls. */
export type Origin = 'start' | 'module' | 'uncalled function';

/**
 * The dry run of the registration code: evaluates what the program starts with, then every module that imports a
 * framework and was not reached from there, then exported functions that make an application and that nobody calls.
 * Gives the origins of the applications, by the place of their creation.
 */
export function runProgram(interpreter: Interpreter, project: Project, frameworks: readonly Framework[], settings: Settings): ReadonlyMap<Site, Origin> {
  const origins = new Map<Site, Origin>();
  const importers = [...new Set(frameworks.flatMap((f) => project.importersOf(f.packages, f.entry)))];
  if (importers.length === 0) return origins;
  const note = (origin: Origin): void => {
    for (const { site } of frameworks.flatMap((f) => f.applications())) if (!origins.has(site)) origins.set(site, origin);
  };
  for (const file of [...entriesFromSettings(project, settings), ...startFiles(project, importers)]) interpreter.modules.evaluate(file);
  interpreter.settlePromises();
  note('start');
  for (const file of importers) interpreter.modules.evaluate(file);
  const settle = (): void => {
    interpreter.settlePromises();
    frameworks.forEach((framework) => framework.settle?.());
  };
  settle();
  const creating = new Set(importers);
  for (const file of importers) {
    // The caller may stand in a module that names no framework: new Server().start()
    if (uncalledMakers(interpreter, file).length > 0) for (const importer of importersOfFile(project, file)) if (!creating.has(importer)) interpreter.modules.evaluate(importer);
  }
  settle();
  note('module');
  for (const file of importers) {
    for (const maker of uncalledMakers(interpreter, file)) {
      if (wasCalled(interpreter, maker)) continue;
      callMaker(interpreter, maker);
      settle();
    }
  }
  note('uncalled function');
  return origins;
}

function entriesFromSettings(project: Project, settings: Settings): readonly string[] {
  if (settings.entries.length === 0) return [];
  return project.matching(settings.entries);
}

/** What package.json says the program is started with, in each package that has modules with a framework. */
function startFiles(project: Project, importers: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const file of importers) {
    for (let folder = dirname(file); folder.startsWith(project.root); folder = dirname(folder)) {
      folders.add(folder);
      if (folder === project.root || folder === dirname(folder)) break;
    }
  }
  const files: string[] = [];
  for (const folder of [...folders].sort()) {
    const text = project.readText(join(folder, 'package.json'));
    if (text === undefined) continue;
    for (const name of startNames(text)) {
      const resolution = project.resolve(`./${name}`, join(folder, 'package.json'), 'require');
      if (resolution.kind === 'file' && project.isSource(resolution.file)) files.push(resolution.file);
    }
  }
  return files;
}

/** `main`, and files that the scripts name: `node server.js`, `nodemon src/index.ts`. */
function startNames(text: string): string[] {
  try {
    const manifest = JSON.parse(text) as { main?: unknown; scripts?: Record<string, unknown> };
    const names = typeof manifest.main === 'string' ? [manifest.main] : [];
    for (const [name, script] of Object.entries(manifest.scripts ?? {})) {
      if (typeof script !== 'string' || !/^(start|dev|serve|develop|server|prod|watch)/.test(name)) continue;
      for (const word of script.split(/[\s"'=]+/)) if (/\.[cm]?[jt]sx?$/.test(word) && !word.includes('config')) names.push(word.replace(/^\.\//, ''));
    }
    return names;
  } catch {
    return [];
  }
}

function importersOfFile(project: Project, file: string): readonly string[] {
  const name = /([^/]+?)(?:\.[cm]?[jt]sx?)?$/.exec(file)?.[1] ?? '';
  const wanted = name === 'index' ? file.split('/').at(-2) ?? name : name;
  const specifier = { source: `['"\`/]${escape(wanted)}(?:\\.[cm]?[jt]sx?)?['"\`]`, flags: '' };
  return project.sourcesWith({ words: [wanted], patterns: [specifier] }).filter((source) => source !== file);
}

function escape(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}

/**
 * Exported functions and classes of a module that make an application or a router, or register on what they are given,
 * and that nobody has called. Functions that use another of them come first: `start()` of a module that has a class Server.
 */
function uncalledMakers(interpreter: Interpreter, file: string): (FunctionObject | ClassObject)[] {
  const record = interpreter.modules.evaluate(file);
  if (!record) return [];
  const site: Site = { module: record.module, start: 0, end: 0 };
  const exported = interpreter.modules.exportOf(file, '*', site);
  const values: Value[] = [exported];
  if (exported.kind === 'object') values.push(...interpreter.ownEntries(exported, site).entries.map(([, value]) => value));
  const uncalled = [...new Set(values)].filter((value): value is FunctionObject | ClassObject =>
    (value instanceof FunctionObject || value instanceof ClassObject) && value.module === record.module && !wasCalled(interpreter, value));
  const makers = uncalled.filter(makes);
  const users = uncalled.filter((value) => value instanceof FunctionObject && makers.some((maker) => maker !== value && mentions(value, maker)));
  return [...new Set([...users, ...makers])];
}

function mentions(value: FunctionObject, other: FunctionObject | ClassObject): boolean {
  return new RegExp(`(?<![\\w$.])${escape(other.name)}(?![\\w$])`).test(textOf(value));
}

function wasCalled(interpreter: Interpreter, value: FunctionObject | ClassObject): boolean {
  if (value instanceof FunctionObject) return interpreter.called.has(value.node);
  return value.node.body.body.some((m) => m.type === 'MethodDefinition' && m.value.type === 'FunctionExpression' && interpreter.called.has(m.value));
}

/** express(), Router(), app.get('/…'), router.use('/…') */
function makes(value: FunctionObject | ClassObject): boolean {
  return /\b(express|Router|fastify|Fastify)\s*\(|\.(get|post|put|patch|delete|all|use|route)\s*\(\s*(\[\s*)?['"`][/*]/.test(textOf(value));
}

function textOf(value: FunctionObject | ClassObject): string {
  return value.module.text.slice(value.node.range[0], value.node.range[1]);
}

/** Evaluated nodes for a function that nobody calls. */
const MAKER_STEPS = 400_000;

/** Called as nobody does: with arguments that are not known. A class is created, and its methods that make something are run. */
function callMaker(interpreter: Interpreter, maker: FunctionObject | ClassObject): void {
  const site: Site = { module: maker.module, start: maker.node.range[0], end: maker.node.range[1] };
  const attempt = (run: () => void): void => {
    try {
      interpreter.withBudget(MAKER_STEPS, run);
    } catch (signal) {
      if (!boundOf(signal) && !(signal instanceof ThrowSignal) && !(signal instanceof PathEnd)) throw signal;
    }
  };
  attempt(() => {
    if (maker instanceof FunctionObject) {
      interpreter.call(maker, UNDEFINED, maker.node.params.map(() => interpreter.unknown('given by a caller that is not in the program', site)), site);
      return;
    }
    const instance = interpreter.construct(maker, [], site);
    for (const slot of maker.instances.properties.values()) {
      if (slot instanceof FunctionObject && !interpreter.called.has(slot.node) && makes(slot)) attempt(() => interpreter.call(slot, instance, slot.node.params.map(() => interpreter.unknown('given by a caller that is not in the program', site)), site));
    }
  });
}
