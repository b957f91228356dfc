import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LayerIndex } from '../../../src/frameworks/express/layer-index.ts';
import type { RegisteredPath, RouteLayer, UseLayer } from '../../../src/frameworks/express/layers.ts';
import { compile, type ExpressMajor, type PathPattern } from '../../../src/frameworks/express/paths.ts';
import { UNREGISTERED } from '../../../src/interpreter/registrations.ts';
import { patternAndPath } from './path-patterns.ts';

const nowhere = {} as RegisteredPath['place'];

function route(...patterns: PathPattern[]): RouteLayer {
  return { kind: 'route', isList: patterns.length > 1, paths: patterns.map((pattern) => ({ pattern, place: nowhere, conditions: [] })), stack: [], conditions: [], site: nowhere, registeredAt: UNREGISTERED };
}

function mount(...patterns: PathPattern[]): UseLayer {
  return { ...route(...patterns), kind: 'use', handlers: [] };
}

function literal(source: string): PathPattern {
  return { kind: 'string', source };
}

describe('finding the layers of a router', () => {
  it('leaves out what begins with other segments, and keeps the order', () => {
    const [users, all, user, orders] = [route(literal('/users')), mount(literal('/')), route(literal('/Users/:id')), route(literal('/orders/:id'))];
    const index = new LayerIndex([user, all, orders, users]);
    expect(index.candidates('/users/7', undefined)).toEqual([user, all, users]);
    expect(index.candidates('/orders', undefined)).toEqual([all, orders]);
    expect(index.candidates('/nowhere', orders)).toEqual([all, orders]);
  });

  it.each<ExpressMajor>([4, 5])('keeps all that Express %i matches', (major) => {
    let matched = 0;
    fc.assert(
      fc.property(patternAndPath(major), patternAndPath(major), fc.boolean(), fc.constantFrom('', '/', '/x', '.x', 'x'), (one, other, end, ending) => {
        const patterns = [one.pattern, other.pattern];
        const layer = end ? route(...patterns) : mount(...patterns);
        const index = new LayerIndex([layer]);
        for (const path of [one.path, other.path, one.path + ending].map((p) => `/${p.replace(/^\//, '')}`)) {
          const matcher = compile(patterns, { major, end, sensitive: false, strict: false });
          if (!('match' in matcher) || !matcher.match(path)) continue;
          matched += 1;
          expect(index.candidates(path, undefined)).toEqual([layer]);
        }
      }),
      { numRuns: 3_000 },
    );
    expect(matched).toBeGreaterThan(500);
  });
});
