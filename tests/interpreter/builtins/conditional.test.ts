import { describe, expect, it } from 'vitest';
import type { Branching } from '../../../src/interpreter/host.ts';
import { evaluate, evaluateBody, UNKNOWN } from './evaluate.ts';

/** One path: every decision goes the same way; counts how many were asked. */
function always(branch: 'true' | 'false', asked: string[] = []): Branching {
  const answers = new Map<string, string>();
  return {
    mode: 'choose',
    taken: () => 0,
    takeBack: () => undefined,
    choose: (_, decision) => {
      if (!answers.has(decision.key)) asked.push(decision.key);
      answers.set(decision.key, branch);
      return branch;
    },
  };
}

describe('both branches at once', () => {
  it.each([
    ["['a', 'b'].filter((x) => x === 'a' || setting)", ['a', { oneOf: ['b'] }]],
    ["[{ id: 1 }].find((row) => setting)", { oneOf: [{ id: 1 }, undefined] }],
    ["['a', 'b'].find((x) => x === 'b' || setting)", { oneOf: ['a', 'b'] }],
    ["['a', 'b'].some((x) => x === 'b' || setting)", true],
    ["['a', 'b'].some((x) => setting)", UNKNOWN],
    ["['a', 'b'].every((x) => x === 'a' && setting)", false],
    ["['a'].every((x) => setting)", UNKNOWN],
    ["['a', 'b'].findIndex((x) => x === 'b')", 1],
    ["(setting ? 'a b' : 'c d').split(' ')", { oneOf: [['a', 'b'], ['c', 'd']] }],
    ["[setting ? 'a' : 'b'].map((x) => x + 1)", [{ oneOf: ['a1', 'b1'] }]],
    ["['a'].concat(setting ? ['b'] : [])", ['a', { oneOf: ['b'] }]],
    ["(setting ? ['a'] : ['b']).includes('c')", false],
  ])('%s', (expression, data) => {
    expect(evaluate(expression).data).toEqual(data);
  });

  it('a conditional element is handled under its condition, and so is its result', () => {
    expect(evaluateBody("const list = ['a', ...(setting ? ['b'] : [])]; result = list.map((x) => x + 1);").data).toEqual(['a1', { oneOf: ['b1'] }]);
  });

  it('a conditional element does not decide', () => {
    expect(evaluateBody("const list = ['a', ...(setting ? ['b'] : [])]; result = list.some((x) => x === 'b');").data).toBe(UNKNOWN);
    expect(evaluateBody("const list = ['a', ...(setting ? ['b'] : [])]; result = list.some((x) => x === 'a');").data).toBe(true);
    expect(evaluateBody("const list = ['a', ...(setting ? ['b'] : [])]; result = list.some((x) => x === 'c');").data).toBe(false);
  });

  it('reduce keeps both results', () => {
    expect(evaluateBody("const list = ['a', ...(setting ? ['b'] : [])]; result = list.reduce((all, x) => all + x, '');").data).toEqual({ oneOf: ['ab', 'a'] });
  });
});

describe('one path at a time', () => {
  it('one choice for a whole list', () => {
    const asked: string[] = [];
    expect(evaluate("['a', 'b', 'c'].filter((x) => opaque === x)", { branching: always('true', asked) }).data).toEqual(['a', 'b', 'c']);
    expect(asked).toHaveLength(1);
    expect(evaluate("['a', 'b', 'c'].filter((x) => opaque === x)", { branching: always('false') }).data).toEqual([]);
  });

  it.each([
    ["['a', 'b'].find((x) => setting === x)", 'a', undefined],
    ["['a', 'b'].some((x) => setting === x)", true, false],
    ["['a', 'b'].every((x) => setting === x)", true, false],
    ["['a', 'b'].findIndex((x) => setting === x)", 0, -1],
    ["(setting ? ['a'] : ['b']).map((x) => x)", ['a'], ['b']],
    ["Object.keys(setting).some((x) => x === 'a')", UNKNOWN, UNKNOWN],
  ])('%s', (expression, whenTrue, whenFalse) => {
    expect(evaluate(expression, { branching: always('true') }).data).toEqual(whenTrue);
    expect(evaluate(expression, { branching: always('false') }).data).toEqual(whenFalse);
  });
});
