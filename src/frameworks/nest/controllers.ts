import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { MetadataEntry } from '../../interpreter/metadata.ts';
import { ArrayObject, type ClassObject, type Condition, type HeapObject, Primitive, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { pathsOf } from '../express/arguments.ts';
import type { RegisteredPath } from '../express/layers.ts';
import { METHOD, PATH, VERSION } from './keys.ts';
import { type MarkedMethod, markedMethods } from './methods.ts';

/** A method of a controller that answers requests. */
export interface HandlerMethod extends MarkedMethod {
  /** Upper case, or `ALL`. */
  readonly method: string;
  readonly paths: readonly RegisteredPath[];
  readonly version: Value;
}

/** Methods with an HTTP decorator. Who asks has to ask again where the class is another one. */
export function handlerMethods(interpreter: Interpreter, controller: ClassObject): HandlerMethod[] {
  const { metadata, reads } = interpreter;
  const own = (handler: HeapObject, key: string): MetadataEntry | undefined => reads.unnoticed(() => metadata.own(handler, undefined, key));
  return markedMethods(interpreter, controller, METHOD).flatMap((marked): HandlerMethod[] => {
    const { handler, mark: { value: method }, place } = marked;
    const path = own(handler, PATH);
    if (!path || !(method instanceof Primitive)) return [];
    return [{ ...marked, method: String(method.value), paths: registeredPaths(interpreter, path.value, place), version: own(handler, VERSION)?.value ?? UNDEFINED }];
  });
}

/** Paths that a decorator was given: one, several, or none, which is the root. */
export function registeredPaths(interpreter: Interpreter, value: Value, site: Site, conditions: readonly Condition[] = []): readonly RegisteredPath[] {
  const settled = interpreter.settle(value);
  if (settled instanceof ArrayObject && settled.elements.length > 0) return settled.elements.flatMap((element) => registeredPaths(interpreter, element, site, conditions));
  if (settled.kind === 'union') return settled.options.flatMap((o) => (o.value ? registeredPaths(interpreter, o.value, site, [...conditions, ...o.conditions]) : []));
  const source = settled instanceof Primitive && typeof settled.value === 'string' ? settled.value : undefined;
  if (source !== undefined) return [{ pattern: { kind: 'string', source: withSlash(source) }, place: site, conditions }];
  const paths = pathsOf(interpreter, settled, site, conditions);
  return paths ?? [{ pattern: { kind: 'string', source: '/' }, place: site, conditions }];
}

/** Nest puts the slash before a path, and takes those behind it away. */
export function withSlash(path: string): string {
  return `/${path.replace(/^\/+|\/+$/g, '')}`;
}
