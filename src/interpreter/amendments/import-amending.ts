import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../interpreter.ts';
import type { ModuleRecord } from '../modules/module-record.ts';
import type { Amendable } from './amending.ts';
import { statementMentions } from './class-mentions.ts';
import { boundBy, exportedNames, isValueImport, roleOf } from './statement-roles.ts';

/** Names that an import declaration binds came and went, and others stay. */
export interface ImportEdit {
  readonly node: TSESTree.ImportDeclaration;
  /** All of them from now on: old nodes where they are as they were. */
  readonly specifiers: readonly TSESTree.ImportClause[];
  readonly removed: readonly TSESTree.ImportClause[];
  readonly added: ReadonlySet<TSESTree.ImportClause>;
}

/**
 * Binds what an import declaration names now. The module is loaded when something of it is read first, so that nobody can
 * tell but who mentions a name: classes that do are decorated again, and functions must not have run.
 */
export class ImportAmending {
  /** Functions that mention one of the names. */
  readonly stale = new Set<TSESTree.Node>();
  /** Classes whose decorators may mention one of the names. */
  readonly classes = new Set<TSESTree.ClassDeclaration>();
  private readonly interpreter: Interpreter;
  private readonly record: ModuleRecord;
  private readonly edit: ImportEdit;
  private readonly asks: Amendable;

  /** @param record of the module */
  constructor(interpreter: Interpreter, record: ModuleRecord, edit: ImportEdit, asks: Amendable) {
    this.interpreter = interpreter;
    this.record = record;
    this.edit = edit;
    this.asks = asks;
  }

  /** Before the edit is carried out. False where it cannot be followed. */
  prepare(): boolean {
    const { interpreter, record, edit: { node, specifiers, removed, added } } = this;
    const { module: { program, file }, scope } = record;
    const gone = namesOf(removed);
    const bound = new Set([...gone, ...namesOf([...added])]);
    if (bound.size === 0) return true;
    if (record.state !== 'done' || !record.isPlain || interpreter.modules.failures.has(file)) return false;
    // import { Guard } from './a'; import { Guard } from './b'      no program, but a text on its way to one
    const bindsElse = program.body.some((statement) => statement !== node && boundBy(statement).some((name) => bound.has(name)));
    if (bindsElse || specifiers.some((specifier) => !added.has(specifier) && bound.has(specifier.local.name))) return false;
    const exported = exportedNames(program.body);
    // function get() { … }      what else binds the name
    if ([...bound].some((name) => exported.has(name) || (scope.cells.has(name) && !gone.has(name)))) return false;
    return interpreter.reads.unnoticed(() => program.body.every((statement) => this.noteMentions(statement, bound)));
  }

  /** After it is carried out. */
  finish(): void {
    const { interpreter: { modules }, record, edit: { node, removed, added } } = this;
    for (const name of namesOf(removed)) record.scope.cells.delete(name);
    modules.linkNames(record, node, [...added]);
  }

  private noteMentions(statement: TSESTree.ProgramStatement, names: ReadonlySet<string>): boolean {
    const role = roleOf(statement);
    if (role === 'type' || role === 'import') return true;
    const { isDirect, code, isInShape, redecorated } = statementMentions(this.record.module, statement, names, this.asks);
    if (isDirect || isInShape) return false;
    if (redecorated) this.classes.add(redecorated);
    for (const node of code) {
      if (this.asks.isLookedInto(node)) return false;
      this.stale.add(node);
    }
    return true;
  }
}

function namesOf(specifiers: readonly TSESTree.ImportClause[]): ReadonlySet<string> {
  return new Set(specifiers.filter(isValueImport).map(({ local }) => local.name));
}
