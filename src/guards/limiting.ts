import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { LoadedModule } from '../interpreter/loader.ts';
import { namesOf } from '../interpreter/relevance.ts';
import type { Scope } from '../interpreter/scope.ts';
import { ArrayObject, BoundFunction, ClassObject, External, FunctionObject, HeapObject, Primitive, Unknown, type Value } from '../interpreter/values.ts';
import { children } from '../interpreter/walk.ts';

/** What code has that counts what a client does, or refuses it for that; next('route') leads past a limiter. */
const LIMITS = /429|too.{0,2}many|limiter|rate.{0,2}limit|limit.{0,2}(rate|exceed|reach)|(exceed|reach)\w*.{0,2}limit|throttl|attempts|consume|brute|quota|lock(ed)?.?out|cool.?down|flood|slow.?down|remoteaddress|x-forwarded-for|x-real-ip|client_?ip|user_?ip|ip_?addr|\.ips?\b|\bips?\b|arcjet|ddos|bouncer|firewall|denied|['"]router?['"]/i;

/** What a function may be given for next('route'). */
const SKIPS = /^router?$/;

/** Relative modules that a text imports. */
const RELATIVE = /(?:from|require\(|import\()\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/** Functions, classes and objects looked into for one function; modules that are not loaded yet. */
const MAX_VISITED = 3000;
const MAX_FILES = 60;
const MAX_DEPTH = 3;

/**
 * Whether a function of the project may stop a client that sends too many requests, by the words of its code and of
 * all that it may call. Says yes where it cannot tell.
 */
export class Limiting {
  private readonly interpreter: Interpreter;
  private readonly known = new WeakMap<object, boolean>();
  private readonly files = new Map<string, boolean>();
  private readonly codes = new WeakMap<LoadedModule, string>();
  private readonly members = new WeakMap<object, ReadonlySet<string>>();

  constructor(interpreter: Interpreter) {
    this.interpreter = interpreter;
  }

  mayLimit(value: Value): boolean {
    const seen = new Set<object>();
    const may = this.visit(value, NO_MEMBERS, 0, seen);
    // All that they reach was looked at too.
    if (!may) for (const visited of seen) if (visited instanceof FunctionObject || visited instanceof ClassObject) this.known.set(visited, false);
    return may;
  }

  private visit(value: Value, members: ReadonlySet<string>, depth: number, seen: Set<object>): boolean {
    if (value.kind === 'union') return value.options.some((o) => o.value !== undefined && this.visit(o.value, members, depth, seen));
    if (value instanceof External) return isOfLimiter(value);
    if (value instanceof Primitive) return SKIPS.test(String(value.value));
    if (value instanceof Unknown) return value.identity !== undefined && LIMITS.test(value.identity);
    if (!(value instanceof HeapObject) || seen.has(value)) return false;
    if (seen.size > MAX_VISITED) return true;
    if (value instanceof FunctionObject || value instanceof ClassObject) return this.visitCode(value, seen);
    seen.add(value);
    if (value instanceof BoundFunction) return [value.target, value.receiver, ...value.boundArgs].some((v) => this.visit(v, this.membersOf(value.target), depth, seen));
    if (depth > MAX_DEPTH) return false;
    if (value instanceof ArrayObject && value.elements.slice(0, 50).some((e) => this.visit(e, members, depth + 1, seen))) return true;
    for (let object: HeapObject | null = value; object && !this.isBuiltIn(object); object = object.prototype) {
      for (const [key, slot] of object.properties) {
        if (typeof key !== 'string' || !members.has(key) || key === 'constructor') continue;
        if (slot.kind === 'accessor' ? [slot.get, slot.set].some((f) => f !== undefined && this.visit(f, members, depth + 1, seen)) : this.visit(slot, members, depth + 1, seen)) return true;
      }
    }
    return false;
  }

  private visitCode(value: FunctionObject | ClassObject, seen: Set<object>): boolean {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    seen.add(value);
    const { node, scope, module } = value;
    const may = LIMITS.test(this.codeOf(module).slice(node.range[0], node.range[1])) || this.leadsToLimit(value, node, scope, seen);
    if (may) this.known.set(value, true);
    return may;
  }

  private leadsToLimit(value: FunctionObject | ClassObject, node: TSESTree.Node, scope: Scope, seen: Set<object>): boolean {
    const members = this.membersIn(node);
    if (value instanceof ClassObject && value.superclass && this.visit(value.superclass, members, 0, seen)) return true;
    if (value instanceof FunctionObject && value.home && this.visit(value.home, members, 0, seen)) return true;
    const receiver = scope.functionContext()?.receiver;
    if (receiver && node.type === 'ArrowFunctionExpression' && this.visit(receiver, members, 1, seen)) return true;
    return namesOf(this.interpreter, node).some((name) => {
      if (/^\.\.?\//.test(name)) return this.fileMayLimit(this.resolve(name, value.module.file));
      const cell = scope.find(name);
      if (!cell) return false;
      if (cell.thunk) return cell.origin === undefined || this.fileMayLimit(cell.origin);
      return cell.value !== undefined && this.visit(cell.value, members, 0, seen);
    });
  }

  /** The module's text with its comments blanked. */
  private codeOf(module: LoadedModule): string {
    let code = this.codes.get(module);
    if (code === undefined) {
      code = '';
      let end = 0;
      for (const comment of module.comments) {
        code += module.text.slice(end, comment.start) + ' '.repeat(comment.end - comment.start);
        end = comment.end;
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
    let members = this.members.get(node);
    if (!members) {
      const names = new Set<string>();
      const visit = (inner: TSESTree.Node): void => {
        if (inner.type === 'MemberExpression' && !inner.computed) names.add(inner.property.type === 'PrivateIdentifier' ? `#${inner.property.name}` : (inner.property as TSESTree.Identifier).name);
        if (inner.type === 'Property' && inner.key.type === 'Identifier') names.add(inner.key.name);
        for (const child of children(inner)) visit(child);
      };
      visit(node);
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

const NO_MEMBERS: ReadonlySet<string> = new Set();

function isOfLimiter(value: External): boolean {
  if (LIMITS.test(value.package)) return true;
  for (let external: External | undefined = value; external; external = external.base) if (LIMITS.test(external.name)) return true;
  return false;
}
