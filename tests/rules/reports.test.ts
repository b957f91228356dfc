import { describe, expect, it } from 'vitest';
import type { Application, Endpoint } from '../../src/model.ts';
import { defaultOptions, type RuleOptions } from '../../src/rules/options.ts';
import { createReporter, type Protection } from '../../src/rules/reports.ts';
import { analysis, application, endpoint, guarded, isPublic, naked, unknown } from './build-analysis.ts';

interface Situation {
  readonly endpoints: readonly Endpoint[];
  readonly applications?: readonly Application[];
  readonly options?: Partial<RuleOptions>;
  readonly protection?: Protection;
  readonly file?: string;
}

function reports({ endpoints, applications, options, protection = 'auth', file = 'src/app.js' }: Situation) {
  return createReporter(protection)({
    analysis: analysis(endpoints, applications),
    file,
    options: { ...defaultOptions, ...options },
  });
}

describe('one report per registration', () => {
  it('says which endpoint, what the request passes, and stands at the place', () => {
    const endpoints = [endpoint({ auth: naked('helmet', 'cors'), line: 7, endLine: 7 })];
    expect(reports({ endpoints })).toEqual([
      {
        messageId: 'naked',
        data: { endpoint: 'GET /users', through: 'the request passes helmet, cors and reaches the handler' },
        loc: { start: { line: 7, column: 4 }, end: { line: 7, column: 7 } },
      },
    ]);
  });

  it('says so where nothing stands before the handler', () => {
    const [report] = reports({ endpoints: [endpoint({ auth: naked() })] });
    expect(report?.data['through']).toBe('nothing stands before its handler');
  });

  it('shortens a long chain', () => {
    const [report] = reports({ endpoints: [endpoint({ auth: naked('a', 'b', 'c', 'd', 'e', 'f', 'g') })] });
    expect(report?.data['through']).toBe('the request passes a, b, c, d, e and 2 more and reaches the handler');
  });

  it('names the first naked one of several mounts, and counts only the naked ones', () => {
    const endpoints = [
      endpoint({ path: '/admin/users' }),
      endpoint({ path: '/v1/users', auth: naked() }),
      endpoint({ path: '/v2/users', auth: naked() }),
      endpoint({ path: '/v3/users', auth: unknown('calls a plugin') }),
    ];
    const found = reports({ endpoints, options: { reportUnknown: true } });
    expect(found.map(({ data }) => data['endpoint'])).toEqual(['GET /v1/users (and 1 more registered here)']);
  });

  it('keeps registrations on one line apart, in source order', () => {
    const endpoints = [
      endpoint({ column: 30, endColumn: 34, methods: ['POST'], auth: naked() }),
      endpoint({ auth: naked() }),
    ];
    expect(reports({ endpoints }).map(({ data }) => data['endpoint'])).toEqual(['GET /users', 'POST /users']);
  });

  it('is silent on what is guarded, public or registered in another file', () => {
    const endpoints = [
      endpoint(),
      endpoint({ line: 2, auth: isPublic }),
      endpoint({ line: 3, auth: naked(), file: 'src/other.js' }),
    ];
    expect(reports({ endpoints })).toEqual([]);
    expect(reports({ endpoints, file: 'src/other.js' })).toHaveLength(1);
  });

  it('judges each protection by its own verdict', () => {
    const endpoints = [endpoint({ auth: guarded, rateLimit: naked() })];
    expect(reports({ endpoints })).toEqual([]);
    expect(reports({ endpoints, protection: 'rateLimit' })).toHaveLength(1);
  });
});

