import type { HeapObject, Value } from './values.ts';

/** A variable. `thunk` stands for a value that is computed at the first read (an import, a `require`). */
export interface Cell {
  value: Value | undefined;
  thunk: (() => Value) | undefined;
  /** For a thunk: the file of the module that it loads. */
  origin?: string;
  /** For a variable of a module that is read before its declaration has run: runs it. */
  early?: (() => void) | undefined;
}

/** What `this`, `super` and `new.target` mean inside a function that is no arrow. */
export interface FunctionContext {
  receiver: Value;
  readonly home: HeapObject | undefined;
  readonly newTarget: Value | undefined;
  readonly args: readonly Value[];
}

export class Scope {
  readonly parent: Scope | undefined;
  readonly cells = new Map<string, Cell>();
  /** Own context of a function or module; arrows and blocks look further out. */
  readonly context: FunctionContext | undefined;

  constructor(parent: Scope | undefined, context?: FunctionContext) {
    this.parent = parent;
    this.context = context;
  }

  find(name: string): Cell | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const cell = scope.cells.get(name);
      if (cell) return cell;
    }
    return undefined;
  }

  declare(name: string, value: Value | undefined): Cell {
    const cell: Cell = { value, thunk: undefined };
    this.cells.set(name, cell);
    return cell;
  }

  functionContext(): FunctionContext | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) if (scope.context) return scope.context;
    return undefined;
  }
}
