import type { TSESTree } from '@typescript-eslint/types';
import { runBoth } from '../branches/branches.ts';
import { evaluate, evaluateTest } from './expressions.ts';
import type { Interpreter } from '../interpreter.ts';
import { forkOnEach, forkOnTest, meet } from '../branches/joins.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { elementsToldApart } from '../long-lists.ts';
import { bindPattern } from './patterns.ts';
import { BudgetExceeded, NeedsChoice, ThrowSignal } from '../signals.ts';
import { Scope } from '../modules/scope.ts';
import { type Completion, execute } from './statements.ts';
import { Union, type Value } from '../values.ts';

/** `labels`: what stands before the loop, for `continue label`. */
type Labels = readonly string[];

export function executeForOf(interpreter: Interpreter, node: TSESTree.ForOfStatement, scope: Scope, module: LoadedModule, labels: Labels): Completion | undefined {
  const site = interpreter.site(module, node);
  const list = interpreter.settle(evaluate(interpreter, node.right, scope, module));
  if (interpreter.isJoining && list.kind === 'union' && !node.await) return forkOnEach(interpreter, list, (option) => runRounds(interpreter, { node, labels }, interpreter.iterate(option, site).elements, scope, module));
  const { elements } = interpreter.iterate(list, site);
  return runRounds(interpreter, { node, labels }, node.await ? elements.map((e) => interpreter.awaitValue(e, site)) : elements, scope, module);
}

export function executeForIn(interpreter: Interpreter, node: TSESTree.ForInStatement, scope: Scope, module: LoadedModule, labels: Labels): Completion | undefined {
  const site = interpreter.site(module, node);
  const { entries, open } = interpreter.ownEntries(evaluate(interpreter, node.right, scope, module), site);
  const keys: Value[] = entries.map(([key]) => key);
  if (open && keys.length === 0) keys.push(interpreter.unknown('a property name that is not known', site));
  return runRounds(interpreter, { node, labels }, keys, scope, module);
}

interface Rounds {
  readonly node: TSESTree.ForOfStatement | TSESTree.ForInStatement;
  readonly labels: Labels;
}

function runRounds(interpreter: Interpreter, rounds: Rounds, elements: readonly Value[], scope: Scope, module: LoadedModule): Completion | undefined {
  if (interpreter.isJoining) return meet(interpreter, isBreak, () => joinedRounds(interpreter, rounds, elements, scope, module));
  const { node, labels } = rounds;
  if (elements.length > interpreter.bounds.rounds) noteRounds(interpreter, module);
  for (const element of elementsToldApart(interpreter, elements.slice(0, interpreter.bounds.rounds), interpreter.site(module, node))) {
    const completion = inRound(interpreter, () => (element instanceof Union && !interpreter.choosing
      ? runConditionalRound(interpreter, node, element, scope, module)
      : runRound(interpreter, node, interpreter.settle(element), scope, module)));
    const ended = leavesLoop(completion, labels);
    if (ended) return ended.completion;
  }
  return undefined;
}

function joinedRounds(interpreter: Interpreter, { node, labels }: Rounds, elements: readonly Value[], scope: Scope, module: LoadedModule): Completion | undefined {
  for (const element of elementsToldApart(interpreter, elements, interpreter.site(module, node))) {
    // It may be there under a condition only.
    if (element instanceof Union) interpreter.requireChoice(element.options.flatMap((o) => o.conditions));
    const ended = leavesLoop(meet(interpreter, (completion) => isContinue(completion, labels), () => runRound(interpreter, node, element, scope, module)), labels);
    if (ended) return ended.completion;
  }
  return undefined;
}

function isBreak(completion: Completion): boolean {
  return completion.type === 'break' && completion.label === undefined;
}

function isContinue(completion: Completion, labels: Labels): boolean {
  return completion.type === 'continue' && (completion.label === undefined || labels.includes(completion.label));
}

/**
 * A throw behind what may leave the round: a program that starts has left it.
 *
 *     if (isKnown(name)) continue
 *     throw new Error('…')
 */
