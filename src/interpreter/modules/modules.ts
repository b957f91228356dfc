import type { TSESTree } from '@typescript-eslint/types';
import { nodeModules } from '../builtins/node/index.ts';
import { createClass } from '../evaluation/classes.ts';
import { evaluate } from '../evaluation/expressions.ts';
import { createFunction, named } from '../evaluation/functions.ts';
import { collectNames, declareHoisted, hoistedOf } from './hoisting.ts';
import type { Interpreter } from '../interpreter.ts';
import { standing, unlessRunning } from '../branches/isolation.ts';
import type { LoadedModule, Resolution } from './loader.ts';
import { mapUnion } from '../evaluation/members.ts';
import { isEsModule, type ModuleRecord, NamespaceBehaviour, standsAt } from './module-record.ts';
import { Scope } from './scope.ts';
import { boundOf, PathEnd, ThrowSignal } from '../signals.ts';
import { declareEarly, execute } from '../evaluation/statements.ts';
import { folderOf, jsonModule } from './module-values.ts';
import { isValueImport } from '../amendments/statement-roles.ts';
import { isTimeless } from '../amendments/timeless.ts';
import { External, HeapObject, ModelObject, Primitive, type Site, UNDEFINED, Unknown, type Value } from '../values.ts';

/** Loads, links and evaluates modules; each once. */
export class Modules {
  private readonly interpreter: Interpreter;
  private readonly records = new Map<string, ModuleRecord>();
  private readonly builtins = new Map<string, Value>();
  /** Calls on the stack where the module under evaluation was imported. */
  private calls = 0;
  /** The module under evaluation. */
  private running: ModuleRecord | undefined;
  /** Modules that could not be loaded or not be evaluated to their end, by file. */
  readonly failures = new Map<string, string>();

  constructor(interpreter: Interpreter) {
    this.interpreter = interpreter;
  }

  /** Of a module that has been loaded. */
  scopeOf(module: LoadedModule): Scope | undefined {
    return this.records.get(module.file)?.scope;
  }

  recordOf(file: string): ModuleRecord | undefined {
    return this.records.get(file);
  }

  standsAt(file: string, time: number): boolean {
    const record = this.records.get(file);
    return record !== undefined && standsAt(record, time);
  }

  /** How many modules have been loaded so far. */
  count(): number {
    return this.records.size;
  }

  /** Runs code of a module that has been evaluated. */
  within<T>(record: ModuleRecord, run: () => T): T {
    const outer = { calls: this.calls, running: this.running };
    this.calls = 0;
    this.running = record;
    try {
      return run();
    } finally {
      Object.assign(this, outer);
    }
  }

  evaluated(): Iterable<ModuleRecord> {
    return this.records.values();
  }

  /** The module's record, evaluated (or being evaluated, in a cycle); undefined where it cannot be loaded. */
  evaluate(file: string): ModuleRecord | undefined {
    const record = this.record(file);
    if (record) this.running?.demands.add(record);
    if (record?.state === 'new') this.run(record);
    if (record) this.interpreter.amendment?.asksFor(record);
    return record;
  }

  private record(file: string): ModuleRecord | undefined {
    const known = this.records.get(file);
    if (known) return known;
    const module = this.interpreter.loader.load(file);
    if (!module.ok) {
      this.failures.set(file, module.reason);
      return undefined;
    }
    const { interpreter } = this;
    const moduleObject = interpreter.object([['exports', interpreter.object()], ['id', new Primitive(file)], ['filename', new Primitive(file)]]);
    moduleObject.open = 'a member of module that is not modelled';
    const record: ModuleRecord = {
      module,
      scope: new Scope(undefined, { receiver: UNDEFINED, home: undefined, newTarget: undefined, args: [] }),
      moduleObject,
      exports: new Map(),
      stars: [],
      namespace: new ModelObject(null, new NamespaceBehaviour(this, file), undefined),
      isEsm: isEsModule(module),
      turns: new Map(),
      demands: new Set(),
      asked: new Set(),
      missed: new Set(),
      isListed: false,
      isTimeless: isTimeless(module.program),
      isPlain: false,
      startedAt: 0,
      finishedAt: 0,
      steps: 0,
      state: 'new',
    };
    this.records.set(file, record);
    return record;
  }

