import type { TSESTree } from '@typescript-eslint/types';
import { afterAbsence, assignedIn } from '../branches/absence.ts';
import { runBoth, tryBoth } from '../branches/branches.ts';
import { createClass } from './classes.ts';
import { fillsPlace } from '../credential-places.ts';
import { declareEnum } from './enums.ts';
import { evaluate, evaluateForEffect, evaluateTest } from './expressions.ts';
import { named } from './functions.ts';
import { collectNames, declareHoisted, hoistedOfBlock } from '../modules/hoisting.ts';
import { forkOnTest, meet } from '../branches/joins.ts';
import type { Interpreter } from '../interpreter.ts';
import { standing } from '../branches/isolation.ts';
import { returned, withinControl } from '../labelling.ts';
import { bindLazily } from '../modules/lazy-require.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { executeForIn, executeForOf, executeLoop } from './loops.ts';
import { bindPattern } from './patterns.ts';
import { Scope } from '../modules/scope.ts';
import { ThrowSignal } from '../signals.ts';
import { executeSwitch } from './switches.ts';
import type { Truth } from './truth.ts';
import { CONTROLLING } from '../labels.ts';
import { UNDEFINED, type Value, labelsOf } from '../values.ts';

/** How a statement ended, where not by its end. */
export type Completion =
  | { readonly type: 'return'; readonly value: Value }
  | { readonly type: 'break'; readonly label: string | undefined }
  | { readonly type: 'continue'; readonly label: string | undefined };


/** Statements of a body whose scope exists already. */
export function executeBlock(interpreter: Interpreter, statements: readonly TSESTree.Statement[], scope: Scope, module: LoadedModule): Completion | undefined {
  for (let index = 0; index < statements.length; index++) {
    const completion = executeOneOf(interpreter, statements, index, scope, module);
    if (completion) return completion;
  }
  return undefined;
}

/** One statement of such a body. */
export function executeOneOf(interpreter: Interpreter, statements: readonly TSESTree.Statement[], index: number, scope: Scope, module: LoadedModule): Completion | undefined {
  const statement = statements[index] as TSESTree.Statement;
  return statement.type === 'IfStatement'
    ? executeIf(interpreter, statement, statements.slice(index + 1), scope, module)
    : execute(interpreter, statement, scope, module);
}

/** `labels`: those that stand before the statement. */
export function execute(interpreter: Interpreter, node: TSESTree.Statement, scope: Scope, module: LoadedModule, labels: readonly string[] = []): Completion | undefined {
  interpreter.countStep();
  switch (node.type) {
    case 'ExpressionStatement': evaluateForEffect(interpreter, node.expression, scope, module); return undefined;
    case 'VariableDeclaration': declareVariables(interpreter, node, scope, module); return undefined;
    case 'ReturnStatement': return { type: 'return', value: returned(interpreter, node.argument ? evaluate(interpreter, node.argument, scope, module) : UNDEFINED) };
    case 'IfStatement': return executeIf(interpreter, node, [], scope, module);
    case 'BlockStatement': return executeInner(interpreter, node.body, scope, module);
    case 'TryStatement': return executeTry(interpreter, node, scope, module);
    case 'ThrowStatement': return interpreter.throwValue(evaluate(interpreter, node.argument, scope, module), interpreter.site(module, node));
    case 'ForOfStatement': return executeForOf(interpreter, node, scope, module, labels);
    case 'ForInStatement': return executeForIn(interpreter, node, scope, module, labels);
    case 'ForStatement': case 'WhileStatement': case 'DoWhileStatement': return executeLoop(interpreter, node, scope, module, labels);
    case 'SwitchStatement': return executeSwitch(interpreter, node, scope, module);
    case 'BreakStatement': return { type: 'break', label: node.label?.name };
    case 'ContinueStatement': return { type: 'continue', label: node.label?.name };
    case 'LabeledStatement': {
      const label = node.label.name;
      const isOwn = (completion: Completion): boolean => completion.type === 'break' && completion.label === label;
      const run = (): Completion | undefined => execute(interpreter, node.body, scope, module, [...labels, label]);
      const completion = interpreter.isJoining ? meet(interpreter, isOwn, run) : run();
      return completion && isOwn(completion) ? undefined : completion;
    }
    case 'ClassDeclaration': {
      if (!begins(interpreter, node)) return undefined;
      const created = createClass(interpreter, node, scope, module);
      if (node.id) interpreter.heap.setCell(scope.cells.get(node.id.name) ?? scope.declare(node.id.name, undefined), created);
      return undefined;
    }
    case 'TSEnumDeclaration': declareEnum(interpreter, node, scope, module); return undefined;
    case 'ExportNamedDeclaration': return node.declaration ? execute(interpreter, node.declaration as TSESTree.Statement, scope, module) : undefined;
    case 'ExportDefaultDeclaration': case 'TSExportAssignment': interpreter.modules.exportDefault(node, scope, module); return undefined;
    case 'TSModuleDeclaration': executeNamespace(interpreter, node, scope, module); return undefined;
    default: return undefined;
  }
}

