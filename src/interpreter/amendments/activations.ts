import type { TSESTree } from '@typescript-eslint/types';
import type { Turn } from './amendment.ts';
import type { Frame } from '../frames.ts';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from '../modules/loader.ts';
import type { Scope } from '../modules/scope.ts';
import { type Completion, executeOneOf } from '../evaluation/statements.ts';
import type { FunctionNode } from '../values.ts';

/** The one evaluation of the statements of a module or of a function, and what is needed to evaluate further ones among them. */
export interface Activation {
  readonly owner: TSESTree.Program | FunctionNode;
  readonly module: LoadedModule;
  readonly scope: Scope;
  /** When each statement had its turn, by the clock of the heap. */
  readonly turns: Map<TSESTree.Node, Turn>;
  readonly startedAt: number;
  /** The calls that it stands in. */
  readonly frames: readonly Frame[];
}

/**
 * The calls of functions that the registration code called once, outside of every decision, and whose statements all ran:
 *
 *     export function register(app) { app.get('/orders', list); app.post('/orders', create) }
 */
export class Activations {
  /** Undefined for a function that was called otherwise. */
  private readonly known = new Map<FunctionNode, Activation | undefined>();

  of(node: FunctionNode): Activation | undefined {
    return this.known.get(node);
  }

  /** The function is called once more, or in another way. */
  forget(node: FunctionNode): void {
    this.known.set(node, undefined);
  }

  /** Runs the statements of a function's body. */
  run(interpreter: Interpreter, node: FunctionNode, statements: readonly TSESTree.Statement[], scope: Scope, module: LoadedModule): Completion | undefined {
    const { heap, frames, conditions, catching, isAside } = interpreter;
    const isFirst = !this.known.has(node);
    this.known.set(node, undefined);
    const activation: Activation = { owner: node, module, scope, turns: new Map(), startedAt: heap.now(), frames: [...frames] };
    let completion: Completion | undefined;
    let isPlain = isFirst && conditions.length === 0 && catching === 0 && !isAside;
    for (const [index, statement] of statements.entries()) {
      const from = heap.now();
      completion = executeOneOf(interpreter, statements, index, scope, module);
      activation.turns.set(statement, { from, to: heap.now() });
      isPlain &&= interpreter.conditions.length === 0 && (!completion || index === statements.length - 1);
      if (completion) break;
    }
    if (isPlain) this.known.set(node, activation);
    return completion;
  }
}
