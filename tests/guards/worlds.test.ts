import { describe, expect, it } from 'vitest';
import { beyond, united, type World } from '../../src/guards/worlds.ts';
import type { Decision } from '../../src/interpreter/host.ts';

const decision = (key: string, branch: string): Decision => ({ condition: { key, branch, site: undefined as never, configuration: true, defaultBranch: undefined }, kind: 'configuration' });

/** `a !b` is the world in which the switch `a` is on and `b` is off. */
const world = (text: string): World => text.split(' ').filter(Boolean).map((word) => (word.startsWith('!') ? decision(word.slice(1), 'false') : decision(word, 'true')));
const texts = (worlds: readonly World[]): string[] => worlds.map((one) => one.map(({ condition: { key, branch } }) => (branch === 'false' ? `!${key}` : key)).sort().join(' '));

describe('worlds', () => {
  it.each([
    ['a switch in either position', ['a', '!a'], ['']],
    ['two switches in all positions', ['a b', 'a !b', '!a b', '!a !b'], ['']],
    ['two switches in any order', ['!a !b', 'a !b', '!a b', 'a b'], ['']],
    ['a world inside another', ['a b', 'a'], ['a']],
    ['what both switches together do not reach', ['!a', 'a !b'], ['!a', '!b']],
    ['what neither switch reaches', ['!a !b'], ['!a !b']],
    ['worlds that have nothing in common', ['a', 'b'], ['a', 'b']],
    ['worlds that differ in two switches', ['a b', '!a !b'], ['!a !b', 'a b']],
    ['a world that two others cover in part', ['a b', '!a c', 'b c d'], ['!a c', 'a b', 'b c d']],
  ])('are united: %s', (_about, worlds, expected) => {
    expect(texts(united(worlds.map(world))).sort()).toEqual(expected);
  });

  it('never hold where none of them held before', () => {
    const names = ['a', 'b', 'c'];
    const every = Array.from({ length: 8 }, (_, bits) => world(names.map((name, at) => (bits & (1 << at) ? name : `!${name}`)).join(' ')));
    const holds = (worlds: readonly World[], one: World) => worlds.some((other) => beyond([other], one) === undefined);
    for (let chosen = 0; chosen < 256; chosen++) {
      const worlds = every.filter((_, at) => chosen & (1 << at));
      const fewer = united(worlds);
      expect(every.map((one) => holds(fewer, one))).toEqual(every.map((one) => worlds.includes(one)));
      expect(fewer.length).toBeLessThanOrEqual(Math.max(worlds.length, 0));
    }
  });

  it('need not name a decision that another world makes without effect', () => {
    expect(texts([beyond([world('!a')], world('a !b'))!])).toEqual(['!b']);
    expect(beyond([world('!b')], world('a !b'))).toBeUndefined();
    expect(texts([beyond([world('!a c')], world('a !b'))!])).toEqual(['!b a']);
  });
});
