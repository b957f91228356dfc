import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAffordable } from '../../../src/interpreter/builtins/regexp-cost.ts';
import { evaluate, UNKNOWN } from './evaluate.ts';

describe('the cost of a pattern', () => {
  it.each([
    ['^(a+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'],
    ['^(?:a|a)*$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'],
    ['a*a*a*a*a*a*a*a*b', 'a'.repeat(80)],
    ['(?=(a+)+b)', `${'a'.repeat(40)}!`],
    ['(?<=(a+)+)b', `${'a'.repeat(60)}b`],
    ['(.*)*=', 'x'.repeat(40)],
    [`${'(a|a)'.repeat(30)}b`, 'a'.repeat(40)],
    ['a', 'a'.repeat(5000)],
  ])('%s is refused', (source, text) => {
    expect(isAffordable(source, '', text)).toBe(false);
  });

  it.each([
    ['^[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}$', 'i', 'someone.else+tag@mail.example.com'],
    ['^\\/api\\/(?:v\\d+\\/)?[^/]+\\/[^/]+\\/?$', '', '/api/v1/users/12345678901234567890'],
    ['^\\s*(\\w+)\\s*,\\s*(\\w+)\\s*$', '', '  alpha  ,  beta  '],
    ['\\p{Lu}+', 'u', 'abcÄÖÜ'],
    ['^(a+)+$', '', 'aaaaaaaaaaaaaaaaaaaa'],
  ])('%s is run', (source, flags, text) => {
    expect(isAffordable(source, flags, text)).toBe(true);
  });

  it('what is refused gives an unknown value', () => {
    expect(evaluate("/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')").data).toBe(UNKNOWN);
    expect(evaluate("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.replace(/^(a+)+$/, '')").data).toBe(UNKNOWN);
  });

  it('no small pattern fails', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '\\w', '(a|b)', '(?:ab)', '^', '$', '\\b', '(?=a)', '(?!b)', '(?<=a)', '(?<!b)');
    const quantified = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '{1,2}', '*?')).map(([left, right]) => (/^(?:\^|\$|\\b|\(\?[=!<])/.test(left) && !left.startsWith('(?:') ? left : left + right));
    fc.assert(fc.property(fc.array(quantified, { maxLength: 5 }), fc.stringMatching(/^[ab]{0,8}$/), (parts, text) => {
      expect(isAffordable(parts.join(''), '', text)).toBe(true);
    }));
  });
});
