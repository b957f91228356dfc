import { ThrowSignal } from '../interpreter/signals.ts';
import { HeapObject, Primitive, type Site, UNDEFINED, type Value } from '../interpreter/values.ts';
import type { StepOutcome } from './chain.ts';
import type { RequestRun, Stage } from './request-run.ts';

type Relation = 'or' | 'and';

/** Runs one function inside the step; an error that it throws is thrown on. */
export type RunInner = (value: Value, stage: Stage) => StepOutcome;

/**
 * `auth([verifyJwt, verifyPassword])`: the request goes on where one of them lets it, or all with `relation: 'and'`;
 * a list within the list has the other relation. Who answers by itself has the last word.
 */
export function runAlternatives(run: RequestRun, functions: readonly Value[], options: readonly (Value | undefined)[], stage: Stage, inner: RunInner): StepOutcome {
  return together(run, functions, relationIn(run, options, stage.site), stage, inner);
}

/** The first that says it: the call's options, then those of the plugin. */
function relationIn(run: RequestRun, options: readonly (Value | undefined)[], site: Site): Relation {
  for (const given of options) {
    for (const name of ['relation', 'defaultRelation']) {
      const value = given instanceof HeapObject ? run.interpreter.get(given, name, site) : UNDEFINED;
      if (value instanceof Primitive && (value.value === 'and' || value.value === 'or')) return value.value;
    }
  }
  return 'or';
}

function together(run: RequestRun, functions: readonly Value[], relation: Relation, stage: Stage, inner: RunInner): StepOutcome {
  let last = { kind: 'continues' } as StepOutcome;
  for (const value of functions) {
    const answers = run.answers.length;
    const outcome = value instanceof HeapObject && 'elements' in value
      ? together(run, run.interpreter.iterate(value, stage.site).elements, relation === 'or' ? 'and' : 'or', stage, inner)
      : attempt(run, () => inner(value, stage));
    if (run.answers.length > answers) return outcome;
    if (relation === 'or' ? outcome.kind === 'continues' : outcome.kind !== 'continues') return outcome;
    last = outcome.kind === 'continues' || last.kind !== 'unknown' ? outcome : last;
  }
  return last;
}

function attempt(run: RequestRun, call: () => StepOutcome): StepOutcome {
  try {
    return call();
  } catch (signal) {
    if (!(signal instanceof ThrowSignal)) throw signal;
    return run.refusedBy(signal.value, signal.site);
  }
}
