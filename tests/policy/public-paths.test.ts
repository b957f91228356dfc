import { describe, expect, it } from 'vitest';
import { DEFAULT_PUBLIC_PATHS } from '../../src/policy/default-public-paths.ts';
import { matchesPublicPath } from '../../src/policy/public-paths.ts';

const covers = (pattern: string, path: string) =>
  matchesPublicPath([{ method: '*', path: pattern }], 'GET', path) !== undefined;

describe('matchesPublicPath', () => {
  it.each([
    ['/terms', '/terms'],
    ['/terms', '/terms/'],
    ['/terms', '/Terms'],
    ['/', '/'],
    ['/users/:id', '/users/:userId'],
    ['/users/:id', '/users/:id(\\d+)'],
    ['/users/*', '/users/me'],
    ['/users/*', '/users/:id'],
    ['/public/**', '/public'],
    ['/public/**', '/public/a/:b/*splat'],
    ['/**', '/anything/:at/all'],
    ['/**/terms', '/terms'],
    ['/**/terms', '/api/v1/terms'],
    ['/api/**/terms', '/api/v1/legal/terms'],
    ['/tenants/*/**/terms', '/tenants/:tenant/legal/terms'],
    ['/files/*name', '/files/*name'],
  ])('%s covers %s', (pattern, path) => {
    expect(covers(pattern, path)).toBe(true);
  });

  it.each([
    ['/terms', '/terms/history'],
    ['/terms', '/api/terms'],
    ['/terms', '/term'],
    ['/terms', '/terms-of-use'],
    ['/', '/terms'],
    ['/users/:id', '/users/me'],
    ['/users/me', '/users/:id'],
    ['/users/*', '/users'],
    ['/users/*', '/users/:id/posts'],
    ['/users/*', '/users/*splat'],
    ['/users/*', '/users/:id?'],
    ['/public/**', '/publications'],
    ['/**/terms', '/users/:id/terms'],
    ['/**/terms', '/*splat/terms'],
    ['/**/terms', '/terms/history'],
    ['/api/**/terms', '/terms'],
  ])('%s does not cover %s', (pattern, path) => {
    expect(covers(pattern, path)).toBe(false);
  });

  it('compares the method, and gives the pattern that matched', () => {
    const patterns = [
      { method: 'GET', path: '/terms' },
      { method: '*', path: '/feed' },
    ];
    expect(matchesPublicPath(patterns, 'get', '/terms')).toBe(patterns[0]);
    expect(matchesPublicPath(patterns, 'POST', '/terms')).toBeUndefined();
    expect(matchesPublicPath(patterns, 'ALL', '/terms')).toBeUndefined();
    expect(matchesPublicPath(patterns, 'ALL', '/feed')).toBe(patterns[1]);
  });
});

describe('DEFAULT_PUBLIC_PATHS', () => {
  const isDefault = (method: string, path: string) => matchesPublicPath(DEFAULT_PUBLIC_PATHS, method, path) !== undefined;

  it.each([
    ['GET', '/health'],
    ['GET', '/api/v1/healthz'],
    ['HEAD', '/ping'],
    ['POST', '/login'],
    ['GET', '/login'],
    ['POST', '/api/auth/sign-in'],
    ['POST', '/users/register'],
    ['POST', '/auth/refresh'],
    ['POST', '/auth/reset-password/:token'],
    ['GET', '/auth/:provider/callback'],
  ])('holds %s %s', (method, path) => {
    expect(isDefault(method, path)).toBe(true);
  });

  it.each([
    ['POST', '/health'],
    ['GET', '/patients/:id/health'],
    ['GET', '/health/records'],
    ['GET', '/login-attempts'],
    ['GET', '/login/history'],
    ['DELETE', '/login'],
    ['POST', '/events/:id/register'],
    ['GET', '/registers'],
    ['GET', '/auth/refresh'],
    ['POST', '/devices/token'],
    ['GET', '/orders/status'],
    ['GET', '/payments/callback'],
  ])('does not hold %s %s', (method, path) => {
    expect(isDefault(method, path)).toBe(false);
  });
});
