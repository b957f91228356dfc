import type { Interpreter } from './interpreter.ts';
import { mergeLabels } from './labels.ts';
import { ONE_OF_MANY } from './reasons.ts';
import { labelsOf, type Site, Unknown, type Value } from './values.ts';

/** Lists of up to so many elements are gone through to their end. */
const SHORT = 32;

/** So many rounds in a row that hang on something unknown, and the others will too. */
const TOLD_APART = 4;

/**
 * The elements for the rounds of a loop, while a request is walked. Where rounds of a long list hang on something that is
 * not known, one further element stands for all that are left, of which one may do what another does not:
 *
 *     for (const robot of ROBOTS) if (userAgent.includes(robot.pattern)) return robot
 */
export function* elementsToldApart(interpreter: Interpreter, elements: readonly Value[], site: Site): Iterable<Value> {
  if (!interpreter.choosing || elements.length <= SHORT) {
    yield* elements;
    return;
  }
  let hanging = 0;
  for (let index = 0; index < elements.length; index++) {
    const before = decisionsOf(interpreter);
    yield elements[index] as Value;
    hanging = decisionsOf(interpreter) === before ? 0 : hanging + 1;
    if (hanging < TOLD_APART || index + 1 === elements.length) continue;
    const labels = mergeLabels(...elements.slice(index + 1).map(labelsOf));
    yield new Unknown(ONE_OF_MANY, { site, labels, unfollowed: true });
    return;
  }
}

/** Grows with each decision, whichever way it is dealt with. */
function decisionsOf({ branching, forks, conditions }: Interpreter): number {
  return (branching.mode === 'choose' ? branching.taken() : 0) + forks + conditions.length;
}
