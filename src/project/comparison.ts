import type { TSESTree } from '@typescript-eslint/types';
import { type ClassEdit, isPlainMethod } from '../interpreter/amendments/class-amending.ts';
import type { ImportEdit } from '../interpreter/amendments/import-amending.ts';
import { isValueImport } from '../interpreter/amendments/statement-roles.ts';
import { spanOf } from '../interpreter/spans.ts';
import type { FunctionNode } from '../interpreter/values.ts';
import { isFunction, isNode } from '../interpreter/walk.ts';

type Range = readonly [number, number];

const POSITIONS: ReadonlySet<string> = new Set(['start', 'end']);

/** A function whose body is another one now, and all nodes around it, innermost first. */
export interface Changed {
  readonly node: FunctionNode;
  readonly around: readonly TSESTree.Node[];
}

/** A module or a function in which statements came and went, with all nodes around it. */
export interface ChangedBlock {
  readonly owner: TSESTree.Program | FunctionNode;
  readonly around: readonly TSESTree.Node[];
  readonly removed: readonly TSESTree.ProgramStatement[];
  /** All of them from now on: old nodes where they are as they were. */
  readonly body: readonly TSESTree.ProgramStatement[];
  readonly added: ReadonlySet<TSESTree.ProgramStatement>;
}

/** A class of a module in which methods came and went, or decorators are other ones, with all nodes around it. */
export interface ChangedClass extends ClassEdit {
  readonly around: readonly TSESTree.Node[];
}

/** What may be followed in place. */
export interface Followed {
  /** Statements of the function may come and go, where it is not all of its body that is another. */
  isAmendable(node: FunctionNode): boolean;
  /** Names of import declarations may come and go. */
  areNamesAmended(): boolean;
  /** Methods and decorators of the class may come and go. */
  isRedecorated(node: TSESTree.ClassDeclaration): boolean;
}

/** As it is now: nodes that are taken over are given other offsets. */
function rangeOf(node: TSESTree.Node): Range {
  const { start, end } = spanOf(node);
  return [start, end];
}

/** Two trees side by side. */
export class Comparison {
  readonly changed: Changed[] = [];
  readonly bodies: FunctionNode['body'][] = [];
  /** Where nodes that stay stand in the one and in the other. */
  readonly pairs: (readonly [Range, Range])[] = [];
  readonly blocks: ChangedBlock[] = [];
  readonly classes: ChangedClass[] = [];
  readonly imports: ImportEdit[] = [];
  private readonly followed: Followed;
  private readonly around: TSESTree.Node[] = [];

  constructor(followed: Followed) {
    this.followed = followed;
  }

  compare(old: TSESTree.Node, fresh: TSESTree.Node): boolean {
    if (old.type !== fresh.type) return false;
    this.pairs.push([rangeOf(old), rangeOf(fresh)]);
    const isWhole = isFunction(old);
    if (Object.keys(old).length !== Object.keys(fresh).length) return false;
    const isOpen = old.type === 'ClassDeclaration' && this.around.every(({ type }) => type === 'Program' || type.startsWith('Export')) && this.followed.isRedecorated(old);
    if (isOpen) return this.compareClasses(old, fresh as TSESTree.ClassDeclaration);
    this.around.push(old);
    for (const key of Object.keys(old) as (keyof TSESTree.Node)[]) {
      if (POSITIONS.has(key) || (isWhole && (key as string) === 'expression')) continue;
      if (old.type === 'Program' && (key as string) === 'body') this.compareStatements(old, old.body, (fresh as TSESTree.Program).body);
      else if (isWhole && (key as string) === 'body') this.compareBodies(old, fresh as FunctionNode);
      else if (!this.isSame(old[key], fresh[key])) {
        this.around.pop();
        return false;
      }
    }
    this.around.pop();
    return true;
  }

  private compareBodies(old: FunctionNode, fresh: FunctionNode): void {
    const { length: depth } = this.around;
    if (this.unlessDifferent(() => this.compare(old.body, fresh.body))) return;
    this.around.length = depth;
    if (old.body.type === 'BlockStatement' && fresh.body.type === 'BlockStatement' && this.followed.isAmendable(old)) {
      this.pairs.push([rangeOf(old.body), rangeOf(fresh.body)]);
      this.around.push(old.body);
      this.compareStatements(old, old.body.body, fresh.body.body);
      this.around.pop();
      return;
    }
    this.changed.push({ node: old, around: this.around.slice(0, -1).reverse() });
    this.bodies.push(fresh.body);
  }

  /** The comparison, which leaves nothing behind where it fails. */
  private unlessDifferent(compare: () => boolean): boolean {
    const { pairs, changed, bodies, around, blocks, classes, imports } = this;
    const lists = [pairs, changed, bodies, around, blocks, classes, imports];
    const lengths = lists.map(({ length }) => length);
    if (compare()) return true;
    for (const [index, list] of lists.entries()) list.length = lengths[index] as number;
    return false;
  }

  private compareStatements(owner: TSESTree.Program | FunctionNode, old: readonly TSESTree.ProgramStatement[], fresh: readonly TSESTree.ProgramStatement[]): void {
    const { all: body, removed, added } = this.align(old, fresh);
    if (this.followed.areNamesAmended()) this.pairImports(old, { body, removed, added });
    if (removed.size > 0 || added.size > 0) this.blocks.push({ owner, around: this.around.filter((node) => node !== owner).reverse(), removed: [...removed], body, added });
  }

