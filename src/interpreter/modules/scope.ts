import type { Amendment } from '../amendments/amendment.ts';
import type { HeapObject, Value } from '../values.ts';

/** One call of a function. */
export interface Activity {
  /** Names that functions made in it can see: see captures.ts. */
  readonly captured: ReadonlySet<string>;
  isOver: boolean;
}

/** A variable. `thunk` stands for a value that is computed at the first read (an import, a `require`). */
export interface Cell {
  value: Value | undefined;
  thunk: (() => Value) | undefined;
  /** The call that the variable ends with; undefined where something else may see it later. */
  activity: Activity | undefined;
  /** When it was last written, by the clock of the heap. */
  writtenAt: number;
  /** In which it came to be. */
  readonly amendment: Amendment | undefined;
  /** For an import: gives its value once more. */
  source?: (() => Value) | undefined;
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

/** Nothing can read the variable any more. */
export function isGone({ activity }: Cell): boolean {
  return activity?.isOver === true;
}

export class Scope {
  readonly parent: Scope | undefined;
  readonly cells = new Map<string, Cell>();
  /** Own context of a function or module; arrows and blocks look further out. */
  readonly context: FunctionContext | undefined;
  private activity: Activity | undefined;
  private readonly amendment: Amendment | undefined;

  constructor(parent: Scope | undefined, context?: FunctionContext, activity = parent?.activity, amendment = parent?.amendment) {
    this.parent = parent;
    this.context = context;
    this.activity = activity;
    this.amendment = amendment;
  }

  find(name: string): Cell | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const cell = scope.cells.get(name);
      if (cell) return cell;
    }
    return undefined;
  }

  declare(name: string, value: Value | undefined): Cell {
    const { activity, amendment } = this;
    const cell: Cell = { value, thunk: undefined, activity: activity?.captured.has(name) ? undefined : activity, writtenAt: 0, amendment };
    this.cells.set(name, cell);
    return cell;
  }

  /** Functions that come later may see every variable of the call. */
  outlive(): void {
    this.activity = undefined;
    for (const cell of this.cells.values()) cell.activity = undefined;
  }

  functionContext(): FunctionContext | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) if (scope.context) return scope.context;
    return undefined;
  }
}
