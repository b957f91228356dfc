import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, mergeParams, samplePaths } from '../../../src/frameworks/express/paths.ts';
import type { ExpressMajor, Matcher, PathPattern } from '../../../src/frameworks/express/paths.ts';
import { patternAndPath, pathEnding } from './path-patterns.ts';
import { bootAndAsk, looseRouter, realPath } from './path-reality.ts';
import type { RouterOptions, Seen } from './path-reality.ts';

const majors: readonly ExpressMajor[] = [4, 5];
const string = (source: string): PathPattern => ({ kind: 'string', source });
const regexp = ({ source, flags }: RegExp): PathPattern => ({ kind: 'regexp', source, flags });

interface Question {
  readonly pattern: PathPattern | readonly PathPattern[];
  readonly path: string;
  readonly register: 'get' | 'use';
  readonly options: RouterOptions;
}

type Answer = Seen | 'refused' | 'no match';

function answerOfFramework(major: ExpressMajor, { pattern, path, register, options }: Question): Answer {
  let ask: (path: string) => Seen | undefined;
  try {
    const real = Array.isArray(pattern) ? pattern.map(realPath) : realPath(pattern as PathPattern);
    ask = bootAndAsk(major, [real], register, options);
  } catch {
    return 'refused';
  }
  return ask(path) ?? 'no match';
}

function ourAnswer(major: ExpressMajor, { pattern, path, register, options }: Question): Answer | 'unfollowed' {
  const matcher = compile(pattern, { major, end: register === 'get', sensitive: options.caseSensitive, strict: options.strict });
  if ('invalid' in matcher) return 'refused';
  if ('unfollowed' in matcher) return 'unfollowed';
  const match = matcher.match(path);
  return match === undefined ? 'no match' : { url: match.rest, baseUrl: match.base, params: { ...match.params } as Seen['params'] };
}

const routerOptions = fc.record({ caseSensitive: fc.boolean(), strict: fc.boolean(), mergeParams: fc.constant(false) });
const register = fc.constantFrom('get' as const, 'use' as const);

function question(major: ExpressMajor): fc.Arbitrary<Question> {
  const one = patternAndPath(major);
  const several = fc.tuple(fc.array(one, { maxLength: 3 }), one).map(([others, last]) => ({
    pattern: [...others.map(({ pattern }) => pattern), last.pattern],
    path: last.path,
  }));
  return fc
    .tuple(fc.oneof({ weight: 4, arbitrary: one }, { weight: 1, arbitrary: several }), pathEnding, register, routerOptions)
    .map(([{ pattern, path }, ending, how, options]) => ({ pattern, path: `/${`${path}${ending}`.replace(/^\//, '')}`, register: how, options }));
}

