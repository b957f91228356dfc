import type { TSESTree } from '@typescript-eslint/types';
import type { Activation } from './activations.ts';
import { Amendment, type Registration, type Turn } from './amendment.ts';
import { declareHoisted, hoistedOf } from '../modules/hoisting.ts';
import type { Interpreter } from '../interpreter.ts';
import { isEsModule, type ModuleRecord } from '../modules/module-record.ts';
import { Scope } from '../modules/scope.ts';
import { PathEnd, ThrowSignal } from '../signals.ts';
import { spanOf } from '../spans.ts';
import { statementMentions } from './class-mentions.ts';
import { boundBy, codeIn, exportedNames, roleOf } from './statement-roles.ts';
import { declareEarly, execute } from '../evaluation/statements.ts';
import { isTimeless, isTimelessAlone } from './timeless.ts';
import type { FunctionNode, FunctionObject } from '../values.ts';

type Statement = TSESTree.ProgramStatement;

/** Statements of a module that came and went. */
export interface StatementEdit {
  readonly removed: readonly Statement[];
  /** All statements of the module or the function from now on. */
  readonly body: readonly Statement[];
  readonly added: ReadonlySet<Statement>;
  /** Of one that came. */
  textOf(statement: Statement): string;
}

/** The list of the statements of a module, or of a function with a block. */
export function statementsOf(owner: Activation['owner']): Statement[] {
  if (owner.type === 'Program') return owner.body;
  return owner.body.type === 'BlockStatement' ? owner.body.body : [];
}

/** What an edit of statements changed. */
export interface Amended {
  readonly changes: readonly Registration[];
  /** Functions and classes that are gone, or that may do something else. */
  readonly stale: readonly TSESTree.Node[];
}

/** What has to be asked about the program before a statement may be amended. */
export interface Amendable {
  /** The registration code looked into the function, or asked about it. */
  isLookedInto(code: object): boolean;
  /** Its decorators can be run again. */
  isRedecorated(node: TSESTree.ClassDeclaration): boolean;
  /** What would be called if nobody called it, by its text. */
  isMaker(text: string): boolean;
}

/** The clock has no moment left between two statements. */
const SHORTEST = 1e-9;

/**
 * Evaluates statements of a module that came, takes back what those did that went, and evaluates those once more that mention
 * what either of them binds; each as if it were its turn. Before the tree of the module changes, it is asked for what went.
 */
export class Amending {
  /** Classes whose decorators may mention what an edited statement binds. */
  readonly classes = new Set<TSESTree.ClassDeclaration>();
  private readonly interpreter: Interpreter;
  private readonly activation: Activation;
  private readonly record: ModuleRecord;
  private readonly edit: StatementEdit;
  private readonly asks: Amendable;
  private readonly old: Registration[] = [];
  private readonly callsBefore = new Map<FunctionNode, FunctionObject>();
  private readonly callsAfter = new Map<FunctionNode, FunctionObject>();
  private readonly stale = new Set<TSESTree.Node>();
  private readonly again = new Set<Statement>();
  private readonly before: readonly number[];
  /** The same modules are imported in the same order. */
  private readonly importsAlike: boolean;
  private readonly linkedAt: number;
  /** Modules that were evaluated because a statement asked for them that went or is evaluated again. */
  private readonly evaluated: ModuleRecord[] = [];
  /** What stands in the place of a statement that went. */
  private readonly successors: ReadonlyMap<Statement, Statement>;

  /** @param record of the module */
  constructor(interpreter: Interpreter, activation: Activation, record: ModuleRecord, edit: StatementEdit, asks: Amendable) {
    this.interpreter = interpreter;
    this.activation = activation;
    this.record = record;
    this.edit = edit;
    this.asks = asks;
    this.before = this.state();
    const body = statementsOf(activation.owner);
    this.successors = successorsIn(body, edit);
    this.importsAlike = importedBy(body).join() === importedBy(edit.body).join();
    this.linkedAt = (body[0] && activation.turns.get(body[0])?.from) ?? activation.startedAt;
  }

  /** Before the edit is carried out. False where it cannot be followed. */
  prepare(): boolean {
    const { record, edit: { removed, added, body } } = this;
    const all = [...removed, ...added];
    // What stands behind it does not run.
    const end = body.findIndex(({ type }) => type as string === 'ReturnStatement' || type === 'ThrowStatement');
    if (end >= 0 && body.slice(end).some((statement) => added.has(statement))) return false;
    if (all.every((statement) => roleOf(statement) === 'type')) return true;
    if (record.state !== 'done' || (this.isOfModule() && !record.isPlain) || this.isNearBounds() || all.some((statement) => roleOf(statement) === 'other')) return false;
    if (this.interpreter.host.keepsState() && !all.every((statement) => isTimelessAlone(statement))) return false;
    for (const code of this.interpreter.reads.unnoticed(() => removed.flatMap(codeIn))) this.stale.add(code);
    return this.noteMentions() && this.mayExport() && this.takeBack();
  }

