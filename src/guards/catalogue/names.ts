/** What a name alone suggests. */
export type NamedRole = 'guard' | 'limiter' | 'populates';

/** Paces what the program itself does, however it is called. */
const PACING_PACKAGES: ReadonlySet<string> = new Set([
  'axios-rate-limit', 'bottleneck', 'lodash', 'lodash-es', 'lodash.throttle', 'p-limit', 'p-queue', 'p-ratelimit', 'p-throttle',
  'ramda', 'stream-throttle', 'throttle-debounce', 'throttleit', 'underscore',
]);

/** Any of these says that the name is about something else, or about the opposite. */
const OTHER_MATTER: ReadonlySet<string> = new Set([
  'anonymous', 'bypass', 'callback', 'client', 'concurrency', 'config', 'configure', 'csrf', 'disable', 'error', 'errors', 'fake',
  'guest', 'init', 'initialise', 'initialize', 'log', 'logger', 'logging', 'login', 'logout', 'logs', 'mock', 'non', 'not', 'options',
  'out', 'page', 'provider', 'public', 'report', 'route', 'router', 'routes', 'schema', 'service', 'setup', 'signup', 'skip', 'store',
  'strategy', 'types', 'unauthenticated', 'url', 'xsrf',
]);

/** A limiter may be for log-ins or for public routes; these still say that it limits nothing. */
const NO_LIMITER: ReadonlySet<string> = new Set([
  'async', 'body', 'bypass', 'concurrency', 'config', 'cost', 'depth', 'disable', 'error', 'fake', 'file', 'log', 'logger', 'mock', 'not',
  'options', 'payload', 'promise', 'query', 'size', 'skip', 'store', 'types', 'upload',
]);

const OPTIONAL: ReadonlySet<string> = new Set(['lenient', 'loose', 'maybe', 'optional', 'optionally', 'soft', 'try']);
const IDENTITY_NOUNS: ReadonlySet<string> = new Set([
  'access', 'account', 'admin', 'admins', 'apikey', 'auth', 'authenticated', 'authentication', 'authorisation', 'authorised',
  'authorization', 'authorized', 'bearer', 'credentials', 'jwt', 'key', 'logged', 'loggedin', 'member', 'members', 'owner',
  'permission', 'permissions', 'role', 'roles', 'scope', 'scopes', 'session', 'signed', 'signedin', 'signin', 'superuser', 'token', 'user', 'users',
]);
const DEMANDS: ReadonlySet<string> = new Set(['demand', 'enforce', 'ensure', 'ensures', 'force', 'must', 'need', 'needs', 'require', 'required', 'requires']);
const CHECKS: ReadonlySet<string> = new Set(['check', 'checks', 'validate', 'verify']);
const STATES: ReadonlySet<string> = new Set(['has', 'is']);
const BARRIERS: ReadonlySet<string> = new Set(['authenticate', 'authorise', 'authorize', 'protect', 'restrict']);
const ALLOWANCES: ReadonlySet<string> = new Set(['allow', 'permit', 'restrict']);
const LOADERS: ReadonlySet<string> = new Set(['attach', 'current', 'decode', 'extract', 'get', 'load', 'parse', 'populate', 'set']);
// `check` and `is` with these say nothing of a refusal: checkUser.
const VAGUE: ReadonlySet<string> = new Set(['account', 'key', 'member', 'members', 'session', 'user', 'users']);
/** Says nothing without what stands before it: `rateLimiter.middleware()`, `auth.required`. */
const GENERIC: ReadonlySet<string> = new Set(['check', 'express', 'handler', 'middleware', 'optional', 'required', 'strict', 'verify']);

/**
 * The last resort for an export of a package that cannot be read and that no row names. `path` is written as
 * in the rows: `requireAuth()`, `limiters.login`.
 */
export function judgeByName(packageName: string, path: string): NamedRole | undefined {
  if (PACING_PACKAGES.has(packageName)) return undefined;
  const names = path.replace(/\(\)/g, '').split('.').filter((name) => name !== '' && name !== 'default');
  if (names.length === 0) return judgeWords(wordsOf(baseName(packageName)));
  const last = wordsOf(names.at(-1) as string);
  if (last.length !== 1 || !GENERIC.has(last[0] as string)) return judgeWords(last);
  return judgeWords([...wordsOf(names.at(-2) ?? baseName(packageName)), ...last]);
}

function baseName(packageName: string): string {
  return packageName.slice(packageName.lastIndexOf('/') + 1);
}

function wordsOf(name: string): readonly string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []).map((word) => word.toLowerCase());
}

function judgeWords(words: readonly string[]): NamedRole | undefined {
  if (isLimiter(words)) return 'limiter';
  // protectRoute
  if (BARRIERS.has(words[0] as string) && /^routes?$/.test(words[1] ?? '') && words.length === 2) return 'guard';
  if (words.some((word) => OTHER_MATTER.has(word))) return undefined;
  if (words.some((word) => OPTIONAL.has(word))) return words.some((word) => IDENTITY_NOUNS.has(word)) ? 'populates' : undefined;
  if (isGuard(words)) return 'guard';
  return isLoader(words) ? 'populates' : undefined;
}

function isLimiter(words: readonly string[]): boolean {
  if (words.some((word) => NO_LIMITER.has(word))) return false;
  return words.some((word, index) =>
    /^(?:limiter|ratelimit(?:er|ing|ed)?|throttle[rd]?|throttling)$/.test(word) ||
    (word === 'rate' && /^limit(?:er|ing|ed|s)?$/.test(words[index + 1] ?? '')));
}

function isGuard(words: readonly string[]): boolean {
  const [first = '', second = ''] = words;
  const last = words.at(-1) ?? '';
  const nouns = words.filter((word) => IDENTITY_NOUNS.has(word));
  const firm = nouns.some((word) => !VAGUE.has(word));
  // authenticate, authorizeRoles, jwtAuthenticate
  if (BARRIERS.has(first) || BARRIERS.has(last)) return true;
  // requireUser, ensureLoggedIn; auth.required
  if ((DEMANDS.has(first) || DEMANDS.has(last)) && nouns.length > 0) return true;
  // verifySession, but not checkSession
  if (first === 'verify' && nouns.some((word) => word === 'session')) return true;
  // checkJwt, verifyToken, validateApiKey; isAdmin, hasRole
  if ((CHECKS.has(first) || CHECKS.has(last) || STATES.has(first)) && (firm || (second === 'api' && words[2] === 'key'))) return true;
  // authGuard, adminsOnly
  if ((last === 'guard' || last === 'only') && nouns.length > 0) return true;
  // allowRoles, permitScopes
  if (ALLOWANCES.has(first) && firm) return true;
  // authMiddleware
  return last === 'middleware' && words.some((word) => /^auth(?:entication|orization|orisation)?$/.test(word));
}

// currentUser, loadAccount, session
function isLoader(words: readonly string[]): boolean {
  if (words.length === 1) return words[0] === 'session';
  return LOADERS.has(words[0] as string) && words.some((word) => IDENTITY_NOUNS.has(word));
}
