import type { TSESTree } from '@typescript-eslint/types';
import { runBoth } from './branches.ts';
import { evaluate, evaluateTest } from './expressions.ts';
import type { Interpreter } from './interpreter.ts';
import type { LoadedModule } from './loader.ts';
import { bindPattern } from './patterns.ts';
import { BudgetExceeded } from './signals.ts';
import { Scope } from './scope.ts';
import { type Completion, execute } from './statements.ts';
import { Union, type Value } from './values.ts';

export function executeForOf(interpreter: Interpreter, node: TSESTree.ForOfStatement, scope: Scope, module: LoadedModule): Completion | undefined {
  const site = interpreter.site(module, node);
  const { elements } = interpreter.iterate(evaluate(interpreter, node.right, scope, module), site);
  return runRounds(interpreter, node, node.await ? elements.map((e) => interpreter.awaitValue(e, site)) : elements, scope, module);
}

export function executeForIn(interpreter: Interpreter, node: TSESTree.ForInStatement, scope: Scope, module: LoadedModule): Completion | undefined {
  const site = interpreter.site(module, node);
  const { entries, open } = interpreter.ownEntries(evaluate(interpreter, node.right, scope, module), site);
  const keys: Value[] = entries.map(([key]) => key);
  if (open && keys.length === 0) keys.push(interpreter.unknown('a property name that is not known', site));
  return runRounds(interpreter, node, keys, scope, module);
}

function runRounds(interpreter: Interpreter, node: TSESTree.ForOfStatement | TSESTree.ForInStatement, elements: readonly Value[], scope: Scope, module: LoadedModule): Completion | undefined {
  if (elements.length > interpreter.bounds.rounds) noteRounds(interpreter, module);
  for (const element of elements.slice(0, interpreter.bounds.rounds)) {
    const completion = element instanceof Union && !interpreter.choosing
      ? runConditionalRound(interpreter, node, element, scope, module)
      : runRound(interpreter, node, interpreter.settle(element), scope, module);
    const ended = leavesLoop(completion);
    if (ended) return ended.completion;
  }
  return undefined;
}

/** An element that is there only under a condition: its round runs only under it. */
function runConditionalRound(interpreter: Interpreter, node: TSESTree.ForOfStatement | TSESTree.ForInStatement, element: Union, scope: Scope, module: LoadedModule): Completion | undefined {
  for (const option of element.options) {
    const { value } = option;
    if (!value || !interpreter.isPossible(option.conditions)) continue;
    interpreter.underConditions(option.conditions, () => runRound(interpreter, node, value, scope, module));
  }
  return undefined;
}

function runRound(interpreter: Interpreter, node: TSESTree.ForOfStatement | TSESTree.ForInStatement, element: Value, scope: Scope, module: LoadedModule): Completion | undefined {
  const inner = new Scope(scope);
  const site = interpreter.site(module, node);
  if (node.left.type === 'VariableDeclaration') {
    const [declarator] = node.left.declarations;
    if (declarator) bindPattern(interpreter, declarator.id, element, inner, module, node.left.kind === 'var' ? 'assign' : 'declare');
  } else bindPattern(interpreter, node.left, element, inner, module, 'assign');
  interpreter.frames.push({ site, given: [element], callee: undefined });
  const depth = interpreter.frames.length;
  try {
    return execute(interpreter, node.body, inner, module);
  } finally {
    interpreter.frames.length = depth - 1;
  }
}

type Loop = TSESTree.ForStatement | TSESTree.WhileStatement | TSESTree.DoWhileStatement;

/** A loop whose test is known runs to its end; one whose test is not runs its body once, both ways. */
export function executeLoop(interpreter: Interpreter, node: Loop, scope: Scope, module: LoadedModule): Completion | undefined {
  const inner = new Scope(scope);
  if (node.type === 'ForStatement' && node.init) {
    if (node.init.type === 'VariableDeclaration') execute(interpreter, node.init, inner, module);
    else evaluate(interpreter, node.init, inner, module);
  }
  for (let round = 0; round < interpreter.bounds.rounds; round++) {
    if (!(node.type === 'DoWhileStatement' && round === 0)) {
      const test = node.test ? evaluateTest(interpreter, node.test, inner, module) : undefined;
      if (test && !test.known) {
        const completion = runBoth(interpreter, test, () => leavesLoop(execute(interpreter, node.body, inner, module))?.completion, () => undefined);
        return leavesLoop(completion)?.completion;
      }
      if (test && !test.value) return undefined;
      // while (await cursor.next()) …: a path through the loop once is enough.
      if (interpreter.choosing && round > 0 && test && node.type !== 'ForStatement' && !isConstant(node.test)) return undefined;
    }
    const ended = leavesLoop(execute(interpreter, node.body, inner, module));
    if (ended) return ended.completion;
    if (node.type === 'ForStatement' && node.update) evaluate(interpreter, node.update, inner, module);
    if (round > 200 && interpreter.choosing) {
      // while (true) …: nothing behind it is ever reached
      if (!node.test || node.test.type === 'Literal') throw new BudgetExceeded('a loop that does not end');
      return undefined;
    }
  }
  noteRounds(interpreter, module);
  return undefined;
}

/** The loop goes on longer than it is followed: what it would register is not known. */
function noteRounds(interpreter: Interpreter, module: LoadedModule): void {
  if (!interpreter.choosing) interpreter.modules.failures.set(module.file, `evaluated only in part: a loop of more than ${interpreter.bounds.rounds} rounds`);
}

function isConstant(test: TSESTree.Expression | null): boolean {
  return test?.type === 'Literal' || test?.type === 'BinaryExpression';
}

/** What a round's completion means for the loop: undefined to go on, else what the loop itself completes with. */
function leavesLoop(completion: Completion | undefined): { completion: Completion | undefined } | undefined {
  if (!completion) return undefined;
  if (completion.type === 'return') return { completion };
  if (completion.type === 'break') return { completion: completion.label === undefined ? undefined : completion };
  return completion.label === undefined ? undefined : { completion };
}
