import { basename } from 'node:path';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { SECRET } from '../../interpreter/labels.ts';
import { ArrayObject, type Condition, External, Primitive, RegExpObject, type Site, Unknown, type Value, isCallable, ModelObject } from '../../interpreter/values.ts';
import { identityOf } from '../../interpreter/text.ts';
import { placeOf } from '../places.ts';
import type { RegisteredPath } from './layers.ts';
import type { UnknownPart } from './paths.ts';

/** The paths that a registration's first argument stands for; undefined where it is no path. */
export function pathsOf(interpreter: Interpreter, value: Value, call: Site, conditions: readonly Condition[] = []): RegisteredPath[] | undefined {
  const settled = interpreter.settle(value);
  if (settled instanceof Primitive) {
    if (typeof settled.value !== 'string') return undefined;
    return [{ pattern: { kind: 'string', source: settled.value }, place: placeOf(interpreter, settled, call), conditions }];
  }
  if (settled instanceof RegExpObject) return [{ pattern: { kind: 'regexp', source: settled.source, flags: settled.flags }, place: call, conditions }];
  if (settled instanceof ArrayObject) {
    const all = settled.elements.flatMap((element) => pathsOf(interpreter, element, call, conditions) ?? []);
    return all.length > 0 ? all : undefined;
  }
  if (settled.kind === 'union') {
    const all = settled.options.flatMap((o) => (o.value && interpreter.isPossible(o.conditions) ? pathsOf(interpreter, o.value, call, [...conditions, ...o.conditions]) ?? [] : []));
    return all.length > 0 ? distinct(all) : undefined;
  }
  if (settled instanceof Unknown) {
    // `${process.env.PREFIX || '/api'}/users`
    if (settled.fallback) return pathsOf(interpreter, settled.fallback, call, conditions);
    return [{ pattern: { kind: 'parts', parts: unknownParts(interpreter, settled) }, place: call, conditions }];
  }
  if (settled instanceof External) return [{ pattern: { kind: 'parts', parts: unknownParts(interpreter, settled) }, place: call, conditions }];
  return undefined;
}

/** Each path once; one that is known stands for those that are not. */
function distinct(paths: readonly RegisteredPath[]): RegisteredPath[] {
  const known = paths.filter((p) => p.pattern.kind !== 'parts');
  const byPattern = new Map<string, RegisteredPath>();
  for (const path of known.length > 0 ? known : paths) {
    const key = JSON.stringify(path.pattern);
    const before = byPattern.get(key);
    byPattern.set(key, before ? { ...before, conditions: before.conditions.filter((c) => path.conditions.some((d) => d.key === c.key && d.branch === c.branch)) } : path);
  }
  return [...byPattern.values()];
}

function unknownParts(interpreter: Interpreter, value: Value): (string | UnknownPart)[] {
  return interpreter.textParts(value).map((part) => {
    if (typeof part === 'string') return part;
    const fallback = part instanceof Unknown ? part.fallback : undefined;
    if (fallback instanceof Primitive && typeof fallback.value === 'string') return fallback.value;
    return { unknown: identityOf(part) ?? (part.site ? `line ${part.site.module.position(part.site.start).line} of ${basename(part.site.module.file)}` : 'unknown') };
  });
}

/** Whether the first argument of `use` is a path: what is no function is one. */
export function isPath(interpreter: Interpreter, value: Value, isOnly: boolean): boolean {
  const settled = interpreter.settle(value);
  if (settled instanceof Primitive) return typeof settled.value === 'string';
  if (settled instanceof RegExpObject) return true;
  if (settled instanceof ArrayObject) {
    const [first] = settled.elements;
    return first !== undefined && isPath(interpreter, first, isOnly);
  }
  if (settled.kind === 'union') {
    const given = settled.options.find((o) => o.value)?.value;
    return given !== undefined && isPath(interpreter, given, isOnly);
  }
  if (isOnly || isCallable(settled) || settled instanceof ModelObject) return false;
  // app.use(process.env.PREFIX, router), app.use(`${base}/api`, router)
  if (settled instanceof Unknown) return settled.parts !== undefined || settled.fallback instanceof Primitive || (settled.labels & SECRET) !== 0;
  return false;
}