/** A block with a scope of its own. */
export function executeInner(interpreter: Interpreter, statements: readonly TSESTree.Statement[], scope: Scope, module: LoadedModule): Completion | undefined {
  const inner = new Scope(scope);
  declareHoisted(interpreter, hoistedOfBlock(interpreter, statements), inner, module);
  return executeBlock(interpreter, statements, inner, module);
}

/** False where a declaration of a module has run before its turn. */
function begins(interpreter: Interpreter, declaration: TSESTree.Node): boolean {
  const state = interpreter.declarations.get(declaration);
  if (state === 'waiting') interpreter.declarations.set(declaration, 'begun');
  return state !== 'begun';
}

/**
 * Constants and classes of a module may be read before their declaration has run, as callbacks of promises are called
 * where they are handed over: they are then made at that read.
 *
 *     prepare().then(() => app.post('/files', upload.single('file'), save))
 *     const upload = multer()
 */
export function declareEarly(interpreter: Interpreter, statement: TSESTree.ProgramStatement, scope: Scope, module: LoadedModule): void {
  const declaration = (statement.type === 'ExportNamedDeclaration' && statement.declaration) || statement;
  const declare = (node: TSESTree.Node, names: readonly string[], run: () => void): void => {
    interpreter.declarations.set(node, 'waiting');
    const early = standing(interpreter, () => {
      if (interpreter.declarations.get(node) === 'waiting') interpreter.isolated(run);
    });
    for (const name of names) {
      const cell = scope.cells.get(name);
      if (cell) cell.early = early;
    }
  };
  if (declaration.type === 'ClassDeclaration' && declaration.id) declare(declaration, [declaration.id.name], () => execute(interpreter, declaration as TSESTree.Statement, scope, module));
  if (declaration.type !== 'VariableDeclaration' || declaration.kind !== 'const') return;
  for (const declarator of declaration.declarations) {
    const names: string[] = [];
    collectNames(declarator.id, names);
    declare(declarator, names, () => declareVariables(interpreter, { ...declaration, declarations: [declarator] } as TSESTree.VariableDeclaration, scope, module));
  }
}

function declareVariables(interpreter: Interpreter, node: TSESTree.VariableDeclaration, scope: Scope, module: LoadedModule): void {
  const mode = node.kind === 'var' ? 'assign' : 'declare';
  for (const declarator of node.declarations) {
    if (!begins(interpreter, declarator)) continue;
    if (bindLazily(interpreter, declarator, scope, module)) continue;
    if (!declarator.init) {
      if (node.kind !== 'var') bindPattern(interpreter, declarator.id, UNDEFINED, scope, module, mode);
      continue;
    }
    const value = evaluate(interpreter, declarator.init, scope, module);
    if (declarator.id.type === 'Identifier') named(interpreter, value, declarator.id.name);
    bindPattern(interpreter, declarator.id, withinControl(interpreter, value), scope, module, mode);
  }
}

/** `rest`: the statements behind it, which run where the taken branch does not leave. */
function executeIf(interpreter: Interpreter, node: TSESTree.IfStatement, rest: readonly TSESTree.Statement[], scope: Scope, module: LoadedModule): Completion | undefined {
  if (fillsPlace(interpreter, node, scope, module)) return undefined;
  if (interpreter.isJoining) return forkOnTest(interpreter, node.test, scope, module, (test) => runBranch(interpreter, node, test, rest, scope, module));
  // if (config.verbose) res.setHeader(…)      goes on either way
  if (interpreter.choosing && interpreter.branching.mode === 'choose' && staysInside(interpreter, node)) {
    const tried = tryBoth(interpreter, () => executeIf(interpreter, node, rest, scope, module));
    if (tried) return tried.result;
  }
  const test = evaluateTest(interpreter, node.test, scope, module);
  if (test.known) return runBranch(interpreter, node, test, rest, scope, module);
  const run = (branch: TSESTree.Statement | null): Completion | undefined => (branch ? execute(interpreter, branch, scope, module) : undefined);
  return runBoth(interpreter, test, () => run(node.consequent), () => run(node.alternate));
}

