import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type Observations, ObservedText } from '../../interpreter/observation/observed.ts';
import { ABSENT, CLIENT, CLIENT_KEY, FRESH } from '../../interpreter/labels.ts';
import { isWatched } from '../../interpreter/observation/watched.ts';
import { type Behaviour, FALSE, FunctionObject, HeapObject, ModelObject, NULL, Primitive, type Site, TRUE, UNDEFINED, Unknown, type Value, withLabels } from '../../interpreter/values.ts';
import type { Question } from '../question.ts';
import { absentValue, clientValue, credentialStore, credentialValue, headersObject, namesIdentity } from './anonymous.ts';
import type { OwnMembers } from './response.ts';

/** What the request of one chain is, beyond what the steps write on it. */
export interface RequestFacts {
  readonly question: Question;
  method: string;
  /** The whole path, as sent. */
  originalUrl: string;
  /** The program wrote into the session or logged somebody in. */
  readonly issued: () => void;
  /** True once a function that cannot be read has had the request: it may have set anything. */
  hasOpaqueStep(): boolean;
  /** True once something has put a session on the request. */
  hasSession(): boolean;
  /** What the running step has found out of all that differs from endpoint to endpoint. */
  readonly reads: Observations;
}

/** The request object. What the chain writes stands in its properties, on the trail. `name` as in `Behaviour`; `own` as in `createResponse`. */
export function createRequest(interpreter: Interpreter, name: string, facts: RequestFacts, own: OwnMembers): ModelObject {
  const { question } = facts;
  const session = createSession(interpreter, facts);
  const stores = new Map<string, Value>([
    ['headers', headersObject(interpreter, question)],
    ['cookies', credentialStore(interpreter, question, 'req.cookies')],
    ['signedCookies', credentialStore(interpreter, question, 'req.signedCookies')],
    ['session', session],
  ]);
  const behaviour: Behaviour = {
    name,
    get(_interpreter, self, key, site) {
      if (typeof key !== 'string') return undefined;
      const set = self.properties.get(key);
      const given = set ?? stores.get(key) ?? own(self, key, site) ?? memberOf(interpreter, self, facts, key, site);
      if (ROUTE_MEMBERS.has(key) && !(given instanceof ObservedText) && !isWatched(given)) facts.reads.add(key);
      return set ? undefined : given as Value;
    },
  };
  return new ModelObject(interpreter.realm.objectPrototype, behaviour, undefined);
}

/** Members that differ from endpoint to endpoint. */
const ROUTE_MEMBERS: ReadonlySet<string> = new Set(['path', 'url', 'originalUrl', 'baseUrl', 'method', 'params', 'routerMethod', 'server']);

/** Members that only the client decides, and that say nothing about who it is. */
const CLIENT_MEMBERS: ReadonlySet<string> = new Set([
  'query', 'body', 'rawBody', 'hostname', 'host', 'protocol', 'secure', 'subdomains', 'xhr', 'fresh', 'stale', 'httpVersion', 'httpVersionMajor', 'rawHeaders', 'trailers',
  'file', 'files', 'complete', 'aborted', 'readable', 'readableEnded', 'signal', 'id', 'requestId', 'log', 'logger', 't', 'i18n', 'language', 'locale', 'useragent', 'csrfToken',
]);

