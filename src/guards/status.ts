import { STATUS_CODES } from 'node:http';
import { identityOf } from '../interpreter/text.ts';
import { External, HeapObject, Primitive, Unknown, type Value } from '../interpreter/values.ts';

/** `TOO_MANY_REQUESTS` → 429, as the constants packages spell the reason phrases. */
const CODES_BY_NAME: ReadonlyMap<string, number> = new Map(Object.entries(STATUS_CODES).map(([code, phrase]) => [spelling(phrase ?? ''), Number(code)]));

function spelling(phrase: string): string {
  return phrase.toLowerCase().replace(/[^a-z]/g, '');
}

/** The HTTP status that a value stands for; undefined where it is not known. */
export function statusOf(value: Value | undefined): number | undefined {
  if (value instanceof Primitive) {
    const code = Number(value.value);
    return Number.isInteger(code) && code >= 100 && code < 600 ? code : undefined;
  }
  if (value instanceof Unknown && value.fallback) return statusOf(value.fallback);
  if (value instanceof External || value instanceof Unknown) {
    const name = identityOf(value)?.split('.').at(-1) ?? '';
    return CODES_BY_NAME.get(spelling(name));
  }
  return undefined;
}

/** The status that an error carries (`new ApiError(429, …)`, `createError(429)`, `new TooManyRequestsError()`); undefined where none is seen. */
export function statusOfError(error: Value): number | undefined {
  if (error instanceof HeapObject) {
    for (const key of ['status', 'statusCode', 'code', 'httpCode', 'httpStatus']) {
      const slot = error.properties.get(key);
      const status = slot && slot.kind !== 'accessor' ? statusOf(slot) : undefined;
      if (status !== undefined) return status;
    }
    const constructor = error.prototype?.properties.get('constructor');
    return constructor instanceof HeapObject && 'name' in constructor ? statusOfName(String(constructor.name)) : undefined;
  }
  if (error instanceof External) {
    for (const argument of error.args) {
      const status = statusOf(argument);
      if (status !== undefined) return status;
    }
    for (let external: External | undefined = error; external; external = external.base) {
      const status = statusOfName(external.name);
      if (status !== undefined) return status;
    }
  }
  return undefined;
}

function statusOfName(name: string): number | undefined {
  return CODES_BY_NAME.get(spelling(name).replace(/(error|exception)$/, '').replace(/^http/, ''));
}
