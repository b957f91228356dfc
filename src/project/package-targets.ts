import { asObject } from './jsonc.ts';
import { matchStar } from './star-pattern.ts';

/** The conditions under which a Node server asks. */
const CONDITIONS = {
  import: new Set(['node', 'import', 'module-sync', 'default']),
  require: new Set(['node', 'require', 'module-sync', 'default']),
};

/**
 * Where an entry of `exports` or `imports` points: `key` is '.', './x' or '#x'. First what Node would take, then what
 * stands under other conditions (`development`, `source`, `types`), for packages whose output is not built.
 */
export function packageTargets(field: unknown, key: string, kind: 'import' | 'require'): readonly string[] {
  const entry = entryOf(field, key);
  if (entry === undefined) return [];
  const star = entry.star;
  const all = [...leaves(entry.target, CONDITIONS[kind]), ...leaves(entry.target, undefined)];
  return [...new Set(all)].map((target) => (star === undefined ? target : target.replaceAll('*', () => star)));
}

function entryOf(field: unknown, key: string): { target: unknown; star: string | undefined } | undefined {
  const table = asObject(field);
  const isTable = table !== undefined && Object.keys(table).some((name) => name.startsWith('.') || name.startsWith('#'));
  if (!isTable) return field !== undefined && field !== null && key === '.' ? { target: field, star: undefined } : undefined;
  if (Object.hasOwn(table, key)) return { target: table[key], star: undefined };
  let best: { readonly target: unknown; readonly star: string; readonly prefixLength: number } | undefined;
  for (const [written, target] of Object.entries(table)) {
    // The folder form { "./lib/": "./src/" } is deprecated and means { "./lib/*": "./src/*" }.
    const isFolder = written.endsWith('/');
    const match = matchStar(isFolder ? `${written}*` : written, key);
    if (match === undefined || (best !== undefined && best.prefixLength >= match.prefixLength)) continue;
    best = { target: isFolder && typeof target === 'string' ? `${target}*` : target, ...match };
  }
  return best;
}

/** The strings in a target, in order; only under the conditions where these are given. */
function leaves(target: unknown, conditions: ReadonlySet<string> | undefined): string[] {
  if (typeof target === 'string') return [target];
  if (Array.isArray(target)) return target.flatMap((item) => leaves(item, conditions));
  return Object.entries(asObject(target) ?? {}).flatMap(([condition, value]) =>
    conditions === undefined || conditions.has(condition) ? leaves(value, conditions) : [],
  );
}
