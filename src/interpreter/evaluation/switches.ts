import type { TSESTree } from '@typescript-eslint/types';
import { runBoth } from '../branches/branches.ts';
import { evaluate } from './expressions.ts';
import { declareHoisted, hoistedOfBlock } from '../modules/hoisting.ts';
import type { Interpreter } from '../interpreter.ts';
import { forkOnTruth, meet } from '../branches/joins.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { binaryOperation } from './operators.ts';
import { Scope } from '../modules/scope.ts';
import { type Completion, executeBlock } from './statements.ts';
import { CONTROLLING, type Labels } from '../labels.ts';
import type { Value } from '../values.ts';

export function executeSwitch(interpreter: Interpreter, node: TSESTree.SwitchStatement, scope: Scope, module: LoadedModule): Completion | undefined {
  const subject = evaluate(interpreter, node.discriminant, scope, module);
  const inner = new Scope(scope);
  for (const branch of node.cases) declareHoisted(interpreter, hoistedOfBlock(interpreter, branch.consequent), inner, module);
  const run = (): Completion | undefined => fromCase(interpreter, node, subject, 0, inner, module);
  return withoutBreak(interpreter.isJoining ? meet(interpreter, isBreak, run) : run());
}

/** Tries the cases from `index` on; one that may or may not match runs both ways. */
function fromCase(interpreter: Interpreter, node: TSESTree.SwitchStatement, subject: Value, index: number, scope: Scope, module: LoadedModule): Completion | undefined {
  for (let at = index; at < node.cases.length; at++) {
    const branch = node.cases[at] as TSESTree.SwitchCase;
    if (!branch.test) continue;
    const site = interpreter.site(module, branch);
    const matches = interpreter.whether(binaryOperation(interpreter, '===', subject, evaluate(interpreter, branch.test, scope, module), site), site);
    if (interpreter.isJoining) {
      return forkOnTruth(interpreter, matches, (test) => (test.value ? runMatched(interpreter, node, at, test.labels, scope, module) : fromCase(interpreter, node, subject, at + 1, scope, module)));
    }
    const decided = matches.known ? matches.value : interpreter.decide(matches);
    if (decided === undefined && !matches.known) {
      return runBoth(interpreter, matches, () => withoutBreak(run(interpreter, node, at, scope, module)), () => withoutBreak(fromCase(interpreter, node, subject, at + 1, scope, module)));
    }
    if (!decided) continue;
    return runMatched(interpreter, node, at, matches.labels, scope, module);
  }
  const fallback = node.cases.findIndex((c) => !c.test);
  return fallback === -1 ? undefined : run(interpreter, node, fallback, scope, module);
}

function runMatched(interpreter: Interpreter, node: TSESTree.SwitchStatement, at: number, labels: Labels, scope: Scope, module: LoadedModule): Completion | undefined {
  const site = interpreter.site(module, node.cases[at] as TSESTree.SwitchCase);
  if (interpreter.choosing && (labels & CONTROLLING) !== 0) interpreter.enterControl({ labels: labels & CONTROLLING, site, untaken: [] });
  return run(interpreter, node, at, scope, module);
}

function isBreak(completion: Completion): boolean {
  return completion.type === 'break' && completion.label === undefined;
}

function withoutBreak(completion: Completion | undefined): Completion | undefined {
  return completion?.type === 'break' && completion.label === undefined ? undefined : completion;
}

function run(interpreter: Interpreter, node: TSESTree.SwitchStatement, from: number, scope: Scope, module: LoadedModule): Completion | undefined {
  for (const branch of node.cases.slice(from)) {
    const completion = executeBlock(interpreter, branch.consequent, scope, module);
    if (completion) return completion;
  }
  return undefined;
}
