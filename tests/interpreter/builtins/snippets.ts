/** Expressions that are known throughout, by what they are about. */
export const SNIPPETS: Readonly<Record<string, readonly string[]>> = {
  'reading arrays': [
    "['a', 'b'].at(-1)", "['a'].at(5)", "['a'].concat('b', ['c', 'd'])", "[1, [2, [3, [4]]]].flat()", "[1, [2, [3, [4]]]].flat(Infinity)",
    "['a', 'b'].includes('b')", '[NaN].includes(NaN)', '[NaN].indexOf(NaN)', "['a', 'b', 'a'].indexOf('a')", "['a', 'b', 'a'].lastIndexOf('a')",
    "['a', 'b'].join('/')", "['a', null, undefined, ['b', 'c']].join()", '[1, 2, 3].slice(1)', '[1, 2, 3].slice(-2, -1)', "String([1, [2, 3]])",
    '[1, 2, 3].toReversed()', "['a', 'b'].with(1, 'c')", "['a'].with(3, 'c')", "[...['a', 'b'].entries()]", "[...['a', 'b'].keys()]", "['a', 'b'].values().next().value",
    "Array.from('abc')", "Array.from({ length: 3 }, (_, index) => index * 2)", "Array.from(new Set([1, 1, 2]))", 'Array.of(1, 2)', 'Array(3).fill(0)',
    "Array.isArray([])", "Array.isArray('a')", "Array.isArray([].values())", "Array.prototype.slice.call(['a', 'b'], 1)", "[].concat(...[['a'], ['b']])",
  ],
  'arrays with callbacks': [
    "['a', 'b'].map((x, index) => x + index)", '[1, 2, 3].filter((x) => x > 1)', "['a', '', null].filter(Boolean)", '[1, 2].some((x) => x === 2)', '[1, 2].every((x) => x > 1)',
    '[].some(() => true)', '[].every(() => false)', '[1, 2, 3].find((x) => x > 1)', '[1].find((x) => x > 1)', '[1, 2].findIndex((x) => x === 2)', '[1, 2, 3].findLast((x) => x < 3)',
    '[1].findLastIndex((x) => x > 4)', "[['a'], ['b', 'c']].flatMap((x) => x)", '[1, 2, 3].reduce((sum, x) => sum + x)', "['a', 'b'].reduce((all, x) => ({ ...all, [x]: 1 }), {})",
    '[].reduce((a, b) => a)', "['a', 'b'].reduceRight((all, x) => all + x, '')", '[3, 10, 2].sort()', '[3, 10, 2].sort((a, b) => a - b)', "[3, undefined, 'b', 'a'].sort()",
    '[1, 2, 3, 4, 5, 6].toSorted((a, b) => (a % 2) - (b % 2))', '(() => { const seen = []; [1, 2].forEach((x) => seen.push(x * 2)); return seen; })()',
    "['1', '2', '3'].map(Number)", "['10', '10', '10'].map(parseInt)", 'Array.from(new Map([[1, 2]]), ([key, value]) => key + value)',
  ],
  'changing arrays': [
    '(() => { const a = [1]; const n = a.push(2, 3); return [a, n]; })()', '(() => { const a = [1, 2]; return [a.pop(), a.shift(), a.pop(), a]; })()',
    '(() => { const a = [2]; return [a.unshift(0, 1), a]; })()', '(() => { const a = [1, 2, 3, 4]; return [a.splice(1, 2, 9), a]; })()', '(() => { const a = [1, 2, 3]; return [a.splice(1), a]; })()',
    '[1, 2, 3].reverse()', '[1, 2, 3].toSpliced(0, 1)', '[1, 2, 3].fill(0, 1)', '(() => { const a = [1, 2, 3]; a.length = 1; return a; })()',
  ],
  objects: [
    "Object.keys({ a: 1, b: 2 })", "Object.values({ a: 1, b: 2 })", "Object.entries({ a: 1 })", "Object.keys(['x', 'y'])", "Object.keys('ab')", "Object.assign({ a: 1 }, { b: 2 }, null, { a: 3 })",
    "Object.fromEntries([['a', 1], ['b', 2]])", "Object.fromEntries(new Map([['a', 1]]))", "Object.create({ a: 1 }).a", "Object.getPrototypeOf(Object.create(null))",
    "Object.getPrototypeOf([]) === Array.prototype", "Object.is(NaN, NaN)", "Object.hasOwn({ a: 1 }, 'a')", "({ a: 1 }).hasOwnProperty('b')", "Object.freeze({ a: 1 })",
    "Object.getOwnPropertyNames({ a: 1, b: 2 })", "Object.getOwnPropertyNames(class { static create() {} }).includes('create')", "Object.getOwnPropertyNames((class { get() {} post() {} }).prototype)",
    "Object.defineProperty({}, 'a', { get: () => 4 }).a", "Object.defineProperty({}, 'a', { value: 5, enumerable: true }).a", "Object.defineProperties({}, { a: { value: 1, enumerable: true } }).a",
    "Object.getOwnPropertyDescriptor({ a: 1 }, 'a').value", "Object.getOwnPropertyDescriptor({ get a() { return 1 } }, 'a').set", "Object.setPrototypeOf({}, { a: 2 }).a",
    "({}).toString()", "Object.prototype.hasOwnProperty.call({ a: 1 }, 'a')", "Object(4)+1", "Object.prototype.isPrototypeOf.call(Array.prototype, [])",
    "Reflect.ownKeys({ a: 1, b: 2 })", "Reflect.has({ a: 1 }, 'toString')", "Reflect.get({ a: 1 }, 'a')", "Reflect.apply(Math.max, null, [1, 3, 2])", "Reflect.construct(Map, [[[1, 2]]])",
    "(() => { const o = { a: 1, b: 2 }; Reflect.deleteProperty(o, 'a'); Reflect.set(o, 'c', 3); return o; })()", "new Proxy({ a: 1 }, {}).a",
  ],
  functions: [
    "(function () { return this.a }).bind({ a: 1 })()", "((a, b) => a + b).bind(null, 1)(2)", "(function (b) { return this.a + b }).call({ a: 1 }, 2)", "((...all) => all).apply(null, [1, 2])",
    "Math.max.apply(null, [1, 5, 2])", "(function named() {}).name", "((a, b) => 0).length", "[].slice.call([1, 2, 3], 1)", "((...all) => all).apply(null)",
  ],
  texts: [
    "' a '.trim()", "' a '.trimStart()", "'aBc'.toUpperCase()", "'aBc'.toLowerCase()", "'abc'.slice(1)", "'abc'.slice(-2, -1)", "'abc'.substring(2, 0)", "'abc'.substr(-2, 1)", "'abc'.charAt(1)",
    "'abc'.charCodeAt(0)", "'abc'.at(-1)", "'abc'.indexOf('c')", "'abc'.includes('bc')", "'abc'.startsWith('b', 1)", "'abc'.endsWith('b', 2)", "'a'.concat('b', 1, null)", "'ab'.repeat(3)", "'a'.repeat(-1)",
    "'5'.padStart(3, '0')", "'5'.padEnd(3)", "'a,b,c'.split(',')", "'a,b,c'.split(',', 2)", "'abc'.split('')", "'abc'.split()", "'a1b2'.split(/\\d/)", "'a1b2'.split(/(\\d)/)", "''.split(' ')", "'get /users'.split(' ')",
    "'aaa'.replace('a', 'b')", "'aaa'.replaceAll('a', '$&$&')", "'john smith'.replace(/(\\w+) (\\w+)/, '$2 $1')", "'x'.replace('x', '$$')", "'abc'.replace('b', '$`$\\'')", "'2020-01'.replace(/(?<y>\\d+)-(?<m>\\d+)/, '$<m>/$<y>')",
    "'a-b-c'.replace(/-(.)/g, (_, c) => c.toUpperCase())", "'abc'.replace('b', (match, index) => match + index)", "'abc'.replace(/z/, 'y')", "'aXbX'.replaceAll(/x/gi, '')", "'a'.replaceAll(/a/, 'b')", "'ab'.replace('', '_')", "'$1 ab'.replace(/(a)/, '$01$2$10')",
    "'abc'.match(/b/).index", "'abc'.match(/z/)", "'a1b2'.match(/\\d/g)", "'key=value'.match(/(?<k>\\w+)=(?<v>\\w+)/).groups.v", "[...'a1b2'.matchAll(/[a-z](\\d)/g)].map((m) => m[1])", "'abc'.search(/c/)", "'a'.matchAll(/a/)",
    "'a'.localeCompare('b')", "'\\u0041\\u030a'.normalize('NFC').length", "String(1)", "String(null)", "String(true)", "String([1, 2])", "String(/a/g)", "String(new Error('no'))", "String.fromCharCode(65, 66)", "String.raw`a\\n${1}`", "`${'a'}b`.length", "'abc'[1]", "'ab'.toString()",
    "'/a//b/'.replace(/\\/+/g, '/').replace(/\\/$/, '')", "'Bearer abc'.replace(/^Bearer\\s+/i, '')", "[...'añb']", "'user-profile'.split('-').map((part) => part[0].toUpperCase() + part.slice(1)).join('')",
  ],
  numbers: [
    "Number('12')", "Number('')", "Number('x')", "Number()", "Number(null)", "parseInt('42px', 10)", "parseInt('ff', 16)", "parseFloat('1.5e3')", "isNaN('x')", "Number.isInteger(4.5)", "Number.MAX_SAFE_INTEGER", "(255).toString(16)", "(1.005).toFixed(2)", "(1).toFixed(200)",
    "Math.max(1, 3, 2)", "Math.max()", "Math.floor(1.7)", "Math.min(...[4, 2])", "Math.round(2.5)", "Math.PI", "Boolean('')", "Boolean([])", "BigInt(10)", "BigInt('x')", "10n + 1n", "true.toString()", "Number.parseFloat('2')", "isFinite(1 / 0)", "60 * 60 * 1000",
  ],
  'regular expressions': [
    "/^\\/api\\//.test('/api/users')", "/a/.exec('bac').index", "/a/.exec('b')", "new RegExp('^' + 'a').test('abc')", "new RegExp(/a/g, 'i').flags", "new RegExp('(')", "/a/gi.global", "/a\\/b/.source", "String(/a/i)", "RegExp('b').test('abc')",
    "(() => { const r = /a/g; return [r.test('aa'), r.lastIndex, r.test('aa'), r.test('aa'), r.lastIndex]; })()", "/(?<year>\\d{4})/.exec('in 2020').groups.year", "/^(?:(?=a)\\w|b)+$/.test('aaab')", "/(a)\\1/.test('aa')", "/\\bfoo\\b/.test('a foo b')", "/^.*$/m.exec('a\\nb')[0]", "/(?<!a)b/.test('ab')", "/\\p{L}+/u.exec('1é2')[0]", "/a{2,3}?/.exec('aaaa')[0]",
  ],
  collections: [
    "new Map([['a', 1]]).get('a')", "new Map([['a', 1]]).get('b')", "new Map().set('a', 1).set('a', 2)", "new Set([1, 1, 2])", "new Set([1]).has(1)", "new Set([1]).add(2).size", "[...new Map([['a', 1]]).keys()]", "[...new Set(['a', 'b'])]", "new Map([['a', 1], ['b', 2]]).size",
    "(() => { const m = new Map([['a', 1]]); return [m.delete('a'), m.delete('a'), m.has('a'), m.size]; })()", "(() => { const seen = []; new Map([['a', 1]]).forEach((value, key) => seen.push(key, value)); return seen; })()", "(() => { const s = new Set([1]); s.clear(); return s.size; })()",
    "[...new Map([['a', 1]]).entries()]", "(() => { class R extends Map { find(k) { return this.get(k) ?? 'none'; } } const r = new R([['a', 1]]); r.set('b', 2); return [r.find('a'), r.find('z'), r.size, r instanceof Map, r instanceof R]; })()", "(() => { class L extends Array { last() { return this.at(-1); } } const l = new L(); l.push(1, 2); return l.last(); })()", "(() => { class R extends Set { extra = 1; constructor() { super(['a']); this.add('b'); } } const r = new R(); return [r.size, r.extra]; })()", "(() => { class P extends Promise {} return new P((r) => r(1)) instanceof P; })()", "new Map(Object.entries({ a: 1 })).get('a')", "(() => { const k = {}; return new WeakMap([[k, 1]]).get(k); })()", "new Set([NaN]).has(NaN)", "(() => { const out = []; for (const [k, v] of new Map([['a', 1]])) out.push(k, v); return out; })()", "new Map([[1, 'a']]).keys().next().value",
  ],
  JSON: [
    "JSON.parse('{\"a\":[1,null,true]}')", "JSON.parse('{')", "JSON.stringify({ a: [1, undefined, 'x'], b: undefined })", "JSON.stringify([() => 1, 2])", "JSON.stringify('a')", "JSON.stringify({ a: 1 }, null, 2)", "JSON.parse(JSON.stringify({ a: { b: 1 } }))", "JSON.stringify(undefined)", "structuredClone({ a: [1] })",
  ],
  errors: [
    "new Error('no').message", "new TypeError('no').name", "new TypeError('no') instanceof Error", "new Error('no', { cause: 1 }).cause", "Error('no').message", "String(new RangeError('far'))", "(() => { class A extends Error { constructor(m) { super(m); this.status = 401; } } const a = new A('x'); return [a.message, a.status, a instanceof A, a instanceof Error, a.name]; })()",
    "new Error().message", "Error.captureStackTrace({})", "new AggregateError([1], 'x').errors", "(() => { try { throw new TypeError('x') } catch (e) { return e.constructor.name } })()", "(() => { class A extends Error { name = 'A' } return String(new A('m')); })()",
  ],
  symbols: [
    "Symbol.for('a') === Symbol.for('a')", "Symbol('a') === Symbol('a')", "Symbol('a').toString()", "Symbol.keyFor(Symbol.for('k'))", "({ [Symbol.for('x')]: 1 })[Symbol.for('x')]", "typeof Symbol.iterator",
  ],
  encoding: [
    "encodeURIComponent('a b/c')", "decodeURIComponent('a%20b')", "decodeURIComponent('%')", "encodeURI('a b/c')", "btoa('a:b')", "atob('YTpi')", "escape('ä')", "Buffer.from('YTpi', 'base64').toString()", "Buffer.from('YTpi', 'base64').toString('utf8').split(':')", "Buffer.from('aé').length", "Buffer.from('ab').toString('hex')", "Buffer.from('a').equals(Buffer.from('a'))",
    "Buffer.from(undefined)", "Buffer.concat([Buffer.from('a'), Buffer.from('b')]).toString()", "Buffer.isBuffer(Buffer.from(''))", "Buffer.byteLength('é')",
    "new URL('/a?b=1#c', 'http://h:8080').pathname", "new URL('http://h/a?b=1').searchParams.get('b')", "new URL('x')", "new URL('http://h/a').href", "String(new URL('http://h/a').toString())", "new URLSearchParams('a=1&a=2').getAll('a')", "new URLSearchParams({ a: '1 2' }).toString()", "(() => { const p = new URLSearchParams(); p.set('a', 'b'); p.append('c', 'd'); p.delete('a'); return p.toString(); })()", "new URL('./b', 'http://h/a/c').pathname",
  ],
  'Node modules': [
    "require('path').join('/a', '..', 'b', './c.js')", "require('path').join()", "require('path').resolve('/a', 'b', '../c')", "require('path').basename('/a/b.js', '.js')", "require('path').extname('b.route.js')", "require('path').dirname('/a/b')", "require('path').parse('/a/b.js').name", "require('path').relative('/a/b', '/a/c')", "require('path').isAbsolute('/a')", "require('path').normalize('/a//b/..')", "require('path').sep", "require('path').posix.join('a', 'b')", "require('path').join('a', 1)",
    "require('path').format({ dir: '/a', base: 'b' })", "require('url').fileURLToPath('file:///a%20b/c.js')", "require('url').pathToFileURL('/a b?').href", "require('url').fileURLToPath(new URL('.', 'file:///a/b.js'))", "require('util').format('%s is %d', 'a', 1)", "require('util').types.isPromise(Promise.resolve())",
    "require('assert')(true)", "require('assert')(0)", "require('assert').strictEqual(1, 2)", "require('assert').equal(1, '1')", "require('events') === require('events').EventEmitter",
    "new (require('async_hooks').AsyncLocalStorage)().run({ a: 1 }, () => 5)", "(() => { const s = new (require('async_hooks').AsyncLocalStorage)(); return s.run(4, () => s.getStore()); })()",
    "(() => { const E = require('events'); const e = new E(); const seen = []; e.on('x', (v) => seen.push(v)); e.once('x', (v) => seen.push(-v)); e.emit('x', 1); e.emit('x', 2); return [seen, e.emit('y'), e.listenerCount('x')]; })()",
    "(() => { const { EventEmitter } = require('events'); class A extends EventEmitter { constructor() { super(); this.seen = []; this.on('x', function () { this.seen.push(1); }); } } const a = new A(); a.emit('x'); return a.seen; })()",
    "(() => { const { EventEmitter } = require('events'); const e = new EventEmitter(); const f = () => 1; e.on('x', f).off('x', f); return e.emit('x'); })()",
    "(() => { const { EventEmitter } = require('events'); new EventEmitter().emit('error', new TypeError('x')); })()",
    "(() => { const util = require('util'); const E = require('events'); function A() { E.call(this); } util.inherits(A, E); const a = new A(); let n = 0; a.on('x', () => { n++; }); a.emit('x'); return n; })()",
    "require('crypto').timingSafeEqual(Buffer.from('a'), Buffer.from('a'))", "require('module').isBuiltin('node:fs')",
  ],
};
