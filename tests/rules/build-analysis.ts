import type { Analysis, Application, AuthVerdict, Endpoint, RateLimitVerdict } from '../../src/model.ts';

export const guarded = {
  status: 'guarded',
  conditional: false,
  by: [{ name: 'requireUser', file: 'src/auth.js', line: 4, evidence: 'answers 401' }],
} as const satisfies AuthVerdict;

export function naked(...through: readonly string[]) {
  return { status: 'naked', through } as const satisfies RateLimitVerdict;
}

export const isPublic = {
  status: 'public',
  by: [{ name: 'settings', file: 'eslint.config.js', line: 1, evidence: 'is a public path' }],
} as const satisfies AuthVerdict;

export function unknown(...reasons: readonly string[]) {
  return {
    status: 'unknown',
    because: reasons.map((reason, index) => ({ reason, file: 'src/plugins.js', line: index + 1 })),
  } as const satisfies RateLimitVerdict;
}

/** An endpoint that nothing reports, unless a part says otherwise. It stands where `get` stands in `app.get('/users', listUsers);` on line 1. */
export function endpoint(parts: Partial<Endpoint> = {}): Endpoint {
  const line = parts.line ?? 1;
  return {
    framework: 'express',
    kind: 'http',
    methods: ['GET'],
    path: '/users',
    file: 'src/app.js',
    line,
    column: 5,
    endLine: line,
    endColumn: 8,
    handler: 'listUsers',
    mounted: true,
    application: 0,
    auth: guarded,
    rateLimit: guarded,
    ...parts,
  };
}

export function application(parts: Partial<Application> = {}): Application {
  const line = parts.line ?? 1;
  return { framework: 'express', file: 'src/app.js', line, column: 13, endLine: line, endColumn: 22, ...parts };
}

export function analysis(endpoints: readonly Endpoint[], applications: readonly Application[] = []): Analysis {
  return { version: 1, root: '/project', endpoints, applications, notes: [] };
}