  /** After it is carried out. Undefined where it turns out that it cannot be followed. */
  finish(): Amended | undefined {
    const { record, interpreter, activation: { owner, turns }, edit: { added, removed, body } } = this;
    const { program } = record.module;
    interpreter.hoisted.delete(owner.type === 'Program' ? owner : owner.body);
    if (owner.type !== 'Program') interpreter.captured.delete(owner);
    for (const [old, fresh] of this.successors) {
      const turn = turns.get(old);
      if (turn && turn.to > turn.from) turns.set(fresh, turn);
    }
    for (const statement of removed) turns.delete(statement);
    // It did nothing so far, so that others may have got a turn at the same time.
    for (const statement of this.again) if (turns.get(statement)?.from === turns.get(statement)?.to) turns.delete(statement);
    const changes: Registration[] = [];
    if ([...removed, ...added].some((statement) => roleOf(statement) !== 'type') && !interpreter.modules.within(record, () => this.evaluate(changes))) return undefined;
    this.giveTurns(body);
    record.isTimeless &&= isTimeless(program);
    if (isEsModule(record.module) !== record.isEsm || this.isNearBounds() || String(this.state()) !== String(this.before)) return undefined;
    return { changes, stale: [...this.stale] };
  }

  /** It was called once more, to evaluate a statement. */
  hasCalled(owner: Activation['owner']): boolean {
    return owner.type !== 'Program' && (this.callsBefore.has(owner) || this.callsAfter.has(owner));
  }

  private isOfModule(): boolean {
    return this.activation.owner.type === 'Program';
  }

  /** What is changed by nothing that can be followed. */
  private state(): number[] {
    const { modules, metadata, host } = this.interpreter;
    return [modules.failures.size, metadata.writes, Number(host.keepsState()), host.keepsState() ? modules.count() : 0];
  }

  /** A little more may be too much for the bounds of the evaluation from the beginning. */
  private isNearBounds(): boolean {
    const { interpreter: { bounds, modules, asideSteps }, record } = this;
    return record.steps > bounds.steps / 2 || asideSteps > bounds.steps || modules.failures.has(record.module.file);
  }

  /** Statements that mention what an edited one binds are evaluated again; functions that do must not have been run. */
  private noteMentions(): boolean {
    const { edit: { removed, added, body }, activation: { scope }, again } = this;
    const bound = new Set([...removed, ...added].flatMap(boundBy));
    if (bound.size === 0) return true;
    const gone = new Set(removed.flatMap(boundBy));
    // function register(app) { const app = … }      what else binds the name
    if ([...bound].some((name) => !gone.has(name) && scope.cells.has(name))) return false;
    for (const statement of body) {
      if (added.has(statement)) continue;
      if (boundBy(statement).some((name) => bound.has(name))) return false;
      const { isDirect, code, isInShape, redecorated } = this.interpreter.reads.unnoticed(() => statementMentions(this.record.module, statement, bound, this.asks));
      const role = roleOf(statement);
      if (role === 'type' || role === 'import') continue;
      if (isInShape || (isDirect && role !== 'effect')) return false;
      if (redecorated) this.classes.add(redecorated);
      if (isDirect) again.add(statement);
      for (const node of code) {
        if (this.asks.isLookedInto(node)) return false;
        this.stale.add(node);
      }
    }
    const exported = exportedNames(body.filter((statement) => !added.has(statement)));
    return ![...bound].some((name) => exported.has(name));
  }

  /** Exports that come and go are nothing to a program that never asked for them. */
  private mayExport(): boolean {
    const { edit: { removed, added }, record } = this;
    const isExport = (statement: Statement): boolean => statement.type === 'ExportNamedDeclaration' && roleOf(statement) !== 'type';
    const exported = [...removed, ...added].filter(isExport);
    if (exported.length === 0) return true;
    // What a module gives that is required hangs on whether it has other exports than the default, and any at all.
    if (record.exports.has('default') || record.exports.size <= removed.filter(isExport).flatMap(boundBy).length) return false;
    if (record.isListed || removed.filter(isExport).flatMap(boundBy).some((name) => record.asked.has(name))) return false;
    // A function that nobody calls may be called as one that makes an application, and one that uses such a function before it.
    const functions = this.interpreter.reads.unnoticed(() => exported.filter((statement) => codeIn(statement).length > 0 || !isTimelessAlone(statement)));
    if (functions.length > 0 && (this.asks.isMaker(record.module.text) || functions.some((statement) => added.has(statement) && this.asks.isMaker(this.edit.textOf(statement))))) return false;
    return [...added].filter(isExport).flatMap(boundBy).every((name) => !record.missed.has(name) && !record.asked.has(name));
  }

