import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from '../modules/loader.ts';
import type { Scope } from '../modules/scope.ts';
import { boundOf } from '../signals.ts';
import { ABSENCE, CLIENT_KEY, COUNTER, SECRET } from '../labels.ts';
import { ArrayObject, BoundFunction, ClassObject, FunctionObject, HeapObject, ModelObject, type Site, type Value, labelsOf } from '../values.ts';
import { children, isFunction } from '../walk.ts';

/** Evaluated nodes for a call that has nothing to do with registration: business code at start-up. */
const ASIDE_STEPS = 32_000;

/** The same for all such calls of a program. */
const ASIDE_TOTAL = 1_500_000;

/**
 * Runs a call of the dry run. Code that neither stands in a module of a framework nor is given anything of one
 * can only compute a value: it gets a small budget, so that start-up work does not cost the whole run.
 */
export function runAside(interpreter: Interpreter, callee: FunctionObject, receiver: Value, args: readonly Value[], site: Site, run: () => Value): Value {
  if (interpreter.choosing || interpreter.isAside || concerns(interpreter, callee, receiver, args)) return run();
  if (interpreter.asideSteps > ASIDE_TOTAL) return interpreter.unfollowed('the program does too much beside its registration code', site);
  interpreter.isAside = true;
  const depths = interpreter.depths();
  try {
    return interpreter.withBudget(ASIDE_STEPS, () => {
      try {
        return run();
      } finally {
        interpreter.asideSteps += interpreter.steps;
      }
    });
  } catch (signal) {
    if (!boundOf(signal)) throw signal;
    interpreter.restoreDepths(depths);
    return interpreter.unfollowed(`${callee.name || 'a function'} takes too long to follow`, site);
  } finally {
    interpreter.isAside = false;
  }
}

/** Functions that may stop a request without being given anything of it. */
const MAY_STOP = /ensure|require|assert|check|auth|verify|guard|limit|throttle|validate|permission|access|allow|deny|must|protect|secure/i;

/**
 * True for a call whose result is not used and that is given nothing of the request: it cannot decide about it.
 *
 *     Logger.debug(`[Library] scan ${library.id}`)
 */
export function isBesideRequest(interpreter: Interpreter, callee: Value, receiver: Value, args: readonly Value[]): boolean {
  if (!interpreter.choosing || !(callee instanceof FunctionObject) || MAY_STOP.test(callee.name) || !standsAlone(callee)) return false;
  return [receiver, ...args].every((value) => isInert(value, 2));
}

/** A function of the module itself, or a method of a class of the module: it sees no variable of a request's function. */
function standsAlone(callee: FunctionObject): boolean {
  const { scope } = callee;
  return scope.parent === undefined || (callee.home !== undefined && scope.parent.parent === undefined);
}

/** Plain data without a label, or an object of the program that holds none of the request. */
function isInert(value: Value, depth: number): boolean {
  if ((labelsOf(value) & ~SECRET) !== 0 && value.kind !== 'unknown') return (labelsOf(value) & (ABSENCE | COUNTER | CLIENT_KEY)) === 0;
  if (value.kind === 'unknown') return (value.labels & (ABSENCE | COUNTER | CLIENT_KEY)) === 0;
  if (!(value instanceof HeapObject)) return true;
  if (value instanceof ModelObject || value instanceof FunctionObject || value instanceof BoundFunction) return false;
  if (depth === 0) return true;
  if (value instanceof ArrayObject) return value.elements.slice(0, 20).every((e) => isInert(e, depth - 1));
  let count = 0;
  for (const slot of value.properties.values()) {
    if (slot.kind === 'accessor' || slot instanceof FunctionObject) continue;
    if (++count > 40 || !isInert(slot, depth - 1)) return count > 40;
  }
  return true;
}

function concerns(interpreter: Interpreter, callee: FunctionObject, receiver: Value, args: readonly Value[]): boolean {
  if (interpreter.host.runsAtImport(callee.module.text) || holdsFramework(interpreter, receiver, 2) || args.some((a) => holdsFramework(interpreter, a, 2))) return true;
  return reachesFramework(interpreter, callee, new Set());
}

/** A callback that is handed to code that cannot be read. */
export function callbackConcerns(interpreter: Interpreter, callback: FunctionObject): boolean {
  return reachesFramework(interpreter, callback, new Set());
}

