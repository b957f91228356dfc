import { createHmac } from 'node:crypto';

/** Functions that stop a request without a credential. */
export const guardNames = Object.freeze(['requireToken', 'throwIfAnonymous', 'failByCallback', 'answerByCallback', 'answerWithoutReturn', 'verifyToken', 'requireVisitor'] as const);

/** Functions that let everyone through. */
export const passNames = Object.freeze(['readVisitor', 'swallow', 'forgetToAwait', 'lookByCallback', 'countOnly'] as const);

/** What stands on the instance. */
export const decoratedNames = Object.freeze(['authenticate', 'auth or', 'auth and', 'auth or anyone'] as const);

/** Of these, what calls `done` as its third parameter. */
export const byCallbackNames = Object.freeze(['failByCallback', 'answerByCallback', 'lookByCallback', 'auth or', 'auth and', 'auth or anyone'] as const);

export type FunctionName = (typeof guardNames)[number] | (typeof passNames)[number] | (typeof decoratedNames)[number] | 'limitByHand' | 'unlessOpen';

/** What the function is called where it is used; `instance` is the name of the Fastify instance there. */
export function expressionOf(name: FunctionName, instance: string): string {
  switch (name) {
    case 'authenticate': return `${instance}.authenticate`;
    case 'auth or': return `${instance}.auth([throwIfAnonymous, failByCallback])`;
    case 'auth and': return `${instance}.auth([lookByCallback, throwIfAnonymous], { relation: 'and' })`;
    case 'auth or anyone': return `${instance}.auth([throwIfAnonymous, lookByCallback])`;
    default: return name;
  }
}

const secret = 'a secret that is long enough for this test';

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function token(): string {
  const content = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ name: 'somebody' })}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

const bearer = token();

/** Headers of a caller who may do everything. */
export const credentials: Readonly<Record<string, string>> = Object.freeze({ authorization: `Bearer ${bearer}` });

/** Source texts that programs put to use, by the name they are called by. */
const sources: Readonly<Record<string, string>> = Object.freeze({
  requireToken: `async (request, reply) => {
  if (!request.headers.authorization) return reply.code(401).send({ message: 'no token' });
}`,
  throwIfAnonymous: `async (request) => {
  if (request.headers.authorization) return;
  const error = new Error('no token');
  error.statusCode = 401;
  throw error;
}`,
  failByCallback: `(request, reply, done) => {
  if (!request.headers.authorization) return done(new Error('no token'));
  done();
}`,
  answerByCallback: `(request, reply, done) => {
  if (request.headers.authorization) done();
  else reply.code(403).send({ message: 'no token' });
}`,
  answerWithoutReturn: `async (request, reply) => {
  if (!request.headers.authorization) reply.code(401).send({ message: 'no token' });
}`,
  verifyToken: `async (request) => {
  await request.jwtVerify();
}`,
  requireVisitor: `async (request, reply) => {
  const known = request.visitor ?? request.headers.authorization;
  if (!known) return reply.code(401).send({ message: 'no visitor' });
}`,
  readVisitor: `async (request) => {
  if (request.headers.authorization) request.visitor = { token: request.headers.authorization };
}`,
  swallow: `async (request) => {
  try {
    await request.jwtVerify();
  } catch {
    request.log.info('a guest');
  }
}`,
  forgetToAwait: `async (request) => {
  request.jwtVerify().catch(() => undefined);
}`,
  lookByCallback: `(request, reply, done) => {
  if (!request.headers.authorization) request.log.info('a guest');
  done();
}`,
  countOnly: `async (request) => {
  seen.set(request.ip, (seen.get(request.ip) ?? 0) + 1);
}`,
  unlessOpen: `async (request, reply) => {
  if (request.routeOptions.config.open) return;
  if (!request.headers.authorization) return reply.code(401).send({ message: 'no token' });
}`,
  createLimiter: `() => {
  const hits = new Map();
  return async (request, reply) => {
    const count = (hits.get(request.ip) ?? 0) + 1;
    hits.set(request.ip, count);
    if (count > 2) return reply.code(429).send({ message: 'too many requests' });
  };
}`,
});

/** The functions of guards.js. */
export const functionTexts: readonly (readonly [name: string, text: string])[] = Object.freeze(Object.entries(sources));

/** By what a program has to register before the rest: plugins and decorations that its functions need. */
export const setups: readonly { readonly needs: RegExp; readonly imports: readonly (readonly [name: string, from: string])[]; readonly lines: readonly string[] }[] = Object.freeze([
  { needs: /\bapp\d*\.auth\(|\bscope\d+\.auth\(/, imports: [['auth', '@fastify/auth']] as const, lines: ['await app.register(auth);'] },
  { needs: /\b(verifyToken|swallow|forgetToAwait)\b/, imports: [['jwt', '@fastify/jwt']] as const, lines: [`await app.register(jwt, { secret: '${secret}' });`] },
  { needs: /\.authenticate\b/, imports: [['authentication', './authentication']] as const, lines: ['await app.register(authentication);'] },
  { needs: /\b(requireVisitor|readVisitor)\b/, imports: [], lines: [`app.decorateRequest('visitor', null);`] },
]);

/** `register(bearerAuth, …)` with what the caller sends. */
export const bearerOptions = `keys: new Set(['${bearer}'])`;
