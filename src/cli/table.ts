import type { Analysis, Endpoint, Verdict } from '../model.ts';
import { describeMethods } from '../rules/describe-endpoint.ts';

/** The inventory for people: one line an endpoint, by path, and one line of counts for each protection. */
export function formatTable(analysis: Analysis): string {
  const { endpoints } = analysis;
  if (endpoints.length === 0) return 'No endpoints found.\n';
  const rows = [...endpoints].sort(byPath).map((endpoint) => [
    endpoint.kind === 'http' ? endpoint.methods.join(',') : describeMethods(endpoint),
    endpoint.mounted ? endpoint.path : `${endpoint.path} (not mounted)`,
    describe(endpoint.auth),
    describe(endpoint.rateLimit),
    endpoint.handler,
    `${endpoint.file}:${endpoint.line}`,
  ]);
  return [
    ...align([['METHOD', 'PATH', 'AUTH', 'RATE LIMIT', 'HANDLER', 'PLACE'], ...rows]),
    '',
    `${endpoints.length === 1 ? '1 endpoint' : `${endpoints.length} endpoints`}`,
    `auth:       ${count(endpoints.map(({ auth }) => auth))}`,
    `rate limit: ${count(endpoints.map(({ rateLimit }) => rateLimit))}`,
    '',
  ].join('\n');
}

function describe(verdict: Verdict): string {
  switch (verdict.status) {
    case 'guarded': {
      const [first] = verdict.by;
      const guard = first?.name === '(anonymous)' ? `${first.file}:${first.line}` : (first?.name ?? '');
      return `guarded by ${guard}${verdict.conditional ? ' (conditional)' : ''}`;
    }
    case 'public':
      return `public: ${verdict.by[0]?.name ?? ''}`;
    case 'unknown':
      return 'unknown';
    case 'naked':
      return 'NAKED';
  }
}

function count(verdicts: readonly Verdict[]): string {
  return (['guarded', 'naked', 'public', 'unknown'] as const)
    .map((status) => ({ status, number: verdicts.filter((verdict) => verdict.status === status).length }))
    .filter(({ number }) => number > 0)
    .map(({ status, number }) => `${number} ${status}`)
    .join(', ');
}

function align(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function byPath(a: Endpoint, b: Endpoint): number {
  return compare(a.path, b.path) || compare(a.methods.join(), b.methods.join());
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
