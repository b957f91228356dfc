import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { LoadedModule } from '../interpreter/loader.ts';
import { namesOf } from '../interpreter/relevance.ts';
import { ArrayObject, BoundFunction, ClassObject, External, FunctionObject, HeapObject, Primitive, Unknown, type Value } from '../interpreter/values.ts';
import { children } from '../interpreter/walk.ts';

/** What code has that counts what a client does, or refuses it for that; next('route') leads past a limiter. */
const LIMITS = /\b429\b|too.{0,2}many|limiter|rate.{0,2}limit|limit.{0,2}(rate|exceed|reach)|(exceed|reach)\w*.{0,2}limit|throttl|attempts|\bconsume|brute.?force|quota|lock(ed)?.?out|cool.?down|flood|slow.?down|\bhits\b|(request|hit|call)_?count|(requests|hits|calls)_?per|window_?(ms|size|start|seconds)|arcjet|ddos|bouncer|firewall|['"]router?['"]/i;

/** What of the text of a module that was not evaluated counts here. */
export function limitingWords(text: string): string {
  return JSON.stringify([LIMITS.test(text), ...[...text.matchAll(RELATIVE)].map(([, specifier]) => specifier)]);
}

/** What a function may be given for next('route'). */
const SKIPS = /^router?$/;

/** Relative modules that a text imports. */
const RELATIVE = /(?:from|require\(|import\()\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/** Objects looked into for what one function mentions; modules that are not loaded yet; levels of objects; nested calls. */
const MAX_VISITED = 3000;
const MAX_FILES = 60;
const MAX_DEPTH = 3;
const MAX_CALLS = 4;

type Code = FunctionObject | ClassObject;

/** What a function or a class may lead to. */
interface Reach {
  /** It has the words itself, mentions a package for it, or cannot be told. */
  readonly limits: boolean;
  readonly next: ReadonlySet<Code>;
}

/**
 * Whether a function of the project may stop a client that sends too many requests, by the words of its code and of
 * all that it may call a few calls on. Says yes where it cannot tell.
 */
export class Limiting {
  private readonly interpreter: Interpreter;
  /** By the node of the code. */
  private readonly reaches = new WeakMap<object, Map<Code, Reach>>();
  private readonly answers = new Map<Value, { readonly limits: boolean; readonly reads: ReadonlySet<object> }>();
  private readonly files = new Map<string, boolean>();
  private readonly searched = new Set<string>();
  private readonly codes = new WeakMap<LoadedModule, string>();
  private readonly members = new WeakMap<object, ReadonlySet<string>>();

  constructor(interpreter: Interpreter) {
    this.interpreter = interpreter;
  }

  /** Where it says no, nobody need note what that rests on: after an edit, `saysOtherwise` asks again. */
  mayLimit(value: Value): boolean {
    const { reads } = this.interpreter;
    let answer = this.answers.get(value);
    if (!answer) {
      const looked = new Set<object>();
      this.answers.set(value, (answer = { limits: reads.apart(looked, () => this.find(value)), reads: looked }));
    }
    if (answer.limits) reads.add(answer.reads);
    return answer.limits;
  }

  /** Forgets answers that rest on code that has changed. True where a function that was said not to limit may do so now. */
  saysOtherwise(isStale: (reads: ReadonlySet<object>) => boolean): boolean {
    const stale = [...this.answers].filter(([, { reads }]) => isStale(reads));
    for (const [value] of stale) this.answers.delete(value);
    return stale.some(([value, { limits }]) => !limits && this.mayLimit(value));
  }

  /** The text of the file, as one that is not evaluated, was looked at. */
  hasSearched(file: string): boolean {
    return this.searched.has(file);
  }

  private find(value: Value): boolean {
    const start = this.collect((reached) => this.visit(value, NO_MEMBERS, 0, reached));
    const seen = new Set(start.next);
    let { limits } = start;
    let level = start.next;
    for (let calls = 0; calls < MAX_CALLS && !limits && level.size > 0; calls++) {
      const next = new Set<Code>();
      for (const code of level) {
        this.interpreter.reads.note(code.node);
        const reach = this.reachOf(code);
        limits ||= reach.limits;
        for (const other of reach.next) if (!seen.has(other)) next.add(other);
      }
      for (const code of next) seen.add(code);
      level = next;
    }
    return limits;
  }

  /** Looks anew at a module that was edited, and at the code that changed. */
  forget(module: LoadedModule, changed: Iterable<object>): void {
    this.codes.delete(module);
    for (const node of changed) {
      this.reaches.delete(node);
      this.members.delete(node);
    }
  }

  private collect(run: (reached: Reached) => void): Reach {
    const reached: Reached = { limits: false, next: new Set(), seen: new Set() };
    run(reached);
    return reached;
  }

  private reachOf(code: Code): Reach {
    const { node, module } = code;
    const known = this.reaches.get(node) ?? new Map<Code, Reach>();
    this.reaches.set(node, known);
    let reach = known.get(code);
    if (!reach) {
      const hasWords = LIMITS.test(this.codeOf(module).slice(module.place(node.range[0]), module.place(node.range[1])));
      reach = hasWords ? { limits: true, next: new Set() } : this.collect((reached) => this.visitCode(code, reached));
      known.set(code, reach);
    }
    return reach;
  }

  private visit(value: Value, members: ReadonlySet<string>, depth: number, reached: Reached): void {
    if (value.kind === 'union') {
      for (const option of value.options) if (option.value) this.visit(option.value, members, depth, reached);
      return;
    }
    if (value instanceof Primitive) reached.limits ||= SKIPS.test(String(value.value));
    if (value instanceof External) reached.limits ||= isOfLimiter(value);
    if (value instanceof Unknown) reached.limits ||= value.identity !== undefined && LIMITS.test(value.identity);
    if (!(value instanceof HeapObject) || reached.limits || reached.seen.has(value)) return;
    if (reached.seen.size > MAX_VISITED) reached.limits = true;
    reached.seen.add(value);
    if (value instanceof FunctionObject || value instanceof ClassObject) {
      reached.next.add(value);
      return;
    }
    if (value instanceof BoundFunction) {
      for (const bound of [value.target, value.receiver, ...value.boundArgs]) this.visit(bound, this.membersOf(value.target), depth, reached);
      return;
    }
    if (depth > MAX_DEPTH) return;
    if (value instanceof ArrayObject) for (const element of value.elements.slice(0, 50)) this.visit(element, members, depth + 1, reached);
    for (let object: HeapObject | null = value; object && !this.isBuiltIn(object); object = object.prototype) {
      for (const [key, slot] of object.properties) {
        if (typeof key !== 'string' || !members.has(key) || key === 'constructor') continue;
        if (slot.kind !== 'accessor') this.visit(slot, members, depth + 1, reached);
        else for (const accessor of [slot.get, slot.set]) if (accessor) this.visit(accessor, members, depth + 1, reached);
      }
    }
  }

  private visitCode(value: Code, reached: Reached): void {
    const { node, scope, module } = value;
    const members = this.membersIn(node);
    if (value instanceof ClassObject && value.superclass) this.visit(value.superclass, members, 0, reached);
    if (value instanceof FunctionObject && value.home) this.visit(value.home, members, 0, reached);
    const receiver = scope.functionContext()?.receiver;
    if (receiver && node.type === 'ArrowFunctionExpression') this.visit(receiver, members, 1, reached);
    for (const name of namesOf(this.interpreter, node)) {
      if (reached.limits) return;
      if (/^\.\.?\//.test(name)) {
        reached.limits ||= this.fileMayLimit(this.resolve(name, module.file));
        continue;
      }
      const cell = scope.find(name);
      if (cell?.thunk) reached.limits ||= cell.origin === undefined || this.fileMayLimit(cell.origin);
      else if (cell?.value) this.visit(cell.value, members, 0, reached);
    }
  }

  /** The module's text with its comments blanked. */
  private codeOf(module: LoadedModule): string {
    let code = this.codes.get(module);
    if (code === undefined) {
      code = '';
      let end = 0;
      for (const comment of module.comments) {
        const [start, after] = [module.place(comment.start), module.place(comment.end)];
        code += module.text.slice(end, start) + ' '.repeat(after - start);
        end = after;
      }
      code += module.text.slice(end);
      this.codes.set(module, code);
    }
    return code;
  }

  private membersOf(value: Value): ReadonlySet<string> {
    return value instanceof FunctionObject ? this.membersIn(value.node) : NO_MEMBERS;
  }

  /** Names after a dot, and those of destructured members. */
  private membersIn(node: TSESTree.Node): ReadonlySet<string> {
    const { reads } = this.interpreter;
    reads.note(node);
    let members = this.members.get(node);
    if (!members) {
      const names = new Set<string>();
      const visit = (inner: TSESTree.Node): void => {
        if (inner.type === 'MemberExpression' && !inner.computed) names.add(inner.property.type === 'PrivateIdentifier' ? `#${inner.property.name}` : (inner.property as TSESTree.Identifier).name);
        if (inner.type === 'Property' && inner.key.type === 'Identifier') names.add(inner.key.name);
        for (const child of children(inner)) visit(child);
      };
      reads.unnoticed(() => visit(node));
      this.members.set(node, (members = names));
    }
    return members;
  }

  private resolve(specifier: string, from: string): string | undefined {
    const resolution = this.interpreter.loader.resolve(specifier, from, 'require');
    return resolution.kind === 'file' ? resolution.file : undefined;
  }

  /** A module that is not loaded yet, and those that it imports. */
  private fileMayLimit(start: string | undefined): boolean {
    if (start === undefined) return false;
    const known = this.files.get(start);
    if (known !== undefined) return known;
    const seen = new Set([start]);
    let may = false;
    for (const file of seen) {
      this.searched.add(file);
      const text = this.interpreter.loader.text(file) ?? '';
      may = seen.size > MAX_FILES || this.files.get(file) === true || LIMITS.test(text);
      if (may) break;
      for (const [, specifier] of text.matchAll(RELATIVE)) {
        const imported = this.resolve(specifier as string, file);
        if (imported !== undefined && this.files.get(imported) !== false) seen.add(imported);
      }
    }
    if (may) this.files.set(start, true);
    else for (const file of seen) this.files.set(file, false);
    return may;
  }

  private isBuiltIn(object: HeapObject): boolean {
    const { realm } = this.interpreter;
    return object === realm.objectPrototype || object === realm.functionPrototype || object === realm.arrayPrototype;
  }
}

/** What one function mentions, while it is looked through. */
interface Reached {
  limits: boolean;
  readonly next: Set<Code>;
  readonly seen: Set<HeapObject>;
}

const NO_MEMBERS: ReadonlySet<string> = new Set();

function isOfLimiter(value: External): boolean {
  if (LIMITS.test(value.package)) return true;
  for (let external: External | undefined = value; external; external = external.base) if (LIMITS.test(external.name)) return true;
  return false;
}
