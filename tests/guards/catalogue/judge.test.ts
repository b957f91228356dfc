import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../src/guards/catalogue/index.ts';
import { HeapObject, type Site, Union, Unknown, type Value } from '../../../src/interpreter/values.ts';
import { along, awaited, call, construct, data, get, imported, whole } from './externals.ts';

const catalogue = createCatalogue();
const UNKNOWN = new Unknown('test');
const callback = data(() => undefined);

function eitherOf(...values: readonly Value[]): Union {
  return new Union(values.map((value, index) => ({
    conditions: [{ key: 'mode', branch: String(index), site: {} as Site, configuration: true, defaultBranch: undefined }], value,
  })));
}

describe('forms of import', () => {
  const options = data({ secret: 's', algorithms: ['HS256'] });

  it.each([
    ["require('express-rate-limit')()", call(whole('express-rate-limit'), options)],
    ["require('express-rate-limit').default()", call(get(whole('express-rate-limit'), 'default'), options)],
    ["require('express-rate-limit').rateLimit()", call(get(whole('express-rate-limit'), 'rateLimit'), options)],
    ['import x from; x()', call(imported('express-rate-limit', 'default'), options)],
    ['import x from; x.rateLimit()', call(get(imported('express-rate-limit', 'default'), 'rateLimit'), options)],
    ['import * as x from; x.default()', call(get(whole('express-rate-limit'), 'default'), options)],
    ['import { rateLimit } from; rateLimit()', call(imported('express-rate-limit', 'rateLimit'), options)],
    ['(await import()).default()', call(get(awaited(whole('express-rate-limit')), 'default'), options)],
    ['new x()', construct(imported('express-rate-limit', 'default'), options)],
  ])('%s', (_form, external) => {
    expect(catalogue.judge(external)).toMatchObject({ applies: 'yes', row: { role: 'limiter' } });
  });

  it('takes the callable and the named export of express-jwt alike', () => {
    expect(catalogue.judge(call(whole('express-jwt'), options))?.row.role).toBe('guard');
    expect(catalogue.judge(call(imported('express-jwt', 'expressjwt'), options))?.row.role).toBe('guard');
  });

  it('tells the factory from what it makes', () => {
    expect(catalogue.judge(imported('express-jwt', 'expressjwt'))).toBeUndefined();
  });

  it('follows members of what a call gave', () => {
    const made = construct(imported('express-brute', 'default'), UNKNOWN);
    expect(catalogue.judge(get(made, 'prevent'))?.row.role).toBe('limiter');
    expect(catalogue.judge(made)).toBeUndefined();
    expect(catalogue.judge(along('@propelauth/express', 'initAuth().requireUser'))?.row.role).toBe('guard');
    expect(catalogue.judge(along('@propelauth/express', 'initAuth().optionalUser'))?.row.role).toBe('populates');
  });

  it('goes over any steps where a row says so', () => {
    for (const path of ['auth().verifyIdToken', 'initializeApp().auth().verifyIdToken', 'getAuth().verifyIdToken']) {
      expect(catalogue.judge(along('firebase-admin', path))?.row.role).toBe('verifies');
    }
    expect(catalogue.judge(along('jose', 'SignJWT().setProtectedHeader().setIssuedAt().sign'))?.row.role).toBe('issues');
    expect(catalogue.judge(along('jose', 'SignJWT().sign'))?.row.role).toBe('issues');
    expect(catalogue.judge(along('express-validator', 'body().isEmail().notEmpty()'))?.row.role).toBe('passes');
  });

  it('heeds the subpath where a row has one', () => {
    const path = 'verifySession()';
    for (const subpath of ['recipe/session/framework/express', '/recipe/session/framework/express', 'recipe/session/framework/express/index.js']) {
      expect(catalogue.judge(along('supertokens-node', path, [], subpath))?.row.role).toBe('guard');
    }
    expect(catalogue.judge(along('supertokens-node', path, [], 'recipe/emailpassword'))).toBeUndefined();
  });

  it('knows nothing of other packages', () => {
    expect(catalogue.judge(along('left-pad', 'default()'))).toBeUndefined();
    expect(catalogue.knows('left-pad')).toBe(false);
    expect(catalogue.knows('@fastify/jwt')).toBe(true);
  });
});

