import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { globSync } from 'glob';
import { afterAll, describe, expect, it } from 'vitest';
import { globPattern } from '../../../src/frameworks/file-finders/glob-pattern.ts';

const files = [
  'app.js', 'readme.md', 'routes/index.js', 'routes/users.js', 'routes/users.test.js', 'routes/orders.ts', 'routes/admin/index.js', 'routes/admin/deep/er.js',
  'routes/.hidden.js', 'routes/.cache/x.js', 'models/user.model.js', 'models/order.model.ts', 'models/a+b.js', 'models/v1.js', 'models/v2.js', 'modules/a/routes.js', 'modules/b/c/routes.js',
];
const patterns = [
  '*.js', '**/*.js', './routes/*.js', 'routes/**', 'routes/**/*', 'routes/**/index.js', 'routes/!(index).js', 'routes/!(*.test).js', 'routes/*.{js,ts}', '{routes,models}/*.js',
  'models/*.model.@(js|ts)', 'models/v?.js', 'models/v[12].js', 'models/v[!1].js', 'modules/*/routes.js', 'modules/**/routes.js', 'routes/+(users|orders).*', 'routes/users?(.test).js',
  '**/routes.js', 'models/a+b.js', 'app.js', 'routes/*/index.js', '**/*.{model,test}.{js,ts}', '**/!(*.test|index).js',
];

describe('patterns of paths', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'patterns-'));
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '');
  }
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(patterns)('%s matches what the package glob finds', (source) => {
    const pattern = globPattern(source);
    const found = globSync(source, { cwd: folder, nodir: true, posix: true });
    expect(files.filter((file) => pattern?.matches.test(file)).sort()).toEqual(found.sort());
    for (const file of found) expect(file.startsWith(pattern?.folder ?? '?')).toBe(true);
  });

  it('says nothing of a pattern whose groups do not close', () => {
    expect(globPattern('routes/{a,b.js')).toBeUndefined();
  });
});
