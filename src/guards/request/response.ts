import type { Control } from '../../interpreter/frames.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type Behaviour, FALSE, FunctionObject, HeapObject, ModelObject, Primitive, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { statusOf } from '../status.ts';

/** An answer that a step gave, and the branch that it stood in. */
export interface Answer {
  readonly status: number | undefined;
  readonly isRedirect: boolean;
  /** `json`, `render`; undefined where it is not a method of the response that answers. */
  readonly method?: string;
  /** The page that it shows, where its name is known: res.render('home') */
  readonly page?: string;
  readonly control: Control | undefined;
  readonly site: Site;
}

/** Methods that send an answer. */
const ANSWERS: ReadonlySet<string> = new Set(['send', 'json', 'jsonp', 'end', 'sendStatus', 'render', 'redirect', 'sendFile', 'sendfile', 'download', 'write', 'pipe']);
/** Methods that prepare one and give the response back. */
const PREPARES: ReadonlySet<string> = new Set([
  'set', 'header', 'setHeader', 'removeHeader', 'cookie', 'clearCookie', 'type', 'contentType', 'vary', 'append', 'links', 'location', 'attachment', 'on', 'once', 'removeListener', 'flushHeaders', 'setTimeout', 'flush', 'cork', 'uncork', 'setEncoding',
]);

export interface ResponseEvents {
  answered(answer: Answer): void;
  /** The program hands something to the client that may be a credential. */
  setCookie(): void;
}

/** Members of a framework's own, asked first; undefined for those that all have. */
export type OwnMembers = (self: ModelObject, key: string, site: Site) => Value | undefined;

/** A response object: Node's with what Express adds, and what else the framework has. `name` as in `Behaviour`. */
export function createResponse(interpreter: Interpreter, name: string, events: ResponseEvents, own: OwnMembers): ModelObject {
  const behaviour: Behaviour = {
    name,
    get(_interpreter, self, key, site) {
      if (typeof key !== 'string' || self.properties.has(key)) return undefined;
      return own(self, key, site) ?? memberOf(interpreter, self, key, events);
    },
  };
  const response = new ModelObject(interpreter.realm.objectPrototype, behaviour, undefined);
  response.properties.set('statusCode', new Primitive(200));
  return response;
}

function memberOf(interpreter: Interpreter, self: ModelObject, key: string, events: ResponseEvents): Value | undefined {
  if (ANSWERS.has(key)) {
    return interpreter.native(key, ({ args, site }) => {
      events.answered({
        status: key === 'sendStatus' ? statusOf(args[0]) : currentStatus(self, args, key),
        isRedirect: key === 'redirect',
        method: key,
        ...(key === 'render' && args[0] instanceof Primitive && typeof args[0].value === 'string' && { page: args[0].value }),
        control: interpreter.controls.at(-1),
        site,
      });
      return self;
    });
  }
  if (PREPARES.has(key)) {
    return interpreter.native(key, () => {
      if (key === 'cookie') events.setCookie();
      return self;
    });
  }
  switch (key) {
    case 'status': case 'writeHead': case 'code':
      return interpreter.native(key, ({ args }) => {
        interpreter.heap.setProperty(self, 'statusCode', args[0] ?? UNDEFINED);
        return self;
      });
    // res.format({ json: () => res.json(…), html: () => res.render(…) })
    case 'format':
      return interpreter.native(key, ({ args, site }) => {
        const [formats] = args;
        if (formats instanceof HeapObject) {
          const [first] = interpreter.ownEntries(formats, site).entries;
          if (first?.[1] instanceof FunctionObject) interpreter.call(first[1], UNDEFINED, [], site);
        }
        return self;
      });
    case 'headersSent': case 'finished': case 'writableEnded': return FALSE;
    case 'get': case 'getHeader': return interpreter.native(key, ({ site }) => interpreter.unknown('a header of the answer', site));
    default: return undefined;
  }
}

function currentStatus(self: ModelObject, args: readonly Value[], key: string): number | undefined {
  // res.json(404, body) of old
  if ((key === 'send' || key === 'json') && args.length > 1) return statusOf(args[0]) ?? statusIn(self);
  if (key === 'redirect') return 302;
  return statusIn(self);
}

/** The status that the answer has so far. */
export function statusIn(self: ModelObject): number | undefined {
  const slot = self.properties.get('statusCode');
  return slot && slot.kind !== 'accessor' ? statusOf(slot) : undefined;
}

/** Answers that say no. A status that is not known may say yes. */
export function isRefusal(answer: Answer): boolean {
  return answer.status !== undefined && answer.status >= 400;
}
