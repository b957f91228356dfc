import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

// A step that forks often is followed with the branches of its calls joined. Whether it can let a stranger through must
// be the same as in the program that runs, for every row of answers that the client may give to what it is asked.

type Node = (name: () => string) => string;

const leaf = fc.constantFrom<Node>(
  () => 'n += 1;',
  () => 'list.push(n);',
  () => 'state.seen = true;',
  () => 'state.admitted = true;',
  () => 'state.admitted = false;',
  () => 'delete state.admitted;',
  () => 'state = { admitted: n > 1 };',
  () => 'return true;',
  () => 'return false;',
  () => 'return list.length > 1;',
  () => 'return state.admitted;',
  () => "throw new Error('refused');",
  () => 'if (!req.headers.authorization) return false;',
  () => 'if (req.headers.authorization) return true;',
  (name) => `state.admitted = read('${name()}') ? state.admitted : false;`,
  (name) => `read('${name()}') && (state.admitted = true);`,
  (name) => `n = read('${name()}') ? n + 1 : n;`,
  (name) => `if (checked(read('${name()}'))) return true;`,
  (name) => `n = pick(read('${name()}'), n);`,
  (name) => `n = (read('${name()}') ? req.headers.authorization : { n }).n;`,
  (name) => `if ((find(read('${name()}') ? req.headers.authorization : req.query.name) ?? {}).found) n += 1;`,
  (name) => `state.admitted = find(read('${name()}') ? req.headers.authorization : req.query.name).found;`,
  (name) => `{ const [one, two] = read('${name()}') ? [req.headers.authorization, 1] : [{ n }, 2]; n += two; if (one.n > 1) list.push(one.n); }`,
  (name) => `{ const [, ...more] = read('${name()}') ? [1, 2, 3] : [4]; n += more.length; }`,
);

const { block } = fc.letrec<{ block: Node; statement: Node }>((tie) => ({
  statement: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf,
    fc.tuple(tie('block'), tie('block')).map(([a, b]): Node => (name) => `if (read('${name()}')) { ${a(name)} } else { ${b(name)} }`),
    tie('block').map((a): Node => (name) => `if (read('${name()}') && !read('${name()}')) { ${a(name)} }`),
    tie('block').map((a): Node => (name) => `for (const one of [1, 2]) { ${a(name)} if (read('${name()}')) break; if (read('${name()}')) continue; n += one; }`),
    tie('block').map((a): Node => (name) => `try { ${a(name)} } catch { n += 2; if (read('${name()}')) return false; }`),
    tie('block').map((a): Node => (name) => {
      const label = `outer${name().slice(1)}`;
      return `${label}: for (const one of [1, 2]) { for (const two of [3]) { if (read('${name()}')) continue ${label}; ${a(name)} } n += 1; }`;
    }),
    tie('block').map((a): Node => (name) => `switch (read('${name()}')) { case true: ${a(name)} break; default: n += 1; }`),
    tie('block').map((a): Node => (name) => `{ const inner = () => { ${a(name)} return n; }; if (inner() === true) return true; }`)),
  block: fc.array(tie('statement') as fc.Arbitrary<Node>, { minLength: 1, maxLength: 3 }).map((nodes): Node => (name) => nodes.map((node) => node(name)).join(' ')),
}));

function bodyOf(node: Node): string {
  let count = 0;
  return node(() => `q${count++}`);
}

/** The guard. `read`: an expression for what the client answers. `find`: one for what a package finds for a value. */
function guardOf(body: string, read: string, find: string): string {
  return `
  const noise = (q) => { if (q.z1) return 1; if (q.z2) return 2; if (q.z3) return 3; if (q.z4) return 4; if (q.z5) return 5; if (q.z6) return 6; if (q.z7) return 7; if (q.z8) return 8; if (q.z9) return 9; return 0; };
  const checked = (value) => { if (value) return true; return false; };
  const pick = (value, n) => { if (!value) return n; return n + 1; };
  function passes(req, state) {
    const read = (name) => ${read};
    const find = (value) => ${find};
    let n = 0;
    const list = [];
    ${body}
    return state.admitted === true;
  }
  function guard(req, res, next) {
    req.noise = noise(req.query);
    if (passes(req, { admitted: false }) === true) return next();
    if (req.headers.authorization) return next();
    res.sendStatus(401);
  }`;
}

