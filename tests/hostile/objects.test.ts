import { describe, expect, test } from 'vitest';
import { analyzeProgram, verdictsBeside } from './program.ts';

const HANDLER = '(req, res) => res.json([])';

describe('objects that resist', () => {
  test.each([
    ['a getter that reads itself', `const o = { get path() { return o.path; } }; console.log(o.path);`],
    ['getters that read each other', `const o = { get a() { return this.b; }, get b() { return this.a; } }; console.log(o.a, { ...o }, Object.entries(o), JSON.stringify(o));`],
    ['a setter that sets itself', `const o = { set path(value) { this.path = value; } }; o.path = '/x';`],
    ['a getter of a class that reads itself', `class A { get a() { return this.a; } static get b() { return A.b; } } console.log(new A().a, A.b);`],
    ['a defined getter that reads itself', `const o = {}; Object.defineProperty(o, 'a', { get: () => o.a, enumerable: true }); console.log(o.a, Object.assign({}, o));`],
    ['a prototype of its own', `const o = {}; try { Object.setPrototypeOf(o, o); } catch {} console.log(o.missing, 'missing' in o, o instanceof Object);`],
    ['prototypes in a ring', `const a = {}, b = Object.create(a), c = Object.create(b); try { Object.setPrototypeOf(a, c); } catch {} console.log(a.missing, 'missing' in c); for (const key in c) console.log(key); c.missing = 1;`],
    ['prototypes in a ring by __proto__', `const a = {}, b = {}; try { a.__proto__ = b; b.__proto__ = a; } catch {} console.log(a.missing, b.toString, 'missing' in a); a.missing = 1;`],
    ['functions in a ring', `function A() {} function B() {} try { A.prototype = Object.create(B.prototype); B.prototype.__proto__ = A.prototype; } catch {} console.log(new A().missing, new A() instanceof B);`],
    ['a class that extends itself', `try { class A extends A {} new A(); } catch {}`],
    ['a class that extends nothing', `try { class A extends null { constructor() { super(); } } new A(); } catch {} try { class B extends undefined {} } catch {}`],
    ['a prototype a thousand deep', `let o = {}; for (let i = 0; i < 1000; i++) o = Object.create(o); console.log(o.missing); class A {} let K = A; for (let i = 0; i < 500; i++) K = class extends K {}; new K();`],
    ['__proto__ as a key', `const o = { __proto__: null, ['__proto__']: 1, "constructor": 2 }; console.log(o.__proto__, Object.keys(o), o.hasOwnProperty);`],
    ['__proto__ from JSON', `const o = JSON.parse('{"__proto__": {"admin": true}, "constructor": {"prototype": {}}}'); const merge = (a, b) => { for (const k in b) { if (typeof b[k] === 'object') merge(a[k], b[k]); else a[k] = b[k]; } }; merge({}, o);`],
    ['built-ins that are replaced', `Object.prototype.get = () => { throw new Error(); }; Array.prototype.push = null; Function.prototype.call = undefined; globalThis.Object = 1; Promise = null; Symbol.iterator = 1;`],
    ['proxies', `const p = new Proxy({}, { get: (t, k, r) => r[k], has: (t, k) => k in p, ownKeys: () => Object.keys(p) }); console.log(p.a, 'a' in p, { ...p }, p());`],
    ['a thenable that is its own result', `const t = { then(f) { f(t); } }; (async () => { await t; })(); Promise.resolve(t);`],
    ['an iterator that throws', `const o = { [Symbol.iterator]() { throw new Error(); } }; try { [...o]; } catch {} try { const [a] = o; } catch {} try { new Map(o); } catch {}`],
    ['a symbol for everything', `const o = { [Symbol.toPrimitive]: () => o, [Symbol.hasInstance]: () => o instanceof o }; console.log(\`\${o}\`, o + o, o < o, {} instanceof o);`],
    ['arguments that point to each other', `function f(a = b, b = a) { return a; } try { f(); } catch {} const g = ({ a: [b = g()] = [] } = {}) => b; g();`],
    ['variables that are read before they are set', `try { console.log(x); } catch {} let x = x2; const x2 = x; var y = y; typeof z; delete globalThis.z;`],
    ['frozen, sealed and deleted', `const o = Object.freeze({ a: 1 }); try { o.a = 2; delete o.a; Object.defineProperty(o, 'a', { get() {} }); } catch {} const list = Object.seal([1]); try { list.push(2); list.length = 0; } catch {} delete list[0];`],
    ['lengths that are none', `const l = [1]; try { l.length = -1; } catch {} try { l.length = 1.5; } catch {} try { new Array(-1); } catch {} l[-1] = 1; l['1e3'] = 2; l.splice(-1e9, 1e9, ...l); l.flat(Infinity); l.copyWithin(1e9, -1e9); l.at(NaN); l.fill(1, -Infinity, Infinity);`],
    ['eval, with and Function', `eval('while (true) {}'); new Function('return this')(); with ({ a: 1 }) { a = 2; }`],
    ['labels, sequences and comma', `a: b: c: for (;;) { break a; } (0, eval)('1'), void 0, [,,,], [...[,]];`],
    ['numbers at the edge', `0x1fffffffffffff * 2; 1e308 * 10; -0; 1 / 0; 2 ** 1024; NaN % 0; 1n / 1n; try { 1n / 0n; 1n + 1; BigInt(1.5); } catch {} (1).toFixed(100); parseInt('x', 99); (25).toString(37);`],
    ['texts at the edge', `'\\ud800'.normalize(); encodeURIComponent; try { encodeURIComponent('\\ud800'); decodeURIComponent('%'); 'x'.repeat(-1); 'x'.repeat(Infinity); String.fromCodePoint(-1); 'x'.localeCompare(); ''.padEnd(1e9); } catch {}`],
    ['dates and addresses that are none', `new Date(NaN).toISOString; try { new Date(NaN).toISOString(); new URL('::'); new Intl.NumberFormat('??'); } catch {}`],
    ['private members of others', `class A { #a = 1; static f(o) { return o.#a; } static { A.f({}); } has(o) { return #a in o; } } try { A.f({}); } catch {} new A().has({});`],
  ])('%s', (_, code) => {
    expect(verdictsBeside(analyzeProgram(`app.get('/first', ${HANDLER});\nrequire('./odd');`, { 'odd.js': `require('express');\n${code}` }))).toEqual({ 'GET /first': 'naked' });
  });

  test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', '__defineGetter__'])('a table of routes with the key %s', (key) => {
    const analysis = analyzeProgram(`const table = { [${JSON.stringify(key)}]: ${HANDLER} };\nfor (const name of Object.keys(table)) app.get('/' + name, table[name]);`);
    expect(verdictsBeside(analysis)).toEqual({ [`GET /${key}`]: 'naked' });
  });

  test('names that every object has are no parameters, no methods and no settings', () => {
    const analysis = analyzeProgram(`app.get('/:constructor/:toString/:hasOwnProperty', (req, res) => res.json(req.params));\napp['constructor']; app['__proto__']; app.set('__proto__', 1); app.get('__proto__'); app.locals.constructor = 1;\napp.get('/__proto__/constructor', ${HANDLER});`);
    expect(verdictsBeside(analysis)).toMatchObject({ 'GET /:constructor/:toString/:hasOwnProperty': 'naked', 'GET /__proto__/constructor': 'naked' });
  });

  test('a request that is asked for what every object has', () => {
    const analysis = analyzeProgram(`app.get('/users', (req, res, next) => { req.headers.__proto__; req.query.constructor; req.constructor.prototype; res.__proto__.send; req.headers.authorization ? next() : res.sendStatus(401); }, ${HANDLER});`);
    expect(verdictsBeside(analysis)).toEqual({ 'GET /users': 'guarded' });
  });

  test.each([
    ['a getter', `Object.defineProperty(req, 'user', { get() { return this.user; } }); req.user;`],
    ['a ring', `req.self = req; res.req = req; req.res = res; req.locals = { req, res };`],
    ['a prototype', `try { Object.setPrototypeOf(req, Object.create(req)); } catch {}`],
    ['a proxy', `req.proxy = new Proxy(req, {});`],
    ['a list that holds the request', `req.list = [req]; req.list.push(req.list);`],
  ])('a request that middleware gives %s', (_, code) => {
    const analysis = analyzeProgram(`const early = express.Router();\nearly.use((req, res, next) => { ${code} next(); });\nearly.get('/list', ${HANDLER});\napp.use('/early', early);`);
    expect(verdictsBeside(analysis)).toEqual({ 'GET /early/list': 'naked' });
  });
});