  private run(record: ModuleRecord): void {
    record.state = 'running';
    const { interpreter } = this;
    const { heap } = interpreter;
    const outer = { calls: this.calls, running: this.running, isTimeless: heap.isTimeless };
    this.calls = interpreter.frames.length;
    this.running = record;
    record.isPlain = this.calls === 0 && interpreter.conditions.length === 0 && !interpreter.choosing && interpreter.amendment === undefined;
    record.startedAt = heap.now();
    heap.isTimeless = record.isTimeless;
    interpreter.isolated(() => {
      interpreter.withBudget(interpreter.bounds.steps, () => {
        try {
          this.link(record);
          this.executeBody(record);
        } catch (signal) {
          this.cutShort(record, signal);
        }
        record.steps = interpreter.steps;
      });
    });
    this.calls = outer.calls;
    this.running = outer.running;
    heap.isTimeless = outer.isTimeless;
    record.finishedAt = interpreter.amendment?.turn.from ?? heap.now();
    record.state = 'done';
  }

  private executeBody(record: ModuleRecord): void {
    const { interpreter } = this;
    let isSecondTime = false;
    for (const statement of record.module.program.body) {
      const depths = interpreter.depths();
      const from = interpreter.heap.now();
      try {
        execute(interpreter, statement as TSESTree.Statement, record.scope, record.module);
      } catch (signal) {
        // A program that runs does not throw here: what did was imprecise. The rest of the module still counts.
        if (signal instanceof ThrowSignal || signal instanceof PathEnd) continue;
        this.cutShort(record, signal);
        interpreter.restoreDepths(depths);
        if (interpreter.steps <= interpreter.stepLimit) continue;
        // One statement that never ends does not take the registrations behind it along; two do.
        if (isSecondTime) return;
        isSecondTime = true;
        interpreter.steps = 0;
      } finally {
        record.turns.set(statement, { from, to: interpreter.heap.now() });
      }
    }
  }

  /** Notes that a bound was hit; rethrows what is no bound. */
  private cutShort(record: ModuleRecord, signal: unknown): void {
    const bound = boundOf(signal);
    if (!bound) throw signal;
    this.failures.set(record.module.file, `evaluated only in part: ${bound.reason}`);
  }

  private link(record: ModuleRecord): void {
    const { module, scope } = record;
    const { interpreter } = this;
    this.declareCommonJs(record);
    declareHoisted(interpreter, hoistedOf(interpreter, module.program), scope, module);
    for (const statement of module.program.body) declareEarly(interpreter, statement, scope, module);
    for (const statement of module.program.body) {
      if (statement.type === 'ExportNamedDeclaration') this.linkExport(record, statement);
      else if (statement.type === 'ExportAllDeclaration') this.linkStar(record, statement);
    }
    for (const statement of module.program.body) {
      if (statement.type === 'ImportDeclaration') this.linkImport(record, statement);
      else if (statement.type === 'TSImportEqualsDeclaration' && statement.moduleReference.type === 'TSExternalModuleReference') {
        const { expression } = statement.moduleReference;
        if (expression.type === 'Literal') scope.declare(statement.id.name, undefined).thunk = standing(interpreter, () => this.requireValue(new Primitive(expression.value as string), module, interpreter.site(module, statement), 'require'));
      }
    }
  }

  private declareCommonJs(record: ModuleRecord): void {
    const { module, scope, moduleObject } = record;
    const { interpreter } = this;
    const require = interpreter.native('require', (call) => this.requireValue(interpreter.settle(call.args[0] ?? UNDEFINED), module, call.site, 'require'));
    require.properties.set('resolve', interpreter.native('resolve', (call) => call.args[0] ?? UNDEFINED));
    require.properties.set('main', interpreter.unknown('the module that was started', undefined, 0, 'require.main'));
    scope.declare('require', require);
    scope.declare('module', moduleObject);
    scope.declare('exports', moduleObject.properties.get('exports') as Value);
    scope.declare('__filename', new Primitive(module.file));
    scope.declare('__dirname', new Primitive(folderOf(module.file)));
  }

  linkImport(record: ModuleRecord, node: TSESTree.ImportDeclaration): void {
    if (node.importKind === 'type') return;
    const resolution = this.interpreter.loader.resolve(node.source.value, record.module.file, 'import');
    if (resolution.kind === 'file' && (node.specifiers.length === 0 || (node.specifiers.some(isValueImport) && this.runsAtImport(resolution.file)))) this.evaluate(resolution.file);
    this.linkNames(record, node, node.specifiers);
  }

  /** Binds some of what a declaration imports. */
  linkNames({ module, scope }: ModuleRecord, node: TSESTree.ImportDeclaration, specifiers: readonly TSESTree.ImportClause[]): void {
    const { interpreter } = this;
    const [site, resolution] = [interpreter.site(module, node), interpreter.loader.resolve(node.source.value, module.file, 'import')];
    for (const specifier of specifiers.filter(isValueImport)) {
      const name = specifier.type === 'ImportDefaultSpecifier' ? 'default' : specifier.type === 'ImportNamespaceSpecifier' ? '*' : specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
      const cell = scope.declare(specifier.local.name, undefined);
      cell.thunk = standing(interpreter, () => this.imported(resolution, name, site));
      if (resolution.kind === 'file') Object.assign(cell, { source: cell.thunk, origin: resolution.file });
    }
  }

