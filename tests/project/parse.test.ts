import { createRequire } from 'node:module';
import { expect, test, vi } from 'vitest';
import type { LoadedModule } from '../../src/interpreter/modules/loader.ts';
import { spanOf } from '../../src/interpreter/spans.ts';
import { createParse } from '../../src/project/parse.ts';

const require = createRequire(import.meta.url);
const withOxc = createParse();
const withTypescriptEslint = createParse((name) => {
  if (name === 'oxc-parser') throw new Error('Cannot find native binding');
  return require(name);
});

function parsed(file: string, text: string, parse = withOxc): LoadedModule {
  const result = parse(file, text);
  if (!result.ok) throw new Error(result.reason);
  return result;
}

function reason(file: string, text: string, parse = withOxc): string {
  const result = parse(file, text);
  return result.ok ? 'parsed' : result.reason;
}

const accepted: readonly (readonly [file: string, text: string])[] = [
  ['a.js', 'import x from "y"; export default await x;'],
  ['a.js', 'const x = require("y"); with (x) {}; return;'],
  ['a.js', 'var await = 1; module.exports = await;'],
  ['a.js', 'module.exports = () => <p>{x}</p>;'],
  ['a.js', 'type A = string; export const a = <T,>(x: T): A => x as A;'],
  ['a.js', 'export const a = <string>b;'],
  ['a.js', '#!/usr/bin/env node\nrequire("x");'],
  ['a.js', '@Controller() class A { @Get() list() {} }'],
  ['a.mjs', 'export const a = import.meta.url;'],
  ['a.cjs', 'exports.a = 1; if (a) return;'],
  ['a.mts', 'export const a = <string>b;'],
  ['a.cts', 'import x = require("y"); export = x;'],
  ['a.ts', 'export class A { constructor(private readonly a: B) {} } enum E { X }'],
  ['a.tsx', 'export const A = (): unknown => <B<string> c={1} />;'],
  ['a.jsx', 'export const A = () => <></>;'],
  ['a.d.ts', 'export declare const a: string; export function b(): void;'],
  ['<input>', 'const a: string = "x";'],
  ['a.js', ''],
];

test.each(accepted)('%s is parsed: %s', (file, text) => {
  expect(parsed(file, text).program.type).toBe('Program');
});

test.each(accepted.filter(([file]) => file !== 'a.d.ts'))('%s gives the same nodes and offsets without the native parser: %s', (file, text) => {
  // Sloppy code is beyond the TypeScript parser, which takes every file for strict.
  if (/with \(|var await/.test(text)) return;
  expect(shape(parsed(file, text, withTypescriptEslint).program)).toEqual(shape(parsed(file, text).program));
});

/** Types and offsets in the order of the text. */
function shape(node: unknown): unknown {
  const nodes: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null || !('type' in value)) return;
    expect(value).not.toHaveProperty('loc');
    expect(value).not.toHaveProperty('parent');
    expect(value).not.toHaveProperty('range');
    const { type, start, end } = value as { type: string; start: number; end: number };
    // How far the program itself reaches differs by the hashbang and white space; nothing depends on it.
    nodes.push(type === 'Program' ? type : `${type} ${start}-${end}`);
    Object.entries(value).forEach(([key, child]) => key !== 'hashbang' && key !== 'comments' && visit(child));
  };
  visit(node);
  return nodes.sort();
}

test('a parse error names what and where', () => {
  expect(reason('a.ts', 'const a = 1;\r\nconst b = ;\r\n')).toBe('does not parse: Unexpected token (2:11)');
  expect(reason('a.ts', 'const a = 1;\r\nconst b = ;\r\n', withTypescriptEslint)).toMatch(/^does not parse: .+ \(2:11\)$/);
});

test('half a tree is not taken for the whole', () => {
  expect(reason('a.js', 'app.get("/a", b);\nconst x = 1; const x: = 2;\n')).toMatch(/^does not parse/);
});

