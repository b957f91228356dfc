import { describe, expect, test } from 'vitest';
import { analyzeProgram, noteOn, verdictsBeside } from './program.ts';

const HANDLER = '(req, res) => res.json([])';

describe('registration code that never ends', () => {
  test.each([
    ['while (true)', `while (true) {}`],
    ['while (true) that waits', `while (true) { poll(); }`],
    ['for (;;)', `let count = 0; for (;;) count++;`],
    ['do … while', `do { tick(); } while (1);`],
    ['a loop inside a loop', `for (;;) for (;;) for (;;) {}`],
    ['a list that grows while it is walked', `const list = [1]; for (const entry of list) list.push(entry);`],
    ['a set that grows while it is walked', `const set = new Set([1]); for (const entry of set) set.add(entry + 1);`],
    ['a map that grows while it is walked', `const map = new Map([[1, 1]]); map.forEach((value, key) => map.set(key + 1, value));`],
    ['a generator', `function* numbers() { let n = 0; while (true) yield n++; }\nfor (const n of numbers()) console.log(n);`],
    ['an iterator of its own', `const endless = { [Symbol.iterator]() { return { next: () => ({ done: false, value: 1 }) }; } };\nfor (const n of endless) console.log(n);\nconsole.log([...endless]);`],
    ['continue to a label', `outer: while (true) { while (true) continue outer; }`],
    ['recursion', `const f = () => f(); f();`],
    ['recursion in turns', `function a(n) { return b(n + 1); } function b(n) { return a(n + 1); } a(0);`],
    ['recursion that branches', `const f = (n) => f(n + 1) + f(n + 2) + f(n + 3); f(0);`],
    ['recursion through new', `class A { constructor() { this.a = new A(); } } new A();`],
    ['recursion through call and bind', `function f() { return f.call(this); } f.bind(f.bind(f))();`],
    ['recursion through sort', `const f = () => [2, 1].sort(() => f()); f();`],
    ['recursion through replace', `const f = (text) => text.replace(/./g, () => f(text + 'x')); f('x');`],
    ['recursion through JSON', `const value = { toJSON() { return JSON.stringify(value); } }; JSON.stringify(value);`],
    ['recursion through text', `const value = { toString() { return '' + value; }, valueOf() { return +value; } }; console.log(\`\${value}\`, value + 1, [value].join());`],
    ['recursion through async functions', `const f = async () => { await f(); }; f();`],
    ['recursion through promises', `const f = () => Promise.resolve().then(f); f();`],
    ['recursion through timers', `const f = () => setTimeout(f, 0); f(); setInterval(f); setImmediate(f); process.nextTick(f);`],
    ['recursion through events', `const bus = new (require('events'))(); bus.on('a', () => bus.emit('a')); bus.emit('a');`],
    ['a text that doubles', `let text = 'ab'; for (let i = 0; i < 100; i++) text += text;`],
    ['a text of a billion characters', `const text = 'x'.repeat(2 ** 30).padEnd(2 ** 31);`],
    ['a list that doubles', `let list = [1]; for (let i = 0; i < 100; i++) list = [...list, ...list];`],
    ['a list that doubles by concat', `let list = [1]; for (let i = 0; i < 100; i++) list = list.concat(list);`],
    ['a list of four billion holes', `const list = new Array(4294967295).fill(0); list.length = 4294967295; list[4294967294] = 1; Array.from({ length: 4294967295 });`],
    ['an object that doubles', `let tree = {}; for (let i = 0; i < 100; i++) tree = { left: tree, right: tree };\nJSON.stringify(tree); structuredClone(tree); Object.freeze(tree);`],
    ['buffers of any size', `Buffer.alloc(2 ** 33); new Uint8Array(2 ** 40); 'x'.padStart(Infinity);`],
    ['spreading a huge list into a call', `Math.max(...Array.from({ length: 500000 }, (_, i) => i)); String.fromCharCode(...Array(300000).fill(65));`],
    ['a number without end', `for (let i = 1n; i > 0n; i *= i + 1n) {}`],
  ])('%s', (_, code) => {
    const analysis = analyzeProgram(`app.get('/first', ${HANDLER});\nrequire('./loop');`, { 'loop.js': `require('express');\n${code}` });
    expect(verdictsBeside(analysis)).toEqual({ 'GET /first': 'naked' });
  });

  test.each([
    ['while (true)', `while (true) { count(); }`],
    ['recursion that branches', `const f = (n) => f(n + 1) + f(n + 2) + f(n + 3); f(0);`],
    ['recursion', `const f = () => f(); f();`],
    ['a generator', `function* numbers() { let n = 0; while (true) yield n++; }\nfor (const n of numbers()) console.log(n);`],
  ])('%s in the module that registers: what stands behind it is judged', (_, code) => {
    expect(verdictsBeside(analyzeProgram(`app.get('/first', ${HANDLER});\n${code}`))).toEqual({ 'GET /first': 'naked' });
  });

  test('routes registered for ever: what was left out is told', () => {
    const analysis = analyzeProgram(`require('./endless')(app);`, { 'endless.js': `require('express');\nmodule.exports = (app) => { for (let n = 0; ; n++) if (n % 100 === 0) app.get('/items/' + n, ${HANDLER}); };` });
    const verdicts = Object.entries(verdictsBeside(analysis));
    expect(verdicts.length).toBeGreaterThan(100);
    expect(verdicts.every(([, status]) => status === 'naked')).toBe(true);
    expect(noteOn(analysis, 'endless.js')).toMatch(/^evaluated only in part/);
  });

  test('routers created for ever', () => {
    const analysis = analyzeProgram(`const grow = (router, n) => { const inner = express.Router(); inner.get('/leaf', ${HANDLER}); router.use('/' + n, inner); grow(inner, n + 1); };\ngrow(app, 0);`);
    expect(verdictsBeside(analysis)).toMatchObject({ 'GET /0/leaf': 'naked', 'GET /0/1/leaf': 'naked' });
  });
});

