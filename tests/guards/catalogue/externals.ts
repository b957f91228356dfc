import {
  ArrayObject, External, HeapObject, NativeFunction, Primitive, type PrimitiveContent, type Value, UNDEFINED,
} from '../../../src/interpreter/values.ts';

export function imported(packageName: string, name: string, subpath = ''): External {
  return new External({ step: 'import', package: packageName, subpath, name });
}

function next(base: External, details: { step: 'get' | 'call' | 'new' | 'await'; name?: string; args?: readonly Value[] }): External {
  return new External({ package: base.package, subpath: base.subpath, base, ...details });
}

export const get = (base: External, name: string) => next(base, { step: 'get', name });
export const call = (base: External, ...args: readonly Value[]) => next(base, { step: 'call', args });
export const construct = (base: External, ...args: readonly Value[]) => next(base, { step: 'new', args });
export const awaited = (base: External) => next(base, { step: 'await' });

/** `require('package')` and `import * as x from 'package'`. */
export const whole = (packageName: string, subpath = '') => imported(packageName, '*', subpath);

/** Follows an `export` of a row from the whole module; each call gets the arguments of the same position. */
export function along(packageName: string, path: string, args: readonly (readonly Value[])[] = [], subpath = ''): External {
  let value = whole(packageName, subpath);
  let calls = 0;
  for (const step of path.match(/\(\)|[^.()]+/g) ?? []) {
    value = step === '()' ? call(value, ...(args[calls++] ?? [])) : get(value, step);
  }
  return value;
}

/** A value of the interpreter that stands for plain data; a function stands for itself, unread. */
export function data(content: unknown): Value {
  if (typeof content === 'function') return new NativeFunction(null, 'callback', () => UNDEFINED);
  if (Array.isArray(content)) return new ArrayObject(null, content.map(data));
  if (typeof content === 'object' && content !== null) {
    const object = new HeapObject(null);
    for (const [key, value] of Object.entries(content)) object.properties.set(key, data(value));
    return object;
  }
  return new Primitive(content as PrimitiveContent);
}
