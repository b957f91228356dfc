import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../src/guards/catalogue/index.ts';
import type { Style } from '../../../src/guards/catalogue/row.ts';
import { UNDEFINED } from '../../../src/interpreter/values.ts';
import { along, data } from './externals.ts';

// How the real primitives fail without a credential, against the style of their rows.

const require = createRequire(import.meta.url);
const catalogue = createCatalogue();
const jsonwebtoken = require('jsonwebtoken');
const jose = require('jose');
const jwtSimple = require('jwt-simple');
const bcryptjs = require('bcryptjs');
const flexible = require('rate-limiter-flexible');
const hash = bcryptjs.hashSync('password', 4);
const key = new TextEncoder().encode('k'.repeat(32));

const CALLS: readonly [packageName: string, path: string, call: () => unknown][] = [
  ['jsonwebtoken', 'verify', () => jsonwebtoken.verify(undefined, 'secret')],
  ['jsonwebtoken', 'verify', () => jsonwebtoken.verify('', 'secret')],
  ['jsonwebtoken', 'verify', () => jsonwebtoken.verify(jsonwebtoken.sign({}, 'other'), 'secret')],
  ['jsonwebtoken', 'decode', () => jsonwebtoken.decode(undefined)],
  ['jose', 'jwtVerify', () => jose.jwtVerify(undefined, key)],
  ['jose', 'jwtVerify', () => jose.jwtVerify('', key)],
  ['jose', 'jwtDecrypt', () => jose.jwtDecrypt('', key)],
  ['jose', 'decodeJwt', () => jose.decodeJwt(undefined)],
  ['jwt-simple', 'decode', () => jwtSimple.decode(undefined, 'secret')],
  ['jwt-simple', 'decode', () => jwtSimple.decode(jwtSimple.encode({}, 'other'), 'secret')],
  ['bcryptjs', 'compare', () => bcryptjs.compare('wrong', hash)],
  ['bcryptjs', 'compareSync', () => bcryptjs.compareSync('wrong', hash)],
  ['basic-auth', '', () => require('basic-auth')({ headers: {} })],
  ['cookie-signature', 'unsign', () => require('cookie-signature').unsign('value.forged', 'secret')],
  ['rate-limiter-flexible', 'RateLimiterMemory().consume', () => {
    const limiter = new flexible.RateLimiterMemory({ points: 1, duration: 60 });
    return limiter.consume('client').then(() => limiter.consume('client'));
  }],
];

async function styleOf(call: () => unknown): Promise<Style | undefined> {
  let result: unknown;
  try {
    result = call();
  } catch {
    return 'throws';
  }
  if (!(result instanceof Promise)) {
    if (result === false) return 'returns false';
    return result === undefined || result === null ? 'returns nothing' : 'returns';
  }
  try {
    const value = await result;
    if (value === false) return 'resolves false';
    return value === undefined || value === null ? 'resolves nothing' : 'resolves';
  } catch {
    return 'rejects';
  }
}

describe('primitives fail as their rows say', () => {
  it.each(CALLS)('%s %s', async (packageName, path, call) => {
    expect(catalogue.judge(along(packageName, path), [UNDEFINED])?.style).toBe(await styleOf(call));
  });

  it('jsonwebtoken.verify calls back with an error', () => {
    const failed = new Promise((resolve) => { jsonwebtoken.verify(undefined, 'secret', (error: Error) => resolve(error)); });
    expect(catalogue.judge(along('jsonwebtoken', 'verify'), [UNDEFINED, UNDEFINED, data(() => undefined)])?.style).toBe('callback');
    return expect(failed).resolves.toBeInstanceOf(Error);
  });

  it('what is issued verifies to its payload', async () => {
    expect(jsonwebtoken.verify(jsonwebtoken.sign({ guest: true }, 'secret'), 'secret')).toMatchObject({ guest: true });
    expect(jwtSimple.decode(jwtSimple.encode({ guest: true }, 'secret'), 'secret')).toEqual({ guest: true });
    const token = await new jose.SignJWT({ guest: true }).setProtectedHeader({ alg: 'HS256' }).sign(key);
    expect((await jose.jwtVerify(token, key)).payload).toEqual({ guest: true });
  });
});