describe('ignoreMethods', () => {
  it('leaves out an endpoint when all of its methods are listed', () => {
    const endpoints = [
      endpoint({ methods: ['OPTIONS'], auth: naked() }),
      endpoint({ line: 2, methods: ['HEAD', 'GET'], auth: naked() }),
      endpoint({ line: 3, methods: ['ALL'], auth: naked() }),
    ];
    const places = (options?: Partial<RuleOptions>) =>
      reports({ endpoints, ...(options && { options }) }).map(({ loc }) => loc.start.line);
    expect(places()).toEqual([2, 3]);
    expect(places({ ignoreMethods: [] })).toEqual([1, 2, 3]);
    expect(places({ ignoreMethods: ['get', 'head'] })).toEqual([1, 3]);
  });
});

describe('reportUnknown', () => {
  it('reports what could not be judged, with the reasons', () => {
    const endpoints = [endpoint({ auth: unknown('calls a plugin', 'reads a table') })];
    expect(reports({ endpoints })).toEqual([]);
    expect(reports({ endpoints, options: { reportUnknown: true } })).toMatchObject([
      {
        messageId: 'unknown',
        data: {
          endpoint: 'GET /users',
          because: 'calls a plugin (src/plugins.js:1); reads a table (src/plugins.js:2)',
        },
      },
    ]);
  });

  it('reports an open endpoint of a router that nobody mounts, which is not naked', () => {
    const endpoints = [
      endpoint({ mounted: false, application: -1, auth: naked() }),
      endpoint({ line: 2, mounted: false, application: -1 }),
    ];
    expect(reports({ endpoints })).toEqual([]);
    expect(reports({ endpoints, options: { summarize: true } })).toEqual([]);
    expect(reports({ endpoints, options: { reportUnknown: true } })).toMatchObject([
      { messageId: 'unknown', data: { because: 'no application that was found mounts its router' } },
    ]);
  });
});

describe('summarize', () => {
  const options = { summarize: true };
  const applications = [application({ line: 2 }), application({ file: 'src/admin.js' })];
  const open = [endpoint({ line: 5, auth: naked() }), endpoint({ line: 6, auth: naked(), file: 'src/routes.js' })];

  it('reports once, where the application is created', () => {
    expect(reports({ endpoints: open, applications, options })).toEqual([
      {
        messageId: 'unprotectedApplication',
        data: { endpoints: '2 endpoints', example: 'GET /users' },
        loc: { start: { line: 2, column: 12 }, end: { line: 2, column: 21 } },
      },
    ]);
    expect(reports({ endpoints: open, applications, options, file: 'src/routes.js' })).toEqual([]);
  });

  it('reports each endpoint where a guard of the kind protects another one of the same application', () => {
    const endpoints = [...open, endpoint({ line: 9 })];
    expect(reports({ endpoints, applications, options })).toMatchObject([{ messageId: 'naked' }]);
    const elsewhere = [...open, endpoint({ line: 9, application: 1 })];
    expect(reports({ endpoints: elsewhere, applications, options })).toMatchObject([
      { messageId: 'unprotectedApplication' },
    ]);
  });

  it('counts neither ignored methods nor what is public', () => {
    const endpoints = [
      ...open,
      endpoint({ line: 7, auth: isPublic }),
      endpoint({ line: 8, auth: naked(), methods: ['OPTIONS'] }),
    ];
    const [report] = reports({ endpoints, applications, options });
    expect(report?.data['endpoints']).toBe('2 endpoints');
  });

  it('says nothing about an application without open endpoints', () => {
    expect(reports({ endpoints: [endpoint({ auth: isPublic })], applications, options })).toEqual([]);
    expect(reports({ endpoints: [], applications, options })).toEqual([]);
  });
});

