import { describe, expect, it } from 'vitest';
import { judgeByName, type NamedRole } from '../../../src/guards/catalogue/names.ts';

describe('a name alone', () => {
  it.each([
    'requireAuth', 'requireAuth()', 'ensureLoggedIn', 'isAuthenticated', 'verifyToken', 'authGuard', 'authenticate', 'authorize', 'checkJwt', 'checkJWT',
    'protect', 'requireRole()', 'require_user', 'requires-auth', 'isAdmin', 'hasPermission()', 'verifyApiKey', 'authorizeRoles()', 'restrictTo()',
    'adminOnly', 'auth.required', 'middlewares.requireUser', 'authMiddleware', 'auth.middleware()', 'protectRoute', 'ensureAuthenticated', 'jwtAuthenticate',
  ])('%s guards', (path) => {
    expect(judgeByName('@company/access', path)).toBe('guard');
  });

  it.each(['rateLimiter', 'rateLimit()', 'rate_limit', 'throttle', 'limiter', 'loginLimiter', 'createRateLimiter()', 'apiThrottler', 'limiters.publicLimiter', 'rateLimiter.middleware()'])('%s limits', (path) => {
    expect(judgeByName('@company/web', path)).toBe('limiter');
  });

  it.each<[string, NamedRole | undefined]>([
    ['optionalAuth', 'populates'], ['authOptional', 'populates'], ['jwtLoose', 'populates'], ['auth.optional', 'populates'],
    ['currentUser', 'populates'], ['current_user', 'populates'], ['session', 'populates'], ['loadAccount', 'populates'],
    ['isNotAuthenticated', undefined], ['checkUser', undefined], ['sessionLogger', undefined], ['authorRoutes', undefined],
    ['getAuthorReport', undefined], ['tokenize', undefined], ['initialize', undefined], ['csrf', undefined], ['verifyCsrfToken', undefined],
    ['authRouter', undefined], ['bottleneck', undefined], ['plimit', undefined], ['ensureLoggedOut', undefined], ['requireGuest', undefined],
    ['uploadLimiter', undefined], ['limit', undefined], ['rateLimitOptions', undefined], ['skipRateLimit', undefined], ['auth', undefined], ['cors', undefined],
    ['strategy', undefined], ['banned', undefined], ['checkSession', undefined],
  ])('%s: %s', (path, role) => {
    expect(judgeByName('@company/web', path)).toBe(role);
  });

  it('is the name of the package for its default export', () => {
    expect(judgeByName('@company/require-auth', '()')).toBe('guard');
    expect(judgeByName('company-rate-limiter', 'default()')).toBe('limiter');
    expect(judgeByName('@company/require-auth', 'middleware')).toBe('guard');
    expect(judgeByName('@company/require-auth', 'cors')).toBeUndefined();
  });

  it('says nothing where a package paces the program itself', () => {
    expect(judgeByName('lodash', 'throttle()')).toBeUndefined();
    expect(judgeByName('p-throttle', '()')).toBeUndefined();
  });
});