  /** Evaluates once more what is to be taken back, to see that nothing else came of it. */
  private takeBack(): boolean {
    const { record, activation: { scope, turns }, interpreter: { modules, loader } } = this;
    for (const statement of [...this.edit.removed, ...this.again]) {
      const role = roleOf(statement);
      if (role === 'import') {
        const { source } = statement as TSESTree.ImportDeclaration;
        const resolution = loader.resolve(source.value, record.module.file, 'import');
        // It stays what it is, and is evaluated at no other time, where this module imports it no more.
        if (resolution.kind === 'file' && !this.importsAlike && modules.recordOf(resolution.file) && !modules.standsAt(resolution.file, record.startedAt)) return false;
        if (resolution.kind === 'file' && modules.failures.has(resolution.file)) return false;
      }
      if (role !== 'effect' && role !== 'declaration') continue;
      const turn = turns.get(statement);
      if (!turn) return false;
      const amendment = modules.within(record, () => this.run(statement, turn, role === 'declaration' ? this.scratch(statement) : scope));
      if (amendment.failure !== undefined) return false;
      // What would be evaluated at another time could be something else.
      if (amendment.evaluated.length > 0 && !this.successors.has(statement) && !this.again.has(statement)) return false;
      this.evaluated.push(...amendment.evaluated);
      for (const [node, callee] of amendment.called) this.callsBefore.set(node, callee);
      for (const list of new Set(amendment.registered.map((one) => one.list))) {
        const items = list.filter(({ registeredAt }) => registeredAt > turn.from && registeredAt <= turn.to);
        if (items.length !== amendment.registered.filter((one) => one.list === list).length) return false;
        this.old.push(...items.map((item) => ({ list, item })));
      }
    }
    return true;
  }

  private scratch(statement: Statement): Scope {
    const { interpreter, activation } = this;
    const scope = new Scope(activation.scope);
    for (const name of boundBy(statement)) scope.declare(name, undefined);
    const declaration = (statement.type === 'ExportNamedDeclaration' && statement.declaration) || statement;
    for (const node of [declaration, ...declaration.type === 'VariableDeclaration' ? declaration.declarations : []]) interpreter.declarations.delete(node);
    return scope;
  }

  private run(statement: Statement, turn: Turn, scope: Scope): Amendment {
    const { interpreter, activation: { module } } = this;
    return this.amend(turn, () => {
      const completion = execute(interpreter, statement as TSESTree.Statement, scope, module);
      // if (isOff) return      what comes behind hangs on it
      if (completion || interpreter.conditions.length > 0) interpreter.amendment?.fail('leaves the function');
    });
  }

  private amend(turn: Turn, run: () => void): Amendment {
    const { interpreter, record, activation } = this;
    const { frames } = interpreter;
    const amendment = new Amendment(turn, interpreter.reads);
    interpreter.amendment = amendment;
    interpreter.frames = [...activation.frames];
    activation.scope.outlive();
    try {
      interpreter.isolated(() => {
        interpreter.withBudget(interpreter.bounds.steps / 2, () => {
          try {
            run();
          } catch (signal) {
            // As where the module is evaluated: the rest of it still counts.
            if (!this.isOfModule() || (!(signal instanceof ThrowSignal) && !(signal instanceof PathEnd))) amendment.fail('is cut short');
          }
          record.steps += interpreter.steps;
        });
      });
    } finally {
      Object.assign(interpreter, { amendment: undefined, frames });
      for (const node of amendment.called.keys()) interpreter.activations?.forget(node);
    }
    return amendment;
  }

