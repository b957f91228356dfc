import type { Row } from './row.ts';

/** Guards that Nest packages export; decorators of theirs enforce nothing without them. */
export const NEST_ROWS: readonly Row[] = Object.freeze<Row[]>([
  { package: '@arcjet/nest', verified: '1.3.0', framework: 'nest', export: 'ArcjetGuard', role: 'limiter', note: 'Denies as the rules say, which may be others than limits.' },
  { package: '@nestjs-cognito/auth', verified: '1.1.7', framework: 'nest', export: ['AuthenticationGuard', 'AuthorizationGuard()'], role: 'guard', by: 'credential', opens: [{ key: 'isPublic', on: 'method' }] },
  { package: '@nestjs/passport', verified: '12.0.0', framework: 'nest', export: 'AuthGuard()', role: 'guard', by: 'credential', unless: [{ argument: 0, contains: 'anonymous' }], note: 'A subclass whose `handleRequest` does not throw only populates.' },
  { package: '@nestjs/throttler', verified: '6.7.1', framework: 'nest', export: 'ThrottlerGuard', role: 'limiter', note: '`skipIf` of the module and `@SkipThrottle` switch it off.' },
  { package: '@thallesp/nestjs-better-auth', verified: '2.8.0', framework: 'nest', export: 'AuthGuard', role: 'guard', by: 'credential', opens: [{ key: 'PUBLIC', on: 'either' }, { key: 'OPTIONAL', on: 'either' }], note: '`AuthModule.forRoot` makes it global unless `disableGlobalAuthGuard` is true.' },
  { package: 'nest-access-control', verified: '3.2.0', framework: 'nest', export: 'ACGuard', role: 'guard', by: 'permission', asks: [{ key: 'roles', on: 'method' }] },
  { package: 'nest-authz', verified: '2.17.0', framework: 'nest', export: 'AuthZGuard', role: 'guard', by: 'permission', asks: [{ key: '__PERMISSIONS__', on: 'method' }] },
  { package: 'nest-casl', verified: '1.9.15', framework: 'nest', export: 'AccessGuard', role: 'guard', by: 'permission' },
  { package: 'nest-keycloak-connect', verified: '1.10.1', framework: 'nest', export: 'AuthGuard', role: 'guard', by: 'credential', opens: [{ key: 'unprotected', on: 'either' }] },
  { package: 'nest-keycloak-connect', verified: '1.10.1', framework: 'nest', export: 'ResourceGuard', role: 'guard', by: 'permission', opens: [{ key: 'unprotected', on: 'either' }], asks: [{ key: 'resource', on: 'class' }, { key: 'scopes', on: 'method' }], note: 'With `policyEnforcement` it stops where nothing is asked for.' },
  { package: 'nest-keycloak-connect', verified: '1.10.1', framework: 'nest', export: 'RoleGuard', role: 'guard', by: 'permission', asks: [{ key: 'roles', on: 'either' }] },
  { package: 'nestjs-rate-limiter', verified: '3.1.0', framework: 'nest', export: 'RateLimiterGuard', role: 'limiter' },
]);