describe('groupByClass', () => {
  const options = { groupByClass: true };
  const owner = { name: 'UsersController', file: 'src/app.js', line: 3, column: 14, endLine: 3, endColumn: 29 };
  const list = endpoint({ line: 5, auth: naked(), owner, handler: 'UsersController.list' });
  const remove = endpoint({ line: 9, auth: naked(), owner, handler: 'UsersController.remove', methods: ['DELETE'] });

  it('reports once, at the name of the class, where all of its methods are open', () => {
    expect(reports({ endpoints: [list, remove], options })).toEqual([
      {
        messageId: 'unprotectedClass',
        data: { class: 'UsersController', endpoints: '2 endpoints', example: 'GET /users' },
        loc: { start: { line: 3, column: 13 }, end: { line: 3, column: 28 } },
      },
    ]);
  });

  it('is off by default', () => {
    expect(reports({ endpoints: [list, remove] })).toMatchObject([{ messageId: 'naked' }, { messageId: 'naked' }]);
  });

  it('reports methods that stand in another file with their class', () => {
    const inherited = { ...remove, file: 'src/base.js' };
    expect(reports({ endpoints: [list, inherited], options })).toHaveLength(1);
    expect(reports({ endpoints: [list, inherited], options, file: 'src/base.js' })).toEqual([]);
  });

  it.each([
    ['guards', { auth: guarded }],
    ['is public', { auth: isPublic }],
    ['could not be judged', { auth: unknown('calls a plugin') }],
  ])('reports each method where one of the class %s', (_, parts) => {
    expect(reports({ endpoints: [list, { ...remove, ...parts }], options })).toMatchObject([{ messageId: 'naked' }]);
  });

  it('reports the method of a class that has one', () => {
    expect(reports({ endpoints: [list, { ...list, path: '/v2/users' }], options })).toMatchObject([{ messageId: 'naked' }]);
  });

  it('leaves the tag without a reason to its own report', () => {
    const found = reports({ endpoints: [{ ...list, publicTag: '' }, remove], options });
    expect(found.map(({ messageId }) => messageId)).toEqual(['publicWithoutReason', 'naked']);
  });

  it('says nothing of the class where the whole application is reported', () => {
    const found = reports({ endpoints: [list, remove], applications: [application({ line: 20 })], options: { groupByClass: true, summarize: true } });
    expect(found.map(({ messageId }) => messageId)).toEqual(['unprotectedApplication']);
  });
});

describe('endpoints beyond HTTP', () => {
  it.each([
    ['graphql', 'QUERY', 'users', 'GraphQL Query users'],
    ['graphql', 'MUTATION', 'createUser', 'GraphQL Mutation createUser'],
    ['graphql', 'SUBSCRIPTION', 'userAdded', 'GraphQL Subscription userAdded'],
    ['graphql', 'FIELD', 'User.posts', 'GraphQL field User.posts'],
    ['websocket', 'MESSAGE', 'chat', 'WebSocket message chat'],
  ] as const)('are named for what they are: %s %s', (kind, method, path, name) => {
    const [report] = reports({ endpoints: [endpoint({ kind, methods: [method], path, auth: naked() })] });
    expect(report?.data['endpoint']).toBe(name);
  });

  it.each([
    ['PATTERN', 'message pattern sum'],
    ['EVENT', 'event pattern sum'],
    ['GRPC', 'gRPC method sum'],
  ])('are reported for microservices only where an option asks for it: %s', (method, name) => {
    const endpoints = [endpoint({ kind: 'message', methods: [method], path: 'sum', auth: naked() })];
    expect(reports({ endpoints })).toEqual([]);
    const [report] = reports({ endpoints, options: { reportMessagePatterns: true } });
    expect(report?.data['endpoint']).toBe(name);
  });
});

describe('a public tag without a reason', () => {
  const endpoints = [endpoint({ auth: naked(), publicTag: '' })];

  it('is reported in place of the open endpoint', () => {
    expect(reports({ endpoints })).toMatchObject([
      { messageId: 'publicWithoutReason', data: { endpoint: 'GET /users' } },
    ]);
    expect(reports({ endpoints: [endpoint({ publicTag: 'the price list' })] })).toEqual([]);
  });

  it('is no matter of rate limits', () => {
    expect(reports({ endpoints, protection: 'rateLimit' })).toEqual([]);
  });
});
