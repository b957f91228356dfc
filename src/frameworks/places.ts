import type { Interpreter } from '../interpreter/interpreter.ts';
import { HeapObject, Primitive, type Site, type Value, NativeFunction } from '../interpreter/values.ts';

/**
 * Where a user would change a registration: at the registering call, unless what it registers reached it
 * through a parameter or a loop; then at the call that supplied it, or at the row of the table.
 */
export function placeOf(interpreter: Interpreter, supplied: Value, call: Site): Site {
  const origin = supplied instanceof Primitive ? supplied.site : undefined;
  if (!origin) return call;
  for (let index = interpreter.frames.length - 1; index >= 0; index--) {
    const frame = interpreter.frames[index];
    if (!frame?.given.some((value) => isFrom(value, origin, 3))) continue;
    // this.route({ method: 'get', path: '/users' })      the literal stands in the call
    const { site } = frame;
    if (frame.callee && isWithin(origin, site) && isDirectArgument(site, origin)) return supplierOf(interpreter, index, origin) ?? site;
    // for (const route of routes) app[route.method](route.path, …)      the row of the table
    return isWithin(call, origin) ? call : origin;
  }
  return call;
}

/** The outermost call that still holds the literal: `get('/x', h)` → `this.register('get', '/x', h)`. */
function supplierOf(interpreter: Interpreter, index: number, origin: Site): Site | undefined {
  const frame = interpreter.frames[index];
  return frame && frame.site.module === origin.module ? frame.site : undefined;
}

/** False for `['/a', '/b'].forEach((path) => …)`, where the literal is a row though it stands within the call. */
function isDirectArgument(call: Site, origin: Site): boolean {
  return call.name === undefined || origin.module.place(origin.start) >= call.module.place(call.name.end);
}

function isFrom(value: Value, origin: Site, depth: number): boolean {
  if (value instanceof Primitive) return value.site !== undefined && value.site.module === origin.module && value.site.start === origin.start;
  if (!(value instanceof HeapObject) || value instanceof NativeFunction || depth === 0) return false;
  return value.site !== undefined && isWithin(origin, value.site);
}

function isWithin(inner: Site, outer: Site): boolean {
  return inner.module === outer.module && inner.module.place(inner.start) >= outer.module.place(outer.start) && inner.module.place(inner.end) <= outer.module.place(outer.end);
}
