import type { Interpreter } from '../interpreter/interpreter.ts';
import { namesOf } from '../interpreter/observation/relevance.ts';
import type { Scope } from '../interpreter/modules/scope.ts';
import { ArrayObject, BoundFunction, FunctionObject, HeapObject, Primitive, RegExpObject, type Value } from '../interpreter/values.ts';

/** How deep captured values are compared; below, only the same object is equal. */
const MAX_DEPTH = 5;
const MAX_SIZE = 20;

/**
 * Tells functions that do the same: one function put into many chains, and closures of the same code that captured
 * equal values.
 *
 *     app.get('/a', auth('admin'), …); app.get('/b', auth('admin'), …)
 */
export class Subjects {
  private readonly tokens = new Map<string, object>();
  private readonly known = new WeakMap<object, string>();
  private readonly identities = new WeakMap<object, number>();
  private count = 0;

  /** The same object for functions that do the same in the same role. */
  of(interpreter: Interpreter, value: Value, role: string): object {
    const key = `${role} ${this.describe(interpreter, value)}`;
    let token = this.tokens.get(key);
    if (!token) this.tokens.set(key, token = { key });
    return token;
  }

  /** The same text for values that code cannot tell apart. */
  describe(interpreter: Interpreter, value: Value): string {
    return this.describeAt(interpreter, value, 0);
  }

  private identity(value: object): string {
    let identity = this.identities.get(value);
    if (identity === undefined) this.identities.set(value, identity = this.count++);
    return `#${identity}`;
  }

  private describeAt(interpreter: Interpreter, value: Value, depth: number): string {
    if (value instanceof Primitive) return typeof value.value === 'symbol' ? this.identity(value) : `${typeof value.value}:${JSON.stringify(String(value.value))}/${value.labels}`;
    if (!(value instanceof HeapObject) || depth > MAX_DEPTH || value.open !== undefined || value.labels !== 0) return this.identity(value);
    if (value instanceof FunctionObject) {
      const known = this.known.get(value);
      if (known !== undefined) return known;
      // Closures that capture each other end here.
      this.known.set(value, this.identity(value));
      const description = this.describeFunction(interpreter, value, depth);
      this.known.set(value, description);
      return description;
    }
    if (value instanceof BoundFunction) return `bound(${[value.target, value.receiver, ...value.boundArgs].map((v) => this.describeAt(interpreter, v, depth + 1)).join()})`;
    if (value instanceof RegExpObject) return `/${value.source}/${value.flags}`;
    if (value instanceof ArrayObject) {
      if (value.elements.length > MAX_SIZE || value.properties.size > 0) return this.identity(value);
      return `[${value.elements.map((v) => this.describeAt(interpreter, v, depth + 1)).join()}]`;
    }
    if (value.constructor !== HeapObject || value.properties.size > MAX_SIZE || value.prototype !== interpreter.realm.objectPrototype) return this.identity(value);
    return `{${[...value.properties].map(([key, slot]) => `${String(key)}:${slot.kind === 'accessor' ? this.identity(slot) : this.describeAt(interpreter, slot, depth + 1)}`).join()}}`;
  }

  private describeFunction(interpreter: Interpreter, value: FunctionObject, depth: number): string {
    if ([...value.properties.keys()].some((key) => key !== 'prototype')) return this.identity(value);
    const { node, scope, home } = value;
    const captured: string[] = [value.name];
    for (const name of namesOf(interpreter, node)) {
      const cell = cellInside(scope, name);
      if (cell) captured.push(`${name}=${cell.value && !cell.thunk ? this.describeAt(interpreter, cell.value, depth + 1) : this.identity(cell)}`);
    }
    const receiver = node.type === 'ArrowFunctionExpression' ? receiverInside(scope) : undefined;
    if (receiver) captured.push(`this=${this.describeAt(interpreter, receiver, depth + 1)}`);
    if (home) captured.push(`super=${this.identity(home)}`);
    return `f${this.identity(node)}(${captured.join()})`;
  }
}

/** A variable of a function around; those of the module are the same for all its functions. */
function cellInside(scope: Scope, name: string) {
  for (let at: Scope | undefined = scope; at?.parent; at = at.parent) {
    const cell = at.cells.get(name);
    if (cell) return cell;
  }
  return undefined;
}

function receiverInside(scope: Scope): Value | undefined {
  for (let at: Scope | undefined = scope; at?.parent; at = at.parent) if (at.context) return at.context.receiver;
  return undefined;
}