describe('calls that nest deeply', () => {
  test('a hundred functions that call the next', () => {
    const functions = Array.from({ length: 100 }, (_, n) => `function f${n}(app) { return f${n + 1}(app); }`);
    expect(verdictsBeside(analyzeProgram(`${functions.join('\n')}\nfunction f100(app) { app.get('/deep', ${HANDLER}); }\nf0(app);`))).toEqual({ 'GET /deep': 'naked' });
  });

  test('ten thousand functions that call the next', () => {
    const functions = Array.from({ length: 10_000 }, (_, n) => `function f${n}(app) { return f${n + 1}(app); }`);
    verdictsBeside(analyzeProgram(`${functions.join('\n')}\nfunction f10000(app) { app.get('/deep', ${HANDLER}); }\nf0(app);`));
  });

  test('four hundred functions inside each other', () => {
    const code = `${'(() => { '.repeat(200)}app.get('/deep', ${HANDLER});${' })();'.repeat(200)}`;
    verdictsBeside(analyzeProgram(code));
  });

  test('callbacks inside callbacks', () => {
    const code = `${'connect((error, db) => { '.repeat(60)}app.get('/deep', ${HANDLER});${' });'.repeat(60)}`;
    expect(verdictsBeside(analyzeProgram(code))).toEqual({ 'GET /deep': 'naked' });
  });

  test('composed functions a thousand deep', () => {
    const analysis = analyzeProgram(`const pass = (req, res, next) => next();\nlet all = pass;\nfor (let i = 0; i < 1000; i++) { const inner = all; all = (req, res, next) => inner(req, res, () => pass(req, res, next)); }\napp.get('/composed', all, ${HANDLER});`);
    expect(Object.keys(verdictsBeside(analysis))).toEqual(['GET /composed']);
  });

  test('a promise chain of five thousand steps', () => {
    const analysis = analyzeProgram(`let chain = Promise.resolve(0);\nfor (let i = 0; i < 5000; i++) chain = chain.then((n) => n + 1);\nchain.then((n) => app.get('/after/' + n, ${HANDLER}));`);
    expect(verdictsBeside(analysis)).toEqual({ 'GET /after/5000': 'naked' });
  });

  test('promises that hold each other, or never settle', () => {
    const analysis = analyzeProgram(`
      let resolve; const own = new Promise((r) => { resolve = r; }); resolve(own);
      const a = new Promise((r) => setTimeout(() => r(b))); const b = new Promise((r) => setTimeout(() => r(a)));
      const thenable = { then(done) { done(thenable); } };
      Promise.all([own, a, b, thenable, new Promise(() => {})]).then(() => app.get('/never', ${HANDLER}));
      Promise.race([]).finally(() => {}); Promise.any([own]).catch(() => {});`);
    verdictsBeside(analysis);
  });
});

describe('requests that never end', () => {
  test.each([
    ['a loop in a guard', `(req, res, next) => { while (true) { tick(); } }`],
    ['recursion in a guard', `function guard(req, res, next) { return guard(req, res, next); }`],
    ['recursion in a guard that branches', `function guard(req, res, next) { if (req.body.a) return guard(req, res, next); if (req.body.b) guard(req, res, next); return guard(req, res, next); }`],
    ['a generator', `(req, res, next) => { function* g() { while (true) yield 1; } for (const n of g()) if (n > 1) return next(); }`],
  ])('%s: nothing is reported that could not be followed', (_, guard) => {
    const verdicts = verdictsBeside(analyzeProgram(`app.get('/users', ${guard}, ${HANDLER});`));
    expect(Object.keys(verdicts)).toEqual(['GET /users']);
    expect(verdicts['GET /users']).not.toBe('naked');
  });

  test('a guard that waits for itself', () => {
    const guard = 'async (req, res, next) => { const wait = () => new Promise((done) => wait().then(done)); await wait(); next(); }';
    expect(Object.keys(verdictsBeside(analyzeProgram(`app.get('/users', ${guard}, ${HANDLER});`)))).toEqual(['GET /users']);
  });

  test('a guard with forty tests that nobody can decide', () => {
    const tests = Array.from({ length: 40 }, (_, n) => `if (req.body.f${n}) req.flags.push(${n});`);
    const analysis = analyzeProgram(`app.get('/users', (req, res, next) => { req.flags = []; ${tests.join(' ')} if (!req.headers.authorization) return res.sendStatus(401); next(); }, ${HANDLER});`);
    expect(verdictsBeside(analysis)).toEqual({ 'GET /users': 'guarded' });
  });

  test('forty switches of the configuration around registrations', () => {
    const tests = Array.from({ length: 40 }, (_, n) => `if (process.env.FEATURE_${n}) app.get('/feature/${n}', ${HANDLER});`);
    const verdicts = verdictsBeside(analyzeProgram(tests.join('\n')));
    expect(Object.keys(verdicts)).toHaveLength(40);
    expect(new Set(Object.values(verdicts))).toEqual(new Set(['naked']));
  });

  test('a handler that calls next again and again', () => {
    const verdicts = verdictsBeside(analyzeProgram(`app.get('/again', (req, res, next) => { next(); next(); next('route'); next(new Error()); }, ${HANDLER});`));
    expect(verdicts).toEqual({ 'GET /again': 'naked' });
  });
});