const MAX_ROWS = 4000;

/** Runs the guard with every row of answers. Undefined where there are too many. */
function letsThrough(body: string): boolean | undefined {
  const guard = new Function(`${guardOf(body, 'req.ask()', 'value === undefined ? undefined : { found: req.ask() }')} return guard;`)() as (req: object, res: object, next: () => void) => void;
  const ahead: boolean[][] = [[]];
  for (let at = 0; at < ahead.length; at++) {
    if (at > MAX_ROWS) return undefined;
    const given = ahead[at] as boolean[];
    const row = [...given];
    let asked = 0;
    let passed = false;
    const ask = (): boolean => row[asked++] ?? (row.push(false), false);
    try {
      guard({ query: { name: 'x' }, headers: {}, ask }, { sendStatus: () => undefined }, () => { passed = true; });
    } catch {
      // refused
    }
    if (passed) return true;
    for (let next = given.length; next < row.length; next++) ahead.push([...row.slice(0, next), true]);
  }
  return false;
}

function verdictOf(body: string): string | undefined {
  const text = `const express = require('express');\nconst store = require('store');\nconst app = express();\n${guardOf(body, "req.query[name] === 'x'", 'store.get(value)')}\napp.get('/', guard, (req, res) => res.json({ ok: true }));`;
  return analyze(Project.alone('/project/app.js', text), readSettings(undefined, '/project')).endpoints[0]?.auth.status;
}

describe('a step that forks often', () => {
  it('lets through whom the program lets through', { timeout: 120_000 }, () => {
    let unknown = 0;
    let compared = 0;
    const runs = Number(process.env.PROGRAMS ?? 120);
    fc.assert(fc.property(block, (node) => {
      const body = bodyOf(node);
      const passes = letsThrough(body);
      fc.pre(passes !== undefined);
      const verdict = verdictOf(body);
      compared++;
      if (verdict === 'unknown') {
        unknown++;
        return;
      }
      expect({ body, verdict }).toEqual({ body, verdict: passes ? 'naked' : 'guarded' });
    }), { numRuns: runs });
    expect(unknown / compared).toBeLessThan(0.2);
  });
});

describe('a plain header in the place of one that is absent', () => {
  it('is no credential, one way or the other', () => {
    const text = `const express = require('express');
const app = express();
const noise = (q) => { ${Array.from({ length: 30 }, (_, at) => `if (q.z${at}) return ${at};`).join(' ')} return -1; };
const first = (value) => (Array.isArray(value) ? value[0] : value);
const read = (req) => { const ip = req.headers['cf-connecting-ip'] || first(req.headers['x-forwarded-for']); return ip.split(',')[0]; };
app.use((req, res, next) => { req.noise = noise(req.query); req.client = read(req); next(); });
app.get('/', (req, res) => res.json({ ok: true }));`;
    const [endpoint] = analyze(Project.alone('/project/app.js', text), readSettings(undefined, '/project')).endpoints;
    expect(endpoint?.auth.status).toBe('naked');
  });
});

describe('a member of one of several values', () => {
  it('throws only for the one that is absent', () => {
    const text = `const express = require('express');
const app = express();
const noise = (q) => { ${Array.from({ length: 80 }, (_, at) => `if (q.z${at}) return ${at};`).join(' ')} return -1; };
const recordOf = (req) => (req.query.own ? req.user : { id: 1 }).id;
app.use((req, res, next) => { req.noise = noise(req.query); req.record = recordOf(req); next(); });
app.get('/', (req, res) => res.json({ record: req.record }));`;
    const [endpoint] = analyze(Project.alone('/project/app.js', text), readSettings(undefined, '/project')).endpoints;
    expect(endpoint?.auth.status).toBe('naked');
  });
});
