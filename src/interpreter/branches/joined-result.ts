import type { Interpreter } from '../interpreter.ts';
import type { Cell } from '../modules/scope.ts';
import { ABSENCE, COUNTER } from '../labels.ts';
import { spanOf } from '../spans.ts';
import { type Condition, type FunctionObject, HeapObject, Primitive, type Site, Union, Unknown, type Value } from '../values.ts';

/** Where a call began, on the heap. */
interface Beginning {
  readonly mark: number;
  readonly made: number;
}

/** More results than these are not told apart by one decision each. */
const MAX_RESULTS = 6;

/** One result of a call, under the switches of the deployment that it hangs on. */
interface Result {
  readonly switches: readonly Condition[];
  readonly value: Primitive | Unknown;
}

/**
 * A call that only finds out one of a few plain values, by many tests, takes one decision for each of them: what its
 * tests said does not show elsewhere.
 *
 *     const isPublic = (address) => !(address.startsWith('10.') || address.startsWith('127.') || …)
 */
export function asOneDecision(interpreter: Interpreter, value: Value, callee: FunctionObject, beginning: Beginning): Value {
  if (!(value instanceof Union) || value.options.length < 3) return value;
  const results: Result[] = [];
  for (const { value: option, conditions } of value.options) {
    if (!(option instanceof Primitive || option instanceof Unknown)) return value;
    const switches = conditions.filter((c) => c.configuration);
    const known = results.findIndex((r) => isSame(r.value, option) && isSameList(r.switches, switches));
    if (known < 0) results.push({ switches, value: option });
    else results[known] = { switches, value: merged((results[known] as Result).value, option) };
    if (results.length > MAX_RESULTS) return value;
  }
  if (results.length === value.options.length || leavesTraces(interpreter, callee, beginning)) return value;
  const site: Site = { module: callee.module, start: spanOf(callee.node).start, end: spanOf(callee.node).end };
  const isUncertain = value.options.some((o) => o.conditions.some((c) => c.isUncertain));
  return new Union(results.map(({ switches, value: result }, at) => {
    if (at === results.length - 1) return { conditions: [], value: result };
    const condition = interpreter.freshCondition({ key: `what ${callee.name} finds`, site, configuration: false, defaultBranch: undefined, isUncertain });
    return { conditions: [...switches, { ...condition, branch: 'true' }], value: result };
  }));
}

function isSameList(a: readonly Condition[], b: readonly Condition[]): boolean {
  return a.length === b.length && a.every((c) => b.some((d) => c.key === d.key && c.branch === d.branch));
}

function isSame(a: Primitive | Unknown, b: Primitive | Unknown): boolean {
  if (a === b) return true;
  if (a instanceof Primitive && b instanceof Primitive) return Object.is(a.value, b.value) && ((a.labels ^ b.labels) & ABSENCE) === 0;
  return a instanceof Unknown && b instanceof Unknown && a.labels === b.labels && a.reason === b.reason && a.identity === b.identity && a.unfollowed === b.unfollowed && (a.identity !== undefined || a.unfollowed);
}

/** It follows from a client's count only where both do. */
function merged(a: Primitive | Unknown, b: Primitive | Unknown): Primitive | Unknown {
  return a instanceof Primitive ? new Primitive(a.value, ((a.labels | b.labels) & ~COUNTER) | (a.labels & b.labels & COUNTER), a.site) : a;
}

/** The call has written to something that was there before it. */
function leavesTraces(interpreter: Interpreter, callee: FunctionObject, { mark, made }: Beginning): boolean {
  const cells = new Set<Cell>();
  for (const { target } of interpreter.heap.writesSince(mark)) {
    if (!(target instanceof HeapObject)) cells.add(target);
    else if (!interpreter.heap.isNewerThan(target, made)) return true;
  }
  if (cells.size === 0) return false;
  for (let scope: FunctionObject['scope'] | undefined = callee.scope; scope; scope = scope.parent) for (const cell of scope.cells.values()) if (cells.has(cell)) return true;
  return false;
}
