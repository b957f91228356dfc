import fc from 'fast-check';
import type { ExpressMajor, PathPattern } from '../../../src/frameworks/express/paths.ts';

/** A piece of a pattern with texts that match it, nearly match it or do not. */
type Piece = readonly [source: string, ...texts: string[]];

const shared: readonly Piece[] = [
  ['/admin', '/admin', '/ADMIN', '/administration', '/admin.json', '/adm'],
  ['/users', '/users', '/Users', '/users/'],
  ['/', '/', '', '//'],
  ['/:id', '/7', '/a%20b', '/x.y', '/a-b', '/%E0%A4%A', '/caf%C3%A9', ''],
  ['/:from-:to', '/a-b', '/a-b-c', '/ab', '/-'],
  ['/:file.:ext', '/a.js', '/a.b.js', '/a'],
  ['/v1.0', '/v1.0', '/v1x0'],
  ['/a-b_c~d', '/a-b_c~d'],
  ['/caf%C3%A9', '/caf%C3%A9', '/café'],
];

const pieces: Readonly<Record<ExpressMajor, readonly Piece[]>> = {
  4: [
    ...shared,
    ['/:id?', '', '/7'],
    ['.:format?', '', '.json', '.'],
    ['/:id(\\d+)', '/12', '/a'],
    ['/:id([0-9a-f]{24})', '/507f1f77bcf86cd799439011', '/507f'],
    ['/:mode(on|off)', '/on', '/OFF', '/offside'],
    ['/:path*', '/a', '/a/b/c', ''],
    ['/:path+', '/a', '/a/b', '/a+'],
    ['/:rest(*)', '/', '/a/b'],
    ['/*', '/', '/a', '/a/b', ''],
    ['*', '', 'x', '/x/y'],
    ['/(.*)', '/.a', '/a', '/'],
    ['(.*)', '.a', '/a', ''],
    ['/ab?cd', '/abcd', '/acd', '/ABCD'],
    ['/ab+cd', '/abbbcd', '/acd', '/ab+cd'],
    ['/ab(cd)?e', '/abe', '/abcde'],
    ['/(a|b)', '/a', '/b', '/c'],
    ['/a\\(b\\)', '/a(b)', '/ab'],
    ['(', '('],
  ],
  5: [
    ...shared,
    ['{/:id}', '', '/7', '/'],
    ['{.:format}', '', '.json'],
    ['/*splat', '/', '/a', '/a/b', '/%41/b', ''],
    ['{/*rest}', '', '/a/b'],
    ['/{*any}', '/', '/a/b', ''],
    ['{:lang/}', '', 'en/'],
    ['{/a{/b}}', '', '/a', '/a/b', '/b'],
    ['/:"two words"', '/x'],
    ['/a\\(b\\)', '/a(b)', '/ab'],
    ['/a\\:b\\*', '/a:b*', '/axb'],
    ['/what\\?', '/what'],
    ['/*', '/x'],
    ['/:id?', '/x'],
    ['/:id(\\d+)', '/1'],
    ['(.*)', '/x'],
    ['{/open', '/open'],
    ['/:', '/x'],
  ],
};

const regexpPieces: readonly Piece[] = [
  ['\\/api', '/api', '/API', '/apis'],
  ['\\/(\\d+)', '/12', '/x'],
  ['\\/([^/]+)', '/12', '/x%20y', '/'],
  ['\\/(?<name>\\w+)', '/bob', '/'],
  ['(?:\\/x)?', '', '/x'],
  ['\\/(?!private)\\w*', '/public', '/private', '/'],
  ['\\/(a|b)', '/a', '/b', '/c'],
  ['.*', '', '/a/b'],
  ['\\/[a-z]{2,3}', '/ab', '/abcd', '/AB'],
  ['\\/\\(x\\)', '/(x)'],
  ['(\\/opt)?', '', '/opt'],
];

/** A pattern, and a path made along it. */
export interface PatternAndPath {
  readonly pattern: PathPattern;
  readonly path: string;
}

const choose = <T>(items: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...items);

function pieced(from: readonly Piece[], length: { minLength: number; maxLength: number }): fc.Arbitrary<{ source: string; path: string }> {
  const piece = choose(from).chain(([source, ...texts]) => choose(texts).map((text) => ({ source, path: text })));
  return fc.array(piece, length).map((chosen) => ({
    source: chosen.map(({ source }) => source).join(''),
    path: chosen.map(({ path }) => path).join(''),
  }));
}

function stringPattern(major: ExpressMajor): fc.Arbitrary<PatternAndPath> {
  return pieced(pieces[major], { minLength: 0, maxLength: 3 }).map(({ source, path }) => ({ pattern: { kind: 'string', source }, path }));
}

const regexpPattern: fc.Arbitrary<PatternAndPath> = fc
  .tuple(choose(['^', '^', '']), pieced(regexpPieces, { minLength: 1, maxLength: 3 }), choose(['', '$', '\\/?$', '(?=\\/|$)']), choose(['', 'i', 'u']))
  .map(([start, { source, path }, end, flags]) => ({ pattern: { kind: 'regexp', source: `${start}${source}${end}`, flags }, path }));

export function patternAndPath(major: ExpressMajor): fc.Arbitrary<PatternAndPath> {
  return fc.oneof({ weight: 4, arbitrary: stringPattern(major) }, { weight: 1, arbitrary: regexpPattern });
}

/** What a client may add to a path. */
export const pathEnding: fc.Arbitrary<string> = choose(['', '', '', '/', '/more', '/more/', '.json', 'x', '//']);
