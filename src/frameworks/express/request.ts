import { clientValue, credentialValue, headerValue } from '../../guards/request/anonymous.ts';
import type { Question } from '../../guards/question.ts';
import { createRequest, paramValue, type RequestFacts } from '../../guards/request/request.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ObservedText } from '../../interpreter/observation/observed.ts';
import { type ModelObject, Primitive, type Site, Unknown, type Value } from '../../interpreter/values.ts';
import { watch } from '../../interpreter/observation/watched.ts';
import type { Stop } from './routing.ts';

/** The request with what Express adds to Node's. */
export function createExpressRequest(interpreter: Interpreter, facts: RequestFacts, application: Value, response: () => Value): ModelObject {
  const { question } = facts;
  return createRequest(interpreter, 'express.request', facts, (self, key) => {
    switch (key) {
      case 'app': return application;
      case 'res': return response();
      case 'get': case 'header': return interpreter.native(key, (call) => readHeader(interpreter, question, call.args[0], call.site));
      case 'param': return interpreter.native('param', (call) => readParam(interpreter, self, call.args[0], call.site));
      case 'accepts': case 'acceptsEncodings': case 'acceptsCharsets': case 'acceptsLanguages': case 'is': case 'range':
        return interpreter.native(key, (call) => clientValue(`req.${key}()`, call.site));
      default: return undefined;
    }
  });
}

function readHeader(interpreter: Interpreter, question: Question, name: Value | undefined, site: Site): Value {
  const settled = name && interpreter.settle(name);
  if (settled instanceof Primitive && typeof settled.value === 'string') return headerValue(interpreter, question, settled.value, site);
  if (settled instanceof Unknown && settled.fallback instanceof Primitive) return headerValue(interpreter, question, String(settled.fallback.value), site);
  // req.get(process.env.API_KEY_HEADER)
  return credentialValue(interpreter, question, 'req.headers', site);
}

function readParam(interpreter: Interpreter, self: ModelObject, name: Value | undefined, site: Site): Value {
  if (!(name instanceof Primitive)) return clientValue('req.param()', site);
  const value = interpreter.get(interpreter.get(self, 'params', site), String(name.value), site);
  return value instanceof Primitive && value.value === undefined ? clientValue(`req.param(${String(name.value)})`, site) : value;
}

/** What Express sets on the request anew for each function. */
export const STOP_MEMBERS: ReadonlySet<PropertyKey> = new Set(['params', 'baseUrl', 'url', 'path']);

/** What Express sets on the request before it calls the function at this stop. */
export function enterStop(interpreter: Interpreter, request: ModelObject, stop: Stop, { reads }: Pick<RequestFacts, 'reads'>): void {
  const { heap } = interpreter;
  const params = interpreter.object();
  for (const [name, value] of Object.entries(stop.params)) {
    if (typeof value === 'string') params.properties.set(name, paramValue(name));
    else if (value) params.properties.set(name, interpreter.array(value.map(() => paramValue(name))));
  }
  watch(params, { noteMember: (name) => reads.add(`params.${String(name)}`), noteAll: () => reads.add('params') });
  heap.setProperty(request, 'params', params);
  // A mount leaves another part of it.
  const url = ObservedText.named('url', stop.url, reads, `${stop.baseUrl}|url`);
  heap.setProperty(request, 'baseUrl', ObservedText.named('baseUrl', stop.baseUrl, reads));
  heap.setProperty(request, 'url', url);
  heap.setProperty(request, 'path', url);
}