function staysInside(interpreter: Interpreter, node: TSESTree.IfStatement): boolean {
  return !assignedIn(interpreter, node.consequent).exits && !(node.alternate && assignedIn(interpreter, node.alternate).exits);
}

function runBranch(interpreter: Interpreter, node: TSESTree.IfStatement, test: Truth & { known: true }, rest: readonly TSESTree.Statement[], scope: Scope, module: LoadedModule): Completion | undefined {
  const run = (branch: TSESTree.Statement | null): Completion | undefined => (branch ? execute(interpreter, branch, scope, module) : undefined);
  const [taken, untaken] = test.value ? [node.consequent, node.alternate] : [node.alternate, node.consequent];
  const labels = test.labels & CONTROLLING;
  if (!interpreter.choosing) return run(taken);
  if (labels === 0) return test.isChosen ? interpreter.inBranch(() => run(taken)) : run(taken);
  const depth = interpreter.controls.length;
  const otherwise = untaken ? [untaken] : rest;
  // if (req.user) return res.redirect('/')      a check for strangers: what follows is meant for them
  if (untaken && interpreter.host.turnsAway(otherwise)) return run(taken);
  interpreter.enterControl({ labels, site: interpreter.site(module, node.test), untaken: otherwise, isAlternative: untaken !== null && untaken !== undefined });
  if (taken && interpreter.branching.mode === 'choose') interpreter.host.entersBranch?.(taken, scope);
  const completion = run(taken);
  const assigned = afterAbsence(interpreter, untaken, scope, labels);
  // if (user) return next()
  // res.sendStatus(401)          runs only because there is no user
  // A value that is returned here follows from the branch: the function's end leaves it.
  if (!assigned?.exits && completion?.type !== 'return') interpreter.controls.length = depth;
  return completion;
}

function executeTry(interpreter: Interpreter, node: TSESTree.TryStatement, scope: Scope, module: LoadedModule): Completion | undefined {
  let completion: Completion | undefined;
  const frames = interpreter.frames.length;
  try {
    completion = node.handler ? interpreter.caught(() => executeInner(interpreter, node.block.body, scope, module)) : executeInner(interpreter, node.block.body, scope, module);
  } catch (signal) {
    if (!(signal instanceof ThrowSignal) || !node.handler) {
      if (node.finalizer && signal instanceof ThrowSignal) {
        const last = executeInner(interpreter, node.finalizer.body, scope, module);
        if (last) return last;
      }
      throw signal;
    }
    interpreter.frames.length = frames;
    const { handler } = node;
    const handle = (): Completion | undefined => executeCatch(interpreter, node, handler, signal.value, scope, module);
    // try { if (!isValid(query)) throw … } catch { res.redirect('back') }      stands in the branch that threw
    completion = signal.leftBranch ? interpreter.inBranch(handle) : handle();
  }
  if (node.finalizer) completion = executeInner(interpreter, node.finalizer.body, scope, module) ?? completion;
  return completion;
}

function executeCatch(interpreter: Interpreter, node: TSESTree.TryStatement, handler: TSESTree.CatchClause, thrown: Value, scope: Scope, module: LoadedModule): Completion | undefined {
  const inner = new Scope(scope);
  if (handler.param) bindPattern(interpreter, handler.param, thrown, inner, module, 'declare');
  const labels = labelsOf(thrown) & CONTROLLING;
  if (labels === 0 || !interpreter.choosing) return executeInner(interpreter, handler.body.body, inner, module);
  // try { req.user = verify(token); return next() } catch { }      what follows runs only because verify threw
  const depth = interpreter.controls.length;
  interpreter.enterControl({ labels, site: interpreter.site(module, handler), untaken: [node.block] });
  const assigned = afterAbsence(interpreter, node.block, scope, labels);
  const completion = executeInner(interpreter, handler.body.body, inner, module);
  if (!assigned?.exits && completion?.type !== 'return') interpreter.controls.length = depth;
  return completion;
}

function executeNamespace(interpreter: Interpreter, node: TSESTree.TSModuleDeclaration, scope: Scope, module: LoadedModule): void {
  if (!node.body || node.declare || node.id.type !== 'Identifier') return;
  const inner = new Scope(scope);
  const { body } = node.body;
  declareHoisted(interpreter, hoistedOfBlock(interpreter, body as TSESTree.Statement[]), inner, module);
  executeBlock(interpreter, body as TSESTree.Statement[], inner, module);
  const object = interpreter.object(undefined, interpreter.site(module, node));
  for (const [name, cell] of inner.cells) if (cell.value) object.properties.set(name, cell.value);
  scope.declare(node.id.name, object);
}