describe.each(majors)('matching in Express %i', (major) => {
  it('agrees with the real router on generated patterns and paths', () => {
    const counts = { matched: 0, refused: 0, 'no match': 0, unfollowed: 0 };
    fc.assert(
      fc.property(question(major), (asked) => {
        const ours = ourAnswer(major, asked);
        counts[typeof ours === 'string' ? ours : 'matched'] += 1;
        if (ours !== 'unfollowed') expect(ours).toEqual(answerOfFramework(major, asked));
      }),
      { numRuns: 6000 },
    );
    // The generator asks all kinds of questions.
    expect(counts.matched).toBeGreaterThan(1000);
    expect(counts['no match']).toBeGreaterThan(500);
    expect(counts.refused).toBeGreaterThan(100);
    expect(counts.unfollowed).toBeLessThan(100);
  });

  const patterns: readonly (PathPattern | readonly PathPattern[])[] = [
    ...['/', '', '*', '/*', '/admin', '/admin/', '/Admin', 'admin', '/files/*', '/files/*splat', '/:id', '/:id?', '{/:id}', '/users{/:id}', '/a.b', '/%41', '/a b'].map(string),
    [],
    [string('/')],
    [string('/admin'), string('/users/:id')],
    [string('/:id'), string('/files/:name')],
    [string('/admin'), regexp(/users/)],
    regexp(/admin/),
    regexp(/^\/admin/),
    regexp(/^\/ADMIN/i),
    regexp(/^\/(admin)\/(?<rest>.*)$/),
    regexp(/^\/(?!admin)/),
    regexp(/^\/admin/g),
  ];
  const paths = ['/', '//', '/admin', '/admin/', '/admin//', '/ADMIN', '/administration', '/admin.json', '/admin/x', '/x/admin', '/files', '/files/', '/files/a/b', '/users/7', '/users/%zz', '/%zz', '/a.b', '/A', '/%41', '/a%20b'];

  it.each(patterns.map((pattern) => ({ pattern, shown: JSON.stringify(pattern) })))('agrees with the real router on $shown', ({ pattern }) => {
    for (const path of paths) {
      for (const how of ['get', 'use'] as const) {
        for (const options of [looseRouter, { ...looseRouter, strict: true }, { ...looseRouter, caseSensitive: true }]) {
          const asked: Question = { pattern, path, register: how, options };
          expect({ asked, answer: ourAnswer(major, asked) }).toEqual({ asked, answer: answerOfFramework(major, asked) });
        }
      }
    }
  });

  it('says why the framework refuses a pattern', () => {
    const refused = major === 4 ? '/:id(' : '/files/*';
    expect(compile(string(refused), { major, end: true, sensitive: false, strict: false })).toEqual({ invalid: expect.stringMatching(/.+/) });
  });

  it('answers each request as the first, also where the framework keeps a position between requests', () => {
    const matcher = compile(regexp(/^\/admin/g), { major, end: true, sensitive: false, strict: false });
    if (!isMatcher(matcher)) throw new TypeError('does not compile');
    expect(matcher.match('/admin')).toBeDefined();
    expect(matcher.match('/admin')).toBeDefined();
  });

  it('does not take up a pattern that could take for ever to match', () => {
    for (const hostile of [/^(\/?[a-z]+)+$/, /^(a|a)*$/, /^(?:a?){40}a{40}$/, /^(?:\/\w*\w*)+$/, /^(?:\/a|\/a)+$/]) {
      expect(compile(regexp(hostile), { major, end: true, sensitive: false, strict: false })).toHaveProperty('unfollowed');
    }
  });

  it('merges parameters of mounts like the real router', () => {
    fc.assert(
      fc.property(patternAndPath(major), patternAndPath(major), (outer, inner) => {
        const path = `/${outer.path}${inner.path}`.replace(/^\/+/, '/');
        const merging = { ...looseRouter, mergeParams: true };
        const [mount, route] = [outer, inner].map(({ pattern }, index) => compile(pattern, { major, end: index === 1, sensitive: false, strict: false }));
        fc.pre(isMatcher(mount) && isMatcher(route));
        const mounted = mount.match(path);
        const routed = mounted && route.match(mounted.rest);
        const ours = mounted && routed && mergeParams(routed.params, mounted.params);
        expect(ours && { ...ours }).toEqual(bootAndAsk(major, [realPath(outer.pattern), realPath(inner.pattern)], 'get', merging)(path)?.params);
      }),
      { numRuns: 2000 },
    );
  });
});

function isMatcher(compiled: ReturnType<typeof compile> | undefined): compiled is Matcher {
  return compiled !== undefined && 'match' in compiled;
}

describe('parts that are not known', () => {
  const base = { unknown: 'base' };

  /** Whether a guard mounted at one pattern covers a route of another. */
  function covers(mount: PathPattern, route: PathPattern): boolean {
    const guard = compile(mount, { major: 5, end: false, sensitive: false, strict: false });
    const target = samplePaths([route], { major: 5, last: 'route' });
    if (!isMatcher(guard) || 'unsampled' in target) throw new TypeError('does not compile');
    return guard.match(target.samples[0]!.path) !== undefined;
  }

  const parts = (...list: (string | { unknown: string })[]): PathPattern => ({ kind: 'parts', parts: list });

  it.each([
    [parts(base, '/api'), parts(base, '/api'), true],
    [parts(base), parts(base, '/api'), true],
    [parts(base, '/api'), parts(base, '/apis'), false],
    [parts(base, '/api'), parts({ unknown: 'other' }, '/api'), false],
    [parts('/x', base), parts('/y', base), false],
    [parts('/x/', base), parts('/x/', base, '/users'), true],
    [string('/api'), parts('/api', base), true],
    [string('/report'), parts('/report-', base), false],
    [string('/api'), parts('/', base), false],
    [parts(base), parts(base, 'users'), true],
    [parts('/', base), parts('/', base, 's'), false],
    [parts('/x'), string('/x'), true],
  ])('%j covers %j: %s', (mount, route, expected) => {
    expect(covers(mount, route)).toBe(expected);
  });
});
