import { expect, test } from 'vitest';
import { parseJsonc } from '../../src/project/jsonc.ts';

test.each([
  ['{"a":1}', { a: 1 }],
  ['// x\n{ "a": 1, /* y */ "b": [1, 2,], }', { a: 1, b: [1, 2] }],
  ['{ "a": "// no /* comment */", "b": ",]" }', { a: '// no /* comment */', b: ',]' }],
  ['{ "a": "\\"//\\"" }', { a: '"//"' }],
  ['{ "paths": { "@/*": ["./src/*"] } /* , */ , }', { paths: { '@/*': ['./src/*'] } }],
])('%s', (text, expected) => {
  expect(parseJsonc(text)).toEqual(expected);
});

test.each(['', '{', '{ a: 1 }', '"', '/*'.repeat(500_000), '"\\"'.repeat(300_000)])('is a syntax error: %.20s', (text) => {
  expect(() => parseJsonc(text)).toThrow(SyntaxError);
});
