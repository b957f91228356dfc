import type { Interpreter } from '../interpreter.ts';
import { boundOf, PathEnd, ThrowSignal } from '../signals.ts';
import type { Site, Value } from '../values.ts';

/** Runs code that belongs to no branch of what is being evaluated. */
export function isolated<T>(interpreter: Interpreter, run: () => T): T {
  const { branching, conditions, controls, lastControl, pendingReturns, yields, isAside, choosing, catching, meetings, attempt } = interpreter;
  interpreter.catching = 0;
  interpreter.isAside = false;
  interpreter.choosing = false;
  interpreter.branching = { mode: 'join' };
  interpreter.conditions = choosing ? [] : [...conditions];
  interpreter.controls = [];
  interpreter.pendingReturns = [];
  interpreter.yields = [];
  interpreter.meetings = [];
  interpreter.attempt = undefined;
  try {
    return interpreter.reads.lastingly(() => interpreter.heap.permanently(run));
  } finally {
    Object.assign(interpreter, { branching, conditions, controls, lastControl, pendingReturns, yields, isAside, choosing, catching, meetings, attempt });
  }
}

/** For what is computed at its first use and stands here: gives a function that runs it under the decisions that hold now. */
export function standing<T>(interpreter: Interpreter, run: () => T): () => T {
  const conditions = [...interpreter.conditions];
  return () => {
    const outer = interpreter.conditions;
    interpreter.conditions = [...conditions];
    try {
      return run();
    } finally {
      interpreter.conditions = outer;
    }
  };
}

/** Gives a function that runs it, and something unknown where it needs its own result. */
export function unlessRunning(interpreter: Interpreter, run: () => Value, reason: string, site: Site): () => Value {
  let isRunning = false;
  return () => {
    if (isRunning) return interpreter.unfollowed(reason, site);
    isRunning = true;
    try {
      return run();
    } finally {
      isRunning = false;
    }
  };
}

/**
 * For work that a program only plans here: gives a function that runs it under the calls and decisions that hold
 * now. What it throws is lost, as it is in a program that goes on.
 */
export function deferred(interpreter: Interpreter, run: () => void): () => void {
  const frames = [...interpreter.frames];
  const conditions = [...interpreter.conditions];
  return () => {
    const outer = { frames: interpreter.frames, conditions: interpreter.conditions };
    Object.assign(interpreter, { frames: [...frames], conditions: [...conditions] });
    try {
      isolated(interpreter, () => interpreter.withBudget(interpreter.bounds.steps, run));
    } catch (signal) {
      if (signal instanceof ThrowSignal || signal instanceof PathEnd) return;
      const bound = boundOf(signal);
      if (!bound) throw signal;
      const module = frames.at(-1)?.site.module;
      if (module) interpreter.modules.failures.set(module.file, `evaluated only in part: ${bound.reason}`);
    } finally {
      Object.assign(interpreter, outer);
    }
  };
}
