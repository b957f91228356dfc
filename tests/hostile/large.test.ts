import { describe, expect, test } from 'vitest';
import { analyzeProgram, verdictsBeside } from './program.ts';

const GUARD = `const guard = (req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401));`;

function numbered<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

describe('many routes', () => {
  test('ten thousand on one router: each is there, and each is judged', () => {
    const routes = numbered(10_000, (n) => `router.get('/group${n % 10}/item${n}/:id', ${n % 2 === 0 ? 'guard, ' : ''}handler);`);
    const analysis = analyzeProgram(`app.use('/api', require('./routes'));`, {
      'routes.js': `const router = module.exports = require('express').Router();\n${GUARD}\nconst handler = (req, res) => res.json([]);\n${routes.join('\n')}`,
    });
    const expected = Object.fromEntries(numbered(10_000, (n) => [`GET /api/group${n % 10}/item${n}/:id`, n % 2 === 0 ? 'guarded' : 'naked']));
    expect(verdictsBeside(analysis)).toEqual(expected);
    expect(analysis.notes).toEqual([]);
  }, 600_000);

  test('a table of five thousand rows', () => {
    const rows = numbered(5_000, (n) => `{ method: 'post', path: '/row${n}', guarded: ${n % 5 === 0} },`);
    const analysis = analyzeProgram(`const table = require('./table');\n${GUARD}\nfor (const { method, path, guarded } of table) app[method](path, ...(guarded ? [guard] : []), (req, res) => res.json([]));`, {
      'table.js': `module.exports = [\n${rows.join('\n')}\n];`,
    });
    expect(verdictsBeside(analysis)).toEqual(Object.fromEntries(numbered(5_000, (n) => [`POST /row${n}`, n % 5 === 0 ? 'guarded' : 'naked'])));
    expect(analysis.notes).toEqual([]);
  });

  test('a table of five thousand rows in JSON, walked by forEach', () => {
    const analysis = analyzeProgram(`Object.entries(require('./table.json')).forEach(([path, name]) => app.get(path, (req, res) => res.send(name)));`, {
      'table.json': JSON.stringify(Object.fromEntries(numbered(5_000, (n) => [`/row${n}`, `row ${n}`]))),
    });
    expect(Object.keys(verdictsBeside(analysis))).toHaveLength(5_000);
  });

  test('a table of five thousand rows as one list of lists', () => {
    const analysis = analyzeProgram(`require('./table').map(([path]) => path).filter(Boolean).reduce((a, path) => a.get(path, (req, res) => res.json([])), app);`, {
      'table.js': `module.exports = [${numbered(5_000, (n) => `['/row${n}']`).join()}];`,
    });
    expect(Object.keys(verdictsBeside(analysis))).toHaveLength(5_000);
  });
});

describe('much in the way', () => {
  test('five hundred functions before a handler', () => {
    const analysis = analyzeProgram(`${GUARD}\napp.get('/long', ${numbered(500, () => '(req, res, next) => next()').join(', ')}, guard, (req, res) => res.json([]));`);
    expect(verdictsBeside(analysis)).toEqual({ 'GET /long': 'guarded' });
  });

  test('ten routers inside each other', () => {
    const routers = numbered(10, (n) => `const r${n} = express.Router(); r${n}.get('/leaf', (req, res) => res.json([]));`);
    const mounts = numbered(9, (n) => `r${n}.use('/${n + 1}', r${n + 1});`);
    const verdicts = verdictsBeside(analyzeProgram(`${routers.join('\n')}\n${mounts.join('\n')}\napp.use('/0', r0);`));
    expect(Object.keys(verdicts)).toHaveLength(10);
    expect(verdicts).toMatchObject({ 'GET /0/1/2/3/4/5/6/7/8/9/leaf': 'naked' });
  });

  test('a guard with a switch of a thousand cases', () => {
    const cases = numbered(1_000, (n) => `case 'role${n}': req.level = ${n}; break;`);
    const analysis = analyzeProgram(`app.get('/levels', (req, res, next) => { if (!req.headers.authorization) return res.sendStatus(401); switch (req.body.role) { ${cases.join(' ')} } next(); }, (req, res) => res.json([]));`);
    expect(verdictsBeside(analysis)).toEqual({ 'GET /levels': 'guarded' });
  });

  test('an object of twenty thousand keys', () => {
    const analysis = analyzeProgram(`const words = require('./words');\napp.get(words.key7, (req, res) => res.json(words[req.query.word]));`, {
      'words.js': `module.exports = {\n${numbered(20_000, (n) => `  key${n}: '/word${n}',`).join('\n')}\n};`,
    });
    expect(verdictsBeside(analysis)).toEqual({ 'GET /word7': 'naked' });
  });
});
