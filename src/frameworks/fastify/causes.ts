import type { Interpreter } from '../../interpreter/interpreter.ts';
import { BoundFunction, FunctionObject, type Site, type Value } from '../../interpreter/values.ts';
import type { ApplicationState, Hook, RegisteredRoute, Scope } from './state.ts';

/** A plugin or hook that registers what is registered now, and what registered that, or made it run. */
export interface Cause {
  readonly code: object;
  readonly by: Cause | undefined;
  /** How many stand in the row. */
  readonly length: number;
}

/** How often the same code stands in one row of causes before it counts as endless. Each may add to the stack of the program many calls of its own. */
const MOST_INSIDE_ITSELF = 12;

/**
 * Runs a plugin or hook. One that leads to itself again and again leaves a program that never starts: it overflows its stack
 * or waits for ever. It is not run inside of itself once that is known.
 *
 *     app.addHook('onRoute', (route) => { app.get(`/old${route.url}`, handler) })
 *
 * `earlier` caused that it is there, where that is not what makes it run now.
 */
export function runAsCause(interpreter: Interpreter, application: ApplicationState, value: Value, site: Site, run: () => void, earlier?: Cause): void {
  const { endless, cause: now } = application;
  const code = codeOf(value);
  const by = lengthOf(earlier) > lengthOf(now) ? earlier : now;
  if (timesIn(by, code) >= MOST_INSIDE_ITSELF) {
    endless.add(code);
    interpreter.modules.failures.set(site.module.file, 'evaluated only in part: what a plugin or hook registers leads to it again without end');
  }
  if (endless.has(code) && endlessIn(application, by) > 0) return;
  asCause(application, { code, by, length: lengthOf(by) + 1 }, run);
}

/** Runs what was planned when that was the cause. */
export function asCause(application: ApplicationState, cause: Cause | undefined, run: () => void): void {
  const outer = application.cause;
  application.cause = cause;
  try {
    run();
  } finally {
    application.cause = outer;
  }
}

/** One that only is there because something endless ran inside of itself. */
export function isRepeated({ scope: { application }, cause }: RegisteredRoute): boolean {
  return application.endless.size > 0 && endlessIn(application, cause) > 1;
}

/** Whether something endless registered it, or saw it or its instance registered: then it is not known what it is like. */
export function isFromEndless({ scope, cause, hooks }: RegisteredRoute): boolean {
  const { application, application: { endless } } = scope;
  if (endless.size === 0) return false;
  const isEndless = ({ handler }: Hook): boolean => endless.has(codeOf(handler.value));
  for (let holder: Scope | undefined = scope; holder; holder = holder.parent) if (holder.onRegister.some(isEndless)) return true;
  return endlessIn(application, cause) > 0 || hooks.some(isEndless);
}

function endlessIn({ endless }: ApplicationState, cause: Cause | undefined): number {
  let count = 0;
  for (let one = cause; one; one = one.by) if (endless.has(one.code)) count += 1;
  return count;
}

function lengthOf(cause: Cause | undefined): number {
  return cause?.length ?? 0;
}

function timesIn(cause: Cause | undefined, code: object): number {
  let count = 0;
  for (let one = cause; one; one = one.by) if (one.code === code) count += 1;
  return count;
}

/** The same for each closure that one piece of code makes. */
function codeOf(value: Value): object {
  if (value instanceof BoundFunction) return codeOf(value.target);
  return value instanceof FunctionObject ? value.node : value;
}
