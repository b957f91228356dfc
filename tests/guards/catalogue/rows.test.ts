import { describe, expect, it } from 'vitest';
import { FASTIFY_ROWS } from '../../../src/guards/catalogue/fastify.ts';
import { IDENTITY_ROWS } from '../../../src/guards/catalogue/identity.ts';
import { createCatalogue, ROWS } from '../../../src/guards/catalogue/index.ts';
import { LIMITER_ROWS } from '../../../src/guards/catalogue/limiters.ts';
import { MIDDLEWARE_ROWS } from '../../../src/guards/catalogue/middleware.ts';
import { NEST_ROWS } from '../../../src/guards/catalogue/nest.ts';
import { PRIMITIVE_ROWS } from '../../../src/guards/catalogue/primitives.ts';
import type { Row } from '../../../src/guards/catalogue/row.ts';
import { RUNNER_ROWS } from '../../../src/guards/catalogue/runners.ts';
import { SESSION_ROWS } from '../../../src/guards/catalogue/sessions.ts';
import { TERMINAL_ROWS } from '../../../src/guards/catalogue/terminals.ts';
import { WRAPPER_ROWS } from '../../../src/guards/catalogue/wrappers.ts';
import { along } from './externals.ts';

const TABLES: Record<string, readonly Row[]> = {
  fastify: FASTIFY_ROWS, identity: IDENTITY_ROWS, limiters: LIMITER_ROWS, middleware: MIDDLEWARE_ROWS, nest: NEST_ROWS,
  primitives: PRIMITIVE_ROWS, runners: RUNNER_ROWS, sessions: SESSION_ROWS, terminals: TERMINAL_ROWS, wrappers: WRAPPER_ROWS,
};

const exportsOf = (row: Row) => (typeof row.export === 'string' ? [row.export] : row.export);
const catalogue = createCatalogue();

describe('the tables', () => {
  it.each(Object.entries(TABLES))('%s is sorted by package', (_name, rows) => {
    const packages = rows.map((row) => row.package);
    expect(packages).toEqual([...packages].sort());
  });

  it('are all part of the catalogue, frozen', () => {
    expect(ROWS).toHaveLength(Object.values(TABLES).flat().length);
    expect(Object.isFrozen(ROWS)).toBe(true);
    for (const rows of Object.values(TABLES)) expect(Object.isFrozen(rows)).toBe(true);
  });

  it('name each export once', () => {
    const keys = ROWS.flatMap((row) => exportsOf(row).map((path) => `${row.package}/${row.subpath ?? ''} ${row.decorates ?? ''} ${path}`));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it.each(ROWS.map((row) => [`${row.package} ${exportsOf(row)[0]}`, row] as const))('%s is well-formed', (_name, row) => {
    expect(row.verified).toMatch(/^\d+\.\d+\.\d+$/);
    for (const path of exportsOf(row)) expect(path).toMatch(/^(?:\*\*|[\w$]+)(?:\(\))*(?:\.(?:\*\*|[\w$]+)(?:\(\))*)*$/);
    if ('style' in row && (row.style === 'resolves' || row.style === 'returns') && row.role !== 'issues' && row.role !== 'decodes') {
      expect(row.failure).toBeDefined();
    }
  });

  it('are found by every path that they name', () => {
    for (const row of ROWS) {
      if (row.decorates) continue;
      for (const path of exportsOf(row)) {
        const spelled = path.replace('**.', 'any().').replace('.**', '').replace('**', 'any');
        expect(catalogue.judge(along(row.package, spelled, [], row.subpath))?.row, `${row.package} ${path}`).toBe(row);
      }
    }
  });
});