describe('options', () => {
  const jwt = (options?: Value) => catalogue.judge(call(imported('express-jwt', 'expressjwt'), ...(options ? [options] : [])));

  it.each<[string, Value | undefined, 'yes' | 'no' | 'unknown']>([
    ['not given', undefined, 'yes'],
    ['true', data({ credentialsRequired: true }), 'yes'],
    ['false', data({ credentialsRequired: false }), 'no'],
    ['an unknown value', objectWith('credentialsRequired', UNKNOWN), 'unknown'],
    ['an unknown object', UNKNOWN, 'unknown'],
    ['one of two', objectWith('credentialsRequired', eitherOf(data(true), data(false))), 'unknown'],
    ['one of two that say the same', eitherOf(data({ credentialsRequired: false }), data({ credentialsRequired: false, a: 1 })), 'no'],
    ['left out of an object that may hold more', openObject(), 'unknown'],
  ])('credentialsRequired: %s', (_name, options, applies) => {
    expect(jwt(options)?.applies).toBe(applies);
  });

  it('says why', () => {
    expect(jwt(data({ credentialsRequired: false }))?.because).toBe('credentialsRequired is false');
  });

  it.each<[string, Value[], 'yes' | 'no' | 'unknown']>([
    ["'jwt'", [data('jwt')], 'yes'],
    ["['jwt', 'local'], options", [data(['jwt', 'local']), data({ session: false })], 'yes'],
    ["['jwt', 'anonymous']", [data(['jwt', 'anonymous'])], 'no'],
    ["'session'", [data('session')], 'no'],
    ['an unknown strategy', [UNKNOWN], 'unknown'],
    ["'jwt', callback", [data('jwt'), callback], 'unknown'],
    ["'jwt', options, callback", [data('jwt'), data({ session: false }), callback], 'unknown'],
    ["'jwt', unknown options", [data('jwt'), UNKNOWN], 'yes'],
  ])('passport.authenticate(%s)', (_name, args, applies) => {
    expect(catalogue.judge(along('passport', 'authenticate()', [args]))?.applies).toBe(applies);
  });

  it('hands over the function that decides', () => {
    expect(catalogue.judge(along('passport', 'authenticate()', [[data('jwt'), callback]]))?.decision).toMatchObject({
      value: callback, decider: { outcome: 'takes over', parameters: ['no error', 'no user', 'information'] },
    });
    const skipping = catalogue.judge(along('express-rate-limit', 'rateLimit()', [[data({ skip: () => true })]]));
    expect(skipping).toMatchObject({ applies: 'unknown', decision: { decider: { outcome: 'true passes', parameters: ['request', 'response'] } } });
  });

  it('reads what `unless` exempts', () => {
    const exempt = data({ path: ['/login'] });
    const external = call(get(along('express-jwt', 'expressjwt()', [[data({ credentialsRequired: true })]]), 'unless'), exempt);
    expect(catalogue.judge(external)).toMatchObject({ applies: 'yes', row: { package: 'express-jwt' }, exemptions: [exempt] });
  });

  it.each([['6.11.2', 'no'], ['7.0.0', 'yes'], ['8.7.5', 'yes'], [undefined, 'unknown']] as const)('a limit of 0 in express-rate-limit %s: %s', (version, applies) => {
    const versioned = createCatalogue({ versionOf: () => version });
    expect(versioned.judge(along('express-rate-limit', 'rateLimit()', [[data({ max: 0 })]]))?.applies).toBe(applies);
    expect(versioned.judge(along('express-rate-limit', 'rateLimit()', [[data({ max: 5 })]]))?.applies).toBe('yes');
  });

  it('takes an empty list of permissions for none', () => {
    expect(catalogue.judge(along('keycloak-connect', 'default().enforcer()', [[], [data([])]]))?.applies).toBe('no');
    expect(catalogue.judge(along('keycloak-connect', 'default().enforcer()', [[], []]))?.applies).toBe('no');
    expect(catalogue.judge(along('keycloak-connect', 'default().enforcer()', [[], [data('a:view')]]))?.applies).toBe('yes');
  });

  it('reads the options of a registered plugin', () => {
    const plugin = imported('@fastify/bearer-auth', 'default');
    expect(catalogue.judge(call(plugin, data({ keys: ['k'] })))?.applies).toBe('yes');
    expect(catalogue.judge(call(plugin, data({ keys: ['k'], addHook: false })))?.applies).toBe('no');
    expect(catalogue.decorations('@fastify/bearer-auth').map((row) => row.export)).toEqual(['verifyBearerAuth']);
  });
});

describe('primitives', () => {
  it('take their style from the call', () => {
    const verify = imported('jsonwebtoken', 'verify');
    expect(catalogue.judge(verify, [UNKNOWN, UNKNOWN])?.style).toBe('throws');
    expect(catalogue.judge(verify, [UNKNOWN, UNKNOWN, data({ issuer: 'x' })])?.style).toBe('throws');
    expect(catalogue.judge(verify, [UNKNOWN, UNKNOWN, callback])?.style).toBe('callback');
    expect(catalogue.judge(along('bcryptjs', 'compare'), [UNKNOWN, UNKNOWN])?.style).toBe('resolves false');
  });

  it('see that a check is switched off', () => {
    const decode = imported('jwt-simple', 'decode');
    expect(catalogue.judge(decode, [UNKNOWN, UNKNOWN])?.applies).toBe('yes');
    expect(catalogue.judge(decode, [UNKNOWN, UNKNOWN, data(true)])?.applies).toBe('no');
  });
});

function objectWith(key: string, value: Value): HeapObject {
  const object = new HeapObject(null);
  object.properties.set(key, value);
  return object;
}

function openObject(): HeapObject {
  const object = new HeapObject(null);
  object.open = 'spread of something unknown';
  return object;
}
