import { decorate } from '../../interpreter/decorators.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { ClassObject, HeapObject} from '../../interpreter/values.ts';
import { ArrayObject, type Condition, FunctionObject, NativeFunction, Primitive, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { pathsOf } from '../express/arguments.ts';
import type { RegisteredPath } from '../express/layers.ts';
import { METHOD, PATH, VERSION } from './keys.ts';

/** A method of a controller that answers requests. */
export interface HandlerMethod {
  readonly key: PropertyKey;
  readonly handler: FunctionObject | NativeFunction;
  /** Upper case, or `ALL`. */
  readonly method: string;
  readonly paths: readonly RegisteredPath[];
  readonly version: Value;
  /** The decorator above the method. */
  readonly place: Site;
}

/** Methods with an HTTP decorator, own ones first; a method that overrides one without a decorator of its own is none. */
export function handlerMethods(interpreter: Interpreter, controller: ClassObject): HandlerMethod[] {
  decorate(interpreter, controller);
  const found: HandlerMethod[] = [];
  const seen = new Set<PropertyKey>();
  for (let prototype: HeapObject | null = controller.instances; prototype && prototype !== interpreter.realm.objectPrototype; prototype = prototype.prototype) {
    for (const [key, slot] of prototype.properties) {
      if (key === 'constructor' || seen.has(key)) continue;
      seen.add(key);
      if (!(slot instanceof FunctionObject || slot instanceof NativeFunction)) continue;
      const method = interpreter.metadata.own(slot, undefined, METHOD);
      const path = interpreter.metadata.own(slot, undefined, PATH);
      if (!method || !path || !(method.value instanceof Primitive)) continue;
      const place = method.origin ?? slot.site ?? controller.site as Site;
      found.push({
        key,
        handler: slot,
        method: String(method.value.value),
        paths: registeredPaths(interpreter, path.value, place),
        version: interpreter.metadata.own(slot, undefined, VERSION)?.value ?? UNDEFINED,
        place,
      });
    }
  }
  return found;
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
