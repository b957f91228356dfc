import type { Condition, Decider, Row } from './row.ts';

const CUSTOM_CALLBACK: Decider = {
  argument: 'last',
  parameters: ['no error', 'no user', 'information'],
  outcome: 'takes over',
};

const PASSPORT_AUTHENTICATE = ['authenticate()', 'Passport().authenticate()', 'Authenticator().authenticate()'];

// passport.use('signup', new LocalStrategy(…)): demands no account, it makes one
const CREATES_ACCOUNT: readonly Condition[] = ['signup', 'sign-up', 'local-signup', 'register', 'local-register'].map((contains) => ({ argument: 0, contains }));

/** Middleware that decides by who the client is. Most stop the anonymous; some only read who it is. */
export const IDENTITY_ROWS: readonly Row[] = Object.freeze<Row[]>([
  { package: '@auth/express', verified: '0.12.3', export: 'getSession', role: 'verifies', style: 'resolves nothing', credential: 0 },
  { package: '@clerk/clerk-sdk-node', verified: '5.1.6', export: ['ClerkExpressRequireAuth()', 'createClerkExpressRequireAuth()()'], role: 'guard', by: 'credential' },
  { package: '@clerk/clerk-sdk-node', verified: '5.1.6', export: ['ClerkExpressWithAuth()', 'createClerkExpressWithAuth()()'], role: 'populates', members: ['auth'] },
  { package: '@clerk/express', verified: '2.1.70', export: 'clerkMiddleware()', role: 'populates', members: ['auth'] },
  { package: '@clerk/express', verified: '2.1.70', export: 'requireAuth()', role: 'guard', by: 'credential', note: 'Redirects to the sign-in page.' },
  { package: '@kinde-oss/kinde-node-express', verified: '1.6.0', export: 'jwtVerify()', role: 'guard', by: 'credential' },
  { package: '@kinde-oss/kinde-node-express', verified: '1.6.0', export: ['getUser', 'protectRoute'], role: 'guard', by: 'credential', note: 'Both send the anonymous to log out.' },
  { package: '@line/bot-sdk', verified: '11.0.0', export: 'middleware()', role: 'guard', by: 'signature', decides: [{ argument: 0, property: 'skipSignatureVerification', parameters: [], outcome: 'true passes' }], note: 'A request without the signature header is refused also where the check is skipped.' },
  { package: '@logto/express', verified: '3.0.15', export: 'withLogto()', role: 'populates', members: ['user'], note: 'The member is always set; `user.isAuthenticated` tells.' },
  { package: '@modelcontextprotocol/sdk', verified: '1.32.2', export: 'requireBearerAuth()', role: 'guard', by: 'credential' },
  { package: '@node-oauth/express-oauth-server', verified: '4.2.0', export: 'default().authenticate()', role: 'guard', by: 'credential' },
  { package: '@okta/oidc-middleware', verified: '5.5.1', export: 'ExpressOIDC().ensureAuthenticated()', role: 'guard', by: 'credential' },
  { package: '@propelauth/express', verified: '2.1.34', export: 'initAuth().optionalUser', role: 'populates', members: ['user'] },
  { package: '@propelauth/express', verified: '2.1.34', export: ['initAuth().requireUser', 'initAuth().requireOrgMember()', 'initAuth().requireOrgMemberWithMinimumRole()', 'initAuth().requireOrgMemberWithExactRole()', 'initAuth().requireOrgMemberWithPermission()', 'initAuth().requireOrgMemberWithAllPermissions()'], role: 'guard', by: 'credential' },
  { package: 'basic-auth-connect', verified: '1.1.0', export: 'default()', role: 'guard', by: 'credential', note: 'Lets a request through whose `user` is set already.' },
  { package: 'connect-ensure-login', verified: '0.1.1', export: ['default()', 'ensureLoggedIn()'], role: 'guard', by: 'credential' },
  { package: 'connect-ensure-login', verified: '0.1.1', export: 'ensureLoggedOut()', role: 'passes', note: 'Stops those who are logged in.' },
  { package: 'connect-roles', verified: '3.1.2', export: ['default().can()', 'default().is()'], role: 'guard', by: 'rules', note: 'As the functions given to `use` vote; without a vote it refuses.' },
  { package: 'connect-roles', verified: '3.1.2', export: 'default().isAuthenticated()', role: 'guard', by: 'credential' },
  { package: 'connect-roles', verified: '3.1.2', export: 'default().middleware()', role: 'passes' },
  { package: 'discord-interactions', verified: '4.4.0', export: ['verifyKeyMiddleware()', 'verifyWebhookEventMiddleware()'], role: 'guard', by: 'signature' },
  { package: 'express-acl', verified: '2.0.9', export: 'authorize', role: 'guard', by: 'rules', note: 'Lets `/` through, and judges the anonymous by the rules of `defaultRole`.' },
  { package: 'express-basic-auth', verified: '1.2.1', export: 'default()', role: 'guard', by: 'credential' },
  { package: 'express-jwt', verified: '8.5.1', export: ['expressjwt()', 'default()'], role: 'guard', by: 'credential', unless: [{ argument: 0, property: 'credentialsRequired', is: false }], note: 'Lets a CORS preflight through whose headers ask for `authorization`.' },
  { package: 'express-jwt-authz', verified: '2.4.1', export: 'default()', role: 'guard', by: 'permission', unless: [{ argument: 0, empty: true }] },
  { package: 'express-jwt-permissions', verified: '1.3.7', export: 'default().check()', role: 'guard', by: 'permission' },
  { package: 'express-oauth-server', verified: '2.0.0', export: 'default().authenticate()', role: 'guard', by: 'credential' },
  { package: 'express-oauth2-jwt-bearer', verified: '1.10.0', export: 'auth()', role: 'guard', by: 'credential', unless: [{ argument: 0, property: 'authRequired', is: false }] },
  { package: 'express-oauth2-jwt-bearer', verified: '1.10.0', export: ['requiredScopes()', 'scopeIncludesAny()', 'claimCheck()', 'claimEquals()', 'claimIncludes()'], role: 'guard', by: 'permission' },
  { package: 'express-openapi-validator', verified: '5.6.2', export: 'middleware()', role: 'guard', by: 'rules', unless: [{ argument: 0, property: 'validateSecurity', is: false }], onlyIf: [{ argument: 0, property: 'validateSecurity.handlers', given: true }], note: 'Refuses where the API description asks for security and a handler says no.' },
  { package: 'express-openid-connect', verified: '3.4.0', export: 'attemptSilentLogin()', role: 'populates', members: ['oidc'] },
  { package: 'express-openid-connect', verified: '3.4.0', export: 'auth()', role: 'guard', by: 'credential', unless: [{ argument: 0, property: 'authRequired', is: false }], note: 'Answers on its own log-in paths.' },
  { package: 'express-openid-connect', verified: '3.4.0', export: ['claimEquals()', 'claimIncludes()', 'claimCheck()'], role: 'guard', by: 'permission' },
  { package: 'express-openid-connect', verified: '3.4.0', export: 'requiresAuth()', role: 'guard', by: 'credential', decides: [{ argument: 0, parameters: ['request'], outcome: 'false passes' }] },
  { package: 'http-auth', verified: '4.2.1', export: ['basic().check()', 'digest().check()'], role: 'guard', by: 'credential', note: 'Runs the given function for a request with credentials only; it is no middleware.' },
  { package: 'http-auth-connect', verified: '1.0.6', export: 'default()', role: 'guard', by: 'credential' },
  { package: 'keycloak-connect', verified: '26.1.1', export: 'default().checkSso()', role: 'populates', members: ['kauth'], note: 'Asks the server once, then lets the anonymous through.' },
  { package: 'keycloak-connect', verified: '26.1.1', export: 'default().enforcer()', role: 'guard', by: 'permission', unless: [{ argument: 0, empty: true }, { argument: 0, given: false }] },
  { package: 'keycloak-connect', verified: '26.1.1', export: 'default().middleware()', role: 'populates', members: ['kauth'] },
  { package: 'keycloak-connect', verified: '26.1.1', export: 'default().protect()', role: 'guard', by: 'credential', note: 'A function as argument is asked only when there is a grant.' },
  { package: 'passport', verified: '0.7.0', export: PASSPORT_AUTHENTICATE, role: 'guard', by: 'credential', unless: [{ argument: 0, contains: 'anonymous' }, { argument: 0, contains: 'session' }, ...CREATES_ACCOUNT], decides: [CUSTOM_CALLBACK] },
  { package: 'passport', verified: '0.7.0', export: ['authorize()', 'Passport().authorize()', 'Authenticator().authorize()'], role: 'guard', by: 'credential', unless: [{ argument: 0, contains: 'anonymous' }], decides: [CUSTOM_CALLBACK] },
  { package: 'passport', verified: '0.7.0', export: ['initialize()', 'Passport().initialize()', 'Authenticator().initialize()'], role: 'passes' },
  { package: 'passport', verified: '0.7.0', export: ['session()', 'Passport().session()', 'Authenticator().session()'], role: 'populates', members: ['user'] },
  { package: 'supertokens-node', subpath: 'recipe/session/framework/express', verified: '24.0.3', export: 'verifySession()', role: 'guard', by: 'credential', unless: [{ argument: 0, property: 'sessionRequired', is: false }] },
  { package: 'swagger-tools', verified: '0.10.4', export: '**.swaggerSecurity()', role: 'guard', by: 'rules', note: 'Refuses where the API description asks for security.' },
  { package: 'twilio', verified: '6.2.0', export: 'webhook()', role: 'guard', by: 'signature', unless: [{ argument: 0, property: 'validate', is: false }, { argument: 1, property: 'validate', is: false }] },
]);
