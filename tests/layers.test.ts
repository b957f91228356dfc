import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const source = path.resolve(import.meta.dirname, '../src');

/** What each stage may use besides itself; see ARCHITECTURE.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  interpreter: [],
  project: ['interpreter', 'model.ts', 'settings.ts'],
  guards: ['interpreter', 'model.ts'],
  frameworks: ['guards', 'interpreter', 'model.ts'],
  policy: ['guards', 'interpreter', 'model.ts', 'project'],
  cache: ['build-id.ts', 'manifest.ts', 'model.ts', 'project'],
  session: ['frameworks', 'guards', 'interpreter', 'judged-program.ts', 'model.ts', 'policy', 'program.ts', 'project'],
  rules: ['cache', 'manifest.ts', 'model.ts', 'policy', 'project', 'settings.ts'],
  cli: ['cache', 'load-analysis.ts', 'manifest.ts', 'model.ts', 'project', 'rules', 'settings.ts'],
};

/** Imports that exist only for the type checker bind no stage to another. */
const imports = /^(?:import|export)\s+(?!type\b)(?:[^;'"]*?\bfrom\s+)?['"](\.[^'"]+)['"]/gm;

describe('the stages', () => {
  it.each(Object.keys(allowed))('%s uses nothing that it may not', (stage) => {
    const folder = path.join(source, stage);
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        const full = path.join(folder, file);
        return [...readFileSync(full, 'utf8').matchAll(imports)].map(([, specifier]) => ({ file, used: path.relative(source, path.resolve(path.dirname(full), specifier as string)).split(path.sep)[0] as string }));
      })
      .filter(({ used }) => used !== stage && !allowed[stage]?.includes(used));
    expect(found).toEqual([]);
  });
});
