import type { Interpreter } from '../../interpreter/interpreter.ts';
import { identityOf } from '../../interpreter/text.ts';
import { type Condition, External, Primitive, type TextPart, Unknown, type Value } from '../../interpreter/values.ts';

/** A text of a registration, unknown parts as `{identity}`, and the decisions that it depends on. */
export interface Text {
  readonly text: string;
  readonly value: Value;
  readonly conditions: readonly Condition[];
}

/** The texts that a value stands for; none where it is no text. */
export function textsOf(interpreter: Interpreter, value: Value, conditions: readonly Condition[] = []): Text[] {
  const settled = interpreter.settle(value);
  if (settled instanceof Primitive) return typeof settled.value === 'string' ? [{ text: settled.value, value: settled, conditions }] : [];
  if (settled.kind === 'union') {
    return settled.options.flatMap((o) => (o.value && interpreter.isPossible(o.conditions) ? textsOf(interpreter, o.value, [...conditions, ...o.conditions]) : []));
  }
  if (settled instanceof Unknown && settled.fallback) return textsOf(interpreter, settled.fallback, conditions);
  if (settled instanceof Unknown || settled instanceof External) return [{ text: interpreter.textParts(settled).map(partText).join(''), value: settled, conditions }];
  return [];
}

function partText(part: TextPart): string {
  if (typeof part === 'string') return part;
  const fallback = part instanceof Unknown ? part.fallback : undefined;
  if (fallback instanceof Primitive && typeof fallback.value === 'string') return fallback.value;
  return `{${identityOf(part) ?? 'unknown'}}`;
}

/** A path that matches the route: parameters and stars get a text that no list of a program names. */
export function samplePath(path: string): string {
  return path
    .replace(/\{[^}]*\}/g, 'p7q')
    .replace(/:[A-Za-z0-9_]+(\((?:[^()]|\([^()]*\))*\))?\??/g, 'p7q')
    .replace(/\*/g, 'p7q') || '/';
}

export function parameterNames(path: string): string[] {
  const names = [...path.matchAll(/:([A-Za-z0-9_]+)/g)].map((match) => match[1] as string);
  return path.includes('*') ? [...names, '*'] : names;
}
