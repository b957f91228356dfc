import type { Decision } from '../interpreter/host.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import { BudgetExceeded } from '../interpreter/signals.ts';
import type { Condition, Site } from '../interpreter/values.ts';
import type { ChainStep, Finding, StepOutcome } from './chain.ts';

/** One way of a request through a chain, to its end. */
export interface Path {
  readonly decisions: readonly Decision[];
  readonly end:
    | { readonly kind: 'work' }
    | { readonly kind: 'stopped'; readonly because: 'absence' | 'refusal' | 'limit'; readonly by: Finding; readonly step: number }
    /** The last step handed the request on. */
    | { readonly kind: 'fell through' };
  /** Steps that could not be followed on the way. */
  readonly unfollowed: readonly { readonly reason: string; readonly site: Site }[];
}

export interface Exploration {
  readonly paths: readonly Path[];
  /** False where a bound was hit before every path was tried. */
  readonly complete: boolean;
}

export interface ExploreBounds {
  /** Paths through one chain. */
  readonly paths: number;
  /** Runs of one step from one state. */
  readonly runs: number;
  /** Evaluated nodes for one run of one step. */
  readonly steps: number;
  /** Evaluated nodes for the whole chain. */
  readonly total: number;
}

export const DEFAULT_EXPLORE_BOUNDS: ExploreBounds = { paths: 160, runs: 96, steps: 60_000, total: 400_000 };

interface Choice {
  readonly branches: readonly string[];
  index: number;
}

/** Thrown to end an exploration whose answer cannot change any more. */
const DECIDED = Symbol('decided');

/**
 * Walks a request through a chain on every path: whenever a step depends on something unknown, it is run again
 * for each branch, and the steps behind it from each state that it leaves. `given` holds from the start and is no
 * decision of a path. `isDecided` ends the walk early.
 */
export function explore(interpreter: Interpreter, chain: readonly ChainStep[], given: readonly Condition[], isDecided: (path: Path) => boolean, bounds: ExploreBounds = DEFAULT_EXPLORE_BOUNDS): Exploration {
  const paths: Path[] = [];
  let complete = true;
  let spent = 0;
  /** Decisions on the way to the step under evaluation; configuration holds for the whole path. */
  let decisions: Decision[] = given.map((condition) => ({ condition, kind: 'configuration' }));
  const unfollowed: { reason: string; site: Site }[] = [];

  const finish = (end: Path['end']): void => {
    const path: Path = { decisions: decisions.slice(given.length), end, unfollowed: [...unfollowed] };
    paths.push(path);
    if (isDecided(path)) throw DECIDED;
    if (paths.length >= bounds.paths) {
      complete = false;
      throw DECIDED;
    }
  };

  const walk = (index: number): void => {
    const step = chain[index];
    if (!step) {
      finish({ kind: 'fell through' });
      return;
    }
    const choices: Choice[] = [];
    const before = decisions;
    const passed = new Set<string>();
    for (let run = 0; ; run++) {
      if (run >= bounds.runs || spent > bounds.total) {
        complete = false;
        decisions = before;
        return;
      }
      const mark = interpreter.heap.mark();
      const depth = unfollowed.length;
      decisions = [...before];
      let outcome = runOnce(step, choices);
      if (outcome.kind === 'unknown') {
        unfollowed.push(outcome);
        outcome = { kind: 'continues' };
      }
      if (outcome.kind === 'work') finish(outcome);
      else if (outcome.kind === 'stopped') finish({ ...outcome, step: index });
      else if (!isRepeated(passed, mark, before)) walk(outcome.to ?? index + 1);
      interpreter.heap.undoTo(mark);
      unfollowed.length = depth;
      decisions = before;
      if (!advance(choices)) return;
    }
  };

  /** A run that left the same state and took no decision of weight leads to nothing new. */
  const isRepeated = (passed: Set<string>, mark: number, before: readonly Decision[]): boolean => {
    const wrote = interpreter.heap.writesSince(mark).some((write) => write.kind === 'property' || write.kind === 'elements' || write.kind === 'entries');
    if (wrote || unfollowed.length > 0) return false;
    const weight = decisions.slice(before.length).filter((d) => d.kind !== 'input').map((d) => `${d.condition.key}=${d.condition.branch}`).join('&');
    if (passed.has(weight)) return true;
    passed.add(weight);
    return false;
  };

  const runOnce = (step: ChainStep, choices: Choice[]): StepOutcome => {
    let taken = 0;
    const choose = (branches: readonly string[], condition: Omit<Condition, 'branch'>, kind: Decision['kind']): string => {
      const held = kind === 'input' && !given.some((c) => c.key === condition.key) ? undefined : decisions.find((d) => d.condition.key === condition.key);
      if (held) return held.condition.branch;
      const choice = (choices[taken] ??= { branches, index: 0 });
      taken++;
      const branch = choice.branches[choice.index] as string;
      decisions.push({ condition: { ...condition, branch }, kind });
      return branch;
    };
    const { branching, controls, lastControl } = interpreter;
    interpreter.branching = { mode: 'choose', choose };
    interpreter.controls = [];
    interpreter.lastControl = undefined;
    const frames = interpreter.frames.length;
    const stepsBefore = interpreter.steps;
    try {
      return interpreter.withBudget(bounds.steps, () => {
        try {
          for (const condition of step.conditions) {
            if (choose(['true', 'false'], condition, condition.configuration ? 'configuration' : 'input') !== condition.branch) return { kind: 'continues' };
          }
          return step.run();
        } finally {
          spent += interpreter.steps;
        }
      });
    } catch (signal) {
      if (signal instanceof BudgetExceeded) return { kind: 'unknown', reason: `${step.name} takes too long to follow`, site: step.site };
      throw signal;
    } finally {
      interpreter.steps = stepsBefore;
      interpreter.frames.length = frames;
      Object.assign(interpreter, { branching, controls, lastControl });
    }
  };

  const mark = interpreter.heap.mark();
  try {
    walk(0);
  } catch (signal) {
    if (signal !== DECIDED) throw signal;
  } finally {
    interpreter.heap.undoTo(mark);
  }
  return { paths, complete };
}

/** The next combination of choices, depth first; false where all were tried. */
function advance(choices: Choice[]): boolean {
  for (let last = choices.at(-1); last; last = choices.at(-1)) {
    if (last.index + 1 < last.branches.length) {
      last.index++;
      return true;
    }
    choices.pop();
  }
  return false;
}
