import { Linter, RuleTester } from 'eslint';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../src/model.ts';
import { createRequireAuth } from '../../src/rules/require-auth.ts';
import { createRequireRateLimit } from '../../src/rules/require-rate-limit.ts';
import { analysis, application, endpoint, naked, unknown } from './build-analysis.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const code = "app.get('/users', listUsers);";
const judged = (known: Analysis) => () => ({ analysis: known, file: 'src/app.js', isMentioned: true });
const place = { line: 1, column: 5, endLine: 1, endColumn: 8 };

const tester = new RuleTester();

const open = judged(analysis([endpoint({ auth: naked('helmet'), rateLimit: naked('helmet') })], [application()]));
const unclear = judged(analysis([endpoint({ auth: unknown('calls a plugin'), rateLimit: unknown('calls a plugin') })]));

tester.run('require-auth: open', createRequireAuth(open), {
  valid: [{ code, options: [{ ignoreMethods: ['GET'] }] }],
  invalid: [
    {
      code,
      errors: [
        {
          message:
            'Anyone can call GET /users without a credential: the request passes helmet and reaches the handler. Put a guard before the handler, or say with a "@publicEndpoint <reason>" comment why everyone may.',
          ...place,
        },
      ],
    },
    {
      code: 'const app = express();',
      options: [{ summarize: true }],
      errors: [
        {
          message:
            'Nothing in this application asks for a credential: anyone can call one endpoint, such as GET /users. Put a guard before them, and say with "@publicEndpoint <reason>" comments which are meant for everyone.',
          line: 1,
          column: 13,
        },
      ],
    },
  ],
});

tester.run('require-auth: unknown', createRequireAuth(unclear), {
  valid: [code],
  invalid: [
    {
      code,
      options: [{ reportUnknown: true }],
      errors: [
        {
          messageId: 'unknown',
          data: { endpoint: 'GET /users', because: 'calls a plugin (src/plugins.js:1)' },
          ...place,
        },
      ],
    },
  ],
});

tester.run(
  'require-auth: tag without a reason',
  createRequireAuth(judged(analysis([endpoint({ auth: naked(), publicTag: '' })]))),
  { valid: [], invalid: [{ code, errors: [{ messageId: 'publicWithoutReason', data: { endpoint: 'GET /users' } }] }] },
);

tester.run('require-rate-limit: open', createRequireRateLimit(open), {
  valid: [{ code, options: [{ ignoreMethods: ['GET'] }] }],
  invalid: [
    {
      code,
      errors: [
        {
          message:
            'One client can call GET /users as often as it likes: the request passes helmet and reaches the handler. Put a rate limiter before the handler: on the route, on its router or on the application.',
          ...place,
        },
      ],
    },
    {
      code: 'const app = express();',
      options: [{ summarize: true }],
      errors: [{ messageId: 'unprotectedApplication', data: { endpoints: 'one endpoint', example: 'GET /users' } }],
    },
  ],
});

tester.run('require-rate-limit: unknown', createRequireRateLimit(unclear), {
  valid: [code],
  invalid: [{ code, options: [{ reportUnknown: true }], errors: [{ messageId: 'unknown' }] }],
});

describe('what a rule refuses', () => {
  const rules = { 'require-auth': createRequireAuth(open), 'require-rate-limit': createRequireRateLimit(open) };

  it.each(Object.keys(rules))('%s names the option that it does not know, and the value that does not fit', (rule) => {
    const lint = (options: unknown) =>
      new Linter().verify(code, [
        { plugins: { 'secure-routes': { rules } }, rules: { [`secure-routes/${rule}`]: ['error', options] } },
      ] as Linter.Config[]);
    expect(() => lint({ ignoreMethod: ['GET'] })).toThrow('ignoreMethod');
    expect(() => lint({ reportUnknown: 'yes' })).toThrow(`"secure-routes/${rule}":\n\tValue "yes" should be boolean`);
  });
});
