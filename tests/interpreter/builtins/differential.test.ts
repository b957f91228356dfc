import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { SNIPPETS } from './snippets.ts';

/** What Node itself gives. */
function real(expression: string): unknown {
  try {
    return plain(new Function('require', `return (${expression})`)((name: string) => process.getBuiltinModule(name)));
  } catch (error) {
    return { thrown: (error as Error).name };
  }
}

/** The form in which `evaluate` shows values. */
function plain(value: unknown): unknown {
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Map) return [...value].map((entry) => entry.map(plain));
  if (value instanceof Set) return [...value].map((element) => [plain(element), plain(element)]);
  if (Array.isArray(value)) return Array.from(value, plain);
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>, plain);
  if (value instanceof Error) return { ...plain({ ...value }) as object, ...(Object.hasOwn(value, 'message') ? { message: value.message } : {}) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

for (const [topic, expressions] of Object.entries(SNIPPETS)) {
  describe(`${topic} gives what Node gives`, () => {
    it.each(expressions)('%s', (expression) => {
      expect(evaluate(expression).data).toEqual(real(expression));
    });
  });
}
