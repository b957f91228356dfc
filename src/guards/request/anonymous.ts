import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ABSENT, CLIENT, CLIENT_KEY, type Labels } from '../../interpreter/labels.ts';
import { type Behaviour, HeapObject, ModelObject, Primitive, type Site, UNDEFINED, Unknown, type Value, withLabels } from '../../interpreter/values.ts';
import type { Question } from '../question.ts';

/** Headers that a request without a credential has. Any other header is absent: programs put credentials under any name. */
const PLAIN_HEADERS: ReadonlySet<string> = new Set([
  'host', 'accept', 'accept-charset', 'accept-encoding', 'accept-language', 'cache-control', 'connection', 'content-encoding', 'content-length',
  'content-type', 'date', 'dnt', 'expect', 'forwarded', 'if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since', 'keep-alive',
  'origin', 'pragma', 'range', 'referer', 'referrer', 'te', 'transfer-encoding', 'upgrade', 'upgrade-insecure-requests', 'user-agent', 'via',
  'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-prefix', 'x-forwarded-proto', 'x-forwarded-protocol', 'x-forwarded-ssl', 'x-real-ip', 'x-request-id',
  'x-correlation-id', 'x-requested-with', 'x-http-method-override',
]);

/** Headers that tell one client from another. */
const ADDRESS_HEADERS: ReadonlySet<string> = new Set(['x-forwarded-for', 'x-real-ip', 'forwarded']);

export function absentValue(): Value {
  return withLabels(UNDEFINED, ABSENT);
}

/** Something that the client sent and chose. */
export function clientValue(name: string, site: Site | undefined, labels: Labels = 0): Unknown {
  return new Unknown(`${name} is what the client sent`, { labels: CLIENT | labels, identity: name, site });
}

/** A credential's place: nothing for the anonymous, something unknown for a request that may carry one. */
export function credentialValue(interpreter: Interpreter, question: Question, name: string, site: Site): Value {
  if (question === 'anonymous') return absentValue();
  const { branching } = interpreter;
  // Where both branches of a test are looked at, it is nothing that one path could take.
  if (question !== 'same' || branching.mode !== 'choose') return clientValue(name, site);
  const isSent = branching.choose(['true', 'false'], { key: `${name} is sent`, site, configuration: false, defaultBranch: undefined }, 'choice') === 'true';
  return isSent ? new Unknown(`${name} is what the client sent`, { labels: CLIENT, identity: name, site, isFilled: true }) : absentValue();
}

/** Tokens against forged requests, under any spelling: everybody is handed one, so that they say nothing of who is asking. */
const FORGERY_TOKEN = /^_?(x-)?[cx]srf([-_]?(token|secret))?$/i;

export function headerValue(interpreter: Interpreter, question: Question, name: string, site: Site): Value {
  const lower = name.toLowerCase();
  if (lower.startsWith('sec-') || PLAIN_HEADERS.has(lower) || FORGERY_TOKEN.test(lower)) return clientValue(`req.headers.${lower}`, site, ADDRESS_HEADERS.has(lower) ? CLIENT_KEY : 0);
  return credentialValue(interpreter, question, `req.headers.${lower}`, site);
}

export interface StoreFacts {
  /** Hears of members that the program sets. */
  readonly written?: () => void;
  /** As in `Behaviour`. */
  readonly isUnset?: () => boolean | undefined;
}

/** An object whose members are credentials unless the program sets them: cookies, the session's content. */
export function credentialStore(interpreter: Interpreter, question: Question, name: string, methods: ReadonlyMap<string, Value> = new Map(), { written = () => undefined, isUnset = () => false }: StoreFacts = {}): ModelObject {
  const behaviour: Behaviour = {
    name,
    isUnset,
    get(_interpreter, self, key, site) {
      if (typeof key !== 'string' || self.properties.has(key)) return undefined;
      if (FORGERY_TOKEN.test(key)) return clientValue(`${name}.${key}`, site);
      return methods.get(key) ?? credentialValue(interpreter, question, `${name}.${key}`, site);
    },
    // req.cookies[`share_${id}_token`]
    getUnnamed: (_interpreter, _self, site) => credentialValue(interpreter, question, name, site),
    set() {
      written();
      return false;
    },
  };
  return new ModelObject(interpreter.realm.objectPrototype, behaviour, undefined);
}

export function headersObject(interpreter: Interpreter, question: Question): ModelObject {
  const behaviour: Behaviour = {
    name: 'request headers',
    isPlain: true,
    get(_interpreter, self, key, site) {
      if (typeof key !== 'string' || self.properties.has(key)) return undefined;
      return headerValue(interpreter, question, key, site);
    },
    getUnnamed: (_interpreter, _self, site) => credentialValue(interpreter, question, 'req.headers', site),
  };
  return new ModelObject(interpreter.realm.objectPrototype, behaviour, undefined);
}

/** The request, and what of it is made of credentials. */
const CARRIER = /request( headers)?$|^req\.(cookies|signedCookies|session)$/;

/** Whether a function that is given the value finds there what the client has for a credential: verify(body, req.headers), getSession({ headers }) */
export function carriesCredentials(value: Value): boolean {
  if (value instanceof ModelObject) return CARRIER.test(value.behaviour.name);
  return value instanceof HeapObject && [...value.properties.values()].some((slot) => slot instanceof ModelObject && CARRIER.test(slot.behaviour.name));
}

/** Names under which programs keep who is asking. Asked only where nothing in the chain has set the member. */
const IDENTITY_NAME = /^(current_?|logged_?in_?|auth(enticated)?_?|request_?|session_?|is_?)?(user|auth|account|identity|principal|token|jwt|session|member|admin|operator|customer|client|subject|claims|credentials?|api_?key|access_?token|decoded|payload|roles?|groups?|scopes?|permissions?|tenant|organi[sz]ation|workspace|logged_?in|authenticated)(_?(id|info|data|payload|token|details|context|obj|object|roles?|groups?|scopes?|permissions?|level|name|email|uuid))?$/i;

export function namesIdentity(key: string): boolean {
  return IDENTITY_NAME.test(key);
}

export function isExactText(value: Value): value is Primitive {
  return value instanceof Primitive && typeof value.value === 'string';
}
