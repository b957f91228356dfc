import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyze, Session } from '../../src/analysis.ts';
import { createParse } from '../../src/project/parse.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';
import { temporaryFolder, writeFiles } from '../project/temporary.ts';

const FILES = {
  'package.json': '{ "name": "shop", "dependencies": { "express": "5.0.0" } }',
  'guard.js': `exports.guard = (req, res, next) => {
  if (!req.headers.authorization) return res.sendStatus(401);
  next();
};
`,
  'orders.js': `exports.list = (req, res) => {
  res.json([]);
};
exports.path = () => {
  return '/orders';
};
`,
  'app.js': `const express = require('express');
const { guard } = require('./guard');
const orders = require('./orders');
const app = express();
app.get(orders.path(), guard, orders.list);
app.listen(3000);
`,
};

function setUp() {
  const root = temporaryFolder(FILES);
  const settings = readSettings(undefined, root);
  const project = new Project({ root, ignore: settings.ignore });
  const parsed: string[] = [];
  const parse = createParse();
  const session = new Session(project, settings, (file, text) => {
    parsed.push(file.slice(root.length + 1));
    return parse(file, text);
  });
  const judge = () => session.analysis().endpoints.map(({ path, auth, line }) => `${path} ${auth.status}${auth.status === 'guarded' ? ` by line ${auth.by[0]?.line}` : ''}, registered in line ${line}`);
  /** Lints the file with another text, and tells which files were parsed for it. */
  const edit = (name: keyof typeof FILES, from: string, to: string) => {
    parsed.length = 0;
    project.overlay(join(root, name), FILES[name].replace(from, to));
    const endpoints = judge();
    project.overlay(join(root, name), undefined);
    return { endpoints, parsed: [...parsed] };
  };
  return { root, project, session, judge, edit, parsed };
}

test('a change in the body of a handler or a guard parses that file alone', () => {
  const { judge, edit } = setUp();
  expect(judge()).toEqual(['/orders guarded by line 2, registered in line 5']);
  expect(edit('orders.js', 'res.json([])', 'res.json([1])')).toEqual({ endpoints: ['/orders guarded by line 2, registered in line 5'], parsed: ['orders.js'] });
  // The other file is as it was before.
  expect(edit('guard.js', 'if (!req.headers.authorization)', 'if (req.query.odd)')).toEqual({ endpoints: ['/orders naked, registered in line 5'], parsed: ['orders.js', 'guard.js'] });
  expect(edit('guard.js', 'if (!', '\n  if (!')).toEqual({ endpoints: ['/orders guarded by line 3, registered in line 5'], parsed: ['guard.js'] });
});

test('lines that come and go move what is said of them', () => {
  const { judge, edit } = setUp();
  judge();
  expect(edit('app.js', 'const app', '// the shop\n\nconst app')).toEqual({ endpoints: ['/orders guarded by line 2, registered in line 7'], parsed: ['app.js'] });
});

test('what the registration code did begins everything anew', () => {
  const { judge, edit } = setUp();
  judge();
  const registration = edit('app.js', 'guard, ', '');
  expect(registration.endpoints).toEqual(['/orders naked, registered in line 5']);
  const called = edit('orders.js', "'/orders'", "'/all-orders'");
  expect(called.endpoints).toEqual(['/all-orders guarded by line 2, registered in line 5']);
  // Files that are as they were need not be read again.
  expect(called.parsed).not.toContain('guard.js');
});

test('a file that was saved', () => {
  const { root, project, session, judge, parsed } = setUp();
  judge();
  writeFiles(root, { 'guard.js': FILES['guard.js'].replace('next();', 'return next();').replace('if (!req.headers.authorization) return res.sendStatus(401);', '') });
  expect(project.refresh()).toBe(true);
  expect(project.edited).toEqual([join(root, 'guard.js')]);
  parsed.length = 0;
  session.suspect(join(root, 'guard.js'));
  expect(judge()).toEqual(['/orders naked, registered in line 5']);
  expect(parsed).toEqual(['guard.js']);
});

test('where a bound is hit it is hit as in an analysis from the beginning', () => {
  const root = temporaryFolder({
    'package.json': '{ "name": "shop", "dependencies": { "express": "5.0.0" } }',
    'app.js': `const app = require('express')();
let [count, total] = [0, 0];
function add() {
  count += 1;
  for (const size of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) total += size * count;
  if (count % 50 === 0) app.get('/items/' + count, (req, res) => res.json([]));
}
for (;;) add();
`,
  });
  const settings = readSettings(undefined, root);
  const project = new Project({ root, ignore: settings.ignore });
  const { endpoints, notes } = new Session(project, settings).analysis();
  expect(notes).toMatchObject([{ file: 'app.js' }]);
  expect(endpoints.length).toBeGreaterThan(50);
  expect(endpoints).toEqual(analyze(new Project({ root, ignore: settings.ignore }), settings).endpoints);
});

test('a handler that stands in the function that registers it is followed in place, unless it uses something else of that function', () => {
  const file = 'app.js';
  const text = `import Fastify from 'fastify';
const app = Fastify();
app.register(async (orders) => {
  let isOpen = true;
  if (process.env.CLOSED) isOpen = false;
  orders.get('/orders', async (request, reply) => {
    if (!request.headers.authorization) return reply.code(401).send();
    return [];
  });
});
await app.listen({ port: 3000 });
`;
  const root = temporaryFolder({ 'package.json': '{ "name": "shop", "main": "app.js", "type": "module", "dependencies": { "fastify": "5.0.0" } }', [file]: text });
  const settings = readSettings(undefined, root);
  const project = new Project({ root, ignore: settings.ignore });
  const session = new Session(project, settings);
  session.analysis();
  const edit = (from: string, to: string) => {
    project.overlay(join(root, file), text.replace(from, to));
    const before = session.beginnings;
    const analysis = session.analysis();
    const fresh = new Project({ root, ignore: settings.ignore });
    fresh.overlay(join(root, file), text.replace(from, to));
    expect(analysis).toEqual(analyze(fresh, settings));
    return { statuses: analysis.endpoints.map(({ auth }) => auth.status), inPlace: session.beginnings === before };
  };
  expect(edit('return [];', 'return [1];')).toEqual({ statuses: ['guarded'], inPlace: true });
  expect(edit('if (!request.headers.authorization)', 'if (request.query.odd)')).toEqual({ statuses: ['naked'], inPlace: true });
  expect(edit('if (!request', 'if (!isOpen && !request').inPlace).toBe(false);
});
