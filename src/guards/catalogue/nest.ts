import type { Row } from './row.ts';

/** Guards that Nest packages export; decorators of theirs enforce nothing without them. */
export const NEST_ROWS: readonly Row[] = Object.freeze<Row[]>([
  { package: '@arcjet/nest', verified: '1.3.0', framework: 'nest', export: 'ArcjetGuard', role: 'limiter', note: 'Denies as the rules say, which may be others than limits.' },
  { package: '@nestjs-cognito/auth', verified: '1.1.7', framework: 'nest', export: ['AuthenticationGuard', 'AuthorizationGuard()'], role: 'guard', by: 'credential', note: 'Honours its own mark for public routes.' },
  { package: '@nestjs/passport', verified: '12.0.0', framework: 'nest', export: 'AuthGuard()', role: 'guard', by: 'credential', unless: [{ argument: 0, contains: 'anonymous' }], note: 'A subclass whose `handleRequest` does not throw only populates.' },
  { package: '@nestjs/throttler', verified: '6.7.1', framework: 'nest', export: 'ThrottlerGuard', role: 'limiter', note: '`skipIf` of the module and `@SkipThrottle` switch it off.' },
  { package: '@thallesp/nestjs-better-auth', verified: '2.4.0', framework: 'nest', export: 'AuthGuard', role: 'guard', by: 'credential', note: 'Honours the marks for anonymous and optional routes. `AuthModule.forRoot` makes it global unless `disableGlobalAuthGuard` is true.' },
  { package: 'nest-access-control', verified: '3.2.0', framework: 'nest', export: 'ACGuard', role: 'guard', by: 'permission', note: 'Passes where no roles are asked for.' },
  { package: 'nest-authz', verified: '2.17.0', framework: 'nest', export: 'AuthZGuard', role: 'guard', by: 'permission', note: 'Passes where no permissions are asked for.' },
  { package: 'nest-casl', verified: '1.9.15', framework: 'nest', export: 'AccessGuard', role: 'guard', by: 'permission' },
  { package: 'nest-keycloak-connect', verified: '1.10.1', framework: 'nest', export: 'AuthGuard', role: 'guard', by: 'credential', note: 'Honours the marks for public routes.' },
  { package: 'nest-keycloak-connect', verified: '1.10.1', framework: 'nest', export: ['ResourceGuard', 'RoleGuard'], role: 'guard', by: 'permission', note: 'Passes where nothing is asked for.' },
  { package: 'nestjs-rate-limiter', verified: '3.1.0', framework: 'nest', export: 'RateLimiterGuard', role: 'limiter' },
]);
