/**
 * What is known of where a value came from, as a bit set. Labels travel with data: an operation's result
 * carries what `mergeLabels` makes of its operands' labels.
 */
export type Labels = number;
export const NO_LABELS: Labels = 0;
/** Stands for a credential that the anonymous request does not have, or follows from its absence. */
export const ABSENT: Labels = 1;
/** Derives from what the client sent (path, query, body, headers, address). */
export const CLIENT: Labels = 2;
/** Derives from environment or configuration that a stranger does not know. */
export const SECRET: Labels = 4;
/** A client text that equals no literal of the program: a path parameter of the sample request. */
export const FRESH: Labels = 8;
/** Counts what one client did (attempts by address, points of a limiter). */
export const COUNTER: Labels = 16;
/** Identifies a client (address, API key of the request, user id): what counters are kept by. */
export const CLIENT_KEY: Labels = 32;
/**
 * Is something, and is there because a credential is absent: the default in its place, what a branch that absence decided
 * looks up. Branches that it decides follow from absence too; a lookup by it is no lookup by an absent credential.
 */
export const BY_ABSENCE: Labels = 64;
/** Follows from absence, one way or the other. */
export const ABSENCE: Labels = ABSENT | BY_ABSENCE;

/** Labels that a branch passes on to what happens in it. */
export const CONTROLLING: Labels = ABSENCE | COUNTER;

/**
 * The label of a result: absent only if every request-derived operand is absent; the other labels add up.
 */
export function mergeLabels(...parts: readonly Labels[]): Labels {
  let all = 0;
  let present = false;
  for (const labels of parts) {
    all |= labels;
    if ((labels & CLIENT) !== 0 && (labels & ABSENT) === 0) present = true;
  }
  all &= ~FRESH;
  return present ? all & ~ABSENT : all;
}
