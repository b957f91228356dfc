import type { TSESTree } from '@typescript-eslint/types';
import type { FunctionNode } from '../interpreter/values.ts';
import { isFunction, isNode } from '../interpreter/walk.ts';

type Range = readonly [number, number];

/** oxc gives offsets in two forms. */
const POSITIONS: ReadonlySet<string> = new Set(['range', 'start', 'end']);

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

/** Two trees side by side. */
export class Comparison {
  readonly changed: Changed[] = [];
  readonly bodies: FunctionNode['body'][] = [];
  /** Where nodes that stay stand in the one and in the other. */
  readonly pairs: (readonly [Range, Range])[] = [];
  readonly blocks: ChangedBlock[] = [];
  private readonly isAmendable: (node: FunctionNode) => boolean;
  private readonly around: TSESTree.Node[] = [];

  /** @param isAmendable whether statements of the function may come and go, where it is not all of its body that is another */
  constructor(isAmendable: (node: FunctionNode) => boolean) {
    this.isAmendable = isAmendable;
  }

  compare(old: TSESTree.Node, fresh: TSESTree.Node): boolean {
    if (old.type !== fresh.type) return false;
    this.pairs.push([old.range, fresh.range]);
    const isWhole = isFunction(old);
    if (Object.keys(old).length !== Object.keys(fresh).length) return false;
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
    if (old.body.type === 'BlockStatement' && fresh.body.type === 'BlockStatement' && this.isAmendable(old)) {
      this.pairs.push([old.body.range, fresh.body.range]);
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
    const { pairs, changed, bodies, around, blocks } = this;
    const lists = [pairs, changed, bodies, around, blocks];
    const lengths = lists.map(({ length }) => length);
    if (compare()) return true;
    for (const [index, list] of lists.entries()) list.length = lengths[index] as number;
    return false;
  }

  private compareStatements(owner: TSESTree.Program | FunctionNode, old: readonly TSESTree.ProgramStatement[], fresh: readonly TSESTree.ProgramStatement[]): void {
    const body: TSESTree.ProgramStatement[] = [...fresh];
    const removed = new Set(old);
    const keep = (from: number, to: number): boolean => {
      const [before, now] = [old[from], fresh[to]];
      if (!before || !now || !this.unlessDifferent(() => this.compare(before, now))) return false;
      body[to] = before;
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
    if (removed.size === 0 && old.length === fresh.length) return;
    const kept = new Set(old);
    this.blocks.push({ owner, around: this.around.filter((node) => node !== owner).reverse(), removed: [...removed], body, added: new Set(body.filter((statement) => !kept.has(statement))) });
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
