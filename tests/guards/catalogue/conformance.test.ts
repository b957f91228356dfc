import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../src/guards/catalogue/index.ts';
import type { Value } from '../../../src/interpreter/values.ts';
import { along, call, data, get } from './externals.ts';

// The real packages in front of a handler, on both majors: a row that says "guard" must stop a request without
// credentials, one that says "populates" or "passes" must not, a limiter must stop the second request.

const require = createRequire(import.meta.url);
const catalogue = createCatalogue({
  versionOf: (name) => JSON.parse(readFileSync(new URL(`../../../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version,
});

interface Subject {
  readonly package: string;
  readonly path: string;
  /** Arguments of each call on the path. */
  readonly args?: readonly (readonly unknown[])[];
  /** What `.unless(…)` behind it gets. */
  readonly unless?: unknown;
  /** Installed in front of it, on the real application only. */
  readonly before?: readonly unknown[];
}

const jwtOptions = { secret: 'secret', algorithms: ['HS256'] };
const bearer = { secret: 's'.repeat(32), issuer: 'issuer', audience: 'audience', tokenSigningAlg: 'HS256' };
const withoutLogin = (request: { isAuthenticated?: () => boolean }, _response: unknown, next: () => void) => {
  request.isAuthenticated = () => false;
  next();
};
const passport = require('passport');
const { Strategy: JwtStrategy, ExtractJwt } = require('passport-jwt');
const { Strategy: LocalStrategy } = require('passport-local');
passport.use(new JwtStrategy({ secretOrKey: 'secret', jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken() }, (_payload: unknown, done: (error: null, user: object) => void) => done(null, {})));
passport.use(new LocalStrategy((_name: string, _password: string, done: (error: null, user: object) => void) => done(null, {})));
passport.use('anonymous', { name: 'anonymous', authenticate(this: { pass(): void }) { this.pass(); } });
const session = require('express-session')({ secret: 'secret', resave: false, saveUninitialized: true });

const SUBJECTS: readonly Subject[] = [
  { package: 'basic-auth-connect', path: '()', args: [['user', 'password']] },
  { package: 'body-parser', path: 'json()' },
  { package: 'body-parser', path: 'urlencoded()', args: [[{ extended: true }]] },
  { package: 'compression', path: '()' },
  { package: 'connect-ensure-login', path: 'ensureLoggedIn()' },
  { package: 'connect-ensure-login', path: 'ensureLoggedOut()' },
  { package: 'connect-roles', path: '().isAuthenticated()', before: [withoutLogin] },
  { package: 'connect-roles', path: '().middleware()' },
  { package: 'cookie-parser', path: '()' },
  { package: 'cookie-session', path: '()', args: [[{ keys: ['key'] }]] },
  { package: 'cors', path: '()' },
  { package: 'express-basic-auth', path: '()', args: [[{ users: { admin: 'password' } }]] },
  { package: 'express-basic-auth', path: '()', args: [[{ users: {}, challenge: true }]] },
  { package: 'express-jwt', path: 'expressjwt()', args: [[jwtOptions]] },
  { package: 'express-jwt', path: 'expressjwt()', args: [[{ ...jwtOptions, credentialsRequired: true }]] },
  { package: 'express-jwt', path: 'expressjwt()', args: [[{ ...jwtOptions, credentialsRequired: false }]] },
  { package: 'express-jwt', path: 'expressjwt()', args: [[jwtOptions]], unless: { path: ['/other'] } },
  { package: 'express-jwt-permissions', path: '().check()', args: [[], ['admin']] },
  { package: 'express-oauth2-jwt-bearer', path: 'auth()', args: [[bearer]] },
  { package: 'express-oauth2-jwt-bearer', path: 'auth()', args: [[{ ...bearer, authRequired: false }]] },
  { package: 'express-oauth2-jwt-bearer', path: 'claimEquals()', args: [['admin', true]] },
  { package: 'express-oauth2-jwt-bearer', path: 'requiredScopes()', args: [['read:users']] },
  { package: 'express-rate-limit', path: 'rateLimit()', args: [[{ max: 1, windowMs: 60_000, validate: false }]] },
  { package: 'express-session', path: '()', args: [[{ secret: 'secret', resave: false, saveUninitialized: false }]] },
  { package: 'helmet', path: '()' },
  { package: 'helmet', path: 'hidePoweredBy()' },
  { package: 'morgan', path: '()', args: [['tiny', { stream: { write() {} } }]] },
  { package: 'passport', path: 'authenticate()', args: [['jwt', { session: false }]] },
  { package: 'passport', path: 'authenticate()', args: [[['jwt', 'local'], { session: false }]] },
  { package: 'passport', path: 'authenticate()', args: [[['jwt', 'anonymous'], { session: false }]] },
  { package: 'passport', path: 'authenticate()', args: [['session']], before: [session] },
  { package: 'passport', path: 'authenticate()', args: [['jwt', { session: false, failWithError: true }]] },
  { package: 'passport', path: 'authenticate()', args: [['jwt', { session: false, failureRedirect: '/login' }]] },
  { package: 'passport', path: 'authorize()', args: [['jwt']] },
  { package: 'passport', path: 'initialize()' },
  { package: 'passport', path: 'session()', before: [session] },
];

function judge({ package: packageName, path, args = [], unless }: Subject) {
  const external = along(packageName, path, args.map((list) => list.map((content): Value => data(content))));
  return catalogue.judge(unless === undefined ? external : call(get(external, 'unless'), data(unless)));
}

/** The real value at the path. */
function make({ package: packageName, path, args = [], unless }: Subject): (...args: unknown[]) => unknown {
  let receiver: unknown;
  let value = require(packageName);
  let calls = 0;
  for (const step of path.match(/\(\)|[^.()]+/g) ?? []) {
    if (step === '()') {
      const list = args[calls++] ?? [];
      value = isConstructor(value) ? new value(...list) : value.call(receiver, ...list);
    } else {
      receiver = value;
      value = value[step];
      continue;
    }
    receiver = undefined;
  }
  return unless === undefined ? value : value.unless(unless);
}

const isConstructor = (value: { name: string }) => /^[A-Z]/.test(value.name);

async function request(framework: string, handlers: readonly unknown[], times: number): Promise<readonly boolean[]> {
  const application = require(framework)();
  application.set('env', 'test');
  for (const handler of handlers) application.use(handler);
  application.get('/data', (_request: unknown, response: { send(text: string): void }) => response.send('reached'));
  const server = application.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data`;
  const reached: boolean[] = [];
  try {
    for (let count = 0; count < times; count++) {
      const response = await fetch(url, { redirect: 'manual' });
      reached.push((await response.text()) === 'reached');
    }
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  return reached;
}

describe.each(['express', 'express4'])('on the real %s', (framework) => {
  it.each(SUBJECTS.map((subject) => [`${subject.package} ${subject.path} ${JSON.stringify(subject.args ?? [])}${subject.unless ? ' unless' : ''}`, subject] as const))('%s', async (_name, subject) => {
    const judgement = judge(subject);
    const [first, second] = await request(framework, [...(subject.before ?? []), make(subject)], 2);
    expect(judgement?.applies).not.toBe('unknown');
    const applies = judgement?.applies === 'yes';
    expect({ first, second }).toEqual({
      first: !(applies && judgement?.row.role === 'guard'),
      second: !(applies && (judgement?.row.role === 'guard' || judgement?.row.role === 'limiter')),
    });
  });
});

describe('wrappers on the real Express', () => {
  const refuse = (_request: unknown, response: { status(code: number): { end(): void } }) => response.status(401).end();
  const pass = (_request: unknown, _response: unknown, next: () => void) => next();

  it.each([
    ['express-async-handler', 'default', [refuse]],
    ['compose-middleware', 'compose', [pass, refuse]],
    ['compose-middleware', 'compose', [[pass], [refuse]]],
    ['express-conditional-middleware', 'default', [() => true, refuse]],
    ['express-conditional-middleware', 'default', [() => false, pass, refuse]],
  ] as const)('%s %s runs what it wraps', async (packageName, path, args) => {
    expect(catalogue.judge(along(packageName, path === 'default' ? '' : path))?.row.role).toBe('wrapper');
    const wrap = path === 'default' ? require(packageName) : require(packageName)[path];
    expect(await request('express', [wrap(...args)], 1)).toEqual([false]);
  });

  it('unless exempts whole paths', async () => {
    const guard = Object.assign(refuse, { unless: require('express-unless').unless });
    expect(await request('express', [guard.unless({ path: ['/data'] })], 1)).toEqual([true]);
    expect(await request('express', [guard.unless({ path: ['/dat'] })], 1)).toEqual([false]);
  });
});