test('without any parser there is a reason, and the packages are asked once', () => {
  const load = vi.fn(() => {
    throw new Error('Cannot find module\nRequire stack: …');
  });
  const parse = createParse(load);
  expect(reason('a.js', 'a', parse)).toBe('does not parse: no parser can be loaded (Cannot find module)');
  expect(reason('b.js', 'b', parse)).toMatch(/no parser can be loaded/);
  expect(load).toHaveBeenCalledTimes(2);
});

test('no parser is loaded before it is needed', () => {
  const load = vi.fn();
  createParse(load);
  expect(load).not.toHaveBeenCalled();
});

test('comments come without delimiters, with offsets', () => {
  const text = '// a\n/** @publicEndpoint b */ x();';
  for (const parse of [withOxc, withTypescriptEslint]) {
    expect(parsed('a.ts', text, parse).comments).toEqual([
      { type: 'Line', value: ' a', start: 0, end: 4 },
      { type: 'Block', value: '* @publicEndpoint b ', start: 5, end: 29 },
    ]);
  }
});

test('offsets count UTF-16 units', () => {
  const text = 'const a = "😀é"; b();';
  const { program } = parsed('a.ts', text);
  const { start, end } = spanOf(program.body[1]!);
  expect(text.slice(start, end)).toBe('b();');
});

test('lines end with LF, CRLF, CR and the Unicode separators', () => {
  const { position, text } = parsed('a.js', 'a\r\nb\nc\rd\u2028e\u2029f');
  const places = [...'abcdef'].map((letter) => position(text.indexOf(letter)));
  expect(places).toEqual([1, 2, 3, 4, 5, 6].map((line) => ({ line, column: 1 })));
  expect(position(text.length)).toEqual({ line: 6, column: 2 });
});

test.each([
  ['a.js', 'const a = require("a"); module.exports = a;', true],
  ['a.js', 'exports.a = 1;', true],
  ['a.js', 'import a from "a"; const b = require("b");', false],
  ['a.cts', 'import a = require("a"); export = a;', false],
  ['a.js', 'foo();', false],
])('%s: %s is CommonJS: %s', (file, text, expected) => {
  expect(parsed(file, text).commonJs).toBe(expected);
});

test('a file of 10 MB is not parsed', () => {
  const load = vi.fn();
  expect(reason('a.js', 'a();'.repeat(2_500_000), createParse(load))).toBe('is too large to parse (10000000 characters, at most 2000000)');
  expect(load).not.toHaveBeenCalled();
});

const deep = 20_000;
test.each([
  ['brackets', '['.repeat(deep) + ']'.repeat(deep)],
  ['unclosed brackets', '['.repeat(deep)],
  ['functions', 'function f(){'.repeat(deep) + '}'.repeat(deep)],
  ['arrows', `x = ${'a=>'.repeat(deep)}1`],
  ['conditions', `x = ${'a?b:'.repeat(deep)}1`],
  ['templates', `x = ${'`${'.repeat(deep)}1${'}`'.repeat(deep)}`],
  ['else if', `if(a){}${'else if(a){}'.repeat(deep)}`],
])('text that would use up the native stack gives a reason: %s', (_name, text) => {
  expect(reason('a.js', text)).toBe('does not parse: nests too deeply');
});

test('brackets in strings do not count as nesting', () => {
  const text = `const smileys = [${'":(", '.repeat(3_000)}];`;
  expect(reason('a.js', text)).toBe('parsed');
});

test.each([
  ['lines', '\n'.repeat(1_900_000)],
  ['open comments', `${'['.repeat(600)}${'/*'.repeat(900_000)}`],
  ['open strings', `${'['.repeat(600)}${'"\\'.repeat(900_000)}`],
])('odd text takes no quadratic time: %s', (_name, text) => {
  expect(reason('a.js', text)).toMatch(/^(?:parsed|does not parse: .+)$/);
});
