import { STATUS_CODES } from 'node:http';
import { type Answer, createResponse, statusIn } from '../../guards/request/response.ts';
import { statusOfError } from '../../guards/status.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ABSENCE } from '../../interpreter/labels.ts';
import type { Observations } from '../../interpreter/observation/observed.ts';
import type { ModelObject} from '../../interpreter/values.ts';
import { External, FALSE, HeapObject, type Site, UNDEFINED, type Value, withLabels } from '../../interpreter/values.ts';
import type { RouteFacts } from './route-facts.ts';

/** `unauthorized` → 401: what @fastify/sensible adds to replies, by the phrases of the statuses. */
const REFUSALS: ReadonlyMap<string, number> = new Map(Object.entries(STATUS_CODES).filter(([code]) => Number(code) >= 400).map(([code, phrase]) => [camelCase(phrase ?? ''), Number(code)]));

function camelCase(phrase: string): string {
  const words = phrase.replace(/['’]/g, '').split(/[^A-Za-z]+/).filter(Boolean);
  return words.map((word, index) => (index === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())).join('');
}

/** Methods that prepare a reply and give it back, beside those of any response. */
const PREPARES: ReadonlySet<string> = new Set(['headers', 'setCookie', 'trailer', 'serializer', 'serializeInput', 'compileSerializationSchema', 'etag', 'cacheControl', 'preventCache', 'revalidate', 'staticCache', 'stale', 'maxAge', 'removeTrailer', 'writeEarlyHints']);
const ANSWERS: ReadonlySet<string> = new Set(['view', 'html', 'sse']);

export interface ReplyEvents {
  answered(answer: Answer): void;
  setCookie(): void;
}

/** What stands around the reply: the routes, and what the running step has read of them. */
interface Around {
  readonly routes: RouteFacts;
  readonly reads: Observations;
}

export function createReply(interpreter: Interpreter, { routes, reads }: Around, events: ReplyEvents, request: () => Value): ModelObject {
  const raw = createResponse(interpreter, 'node.response', events, (_self, key) => (key === 'req' ? request() : undefined));
  const answer = (site: Site, status: number | undefined): void => events.answered({ status, isRedirect: false, control: interpreter.controls.at(-1), site });
  return createResponse(interpreter, 'fastify.reply', events, (self, key, site) => {
    const decoration = routes.decoration('replyMembers', key, reads);
    if (decoration) return interpreter.settle(decoration);
    switch (key) {
      case 'send': return interpreter.native(key, ({ args, site: at }) => {
        answer(at, errorStatus(args[0]) ?? statusIn(self));
        return self;
      });
      // Whatever decided on the status decides on an answer that only has one: catch { reply.code(401); }
      case 'code': case 'status': return interpreter.native(key, ({ args }) => {
        interpreter.heap.setProperty(self, 'statusCode', withLabels(args[0] ?? UNDEFINED, (interpreter.controls.at(-1)?.labels ?? 0) & ABSENCE));
        return self;
      });
      case 'callNotFound': return interpreter.native(key, ({ site: at }) => {
        answer(at, 404);
        return self;
      });
      case 'hijack': return interpreter.native(key, () => self);
      case 'raw': case 'res': return raw;
      case 'request': return request();
      case 'server': reads.add('server'); return routes.current.scope.instance;
      case 'sent': return FALSE;
      case 'then': return interpreter.native(key, () => interpreter.promise('fulfilled', UNDEFINED, site));
      case 'getHeaders': case 'hasHeader': case 'getResponseTime': case 'serialize': return interpreter.native(key, ({ site: at }) => interpreter.unknown('something of the answer', at));
      case 'elapsedTime': case 'log': return interpreter.unknown('something of the answer', site);
      default:
    }
    if (PREPARES.has(key)) {
      return interpreter.native(key, () => {
        if (key === 'setCookie') events.setCookie();
        return self;
      });
    }
    const status = REFUSALS.get(key);
    if (status !== undefined || ANSWERS.has(key)) {
      return interpreter.native(key, ({ site: at }) => {
        answer(at, status ?? statusIn(self));
        return self;
      });
    }
    return undefined;
  });
}

/** An error that is sent or returned answers with its own status. */
export function errorStatus(payload: Value | undefined): number | undefined {
  if (payload instanceof HeapObject && isError(payload)) return statusOfError(payload) ?? 500;
  if (payload instanceof External && /error|boom/i.test(`${payload.package} ${payload.base?.name ?? ''} ${payload.base?.base?.name ?? ''}`)) return statusOfError(payload);
  return undefined;
}

function isError(object: HeapObject): boolean {
  for (let holder: HeapObject | null = object; holder; holder = holder.prototype) {
    const constructor = holder.properties.get('constructor');
    if (constructor instanceof HeapObject && 'name' in constructor && constructor.name === 'Error') return true;
  }
  return false;
}

