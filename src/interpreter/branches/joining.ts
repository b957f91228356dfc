import { tryBoth } from './branches.ts';
import type { Decision } from '../host.ts';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from '../modules/loader.ts';
import { boundOf, NeedsChoice } from '../signals.ts';
import type { Labels } from '../labels.ts';
import type { Condition, FunctionNode, FunctionObject, Value } from '../values.ts';

/** A call whose branches are all evaluated at once. */
export interface Attempt {
  /** Takes a decision on the path that the call is evaluated for. */
  choose(branches: readonly string[], decision: Omit<Condition, 'branch'>, kind: Decision['kind']): string;
  readonly chosen: Condition[];
}

/**
 * What was found while calls of a step were tried with all of their branches at once. It holds for every run of the
 * step: a run that finds something new is not comparable with those before it.
 */
export class Joining {
  private readonly places = new Map<LoadedModule, Set<number>>();
  private readonly functions = new Set<FunctionNode>();
  /** How often something new was found. */
  found = 0;
  /** Labels of values whose tests are decided at once, because of what follows from them. */
  readonly decisive: Labels;

  constructor(decisive: Labels) {
    this.decisive = decisive;
  }

  /** Whether any test was found to matter. */
  get hasFound(): boolean {
    return this.places.size > 0;
  }

  /** Tests whose outcome matters: behind them something happens that must not happen in both branches. */
  matters({ site }: Pick<Condition, 'site'>): boolean {
    return this.places.get(site.module)?.has(site.start) ?? false;
  }

  noteMatters(conditions: readonly Condition[]): void {
    for (const { site } of conditions) {
      let starts = this.places.get(site.module);
      if (!starts) this.places.set(site.module, starts = new Set());
      if (starts.has(site.start)) continue;
      starts.add(site.start);
      this.found++;
    }
  }

  isUnjoinable(node: FunctionNode): boolean {
    return this.functions.has(node);
  }

  noteUnjoinable(node: FunctionNode): void {
    if (this.functions.has(node)) return;
    this.functions.add(node);
    this.found++;
  }
}

/** Evaluated nodes for a call whose branches are all tried at once. */
const MAX_STEPS = 8_000;

/** How often a call is tried anew with further decisions taken. */
const MAX_ATTEMPTS = 24;

/**
 * A call of a step that forks often, with all of its branches at once: what it gives and leaves depends on decisions
 * that are taken only where they turn out to matter. `undefined` where it has to be followed on one path at a time,
 * because it answers or hands the request on.
 */
export function tryCall(interpreter: Interpreter, callee: FunctionObject, run: () => Value): Value | undefined {
  const { joining, branching, stepLimit } = interpreter;
  if (!joining || branching.mode !== 'choose' || joining.isUnjoinable(callee.node)) return undefined;
  const taken = branching.taken();
  const limit = interpreter.steps + MAX_STEPS;
  const depth = interpreter.frames.length;
  interpreter.stepLimit = Math.min(stepLimit, limit);
  try {
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
      let left: { readonly signal: unknown } | undefined;
      const before = joining.found;
      const tried = tryBoth(interpreter, (): Value | undefined => {
        interpreter.attempt = { choose: (branches, decision, kind) => branching.choose(branches, decision, kind), chosen: [] };
        try {
          return run();
        } catch (signal) {
          if (boundOf(signal) && limit < stepLimit) throw new NeedsChoice();
          if (!(signal instanceof NeedsChoice)) {
            // It leaves the call in every branch.
            left = { signal };
            return undefined;
          }
          joining.noteMatters(signal.open);
          if (joining.found === before) for (const frame of interpreter.frames.slice(depth)) if (frame.callee) joining.noteUnjoinable(frame.callee.node);
          throw signal;
        } finally {
          interpreter.attempt = undefined;
        }
      });
      if (left) throw left.signal;
      if (tried) return tried.result;
      branching.takeBack(taken);
      if (joining.found === before || joining.isUnjoinable(callee.node)) break;
    }
  } finally {
    interpreter.stepLimit = stepLimit;
  }
  joining.noteUnjoinable(callee.node);
  return undefined;
}