  linkExport(record: ModuleRecord, node: TSESTree.ExportNamedDeclaration): void {
    if (node.exportKind === 'type') return;
    const { interpreter } = this;
    const { module, scope, exports } = record;
    const site = interpreter.site(module, node);
    if (node.source) {
      const { value } = node.source;
      for (const specifier of node.specifiers) {
        const read = standing(interpreter, () => this.imported(interpreter.loader.resolve(value, module.file, 'import'), nameOf(specifier.local), site));
        exports.set(nameOf(specifier.exported), unlessRunning(interpreter, read, 'modules that pass one export round in a ring', site));
      }
      return;
    }
    for (const specifier of node.specifiers) {
      const local = nameOf(specifier.local);
      exports.set(nameOf(specifier.exported), () => interpreter.read(scope, local, site) ?? UNDEFINED);
    }
    const { declaration } = node;
    if (!declaration) return;
    const names: string[] = [];
    if (declaration.type === 'VariableDeclaration') for (const d of declaration.declarations) collectNames(d.id, names);
    else if ('id' in declaration && declaration.id?.type === 'Identifier') names.push(declaration.id.name);
    for (const name of names) exports.set(name, () => interpreter.read(scope, name, site) ?? UNDEFINED);
  }

  private linkStar(record: ModuleRecord, node: TSESTree.ExportAllDeclaration): void {
    if (node.exportKind === 'type') return;
    const { interpreter } = this;
    const resolution = interpreter.loader.resolve(node.source.value, record.module.file, 'import');
    if (node.exported) {
      record.exports.set(nameOf(node.exported), standing(interpreter, () => this.imported(resolution, '*', interpreter.site(record.module, node))));
    } else if (resolution.kind === 'file') record.stars.push(resolution.file);
  }

  /** `export default …` and `export = …`. */
  exportDefault(node: TSESTree.ExportDefaultDeclaration | TSESTree.TSExportAssignment, scope: Scope, module: LoadedModule): void {
    const record = this.records.get(module.file);
    if (!record) return;
    const { interpreter } = this;
    if (node.type === 'TSExportAssignment') {
      interpreter.heap.setProperty(record.moduleObject, 'exports', evaluate(interpreter, node.expression, scope, module));
      record.exports.set('default', () => record.moduleObject.properties.get('exports') as Value);
      return;
    }
    const { declaration } = node;
    const value = this.defaultValue(declaration, scope, module);
    record.exports.set('default', () => value);
  }

  private defaultValue(declaration: TSESTree.ExportDefaultDeclaration['declaration'], scope: Scope, module: LoadedModule): Value {
    const { interpreter } = this;
    switch (declaration.type) {
      case 'FunctionDeclaration':
        return (declaration.id && scope.cells.get(declaration.id.name)?.value) || createFunction(interpreter, declaration, scope, module, declaration.id?.name ?? 'default');
      case 'ClassDeclaration': {
        const created = createClass(interpreter, declaration, scope, module);
        if (declaration.id) interpreter.heap.setCell(scope.cells.get(declaration.id.name) ?? scope.declare(declaration.id.name, undefined), created);
        return created;
      }
      case 'TSInterfaceDeclaration': case 'TSTypeAliasDeclaration': case 'TSEnumDeclaration': case 'TSModuleDeclaration': case 'TSDeclareFunction': case 'VariableDeclaration':
        return UNDEFINED;
      default:
        return named(interpreter, evaluate(interpreter, declaration as TSESTree.Expression, scope, module), 'default');
    }
  }

  /** What `import { name } from …` binds. */
  imported(resolution: Resolution, name: string, site: Site): Value {
    const { interpreter } = this;
    switch (resolution.kind) {
      case 'file': return this.exportOf(resolution.file, name, site);
      case 'json': return this.pick(jsonModule(interpreter, resolution.file, site), name, site);
      case 'builtin': return this.pick(this.builtin(resolution.name, site), name, site);
      case 'package': {
        const external = new External({ step: 'import', package: resolution.name, subpath: resolution.subpath, name, site });
        return interpreter.host.importPackage(interpreter, external) ?? external;
      }
      case 'missing': return this.unloaded(resolution.reason, site);
    }
  }

