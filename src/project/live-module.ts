import type { TSESTree } from '@typescript-eslint/types';
import type { LoadedModule, SourceComment } from '../interpreter/modules/loader.ts';
import type { Reads } from '../interpreter/observation/reads.ts';
import { spanOf } from '../interpreter/spans.ts';
import type { FunctionNode } from '../interpreter/values.ts';
import { isFunction, isNode } from '../interpreter/walk.ts';
import { type StatementEdit, statementsOf } from '../interpreter/amendments/amending.ts';
import type { ImportEdit } from '../interpreter/amendments/import-amending.ts';
import { type Changed, type ChangedBlock, type ChangedClass, Comparison, type Followed } from './comparison.ts';
import { createPositions } from './positions.ts';

/** What an edit comes to: functions with other bodies, statements of the module that came and went, and whether anything else stands elsewhere than before. */
export interface Edit {
  readonly changed: readonly Changed[];
  readonly moves: boolean;
  /** Where statements came and went. */
  readonly blocks: readonly (ChangedBlock & StatementEdit)[];
  readonly classes: readonly ChangedClass[];
  readonly imports: readonly ImportEdit[];
}

/** A text for which the tree stays, with other bodies for some functions. */
export interface PlannedEdit extends Edit {
  readonly fresh: LoadedModule;
  readonly bodies: readonly FunctionNode['body'][];
  readonly places: Places;
}

interface Places {
  readonly starts: Map<number, number>;
  readonly ends: Map<number, number>;
}

/**
 * A module that can be edited while others hold its nodes and offsets. Where the new text differs from the old one only
 * within bodies of functions, these get the new bodies, and everything else stays the very same. Offsets stay what they were
 * too, so that keys made of them hold; new bodies get offsets that no node had before. `place` tells where they stand now.
 */
export class LiveModule implements LoadedModule {
  readonly ok = true;
  readonly file: string;
  readonly program: TSESTree.Program;
  readonly commonJs: boolean;
  text: string;
  comments: readonly SourceComment[];
  /** Some path or name was made of the line on which something stands. */
  hasLastingLines = false;
  readonly #reads: Reads & { readonly isLasting: boolean };
  readonly #asked = new Map<object, Map<string, RegExp>>();
  #positions: (offset: number) => { line: number; column: number };
  /** The offsets of the newest text begin here. */
  #base = 0;
  #end: number;
  #places: Places = { starts: new Map(), ends: new Map() };
  #sorted: readonly number[] | undefined;

  constructor({ file, text, program, comments, commonJs }: LoadedModule, reads: Reads & { readonly isLasting: boolean }) {
    this.file = file;
    this.text = text;
    this.program = program;
    this.comments = comments;
    this.commonJs = commonJs;
    this.#reads = reads;
    this.#positions = createPositions(text);
    this.#end = text.length + 1;
    watch(program, reads);
  }

