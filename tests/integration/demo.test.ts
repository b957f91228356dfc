import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../..');

it('the demo runs, and the README shows what it prints', () => {
  const { status, stdout } = spawnSync(process.execPath, ['fixtures/run-demo.mjs'], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  expect(status).toBe(0);
  const output = stdout.replaceAll(path.join(repository, 'fixtures/demo'), '~/bookshop').trim();
  const readme = readFileSync(path.join(repository, 'README.md'), 'utf8');
  const [, shown] = /<!-- begin demo output[^>]*-->\n\n```console\n([^]*?)\n```/.exec(readme) ?? [];
  expect(shown).toBe(output);
});
