import { describe, expect, it } from 'vitest';
import { type Unknown } from '../../../src/interpreter/values.ts';
import { evaluate, evaluateBody, UNKNOWN } from './evaluate.ts';

describe('texts that are known in parts', () => {
  it.each([
    ['`/api/${setting}`.startsWith("/api")', true],
    ['`/api/${setting}`.startsWith("/admin")', false],
    ['`${setting}/api`.startsWith(setting)', true],
    ['`${setting}/users`.endsWith("users")', true],
    ['`${setting}/users`.endsWith("items")', false],
    ['`a${setting}bc`.includes("bc")', true],
    ['`a${setting}`.includes("z")', UNKNOWN],
    ['`${setting}`.startsWith("/")', UNKNOWN],
    ['`Bearer ${setting}`.split(" ")[0]', 'Bearer'],
    ['/^\\/api\\//.test(`/api/${setting}`)', true],
    ['/^\\/admin/.test(`/api/${setting}`)', false],
    ['/users$/.test(`${setting}/users`)', true],
    ['[`${setting}/a`].includes(`${setting}/a`)', true],
    ['[`${setting}/a`].includes(`${setting}/b`)', false],
    ['[`${setting}/a`].includes(`${other}/b`)', false],
    ['[`${setting}/a`].includes(`${other}/a`)', UNKNOWN],
    ['new Map([[`${setting}`, 1]]).get(`${setting}`)', 1],
    ["require('path').basename(`${setting}/a/b.js`, '.js')", 'b'],
    ["require('path').extname(`${setting}.json`)", UNKNOWN],
    ["require('path').extname(`${setting}/a.json`)", '.json'],
    ["require('path').isAbsolute(`/a/${setting}`)", true],
    ["require('path').join(setting, '..')", UNKNOWN],
  ])('%s', (expression, data) => {
    expect(evaluate(expression).data).toBe(data);
  });

  it.each([
    ["['', setting, 'users'].join('/')", ['/', 'setting', '/users']],
    ["'/'.concat(setting, '/a')", ['/', 'setting', '/a']],
    ["`${setting}//users/`.replace(/\\/+/g, '/')", ['setting.replace("/\\\\/+/g", "/")', '/users/']],
    ["`${setting}/a/`.replace(/\\/$/, '')", ['setting.replace("/\\\\/$/", "")', '/a']],
    ["`${setting}/a`.replace('/', '-')", undefined],
    ["`/x/${setting}`.replace('/x', '')", ['/', 'setting.replace("/x", "")']],
    ["`${setting}/Users`.toLowerCase()", ['setting.toLowerCase()', '/users']],
    ["require('path').join('/a', setting, '../b', 'c')", undefined],
    ["require('path').join('/a/', setting, './c.js')", ['/a/', 'setting', '/c.js']],
    ["require('path').dirname(`${setting}/a/b.js`)", ['setting', '/a']],
  ])('%s keeps its parts', (expression, parts) => {
    const value = evaluate(expression).value as Unknown;
    expect(value.kind).toBe('unknown');
    expect(value.parts?.map((part) => (typeof part === 'string' ? part : part.kind === 'unknown' && part.identity))).toEqual(parts);
  });

  it('equal computations are equal', () => {
    const identity = (expression: string) => (evaluate(expression).value as Unknown).identity;
    expect(identity('`${setting}x`.trimEnd()')).toBe(identity('`${setting}x`.trimEnd()'));
    expect(identity('parseInt(setting, 10)')).toBe('parseInt(setting, 10)');
    expect(identity('parseInt(setting, 10)')).not.toBe(identity('parseInt(other, 10)'));
    expect(identity('/a/.test(setting)')).not.toBe(identity('/b/.test(setting)'));
    expect(identity("require('crypto').createHash('md5').update(setting).digest('hex')")).toBe(identity("require('crypto').createHash('md5').update(setting).digest('hex')"));
    expect(identity('Math.random()')).toBeUndefined();
    expect(identity("require('crypto').randomUUID()")).toBeUndefined();
  });
});

describe('natives never fail on what they do not expect', () => {
  it.each([
    'Array.prototype.map.call(setting, (x) => x)', "Map.prototype.get.call({}, 'a')", 'RegExp.prototype.test.call(1, 2)', 'Promise.prototype.then.call(1)', 'String.prototype.trim.call({})',
    'JSON.parse(setting)', 'JSON.stringify(opaque)', 'Object.getPrototypeOf(opaque)', 'new RegExp(setting)', "'a'.repeat(1e9)", "'a'.padStart(1e9)", '(1).toFixed(setting)', 'Object.entries(setting)[0]', '[3, opaque].sort().indexOf(3)',
    'Buffer.from(opaque)', "require('fs').readdirSync(setting)", "require('path').join(opaque)", "require('util').inspect({})", "require('fs').createReadStream('a')", "require('os').cpus()",
  ])('%s', (expression) => {
    expect(() => evaluate(expression)).not.toThrow();
  });

  it('data that holds itself has no text', () => {
    expect(evaluateBody('const a = {}; a.a = a; result = JSON.stringify(a);').data).toBe(UNKNOWN);
  });
});

describe('collections that are not known throughout', () => {
  it.each([
    ['Object.keys(setting)', ['…']],
    ['Array.from(setting)', [UNKNOWN, '…']],
    ["[...Object.keys(setting), 'a'].includes('a')", true],
    ["Object.keys(setting).includes('a')", UNKNOWN],
    ['Object.keys(setting).length', UNKNOWN],
    ['Object.keys(setting).map((x) => 1)', [1, '…']],
    ['Object.keys(setting).some((x) => true)', UNKNOWN],
    ['Object.keys(setting).every((x) => false)', UNKNOWN],
    ["new Map(setting).get('a')", UNKNOWN],
    ['new Set(setting).size', UNKNOWN],
    ["Object.assign({ a: 1 }, setting).b", UNKNOWN],
    ["new Proxy({ a: 1 }, {}).b", UNKNOWN],
    ['process.env.A', UNKNOWN],
    ["(process.env.A = 'x', process.env.A)", 'x'],
    ["(globalThis.counter = 1, global.counter)", 1],
    ['globalThis.Array === Array', true],
    ['process.cwd()', '/project'],
  ])('%s', (expression, data) => {
    expect(evaluate(expression).data).toEqual(data);
  });

  it('runs a callback for what further elements there may be', () => {
    expect(evaluateBody('result = []; Object.keys(setting).forEach((x) => result.push("ran"));').data).toEqual(['ran']);
  });
});

describe('what runs later', () => {
  it.each([
    ['const seen = []; setTimeout((x) => seen.push(x), 10, "a"); setImmediate(() => seen.push("b")); queueMicrotask(() => seen.push("c")); process.nextTick(() => seen.push("d")); setInterval(() => seen.push("e"), 5); result = seen;', ['a', 'b', 'c', 'd', 'e']],
    ['setTimeout(() => { throw new Error("later"); }); result = 1;', 1],
    ['setTimeout(() => process.exit(1), 1000).unref(); result = 1;', 1],
    ['result = 0; process.on("SIGTERM", () => { result = 1; });', 0],
    ['result = []; require("http").createServer(() => result.push("request")).listen(3000, () => result.push("listening")).on("error", () => result.push("error"));', ['listening']],
    ['result = []; const s = require("http").createServer(); s.once("listening", () => result.push(1)); ', [1]],
  ])('%s', (body, data) => {
    expect(evaluateBody(body).data).toEqual(data);
  });
});
