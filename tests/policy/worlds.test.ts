import { describe, expect, it } from 'vitest';
import type { Condition } from '../../src/interpreter/values.ts';
import { both, united, without, type World } from '../../src/policy/worlds.ts';

const condition = (key: string, branch: string): Condition => ({ key, branch, site: undefined as never, configuration: true, defaultBranch: undefined });

/** `a !b` are the deployments in which the switch `a` is on and `b` is off. */
const world = (text: string): World => text.split(' ').filter(Boolean).map((word) => (word.startsWith('!') ? condition(word.slice(1), 'false') : condition(word, 'true')));
const texts = (worlds: readonly World[]): string[] => worlds.map((one) => one.map(({ key, branch }) => (branch === 'false' ? `!${key}` : key)).sort().join(' '));

describe('deployments', () => {
  it('of two worlds hold the switches of both', () => {
    expect(texts(both(world('a'), world('a !b')))).toEqual(['!b a']);
    expect(both(world('a'), world('!a b'))).toEqual([]);
  });

  it('of one world without those of another', () => {
    expect(without(world('a'), world(''))).toEqual([]);
    expect(texts(without(world('a'), world('!a')))).toEqual(['a']);
    expect(texts(without(world(''), world('a')))).toEqual(['!a']);
    expect(texts(without(world(''), world('a b')))).toEqual(['!a', '!b a']);
    expect(without(world('a b'), world('a'))).toEqual([]);
  });

  it('stay whole where a switch has more than two positions', () => {
    const production: World = [condition('mode', "case 'production'")];
    expect(without([], production)).toEqual([[]]);
  });

  it.each([
    ['a switch in either position', ['a', '!a'], ['']],
    ['two switches in all positions', ['a b', 'a !b', '!a b', '!a !b'], ['']],
    ['a world inside another', ['a b', 'a'], ['a']],
    ['worlds that have nothing in common', ['a', 'b'], ['a', 'b']],
    ['worlds that differ in two switches', ['a b', '!a !b'], ['a b', '!a !b']],
  ])('are united: %s', (_about, worlds, expected) => {
    expect(texts(united(worlds.map(world))).sort()).toEqual(expected.sort());
  });

  it('are told apart no further than sixteen worlds', () => {
    expect(united(Array.from({ length: 17 }, (_, index) => world(`a${index} b${index}`)))).toEqual([[]]);
  });
});
