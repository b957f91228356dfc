import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinPaths, samplePaths } from '../../../src/frameworks/express/paths.ts';
import type { ExpressMajor, PathPattern } from '../../../src/frameworks/express/paths.ts';
import { patternAndPath } from './path-patterns.ts';
import { bootAndAsk, looseRouter, realPath } from './path-reality.ts';

const majors: readonly ExpressMajor[] = [4, 5];
const string = (source: string): PathPattern => ({ kind: 'string', source });
const regexp = ({ source, flags }: RegExp): PathPattern => ({ kind: 'regexp', source, flags });
const parts = (...list: (string | { unknown: string })[]): PathPattern => ({ kind: 'parts', parts: list });

function samplesOf(chain: readonly PathPattern[], major: ExpressMajor) {
  const sampled = samplePaths(chain, { major, last: 'route' });
  if ('unsampled' in sampled) throw new Error(`${joinPaths(chain)}: ${sampled.unsampled}`);
  return sampled.samples;
}

/** Sends each sample through real routers nested like the chain. */
function expectToArrive(chain: readonly PathPattern[], major: ExpressMajor, samples: ReturnType<typeof samplesOf>): void {
  for (const options of [looseRouter, { ...looseRouter, caseSensitive: true }]) {
    const ask = bootAndAsk(major, chain.map(realPath), 'get', options);
    for (const { path, params } of samples) {
      const seen = ask(path);
      expect({ chain, path, arrived: seen !== undefined }).toEqual({ chain, path, arrived: true });
      for (const [name, value] of Object.entries(seen?.params ?? {})) {
        if (value !== undefined) expect(params[name]).toEqual(typeof value === 'string' ? value : value.join('/'));
      }
    }
  }
}

const common: Readonly<Record<ExpressMajor, readonly PathPattern[]>> = {
  4: [
    ...['/', '', '/users', '/users/', '/users/:id', '/users/:id?', '/:a/:b?/:c?', '/:from-:to', '/:file.:ext?', '/files/*', '/*', '/a/*/b', '/:rest(*)', '/:path*', '/:path+'].map(string),
    ...['/:id(\\d+)', '/:id(\\d{1,3})', '/:id([0-9a-f]{24})', '/:id([0-9A-F]{24})', '/:id([0-9a-fA-F-]{36})', '/:slug([a-z-]+)', '/:slug([A-Z]{2})'].map(string),
    ...['/:mode(on|off)', '/:day(\\d{4}-\\d{2}-\\d{2})', '/:version(v\\d+)', '/v:major(\\d+).:minor(\\d+)', '/(a|b)/c', '/ab?cd', '/ab+cd', '/ab(cd)?e', '/a\\(b\\)', '/a/(.*)'].map(string),
  ],
  5: [
    ...['/', '', '/users', '/users/', '/users/:id', '/users{/:id}', '{/:lang}/about', '/:a{/:b{/:c}}', '/:from-:to', '/:file{.:ext}', '/files/*path', '/*splat', '/{*splat}'].map(string),
    ...['/a/*rest/b', '/a\\(b\\)', '/:"two words"', '/a\\:b'].map(string),
  ],
};

const regularExpressions = [
  /^\/users\/(\d+)$/, /^\/(?!internal).*/, /users$/, /.*fly$/, /^\/libraries/, /^\/(?:a|b)\/([a-z]{2})(?:\/x)?$/i, /^\/(?<year>\d{4})-(?<month>\d\d)\/?$/,
  /^\/[\w.-]+\.(?:png|jpe?g)$/, /^\/commits\/(\w+)(?:\.\.(\w+))?$/, /\/x{3}[^/]\/\u0061\.\d$/u, /^\/?api/, /^(?:\/[a-z]+)+$/, /^\/(?:\w+\.)*js$/, /^\/\p{Lu}+$/u,
].map(regexp);

