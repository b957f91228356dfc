import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { analyze, Session } from '../../src/analysis.ts';
import { JudgedProgram } from '../../src/judged-program.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';
import { temporaryFolder } from '../project/temporary.ts';

const GUARD = `exports.guard = (req, res, next) => {
  if (!req.headers.authorization) return res.status(401).json({ error: 'no token' });
  req.user = { name: 'ada' };
  next();
};
`;

const CHECKER = `exports.guard = (req, res, next) => {
  const isStrict = true;
  req.user = { get name() { return 'ada'; } };
  req.allows = () => !isStrict || req.headers.authorization !== undefined;
  next();
};
`;

const ROUTES = 8;

const VISITOR = `exports.guard = (req, res, next) => {
  req.user = req.headers.authorization ? { name: 'ada' } : undefined;
  next();
};
`;

/** Routes behind one guard, and how many of them are judged again for a text of it; the answer is compared with an analysis from the beginning. */
function setUp(guard = GUARD) {
  const root = temporaryFolder({
    'package.json': '{ "name": "shop", "dependencies": { "express": "5.0.0" } }',
    'guard.js': guard,
    'app.js': `const app = require('express')();
const { guard } = require('./guard');
app.use(guard);
${Array.from({ length: ROUTES }, (_, index) => `app.get('/items/${index}', (req, res) => (req.user && (!req.allows || req.allows()) ? res.json({ of: req.user.name, index: ${index} }) : res.sendStatus(401)));`).join('\n')}
app.listen(3000);
`,
  });
  const settings = readSettings(undefined, root);
  const project = new Project({ root, ignore: settings.ignore });
  const session = new Session(project, settings);
  session.analysis();
  const file = join(root, 'guard.js');
  return (from: string, to: string) => {
    const text = guard.replace(from, to);
    if (from !== to) expect(text).not.toBe(guard);
    project.overlay(file, text);
    const judge = vi.spyOn(JudgedProgram.prototype, 'judge');
    const followed = session.analysis();
    const judged = judge.mock.calls.length;
    judge.mockRestore();
    project.overlay(file, undefined);
    expect(session.beginnings).toBe(1);
    const fresh = new Project({ root, ignore: settings.ignore });
    fresh.overlay(file, text);
    expect(followed).toEqual(analyze(fresh, settings));
    return judged;
  };
}

afterEach(() => vi.restoreAllMocks());

test('an edit that leaves what the guard does judges one route again', () => {
  const edit = setUp();
  expect(edit("'no token'", "'no token at all'")).toBe(1);
  expect(edit("'no token'", "'who are you?'")).toBe(1);
  expect(edit('next();', 'const now = 1; next();')).toBe(1);
});

test.each([
  ['it no longer asks', 'if (!req.headers.authorization)', 'if (req.query.odd)'],
  ['it asks in some deployments', 'if (!req.headers.authorization)', 'if (process.env.STRICT && !req.headers.authorization)'],
  ['it counts', 'next();', 'if (counts.get(req.ip) > 5) return res.sendStatus(429); next();'],
  ['its check stands elsewhere', 'if (!', '\n  if (!'],
])('an edit after which %s judges all', (_what, from, to) => {
  const edit = setUp();
  expect(edit(from, to)).toBe(ROUTES);
  // And back.
  expect(edit('', '')).toBe(ROUTES);
});

test('an edit after which it leaves something else on the request judges all', () => {
  const edit = setUp(VISITOR);
  expect(edit("'ada'", "'bob'")).toBe(ROUTES);
  expect(edit(': undefined', ": { name: 'guest' }")).toBe(ROUTES);
  expect(edit('', '')).toBe(ROUTES);
});

test.each([
  ['made by it', CHECKER],
  ['made elsewhere', CHECKER.replace('exports.guard', "const checkerOf = (req, isStrict) => () => !isStrict || req.headers.authorization !== undefined;\nexports.guard").replace('() => !isStrict || req.headers.authorization !== undefined;\n  next', 'checkerOf(req, isStrict);\n  next')],
])('an edit after which a function on the request, %s, sees something else judges all', (_where, guard) => {
  const edit = setUp(guard);
  expect(edit('isStrict = true', 'isStrict = false')).toBe(ROUTES);
  expect(edit('', '')).toBe(ROUTES);
});
