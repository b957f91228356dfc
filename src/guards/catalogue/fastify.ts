import type { Decider, Row } from './row.ts';

const ALLOW_LIST: Decider = { argument: 0, property: 'allowList', parameters: ['request'], outcome: 'true passes', orList: true };

/**
 * Fastify plugins. A row with `decorates` names a member that registering the package gives; `default()` is the
 * registered plugin, and its conditions read the options of `register`.
 */
export const FASTIFY_ROWS: readonly Row[] = Object.freeze<Row[]>([
  { package: '@clerk/fastify', verified: '3.1.79', framework: 'fastify', export: 'default()', role: 'populates', members: ['auth'] },
  { package: '@fastify/auth', verified: '5.1.1', framework: 'fastify', decorates: 'instance', export: 'auth()', role: 'wrapper', wraps: 0, effect: 'alternatives' },
  { package: '@fastify/basic-auth', verified: '6.3.0', framework: 'fastify', decorates: 'instance', export: 'basicAuth', role: 'guard', by: 'credential' },
  { package: '@fastify/bearer-auth', verified: '10.1.3', framework: 'fastify', decorates: 'instance', export: 'verifyBearerAuth', role: 'guard', by: 'credential' },
  { package: '@fastify/bearer-auth', verified: '10.1.3', framework: 'fastify', export: 'default()', role: 'guard', by: 'credential', unless: [{ argument: 0, property: 'addHook', is: false }] },
  { package: '@fastify/csrf-protection', verified: '8.0.2', framework: 'fastify', decorates: 'instance', export: 'csrfProtection', role: 'passes', refuses: 'forgery' },
  { package: '@fastify/jwt', verified: '10.2.8', framework: 'fastify', decorates: 'instance', export: ['jwt.verify', 'jwt.**.verify'], role: 'verifies', style: 'throws', callback: 'last', credential: 0 },
  { package: '@fastify/jwt', verified: '10.2.8', framework: 'fastify', decorates: 'instance', export: ['jwt.decode', 'jwt.**.decode'], role: 'decodes', style: 'returns', credential: 0 },
  { package: '@fastify/jwt', verified: '10.2.8', framework: 'fastify', decorates: 'instance', export: ['jwt.sign', 'jwt.**.sign'], role: 'issues', style: 'returns', callback: 'last', payload: 0 },
  { package: '@fastify/jwt', verified: '10.2.8', framework: 'fastify', decorates: 'reply', export: 'jwtSign', role: 'issues', style: 'resolves', callback: 'last', payload: 0 },
  { package: '@fastify/jwt', verified: '10.2.8', framework: 'fastify', decorates: 'request', export: 'jwtVerify', role: 'verifies', style: 'rejects', callback: 'last', credential: 'request', note: 'Reads the token from the request. With `namespace` the members are named after it.' },
  { package: '@fastify/oauth2', verified: '8.3.0', framework: 'fastify', export: 'default()', role: 'passes', note: 'Registers the routes of a log-in.' },
  { package: '@fastify/passport', verified: '4.0.3', framework: 'fastify', export: ['authenticate()', 'Authenticator().authenticate()'], role: 'guard', by: 'credential', unless: [{ argument: 0, contains: 'session' }, { argument: 0, contains: 'anonymous' }], decides: [{ argument: 'last', parameters: ['request', 'response', 'no error', 'no user', 'information'], outcome: 'takes over' }] },
  { package: '@fastify/passport', verified: '4.0.3', framework: 'fastify', export: ['secureSession()', 'initialize()', 'Authenticator().secureSession()', 'Authenticator().initialize()'], role: 'populates', members: ['user'] },
  { package: '@fastify/rate-limit', verified: '11.2.0', framework: 'fastify', decorates: 'instance', export: 'rateLimit()', role: 'limiter', isOnce: true, decides: [ALLOW_LIST] },
  { package: '@fastify/rate-limit', verified: '11.2.0', framework: 'fastify', decorates: 'instance', export: 'createRateLimit()()', role: 'consumes', style: 'resolves', failure: { isExceeded: true } },
  { package: '@fastify/rate-limit', verified: '11.2.0', framework: 'fastify', export: 'default()', role: 'limiter', isOnce: true, unless: [{ argument: 0, property: 'global', is: false }], decides: [ALLOW_LIST], note: 'Limits the routes that are registered after it; `config.rateLimit: false` exempts one.' },
  { package: '@fastify/secure-session', verified: '8.4.0', framework: 'fastify', export: 'default()', role: 'populates', members: ['session'] },
  { package: '@fastify/session', verified: '11.1.3', framework: 'fastify', export: 'default()', role: 'populates', members: ['session'] },
  { package: '@fastify/static', verified: '10.1.11', framework: 'fastify', export: 'default()', role: 'terminal', callsNext: 'never', serves: 'files', unless: [{ argument: 0, property: 'serve', is: false }] },
  { package: '@fastify/swagger-ui', verified: '6.1.3', framework: 'fastify', export: 'default()', role: 'terminal', callsNext: 'never', at: '/documentation', hooks: 'uiHooks' },
  { package: '@fastify/under-pressure', verified: '9.2.0', framework: 'fastify', export: 'default()', role: 'passes', refuses: 'load' },
  { package: 'fastify-auth0-verify', verified: '4.1.4', framework: 'fastify', decorates: 'instance', export: 'authenticate', role: 'guard', by: 'credential' },
  { package: 'fastify-better-auth', verified: '1.2.0', framework: 'fastify', export: 'default()', role: 'terminal', callsNext: 'never', at: '/api/auth', note: 'Serves below the `basePath` of the instance.' },
  { package: 'fastify-guard', verified: '3.0.1', framework: 'fastify', decorates: 'instance', export: ['guard.role()', 'guard.scope()'], role: 'guard', by: 'permission' },
  { package: 'fastify-jwt', verified: '4.2.0', framework: 'fastify', decorates: 'request', export: 'jwtVerify', role: 'verifies', style: 'rejects', callback: 'last', credential: 'request', note: 'Deprecated name of @fastify/jwt.' },
  { package: 'fastify-jwt-jwks', verified: '3.1.2', framework: 'fastify', decorates: 'instance', export: 'authenticate', role: 'guard', by: 'credential', note: 'With `namespace` the member is named after it.' },
  { package: 'fastify-rate-limit', verified: '5.9.0', framework: 'fastify', export: 'default()', role: 'limiter', unless: [{ argument: 0, property: 'global', is: false }], decides: [ALLOW_LIST], note: 'Deprecated name of @fastify/rate-limit.' },
]);
