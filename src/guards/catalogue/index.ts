import { External, isCallable, type Value } from '../../interpreter/values.ts';
import { type Calls, find, holds, mayBeFunction, type Truth } from './conditions.ts';
import { FASTIFY_ROWS } from './fastify.ts';
import { IDENTITY_ROWS } from './identity.ts';
import { LIMITER_ROWS } from './limiters.ts';
import { MIDDLEWARE_ROWS } from './middleware.ts';
import { NEST_ROWS } from './nest.ts';
import { callsOf, normalizeSubpath, parsePattern, pathOf, type PathPattern } from './path.ts';
import { PRIMITIVE_ROWS } from './primitives.ts';
import type { Condition, Decision, Judgement, Row, Style } from './row.ts';
import { RUNNER_ROWS } from './runners.ts';
import { SESSION_ROWS } from './sessions.ts';
import { TERMINAL_ROWS } from './terminals.ts';
import { WRAPPER_ROWS } from './wrappers.ts';

export type { Judgement, Row } from './row.ts';
export { judgeByName } from './names.ts';

/** All rows; each topic's table is sorted by package. */
export const ROWS: readonly Row[] = Object.freeze([
  ...IDENTITY_ROWS, ...SESSION_ROWS, ...LIMITER_ROWS, ...PRIMITIVE_ROWS, ...MIDDLEWARE_ROWS,
  ...WRAPPER_ROWS, ...TERMINAL_ROWS, ...FASTIFY_ROWS, ...NEST_ROWS, ...RUNNER_ROWS,
]);

export interface Catalogue {
  /**
   * What is known of a value that stands in a chain, or of the callee of a call whose arguments are `args`.
   * `undefined` where no row speaks.
   */
  judge(external: External, args?: readonly Value[]): Judgement | undefined;
  /** What registering a plugin gives to the instance, its requests and its replies. */
  decorations(packageName: string): readonly Row[];
  /**
   * A member of requests that one well-known plugin gives, for programs that do not show where they register it
   * (`request.jwtVerify`); undefined for other names.
   */
  requestDecoration(name: string): External | undefined;
  /** True where any row names the package. */
  knows(packageName: string): boolean;
}

export interface CatalogueOptions {
  /** The installed version of a package; options whose meaning changed are unknown without it. */
  readonly versionOf?: (packageName: string) => string | undefined;
}

interface Entry {
  readonly row: Row;
  readonly patterns: readonly PathPattern[];
}

export function createCatalogue(options: CatalogueOptions = {}): Catalogue {
  const byPackage = new Map<string, Entry[]>();
  for (const row of ROWS) {
    const exports = typeof row.export === 'string' ? [row.export] : row.export;
    const entries = byPackage.get(row.package) ?? [];
    entries.push({ row, patterns: exports.map(parsePattern) });
    byPackage.set(row.package, entries);
  }

  function rowOf(external: External): Row | undefined {
    const entries = byPackage.get(external.package) ?? [];
    const subpath = normalizeSubpath(external.subpath);
    // What a plugin decorates with is written with the subpath `#instance`, `#request` or `#reply`.
    const kind = subpath.startsWith('#') ? subpath.slice(1) : undefined;
    const path = pathOf(external);
    const matching = entries.filter(({ row, patterns }) =>
      row.decorates === kind && (row.subpath === undefined || row.subpath === subpath) && patterns.some((pattern) => pattern.matches(path)));
    return best(matching, path)?.row;
  }

  return {
    decorations: (packageName) => ROWS.filter((row) => row.decorates && row.package === packageName),
    requestDecoration(name) {
      const row = ROWS.find((r) => r.decorates === 'request' && r.export === name);
      const common = { package: row?.package ?? '', subpath: '#request' } as const;
      return row && new External({ ...common, step: 'get', name, base: new External({ ...common, step: 'import', name: 'default' }) });
    },
    knows: (packageName) => ROWS.some((row) => row.package === packageName),
    judge(external, args) {
      const { inner, exemptions } = withoutExemptions(external);
      const row = rowOf(inner);
      if (!row) return undefined;
      const calls: Calls = {
        all: args ? [...callsOf(inner), args] : callsOf(inner),
        version: () => options.versionOf?.(row.package),
      };
      return { row, exemptions, ...effect(row, calls), ...styleOf(row, args) };
    },
  };
}

/** A row with a subpath before one without, a spelt-out path before one with `**`. */
function best(entries: readonly Entry[], path: string): Entry | undefined {
  const rank = ({ row, patterns }: Entry) =>
    (row.subpath === undefined ? 0 : 2) + (patterns.some((pattern) => pattern.exact === path) ? 1 : 0);
  return [...entries].sort((a, b) => rank(b) - rank(a))[0];
}

// expressjwt({…}).unless({ path: ['/login'] })
function withoutExemptions(external: External): { inner: External; exemptions: readonly Value[] } {
  const callee = external.step === 'call' ? external.base : undefined;
  if (callee?.step !== 'get' || callee.name !== 'unless' || !callee.base) return { inner: external, exemptions: [] };
  const { inner, exemptions } = withoutExemptions(callee.base);
  return { inner, exemptions: [...exemptions, ...external.args.slice(0, 1)] };
}

function effect(row: Row, calls: Calls): Pick<Judgement, 'applies' | 'because' | 'decision'> {
  const tests: { condition: Condition; blocks: Truth }[] = [
    ...(row.unless ?? []).map((condition) => ({ condition, blocks: holds(condition, calls) })),
    ...(row.onlyIf ?? []).map((condition) => ({ condition, blocks: opposite(holds(condition, calls)) })),
  ];
  const off = tests.find((test) => test.blocks === 'yes');
  if (off) return { applies: 'no', because: describe(off.condition) };
  const decision = decisionOf(row, calls);
  if (decision) return { applies: 'unknown', because: 'a function of the program decides', decision };
  const open = tests.find((test) => test.blocks === 'unknown');
  if (open) return { applies: 'unknown', because: describe(open.condition) };
  return { applies: 'yes' };
}

function opposite(truth: Truth): Truth {
  if (truth === 'unknown') return 'unknown';
  return truth === 'yes' ? 'no' : 'yes';
}

function decisionOf(row: Row, calls: Calls): Decision | undefined {
  for (const decider of row.decides ?? []) {
    const found = find(decider, calls);
    if (found.kind === 'value' && (decider.orList ? isCallable(found.value) : mayDecide(found.value, decider.property))) return { decider, value: found.value };
  }
  return undefined;
}

// An argument that could not be followed is taken for what usually stands there: a strategy name, options.
function mayDecide(value: Value, property: string | undefined): boolean {
  if (property === undefined && (value.kind === 'unknown' || value.kind === 'external')) return false;
  return mayBeFunction(value);
}

function describe(condition: Condition): string {
  const name = condition.property ?? 'argument';
  if ('is' in condition) return `${name} is ${JSON.stringify(condition.is)}`;
  if ('contains' in condition) return `${name} contains ${JSON.stringify(condition.contains)}`;
  if ('empty' in condition) return `${name} is empty`;
  return condition.given ? `${name} is given` : `${name} is not given`;
}

function styleOf(row: Row, args: readonly Value[] | undefined): { style?: Style } {
  if (!('style' in row)) return {};
  const last = args?.at(-1);
  const calledBack = 'callback' in row && row.callback === 'last' && last !== undefined && last.kind !== 'unknown' &&
    last.kind !== 'external' && mayBeFunction(last);
  return { style: calledBack ? 'callback' : row.style };
}
