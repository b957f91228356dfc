import { describe, expect, it } from 'vitest';
import { formatJson } from '../../src/cli/json.ts';
import { formatTable } from '../../src/cli/table.ts';
import { analysis, endpoint, guarded, isPublic, naked, unknown } from '../rules/build-analysis.ts';

const endpoints = [
  endpoint({ path: '/users/:id', methods: ['GET', 'PUT'], rateLimit: naked('helmet') }),
  endpoint({ path: '/health', auth: isPublic, rateLimit: unknown('calls a plugin'), line: 4, publicTag: 'probe' }),
  endpoint({ path: '/export', auth: naked(), mounted: false, application: -1, handler: '(anonymous)', line: 12 }),
  endpoint({ path: '/admin', auth: { ...guarded, conditional: true }, line: 20 }),
];

describe('formatTable', () => {
  it('has one aligned line an endpoint, by path, and counts', () => {
    expect(formatTable(analysis(endpoints))).toBe(
      `METHOD   PATH                   AUTH                                  RATE LIMIT              HANDLER      PLACE
GET      /admin                 guarded by requireUser (conditional)  guarded by requireUser  listUsers    src/app.js:20
GET      /export (not mounted)  NAKED                                 guarded by requireUser  (anonymous)  src/app.js:12
GET      /health                public: settings                      unknown                 listUsers    src/app.js:4
GET,PUT  /users/:id             guarded by requireUser                NAKED                   listUsers    src/app.js:1

4 endpoints
auth:       2 guarded, 1 naked, 1 public
rate limit: 2 guarded, 1 naked, 1 unknown
`,
    );
  });

  it('names a guard without a name by its place', () => {
    const by = [{ name: '(anonymous)', file: 'src/auth.js', line: 9, evidence: 'answers 401' }];
    const table = formatTable(analysis([endpoint({ auth: { ...guarded, by } })]));
    expect(table).toMatch(/^GET +\/users +guarded by src\/auth\.js:9 /m);
  });

  it('names what is not HTTP', () => {
    const table = formatTable(analysis([endpoint({ kind: 'graphql', methods: ['MUTATION'], path: 'createUser', auth: naked() })]));
    expect(table).toMatch(/^GraphQL Mutation +createUser +NAKED /m);
  });

  it('says so when there is none', () => {
    expect(formatTable(analysis([]))).toBe('No endpoints found.\n');
  });
});

describe('formatJson', () => {
  it('holds exactly the keys of the contract', () => {
    const printed = JSON.parse(formatJson(analysis(endpoints)));
    expect(Object.keys(printed)).toEqual(['version', 'root', 'endpoints']);
    expect(printed).toMatchObject({ version: 1, root: '/project' });
    expect(printed.endpoints).toHaveLength(4);
    expect(printed.endpoints[0]).toStrictEqual({
      framework: 'express',
      kind: 'http',
      methods: ['GET', 'PUT'],
      path: '/users/:id',
      file: 'src/app.js',
      line: 1,
      column: 5,
      handler: 'listUsers',
      mounted: true,
      auth: {
        status: 'guarded',
        conditional: false,
        by: [{ name: 'requireUser', file: 'src/auth.js', line: 4, evidence: 'answers 401' }],
      },
      rateLimit: { status: 'naked', through: ['helmet'] },
    });
    for (const printedEndpoint of printed.endpoints) {
      expect(Object.keys(printedEndpoint)).toEqual(Object.keys(printed.endpoints[0]));
    }
    expect(printed.endpoints[1].rateLimit).toStrictEqual({
      status: 'unknown',
      because: [{ reason: 'calls a plugin', file: 'src/plugins.js', line: 1 }],
    });
  });
});