  /** Takes a declaration that imports from where one that went did, between the same statements, for that one with other names. */
  private pairImports(old: readonly TSESTree.ProgramStatement[], { body, removed, added }: { readonly body: TSESTree.ProgramStatement[]; readonly removed: Set<TSESTree.ProgramStatement>; readonly added: Set<TSESTree.ProgramStatement> }): void {
    const [went, came] = [gapsOf(old, removed), gapsOf(body, added)];
    for (const before of [...removed]) {
      for (const now of [...added]) {
        if (before.type !== 'ImportDeclaration' || now.type !== 'ImportDeclaration' || went.get(before) !== came.get(now) || !shareName(before, now) || !this.unlessDifferent(() => this.compareImports(before, now))) continue;
        body[body.indexOf(now)] = before;
        removed.delete(before);
        added.delete(now);
        break;
      }
    }
  }

  /** Where nothing else than decorators and methods differs. */
  private compareClasses(old: TSESTree.ClassDeclaration, fresh: TSESTree.ClassDeclaration): boolean {
    const around = [...this.around].reverse();
    this.around.push(old);
    const isSame = (Object.keys(old) as (keyof TSESTree.ClassDeclaration)[]).every((key) => POSITIONS.has(key) || key === 'decorators' || key === 'body' || this.isSame(old[key], fresh[key]));
    const isDecoratedAlike = isSame && this.unlessDifferent(() => this.isSame(old.decorators, fresh.decorators));
    this.pairs.push([rangeOf(old.body), rangeOf(fresh.body)]);
    this.around.push(old.body);
    const { all: members, removed, added } = isSame ? this.align(old.body.body, fresh.body.body) : { all: [], removed: new Set<never>(), added: new Set<never>() };
    this.around.length -= 2;
    if (!isSame || ![...removed, ...added].every(isPlainMethod)) return false;
    if (isDecoratedAlike && removed.size === 0 && added.size === 0) return true;
    this.classes.push({ node: old, around, members, removed: [...removed], added, decorators: isDecoratedAlike ? undefined : fresh.decorators });
    return true;
  }

  /** Where nothing else differs than what it names. */
  private compareImports(old: TSESTree.ImportDeclaration, fresh: TSESTree.ImportDeclaration): boolean {
    this.pairs.push([rangeOf(old), rangeOf(fresh)]);
    const isSame = (Object.keys(old) as (keyof TSESTree.ImportDeclaration)[]).every((key) => POSITIONS.has(key) || key === 'specifiers' || this.isSame(old[key], fresh[key]));
    if (!isSame) return false;
    const { all: specifiers, removed, added } = this.align(old.specifiers, fresh.specifiers);
    if (removed.size === 0 && added.size === 0) return true;
    // What is imported for nothing, or for its types, is evaluated otherwise.
    if (old.importKind === 'type' || ![old, fresh].every((one) => one.specifiers.some(isValueImport))) return false;
    this.imports.push({ node: old, specifiers, removed: [...removed], added });
    return true;
  }

  /** Finds what stays. */
  private align<T extends TSESTree.Node>(old: readonly T[], fresh: readonly T[]): { readonly all: T[]; readonly removed: Set<T>; readonly added: Set<T> } {
    const all: T[] = [...fresh];
    const removed = new Set(old);
    const keep = (from: number, to: number): boolean => {
      const before: T | undefined = old[from];
      const now: T | undefined = fresh[to];
      if (!before || !now || !this.unlessDifferent(() => this.compare(before, now))) return false;
      all[to] = before;
      removed.delete(before);
      return true;
    };
    const shared = Math.min(old.length, fresh.length);
    let start = 0;
    while (start < shared && keep(start, start)) start++;
    let end = 0;
    while (end < shared - start && keep(old.length - 1 - end, fresh.length - 1 - end)) end++;
    // What stands between may have moved.
    let from = start;
    for (let to = start; to < fresh.length - end; to++) {
      for (let at = from; at < old.length - end; at++) {
        if (!keep(at, to)) continue;
        from = at + 1;
        break;
      }
    }
    const kept = new Set(old);
    return { all, removed, added: new Set(all.filter((one) => !kept.has(one))) };
  }

  private isSame(old: unknown, fresh: unknown): boolean {
    if (typeof old !== 'object' || old === null || typeof fresh !== 'object' || fresh === null) return Object.is(old, fresh);
    if (Array.isArray(old)) return Array.isArray(fresh) && old.length === fresh.length && old.every((item, index) => this.isSame(item, fresh[index]));
    if (isNode(old)) return isNode(fresh) && this.compare(old, fresh);
    if (old instanceof RegExp) return String(old) === String(fresh);
    // { raw, cooked } of a template, { pattern, flags } of a regular expression
    return JSON.stringify(old) === JSON.stringify(fresh);
  }
}

function shareName(one: TSESTree.ImportDeclaration, other: TSESTree.ImportDeclaration): boolean {
  return one.specifiers.some(({ local }) => other.specifiers.some((specifier) => specifier.local.name === local.name));
}

/** Of those in the set: how many others stand before them. Sources of imports are told apart, so that these stay in their order. */
function gapsOf(body: readonly TSESTree.ProgramStatement[], set: ReadonlySet<TSESTree.ProgramStatement>): ReadonlyMap<TSESTree.ProgramStatement, string> {
  const gaps = new Map<TSESTree.ProgramStatement, string>();
  let kept = 0;
  let imports: string[] = [];
  for (const statement of body) {
    if (!set.has(statement)) {
      kept++;
      imports = [];
      continue;
    }
    gaps.set(statement, `${kept} ${imports.join()}`);
    if (statement.type === 'ImportDeclaration') imports.push(statement.source.value);
  }
  return gaps;
}
