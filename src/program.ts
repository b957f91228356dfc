import { dirname, join } from 'node:path';
import type { Command, Framework } from './frameworks/framework.ts';
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
  const scripts = scriptsIn(project, foldersOf(project, importers));
  const commanded = commandsIn(project, scripts, frameworks);
  if (importers.length === 0 && commanded.length === 0) return origins;
  const note = (origin: Origin): void => {
    for (const { site } of frameworks.flatMap((f) => f.applications())) if (!origins.has(site)) origins.set(site, origin);
  };
  for (const file of [...entriesFromSettings(project, settings), ...startFiles(project, scripts)]) interpreter.modules.evaluate(file);
  for (const { framework, command, file } of commanded) runCommand(interpreter, framework, command, file);
  interpreter.awaited.settle(interpreter.bounds.depth);
  note('start');
  for (const file of importers) interpreter.modules.evaluate(file);
  const settle = (): void => {
    interpreter.awaited.settle(interpreter.bounds.depth);
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

/** The folders of modules with a framework, and those around them. */
function foldersOf(project: Project, importers: readonly string[]): readonly string[] {
  const folders = new Set([project.root]);
  for (const file of importers) {
    for (let folder = dirname(file); folder.startsWith(project.root); folder = dirname(folder)) {
      folders.add(folder);
      if (folder === project.root || folder === dirname(folder)) break;
    }
  }
  return [...folders].sort();
}

/** What a package.json says that its program is started with. */
interface Scripts {
  readonly manifest: string;
  readonly main: string | undefined;
  readonly texts: readonly string[];
}

function scriptsIn(project: Project, folders: readonly string[]): readonly Scripts[] {
  return folders.flatMap((folder): readonly Scripts[] => {
    const manifest = join(folder, 'package.json');
    const text = project.readText(manifest);
    if (text === undefined) return [];
    try {
      const { main, scripts } = JSON.parse(text) as { main?: unknown; scripts?: Record<string, unknown> };
      const texts = Object.entries(scripts ?? {}).flatMap(([name, script]) => (typeof script === 'string' && STARTS.test(name) ? [script] : []));
      return [{ manifest, main: typeof main === 'string' ? main : undefined, texts }];
    } catch {
      return [];
    }
  });
}

/** Scripts that start a program. */
const STARTS = /^(start|dev|serve|develop|server|prod|watch)/;

/** `main`, and files that the scripts name: `node server.js`, `nodemon src/index.ts`. */
function startFiles(project: Project, scripts: readonly Scripts[]): string[] {
  return scripts.flatMap(({ manifest, main, texts }) => {
    const words = texts.flatMap((script) => script.split(/[\s"'=]+/)).filter((word) => /\.[cm]?[jt]sx?$/.test(word) && !word.includes('config'));
    return [...main === undefined ? [] : [main], ...words.map((word) => word.replace(/^\.\//, ''))].flatMap((name) => sourceNamed(project, name, manifest) ?? []);
  });
}

function sourceNamed(project: Project, name: string, manifest: string): string | undefined {
  const resolution = project.resolve(`./${name}`, manifest, 'require');
  return resolution.kind === 'file' && project.isSource(resolution.file) ? resolution.file : undefined;
}

interface Commanded {
  readonly framework: Framework;
  readonly command: Command;
  readonly file: string;
}

/** What the scripts hand to commands of the frameworks: `fastify start app.js`. */
function commandsIn(project: Project, scripts: readonly Scripts[], frameworks: readonly Framework[]): readonly Commanded[] {
  const found = new Map<string, Commanded>();
  for (const { manifest, texts } of scripts) {
    for (const framework of frameworks) {
      for (const command of texts.flatMap((script) => framework.commandsIn?.(script) ?? [])) {
        const file = sourceNamed(project, command.file, manifest);
        if (file !== undefined) found.set(`${file} ${command.prefix ?? ''}`, { framework, command, file });
      }
    }
  }
  return [...found.values()];
}

function runCommand(interpreter: Interpreter, framework: Framework, command: Command, file: string): void {
  const record = interpreter.modules.evaluate(file);
  if (!record) return;
  const site: Site = { module: record.module, start: 0, end: 0 };
  attempt(interpreter, () => framework.runCommand?.(interpreter, command, interpreter.modules.exportOf(file, '*', site), site));
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
  const { isListed } = record;
  const asked = new Set(record.asked);
  const exported = interpreter.modules.exportOf(file, '*', site);
  const values: Value[] = [exported];
  if (exported.kind === 'object') values.push(...interpreter.ownEntries(exported, site).entries.map(([, value]) => value));
  // The program itself did not ask for all of them.
  Object.assign(record, { isListed, asked });
  const uncalled = [...new Set(values)].filter((value): value is FunctionObject | ClassObject =>
    (value instanceof FunctionObject || value instanceof ClassObject) && value.module === record.module && !wasCalled(interpreter, value));
  const makers = uncalled.filter(makes);
  const users = uncalled.filter((value) => value instanceof FunctionObject && makers.some((maker) => maker !== value && mentions(value, maker)));
  return [...new Set([...users, ...makers])];
}

function mentions(value: FunctionObject, other: FunctionObject | ClassObject): boolean {
  return value.module.says(value.node, new RegExp(`(?<![\\w$.])${escape(other.name)}(?![\\w$])`));
}

function wasCalled(interpreter: Interpreter, value: FunctionObject | ClassObject): boolean {
  if (value instanceof FunctionObject) return interpreter.called.has(value.node);
  return value.node.body.body.some((m) => m.type === 'MethodDefinition' && m.value.type === 'FunctionExpression' && interpreter.called.has(m.value));
}

/** express(), Router(), app.get('/…'), router.use('/…'), NestFactory.create(AppModule) */
const MAKES = /\bNestFactory\s*\.\s*create|\b(express|Router|fastify|Fastify)\s*\(|\.(get|post|put|patch|delete|all|use|route)\s*\(\s*(\[\s*)?['"`][/*]/;

function makes(value: FunctionObject | ClassObject): boolean {
  return value.module.says(value.node, MAKES);
}

/** Of a function's text: it is called where nobody calls it. */
export function mayMake(text: string): boolean {
  return MAKES.test(text);
}

/** Evaluated nodes for a function that nobody calls in the program. */
const MAKER_STEPS = 400_000;

function attempt(interpreter: Interpreter, run: () => void): void {
  try {
    interpreter.withBudget(MAKER_STEPS, run);
  } catch (signal) {
    if (!boundOf(signal) && !(signal instanceof ThrowSignal) && !(signal instanceof PathEnd)) throw signal;
  }
}

/** Called as nobody does: with arguments that are not known. A class is created, and its methods that make something are run. */
function callMaker(interpreter: Interpreter, maker: FunctionObject | ClassObject): void {
  const site: Site = { module: maker.module, start: maker.node.range[0], end: maker.node.range[1] };
  attempt(interpreter, () => {
    if (maker instanceof FunctionObject) {
      interpreter.call(maker, UNDEFINED, maker.node.params.map(() => interpreter.unknown('given by a caller that is not in the program', site)), site);
      return;
    }
    const instance = interpreter.construct(maker, [], site);
    for (const slot of maker.instances.properties.values()) {
      if (slot instanceof FunctionObject && !interpreter.called.has(slot.node) && makes(slot)) attempt(interpreter, () => interpreter.call(slot, instance, slot.node.params.map(() => interpreter.unknown('given by a caller that is not in the program', site)), site));
    }
  });
}