  private evaluate(changes: Registration[]): boolean {
    const { interpreter, record, activation: { module, scope, turns, startedAt }, edit: { removed, added, body } } = this;
    for (const statement of removed) {
      for (const name of boundBy(statement)) {
        scope.cells.delete(name);
        if (statement.type === 'ExportNamedDeclaration') record.exports.delete(name);
      }
    }
    const atStart = { from: startedAt, to: this.importsAlike ? this.linkedAt : startedAt };
    for (const statement of added) {
      const role = roleOf(statement);
      const linked = this.amend(atStart, () => {
        if (role === 'import') interpreter.modules.linkImport(record, statement as TSESTree.ImportDeclaration);
        if (role !== 'declaration' && role !== 'effect') return;
        declareHoisted(interpreter, hoistedOf(interpreter, { type: 'Program', body: [statement] } as unknown as TSESTree.Program), scope, module);
        if (this.isOfModule()) declareEarly(interpreter, statement, scope, module);
        if (statement.type === 'ExportNamedDeclaration') interpreter.modules.linkExport(record, statement);
      });
      if (linked.failure !== undefined) return false;
    }
    const fresh: Registration[] = [];
    const evaluated: ModuleRecord[] = [];
    if (!this.giveTurns(body)) return false;
    for (const statement of body) {
      if (!added.has(statement) && !this.again.has(statement)) continue;
      const role = roleOf(statement);
      if (role !== 'effect' && role !== 'declaration') continue;
      const { failure, called, registered, evaluated: again } = this.run(statement, turns.get(statement) as Turn, scope);
      if (failure !== undefined) return false;
      evaluated.push(...again);
      for (const [node, callee] of called) this.callsAfter.set(node, callee);
      fresh.push(...registered);
    }
    if (!this.isCalledAlike() || evaluated.length !== this.evaluated.length || evaluated.some((one, index) => one !== this.evaluated[index])) return false;
    for (const { list, item } of this.old) list.splice(list.indexOf(item), 1);
    for (const { list, item } of fresh) list.splice(list.findLastIndex(({ registeredAt }) => registeredAt <= item.registeredAt) + 1, 0, item);
    changes.push(...this.old, ...fresh);
    return true;
  }

  /** New statements get their turn between those around them. */
  private giveTurns(body: readonly Statement[]): boolean {
    const { turns, startedAt } = this.activation;
    let from = startedAt;
    for (const [index, statement] of body.entries()) {
      const known = turns.get(statement);
      if (known) {
        from = Math.max(from, known.to);
        continue;
      }
      const next = body.slice(index + 1).map((other) => turns.get(other)).find((turn) => turn !== undefined && turn.to > from);
      // The clock ticks in whole numbers where the program is evaluated from the beginning.
      const until = next === undefined ? Math.floor(from) + 1 : Number.isInteger(next.to) ? Math.floor(next.from) + 1 : next.to;
      const to = from + (until - from) / 2;
      if (to - from < SHORTEST) return false;
      turns.set(statement, { from, to });
      from = to;
    }
    return true;
  }

  /** Who calls a function that makes an application decides whether it is called as one that nobody calls. */
  private isCalledAlike(): boolean {
    const { callsBefore, callsAfter, asks } = this;
    const differs = (one: ReadonlyMap<FunctionNode, FunctionObject>, other: ReadonlyMap<FunctionNode, FunctionObject>): boolean => [...one].some(([node, callee]) => !other.has(node) && asks.isMaker(textOf(callee)));
    return !differs(callsBefore, callsAfter) && !differs(callsAfter, callsBefore);
  }
}

/** What the module asks for before its statements run. */
function importedBy(body: readonly Statement[]): readonly string[] {
  return [...new Set(body.flatMap((statement) => (statement.type === 'ImportDeclaration' && roleOf(statement) !== 'type' ? [statement.source.value] : [])))];
}

/** Where between two statements that stay as many came as went, each takes the turn of the one in its place. */
function successorsIn(before: readonly Statement[], { added, removed, body }: StatementEdit): ReadonlyMap<Statement, Statement> {
  const successors = new Map<Statement, Statement>();
  const gone = new Set(removed);
  const [old, now] = [gapsIn(before, gone), gapsIn(body, added)];
  for (const [index, gap] of old.entries()) if (gap.length === now[index]?.length) for (const [at, statement] of gap.entries()) successors.set(statement, now[index]?.[at] as Statement);
  return successors;
}

/** The statements of the set, by how many others stand before them. */
function gapsIn(body: readonly Statement[], set: ReadonlySet<Statement>): readonly (readonly Statement[])[] {
  const gaps: Statement[][] = [[]];
  for (const statement of body) {
    if (set.has(statement)) gaps.at(-1)?.push(statement);
    else gaps.push([]);
  }
  return gaps;
}

/** Of the function, or of the module where it may be part of a class. */
function textOf({ module, node, home }: FunctionObject): string {
  return home ? module.text : module.text.slice(module.place(spanOf(node).start), module.place(spanOf(node).end));
}
