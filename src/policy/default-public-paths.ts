import type { PublicPath } from '../model.ts';

interface Row {
  readonly methods: readonly string[];
  readonly paths: readonly string[];
}

/**
 * Paths that are public unless the settings say `defaultPublicPaths: false`. A leading `/**` stands for
 * fixed segments only (see `matchesPublicPath`), so `/patients/:id/health` is not among them.
 *
 * The list is short on purpose: a path belongs here only if an answer to the anonymous is its purpose.
 * `/status`, `/token` and `/callback` alone do not: `/orders/status` and `/devices/token` are data.
 */
const rows: readonly Row[] = [
  // Health checks: a load balancer has no credential.
  {
    methods: ['GET', 'HEAD'],
    paths: [
      '/**/health',
      '/**/healthz',
      '/**/healthcheck',
      '/**/health-check',
      '/**/health/live',
      '/**/health/ready',
      '/**/livez',
      '/**/readyz',
      '/**/ping',
    ],
  },
  // Forms and endpoints that take the credential themselves, or create it.
  {
    methods: ['GET', 'HEAD', 'POST'],
    paths: [
      '/**/login',
      '/**/log-in',
      '/**/signin',
      '/**/sign-in',
      '/**/signup',
      '/**/sign-up',
      '/**/register',
      '/**/logout',
      '/**/log-out',
      '/**/signout',
      '/**/sign-out',
      '/**/forgot-password',
      '/**/reset-password',
      '/**/reset-password/*',
      '/**/password/forgot',
      '/**/password/reset',
      '/**/password/reset/*',
      '/**/verify-email',
      '/**/verify-email/*',
      '/**/oauth/callback',
      '/**/oauth/*/callback',
      '/**/auth/callback',
      '/**/auth/*/callback',
    ],
  },
  // The same as mutations of GraphQL.
  {
    methods: ['MUTATION'],
    paths: ['/login', '/signIn', '/signUp', '/register', '/logout', '/signOut', '/forgotPassword', '/resetPassword', '/verifyEmail', '/refreshToken', '/refreshTokens'],
  },
  // The refresh token in the body is the credential.
  {
    methods: ['POST'],
    paths: [
      '/**/refresh-token',
      '/**/refresh-tokens',
      '/**/token/refresh',
      '/**/auth/refresh',
      '/**/oauth/token',
      '/**/oauth2/token',
    ],
  },
];

export const DEFAULT_PUBLIC_PATHS: readonly PublicPath[] = Object.freeze(
  rows.flatMap(({ methods, paths }) => paths.flatMap((path) => methods.map((method) => ({ method, path })))),
);