/** The value is a framework's, or holds one within a few levels. */
function holdsFramework(interpreter: Interpreter, value: Value, depth: number): boolean {
  if (interpreter.host.concerns(value)) return true;
  if (value.kind === 'union') return value.options.some((o) => o.value !== undefined && holdsFramework(interpreter, o.value, depth));
  if (value instanceof BoundFunction) return holdsFramework(interpreter, value.receiver, depth);
  if (value instanceof FunctionObject) return depth > 0 && (interpreter.relevance.get(value.node) ?? reachesFramework(interpreter, value, new Set()));
  if (!(value instanceof HeapObject) || value instanceof ClassObject || depth === 0) return false;
  if (value instanceof ArrayObject && value.elements.slice(0, 50).some((e) => holdsFramework(interpreter, e, depth - 1))) return true;
  for (const slot of value.properties.values()) if (slot.kind !== 'accessor' && holdsFramework(interpreter, slot, depth - 1)) return true;
  return false;
}

/** The function names something of a framework, or a function that does, or a module that may. */
function reachesFramework(interpreter: Interpreter, callee: FunctionObject, seen: Set<object>): boolean {
  if (seen.has(callee.node) || seen.size > 40) return false;
  seen.add(callee.node);
  interpreter.reads.askedWhetherRelevant(callee.node);
  const known = interpreter.relevance.get(callee.node);
  if (known !== undefined) return known;
  const found = namesOf(interpreter, callee.node).some((name) => leadsToFramework(interpreter, callee.scope, name, seen));
  if (found || seen.size === 1) interpreter.relevance.set(callee.node, found);
  return found;
}

/** Names of modules that set programs up, where a module has not been looked into. */
const SETS_UP = /(rout|app|server|api|express|fastify|loader|boot|init|setup|start|controller|middleware)[^/]*(\/index)?(\.[cm]?[jt]sx?)?$/i;

function leadsToFramework(interpreter: Interpreter, scope: Scope, name: string, seen: Set<object>): boolean {
  if (name.startsWith('./') || name.startsWith('../')) return SETS_UP.test(name);
  const cell = scope.find(name);
  if (!cell) return false;
  if (cell.thunk) return cell.origin !== undefined && (SETS_UP.test(cell.origin) || interpreter.host.runsAtImport(interpreter.loader.text(cell.origin) ?? ''));
  const { value } = cell;
  if (!value) return false;
  if (interpreter.host.concerns(value)) return true;
  if (value instanceof FunctionObject) return reachesFramework(interpreter, value, seen);
  if (value instanceof ClassObject) return interpreter.host.runsAtImport(value.module.text);
  return value instanceof HeapObject && holdsFramework(interpreter, value, 1);
}

/**
 * Whether what was made of the names that a function mentions still holds, where its body is another one now. The nodes: the
 * function, then all around it, the module last. `before` has the names that were asked for, `relevant` those of which
 * it was asked whether they lead to a framework.
 */
export function isSameFor(interpreter: Interpreter, module: LoadedModule, nodes: readonly TSESTree.Node[], before: ReadonlyMap<object, readonly string[]>, relevant: ReadonlySet<object>): boolean {
  const own = interpreter.modules.scopeOf(module);
  const isImport = (name: string): boolean => /^\.\.?\//.test(name) || own?.find(name) !== undefined;
  return interpreter.reads.unnoticed(() => nodes.every((node, index) => {
    const old = before.get(node);
    if (!old) return true;
    const now = namesOf(interpreter, node);
    const outer = nodes.slice(index + 1).filter(isFunction);
    const captured = namesIn(outer, nodes[0] as TSESTree.Node);
    const counts = (name: string): boolean => captured.has(name) || (relevant.has(node) && isImport(name));
    return old.filter(counts).join() === now.filter(counts).join();
  }));
}

/** All names in functions, but for those in one node. */
function namesIn(functions: readonly TSESTree.Node[], without: TSESTree.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: TSESTree.Node): void => {
    if (node === without) return;
    if (node.type === 'Identifier') names.add(node.name);
    for (const child of children(node)) visit(child);
  };
  functions.forEach(visit);
  return names;
}

/** Variables that the function mentions. */
export function namesOf(interpreter: Interpreter, node: TSESTree.Node): readonly string[] {
  const known = interpreter.mentions.get(node);
  if (known) return known;
  const names = new Set<string>();
  const visit = (inner: TSESTree.Node): void => {
    if (inner.type === 'Identifier') names.add(inner.name);
    if (inner.type === 'MemberExpression' && !inner.computed) {
      visit(inner.object);
      return;
    }
    for (const child of children(inner)) visit(child);
  };
  interpreter.reads.unnoticed(() => visit(node));
  const list = [...names];
  interpreter.mentions.set(node, list);
  return list;
}