function inRound(interpreter: Interpreter, run: () => Completion | undefined): Completion | undefined {
  const outer = interpreter.hasLeftRound;
  interpreter.hasLeftRound = false;
  try {
    return run();
  } catch (signal) {
    if (signal instanceof ThrowSignal && !interpreter.choosing && interpreter.hasLeftRound) return undefined;
    throw signal;
  } finally {
    interpreter.hasLeftRound = outer;
  }
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
export function executeLoop(interpreter: Interpreter, node: Loop, scope: Scope, module: LoadedModule, labels: Labels): Completion | undefined {
  const inner = new Scope(scope);
  if (node.type === 'ForStatement' && node.init) {
    if (node.init.type === 'VariableDeclaration') execute(interpreter, node.init, inner, module);
    else evaluate(interpreter, node.init, inner, module);
  }
  if (interpreter.isJoining) return meet(interpreter, isBreak, () => joinedLoop(interpreter, node, inner, module, labels));
  for (let round = 0; round < interpreter.bounds.rounds; round++) {
    if (!(node.type === 'DoWhileStatement' && round === 0)) {
      const test = node.test ? evaluateTest(interpreter, node.test, inner, module) : undefined;
      if (test && !test.known) {
        const completion = runBoth(interpreter, test, () => leavesLoop(inRound(interpreter, () => execute(interpreter, node.body, inner, module)), labels)?.completion, () => undefined);
        return leavesLoop(completion, labels)?.completion;
      }
      if (test && !test.value) return undefined;
      // while (await cursor.next()) …: a path through the loop once is enough.
      if (interpreter.choosing && round > 0 && test && node.type !== 'ForStatement' && !isConstant(node.test)) return undefined;
    }
    const ended = leavesLoop(inRound(interpreter, () => execute(interpreter, node.body, inner, module)), labels);
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

/** More rounds than these are not followed with all of their branches at once. */
const MAX_JOINED_ROUNDS = 200;

function joinedLoop(interpreter: Interpreter, node: Loop, scope: Scope, module: LoadedModule, labels: Labels): Completion | undefined {
  const runBody = (): Completion | undefined => {
    const completion = meet(interpreter, (ended) => isContinue(ended, labels), () => execute(interpreter, node.body, scope, module));
    return completion && isContinue(completion, labels) ? undefined : completion;
  };
  for (let round = 0; round < MAX_JOINED_ROUNDS; round++) {
    let goesOn = true;
    const test = node.test && !(node.type === 'DoWhileStatement' && round === 0) ? node.test : undefined;
    const ended = test ? forkOnTest(interpreter, test, scope, module, (truth) => {
      if (!truth.value) {
        goesOn = false;
        return undefined;
      }
      if (truth.isChosen || (round > 0 && node.type !== 'ForStatement' && !isConstant(test))) goesOn = false;
      return runBody();
    }) : runBody();
    if (ended || !goesOn) return leavesLoop(ended, labels)?.completion;
    if (node.type === 'ForStatement' && node.update) evaluate(interpreter, node.update, scope, module);
  }
  throw new NeedsChoice();
}

/** The loop goes on longer than it is followed: what it would register is not known. */
function noteRounds(interpreter: Interpreter, module: LoadedModule): void {
  if (!interpreter.choosing) interpreter.modules.failures.set(module.file, `evaluated only in part: a loop of more than ${interpreter.bounds.rounds} rounds`);
}

function isConstant(test: TSESTree.Expression | null): boolean {
  return test?.type === 'Literal' || test?.type === 'BinaryExpression';
}

/** What a round's completion means for the loop: undefined to go on, else what the loop itself completes with. */
function leavesLoop(completion: Completion | undefined, labels: Labels): { completion: Completion | undefined } | undefined {
  if (!completion) return undefined;
  if (completion.type === 'return') return { completion };
  if (completion.type === 'break') return { completion: completion.label === undefined ? undefined : completion };
  return isContinue(completion, labels) ? undefined : { completion };
}