describe.each(majors)('sample paths in Express %i', (major) => {
  it.each([...common[major], ...regularExpressions].map((pattern) => [joinPaths([pattern]), pattern] as const))('%s is reached, also below mounts', (_, pattern) => {
    for (const mounts of [[], [string('/')], [string('/api/'), string('/:tenant')], [regexp(/^\/v\d/), string('/')]]) {
      const chain = [...mounts, pattern];
      expectToArrive(chain, major, samplesOf(chain, major));
    }
  });

  it.each(common[major].filter((pattern) => joinPaths([pattern]) !== '/').map((pattern) => [joinPaths([pattern]), pattern] as const))(
    '%s is reached in a strict router',
    (_, pattern) => {
      const ask = bootAndAsk(major, [realPath(pattern)], 'get', { ...looseRouter, strict: true, caseSensitive: true });
      for (const { path } of samplesOf([pattern], major)) expect({ path, seen: ask(path) }).toEqual({ path, seen: expect.anything() });
    },
  );

  it('arrive at the real handler, whatever the chain', () => {
    const level = patternAndPath(major).map(({ pattern }) => pattern);
    let sampled = 0;
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 3 }), (chain) => {
        const result = samplePaths(chain, { major, last: 'route' });
        fc.pre(!('unsampled' in result));
        sampled += 1;
        expectToArrive(chain, major, result.samples);
      }),
      { numRuns: 1500 },
    );
    expect(sampled).toBeGreaterThanOrEqual(1500);
  });

  it('are found wherever the framework lets a path made along the pattern through', () => {
    const missed: string[] = [];
    let reachable = 0;
    fc.assert(
      fc.property(patternAndPath(major), ({ pattern, path }) => {
        const result = samplePaths([pattern], { major, last: 'route' });
        if (!('unsampled' in result)) return void reachable++;
        try {
          if (bootAndAsk(major, [realPath(pattern)], 'get', looseRouter)(`/${path.replace(/^\//, '')}`) === undefined) return;
        } catch {
          return;
        }
        missed.push(`${joinPaths([pattern])}: ${result.unsampled}`);
      }),
      { numRuns: 3000 },
    );
    expect(missed.length / (reachable + missed.length), missed.join('\n')).toBeLessThan(0.01);
  });

  it('are the same every time, and within bounds', () => {
    const optional = major === 4 ? '/:a?/:b?/:c?/:d?/:e?/:f?/:g?/:h?' : '{/:a}{/:b}{/:c}{/:d}{/:e}{/:f}';
    const chain = [string(optional), string('/end')];
    expect(samplesOf(chain, major)).toEqual(samplesOf(chain, major));
    expect(samplesOf(chain, major).length).toBeLessThanOrEqual(6);
  });
});

describe('sample paths', () => {
  it('show an optional parameter with and without', () => {
    for (const [major, source] of [[4, '/users/:id?'], [5, '/users{/:id}']] as const) {
      const [first, second, ...others] = samplesOf([string(source)], major);
      expect(first!.path).toBe(`/users/${first!.params['id']}`);
      expect(second).toEqual({ path: '/users', params: {} });
      expect(others).toEqual([]);
    }
  });

  it('tell parameters of different names apart, constrained or not', () => {
    const [sample] = samplesOf([string('/:a/:b/:c(\\d+)/:d(\\d+)')], 4);
    expect(new Set(Object.values(sample!.params)).size).toBe(4);
    expect(sample!.path).toMatch(/^(?:\/[a-z0-9]+){4}$/);
  });

  it('say why there is none', () => {
    // A mount of `*` takes the whole path, so that only `/` is left for what it mounts.
    expect(samplePaths([string('*'), string('/x')], { major: 4, last: 'route' })).toEqual({ unsampled: expect.stringContaining('no request path'), spelled: [expect.stringMatching(/\/x$/)] });
    expect(samplePaths([string('/*')], { major: 5, last: 'route' })).toEqual({ unsampled: expect.stringContaining('Missing parameter name') });
    // What follows a question mark is the query.
    expect(samplePaths([string('/what\\?')], { major: 5, last: 'route' })).toMatchObject({ unsampled: expect.stringContaining('no request path') });
    expect(samplePaths([regexp(/^(\/?[a-z]+)+$/)], { major: 5, last: 'route' })).toEqual({ unsampled: expect.stringContaining('exponential') });
  });

  it('reach what is mounted at the end of a chain', () => {
    expect(samplePaths([string('/ui'), string('/')], { major: 5, last: 'mount' })).toEqual({ samples: [{ path: '/ui', params: {} }] });
  });

  it('keep unknown parts of mounts and routes', () => {
    const [sample] = samplesOf([parts({ unknown: 'base' }, '/api'), string('/users/:id')], 5);
    expect(sample!.path).toMatch(/^\/[a-z0-9]+\/api\/users\/[a-z0-9]+$/);
  });
});

describe('the path as served', () => {
  it.each([
    [[], '/'],
    [[string('/'), string('/')], '/'],
    [[string('/api'), string('/users/:id')], '/api/users/:id'],
    [[string('/api/'), string('/users/')], '/api/users/'],
    [[string('/'), string('/api'), string('/')], '/api'],
    [[string('*')], '*'],
    [[string('/api'), string('*')], '/api/*'],
    [[string('/api'), string('users')], '/api/users'],
    [[parts({ unknown: 'base' }, '/api'), string('/x')], '{base}/api/x'],
    [[string('/api'), parts({ unknown: 'path' })], '/api{path}'],
    [[string('/api'), regexp(/^\/users\/(\d+)$/i)], '/api/^\\/users\\/(\\d+)$/i'],
  ])('%j is %s', (chain, expected) => {
    expect(joinPaths(chain)).toBe(expected);
  });
});