function memberOf(interpreter: Interpreter, self: ModelObject, facts: RequestFacts, key: string, site: Site): Value {
  const { question } = facts;
  if (CLIENT_MEMBERS.has(key)) return clientValue(`req.${key}`, site);
  switch (key) {
    case 'ip': case 'ips': return clientValue('req.ip', site, CLIENT_KEY);
    case 'socket': case 'connection': return clientValue(`req.${key}`, site, CLIENT_KEY);
    case 'originalUrl': return ObservedText.named(key, facts.originalUrl, facts.reads);
    case 'method': return ObservedText.named(key, facts.method, facts.reads);
    case 'sessionID': case 'sessionId': return clientValue(`req.${key}`, site, CLIENT_KEY);
    case 'flash': return interpreter.native(key, (call) => clientValue(`req.${key}()`, call.site));
    // passport
    case 'isAuthenticated': return interpreter.native(key, (call) => (question === 'anonymous' ? withLabels(FALSE, ABSENT) : clientValue('req.isAuthenticated()', call.site)));
    case 'isUnauthenticated': return interpreter.native(key, (call) => (question === 'anonymous' ? withLabels(TRUE, ABSENT) : clientValue('req.isUnauthenticated()', call.site)));
    case 'login': case 'logIn': case 'logout': case 'logOut': return interpreter.native(key, (call) => {
      if (key === 'login' || key === 'logIn') facts.issued();
      return callLast(interpreter, call.args, call.site);
    });
    case 'on': case 'once': case 'addListener': case 'setTimeout': case 'resume': case 'pause': case 'pipe': case 'unpipe': case 'destroy':
      return interpreter.native(key, (call) => (key === 'pipe' ? (call.args[0] ?? UNDEFINED) : runListener(interpreter, self, call.args, call.site)));
    default: return unsetMember(interpreter, facts, key, site);
  }
}

/** A member that nothing in the chain has set. */
function unsetMember(interpreter: Interpreter, facts: RequestFacts, key: string, site: Site): Value {
  if ((facts.question === 'known' || facts.question === 'same') && !facts.hasOpaqueStep()) return absentValue();
  if (namesIdentity(key)) return credentialValue(interpreter, facts.question, `req.${key}`, site);
  if (facts.question !== 'anonymous' || facts.hasOpaqueStep()) return clientValue(`req.${key}`, site);
  return UNDEFINED;
}

function callLast(interpreter: Interpreter, args: readonly Value[], site: Site): Value {
  const callback = args.at(-1);
  if (callback instanceof FunctionObject || callback instanceof ModelObject) interpreter.call(callback, UNDEFINED, [NULL], site);
  return interpreter.promise('fulfilled', UNDEFINED, site);
}

/** req.on('end', () => …): the body comes in, and then it ends. Failures are not followed. */
function runListener(interpreter: Interpreter, self: ModelObject, args: readonly Value[], site: Site): Value {
  const [event, listener] = args;
  const name = event instanceof Primitive ? event.value : undefined;
  if ((name === 'data' || name === 'end' || name === 'readable') && listener instanceof HeapObject) interpreter.call(listener, self, [clientValue('a part of the body', site)], site);
  return self;
}

function createSession(interpreter: Interpreter, { question, issued, hasSession, hasOpaqueStep }: RequestFacts): ModelObject {
  const methods = new Map<string, Value>();
  const isUnset = (): boolean | undefined => {
    if (question !== 'anonymous' || hasSession()) return false;
    return hasOpaqueStep() ? undefined : true;
  };
  const session = credentialStore(interpreter, question, 'req.session', methods, { written: issued, isUnset });
  for (const name of ['save', 'destroy', 'regenerate', 'reload', 'touch', 'resetMaxAge']) {
    methods.set(name, interpreter.native(name, (call) => {
      const [callback] = call.args;
      if (callback instanceof FunctionObject || callback instanceof ModelObject) interpreter.call(callback, UNDEFINED, [NULL], call.site);
      return session;
    }));
  }
  methods.set('id', new Unknown('the id of the session', { labels: CLIENT, identity: 'req.session.id' }));
  methods.set('cookie', new Unknown('the cookie of the session', { identity: 'req.session.cookie' }));
  return session;
}

/** The text of a parameter is the client's: it equals no literal, and tests of its shape may go either way. */
export function paramValue(name: string): Value {
  return new Unknown(`req.params.${name} is what the client sent`, { labels: CLIENT | FRESH, identity: `req.params.${name}` });
}