  position(offset: number): { line: number; column: number } {
    if (this.#reads.isLasting) this.hasLastingLines = true;
    return this.#positions(this.place(offset));
  }

  place(offset: number): number {
    if (offset >= this.#base) return offset - this.#base;
    const { starts, ends } = this.#places;
    return starts.get(offset) ?? ends.get(offset) ?? this.#between(offset);
  }

  says(node: object, question: RegExp): boolean {
    const asked = this.#asked.get(node) ?? new Map<string, RegExp>();
    asked.set(String(question), question);
    this.#asked.set(node, asked);
    return question.test(this.#textOf(node));
  }

  /** For an analysis from the beginning: forgets what the one before it asked. False where the module has been edited, and has to be read again. */
  renew(): boolean {
    this.#asked.clear();
    this.hasLastingLines = false;
    return this.#base === 0;
  }

  /** Undefined where more than bodies of functions differs, or an answer that was given about the text. */
  plan(fresh: LoadedModule, followed: Followed): PlannedEdit | undefined {
    if (fresh.commonJs !== this.commonJs) return undefined;
    const comparison = new Comparison(followed);
    if (!this.#reads.unnoticed(() => comparison.compare(this.program, fresh.program))) return undefined;
    const { changed, bodies, pairs, blocks, classes, imports } = comparison;
    const places: Places = { starts: new Map(), ends: new Map() };
    const [before, after] = [this.#positions, createPositions(fresh.text)];
    let moves = this.comments.length !== fresh.comments.length;
    for (const [old, now] of pairs) {
      places.starts.set(old[0], now[0]);
      places.ends.set(old[1], now[1]);
      moves ||= !isSamePosition(before(this.place(old[0])), after(now[0])) || !isSamePosition(before(this.place(old[1])), after(now[1]));
    }
    moves ||= this.comments.some(({ value, end }, index) => fresh.comments[index]?.value !== value || !isSamePosition(before(this.place(end)), after(fresh.comments[index].end)));
    const nodes = new Set([...changed.flatMap(({ node, around }) => [node, ...around]), ...blocks.flatMap(({ owner, around }) => [owner, ...around]), ...classes.flatMap(({ node, around }) => [node, ...around])]);
    for (const node of nodes) {
      for (const question of this.#asked.get(node)?.values() ?? []) {
        const [start, end] = [places.starts.get(spanOf(node).start), places.ends.get(spanOf(node).end)];
        if (start === undefined || question.test(this.#textOf(node)) !== question.test(fresh.text.slice(start, end))) return undefined;
      }
    }
    return { fresh, changed, bodies, places, moves, classes, imports, blocks: blocks.map((block) => ({ ...block, textOf: (node) => fresh.text.slice(spanOf(node).start, spanOf(node).end) })) };
  }

  carryOut({ fresh, changed, bodies, places, blocks, classes, imports }: PlannedEdit): void {
    const base = this.#end;
    for (const [index, { node }] of changed.entries()) {
      const body = bodies[index] as FunctionNode['body'];
      shift(body, base);
      watch(body, this.#reads);
      setBody(node, body);
    }
    const take = (node: TSESTree.Node): void => {
      shift(node, base);
      watch(node, this.#reads);
    };
    for (const { node, members, added, decorators } of classes) {
      for (const fresh of [...added, ...decorators ?? []]) take(fresh);
      node.body.body.splice(0, Infinity, ...members);
      if (decorators) node.decorators = [...decorators];
    }
    for (const { node, specifiers, added } of imports) {
      for (const fresh of added) take(fresh);
      node.specifiers.splice(0, Infinity, ...specifiers);
    }
    for (const { owner, body, added } of blocks) {
      for (const statement of added) take(statement);
      this.#reads.unnoticed(() => statementsOf(owner)).splice(0, Infinity, ...body);
    }
    this.text = fresh.text;
    this.comments = fresh.comments.map((comment) => ({ ...comment, start: comment.start + base, end: comment.end + base }));
    this.#positions = createPositions(fresh.text);
    this.#base = base;
    this.#end = base + fresh.text.length + 1;
    this.#places = places;
    this.#sorted = undefined;
  }

  #textOf(node: object): string {
    return this.text.slice(this.place(spanOf(node).start), this.place(spanOf(node).end));
  }

  /** For an offset at which no node begins or ends: as far behind the one before it as it was. */
  #between(offset: number): number {
    const { starts, ends } = this.#places;
    this.#sorted ??= [...starts.keys(), ...ends.keys()].sort((a, b) => a - b);
    const before = this.#sorted.findLast((other) => other <= offset);
    return before === undefined ? offset : (starts.get(before) ?? ends.get(before) ?? 0) + offset - before;
  }
}

function isSamePosition(a: { line: number; column: number }, b: { line: number; column: number }): boolean {
  return a.line === b.line && a.column === b.column;
}

/** Makes each function tell when its body is looked at. */
function watch(node: TSESTree.Node, reads: Reads): void {
  visit(node, (inner) => {
    if (!isFunction(inner)) return;
    let { body } = inner;
    Object.defineProperty(inner, 'body', {
      enumerable: true,
      configurable: true,
      get() {
        reads.note(inner);
        return body;
      },
      set(other: FunctionNode['body']) {
        body = other;
      },
    });
  });
}

function setBody(node: FunctionNode, body: FunctionNode['body']): void {
  Object.assign(node, { body, ...(node.type === 'ArrowFunctionExpression' && { expression: body.type !== 'BlockStatement' }) });
}

function shift(node: TSESTree.Node, by: number): void {
  visit(node, (inner) => {
    const { start, end } = spanOf(inner);
    Object.assign(inner, { start: start + by, end: end + by });
  });
}

/** Children first, so that what is done to a node does not matter to who looks into it. */
function visit(node: TSESTree.Node, run: (node: TSESTree.Node) => void): void {
  for (const key in node) {
    const value: unknown = node[key as keyof TSESTree.Node];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item, run);
    } else if (isNode(value)) visit(value, run);
  }
  run(node);
}