  private pick(module: Value, name: string, site: Site): Value {
    return name === '*' || name === 'default' ? module : this.interpreter.get(module, name, site);
  }

  exportOf(file: string, name: string, site: Site, seen: ReadonlySet<string> = new Set()): Value {
    const { interpreter } = this;
    const record = this.evaluate(file);
    if (!record) return interpreter.unfollowed(`${this.failures.get(file) ?? 'cannot be loaded'}: ${file}`, site);
    if (name === '*') return record.isEsm ? record.namespace : this.commonJsExports(record);
    const own = record.exports.get(name);
    (own ? record.asked : record.missed).add(name);
    if (own) return own();
    if (!record.isEsm) {
      const exported = this.commonJsExports(record);
      if (name !== 'default') return interpreter.get(exported, name, site);
      const inner = exported instanceof HeapObject ? exported.properties.get('default') : undefined;
      return inner && inner.kind !== 'accessor' && (exported as HeapObject).properties.has('__esModule') ? inner : exported;
    }
    for (const star of record.stars) {
      if (seen.has(star) || name === 'default') continue;
      if (this.exportsName(star, name, new Set([...seen, file]))) return this.exportOf(star, name, site, new Set([...seen, file]));
    }
    const assigned = record.moduleObject.properties.get('exports');
    if (assigned instanceof HeapObject && (assigned.properties.has(name) || !(record.exports.size > 0))) return interpreter.get(assigned, name, site);
    return interpreter.unfollowed(`no export ${name} in the module`, site);
  }

  private exportsName(file: string, name: string, seen: ReadonlySet<string>): boolean {
    const record = this.evaluate(file);
    if (!record) return false;
    (record.exports.has(name) ? record.asked : record.missed).add(name);
    if (record.exports.has(name)) return true;
    if (!record.isEsm) {
      const exported = this.commonJsExports(record);
      return exported instanceof HeapObject && exported.properties.has(name);
    }
    return record.stars.some((star) => !seen.has(star) && this.exportsName(star, name, new Set([...seen, file])));
  }

  namesOf(file: string, seen: ReadonlySet<string> = new Set()): string[] {
    const record = this.evaluate(file);
    if (!record || seen.has(file)) return [];
    record.isListed = true;
    const names = new Set(record.exports.keys());
    for (const star of record.stars) for (const name of this.namesOf(star, new Set([...seen, file]))) if (name !== 'default') names.add(name);
    return [...names];
  }

  private commonJsExports(record: ModuleRecord): Value {
    this.interpreter.amendment?.sees(record.moduleObject);
    const exported = record.moduleObject.properties.get('exports');
    return !exported || exported.kind === 'accessor' ? UNDEFINED : this.interpreter.settle(exported);
  }

  /** Settings that each installation writes for itself are such modules. The one that is loaded at the start stays the same. */
  private unloaded(reason: string, site: Site): Value {
    const identity = this.interpreter.frames.length === this.calls ? `module at ${site.module.file}:${site.start}` : undefined;
    return new Unknown(reason, { site, identity, unloaded: true });
  }

  /** What `require(specifier)` or `import(specifier)` gives; the promise of the latter is the caller's. */
  requireValue(specifier: Value, from: LoadedModule, site: Site, kind: 'import' | 'require'): Value {
    const { interpreter } = this;
    if (specifier.kind === 'union') return mapUnion(interpreter, specifier, (option) => this.requireValue(option, from, site, kind));
    if (!(specifier instanceof Primitive) || typeof specifier.value !== 'string') return this.unloaded('a module whose name is not known', site);
    const resolution = interpreter.loader.resolve(specifier.value, from.file, kind);
    if (resolution.kind === 'file') {
      const record = this.evaluate(resolution.file);
      if (record && !record.isEsm && kind === 'require') return this.commonJsExports(record);
      if (record && kind === 'require' && record.exports.size === 1 && record.exports.has('default') && record.moduleObject.properties.get('exports') === record.exports.get('default')?.()) return this.commonJsExports(record);
      return this.exportOf(resolution.file, '*', site);
    }
    return this.imported(resolution, kind === 'require' ? 'default' : '*', site);
  }

  /** The module must run where it is imported, for its side effects. */
  runsAtImport(file: string): boolean {
    const text = this.interpreter.loader.text(file);
    return text !== undefined && this.interpreter.host.runsAtImport(text);
  }

  private builtin(name: string, site: Site): Value {
    let value = this.builtins.get(name);
    if (!value) {
      const create = nodeModules.get(name);
      value = create ? create(this.interpreter) : new External({ step: 'import', package: `node:${name}`, name: '*', site });
      this.builtins.set(name, value);
    }
    return value;
  }
}

function nameOf(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}
