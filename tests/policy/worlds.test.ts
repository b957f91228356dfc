import { describe, expect, it } from 'vitest';
import type { World } from '../../src/guards/worlds.ts';
import type { Decision } from '../../src/interpreter/host.ts';
import { both, summarized, without } from '../../src/policy/worlds.ts';

const decision = (key: string, branch: string): Decision => ({ condition: { key, branch, site: undefined as never, configuration: true, defaultBranch: undefined }, kind: 'configuration' });

/** `a !b` is the world in which the switch `a` is on and `b` is off. */
const world = (text: string): World => text.split(' ').filter(Boolean).map((word) => (word.startsWith('!') ? decision(word.slice(1), 'false') : decision(word, 'true')));
const texts = (worlds: readonly World[]): string[] => worlds.map((one) => one.map(({ condition: { key, branch } }) => (branch === 'false' ? `!${key}` : key)).sort().join(' '));

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

  it('are told apart no further than sixteen worlds', () => {
    const many = Array.from({ length: 17 }, (_, index) => world(`a${index} b${index}`));
    expect(summarized(many.slice(1))).toHaveLength(16);
    expect(summarized(many)).toEqual([[]]);
  });
});
