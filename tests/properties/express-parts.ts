/** A function of the printed program: its source, and the other parts that it calls. */
export interface Part {
  readonly file: 'guards' | 'access' | 'session' | 'limits' | 'wrappers';
  readonly source: string;
  readonly needs?: readonly string[];
  /** A package import that the part's file needs. */
  readonly imports?: { readonly name: string; readonly from: string };
}

export const guardNames = Object.freeze(['requireHeader', 'requireOrRedirect', 'throwIfAnonymous', 'failIfAnonymous', 'rejectIfAnonymous', 'answerSuccessFalse', 'requireVerified', 'requireDeep', 'requireCookie', 'mustBeAdmin', 'x'] as const);
export type GuardName = (typeof guardNames)[number];

export const populateNames = Object.freeze(['optionalAuth', 'checkUser', 'currentUser', 'authenticate', 'guard', 'sessionLogger', 'welcome'] as const);
export type PopulateName = (typeof populateNames)[number];

/** Sent by the caller who may do everything: satisfies every guard above. */
export const credentials: Readonly<Record<string, string>> = Object.freeze({
  authorization: 'Bearer open-sesame',
  cookie: 'sid=open-sesame',
  'x-access-token': 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIiwicm9sZSI6ImFkbWluIn0.sUgJqJnCSVfSsydj64bxQun88fulEvltXITI1vsH0Rg',
});

/** Every function that a printed program can contain. The names say nothing on purpose, or the wrong thing. */
export const parts: Readonly<Record<string, Part>> = Object.freeze({
  requireHeader: {
    file: 'guards',
    source: `function requireHeader(req, res, next) {
  if (req.headers.authorization !== 'Bearer open-sesame') {
    return res.status(401).json({ message: 'Sign in' });
  }
  next();
}`,
  },
  requireOrRedirect: {
    file: 'guards',
    source: `const requireOrRedirect = (req, res, next) => (req.get('authorization') ? next() : res.redirect('/login'));`,
  },
  throwIfAnonymous: {
    file: 'guards',
    source: `function throwIfAnonymous(req, res, next) {
  const [scheme, token] = (req.headers.authorization || '').split(' ');
  if (scheme !== 'Bearer' || !token) throw new Error('no token');
  next();
}`,
  },
  failIfAnonymous: {
    file: 'guards',
    source: `const failIfAnonymous = (req, res, next) => {
  const token = (req.headers.authorization || '').replace('Bearer ', '');
  if (!token) return next(new Error('no token'));
  return next();
};`,
  },
  rejectIfAnonymous: {
    file: 'guards',
    needs: ['findSession'],
    source: `async function rejectIfAnonymous(req, res, next) {
  req.session = await findSession(req.headers.authorization);
  next();
}`,
  },
  answerSuccessFalse: {
    file: 'guards',
    source: `const answerSuccessFalse = (req, res, next) => {
  const token = req.headers['x-access-token'];
  if (token) {
    next();
  } else {
    res.json({ success: false, message: 'No token provided' });
  }
};`,
  },
  requireVerified: {
    file: 'guards',
    imports: { name: 'jwt', from: 'jsonwebtoken' },
    source: `function requireVerified(req, res, next) {
  try {
    req.user = jwt.verify(req.headers['x-access-token'], 'a-fixture-secret-that-is-long-enough');
    next();
  } catch {
    res.status(401).end();
  }
}`,
  },
  requireDeep: {
    file: 'guards',
    needs: ['refused'],
    source: `const requireDeep = (req, res, next) => {
  if (refused(req, res)) return;
  next();
};`,
  },
  requireCookie: {
    file: 'guards',
    source: `const requireCookie = (req, res, next) => {
  if (!req.headers.cookie) return res.sendStatus(403);
  next();
};`,
  },
  mustBeAdmin: {
    file: 'guards',
    needs: ['may'],
    source: `const mustBeAdmin = may('admin');`,
  },
  may: {
    file: 'guards',
    needs: ['userOf'],
    source: `function may(role) {
  return (req, res, next) => {
    const user = userOf(req);
    if (!user || user.role !== role) return res.status(403).json({ message: 'not allowed' });
    next();
  };
}`,
  },
  x: {
    file: 'guards',
    needs: ['requireUser'],
    source: `const x = (req, res, next) => requireUser(req).then(() => next(), next);`,
  },
  optionalAuth: {
    file: 'guards',
    needs: ['userOf'],
    source: `const optionalAuth = (req, res, next) => {
  const user = userOf(req);
  if (user) req.user = user;
  next();
};`,
  },
  checkUser: {
    file: 'guards',
    imports: { name: 'jwt', from: 'jsonwebtoken' },
    source: `const checkUser = (req, res, next) => {
  jwt.verify(req.headers['x-access-token'], 'a-fixture-secret-that-is-long-enough', (error, user) => {
    if (!error) req.user = user;
    next();
  });
};`,
  },
  currentUser: {
    file: 'guards',
    source: `const currentUser = (req, res, next) => {
  if (!req.headers.authorization) {
    return next();
  }
  req.user = { name: 'ada' };
  next();
};`,
  },
  authenticate: {
    file: 'guards',
    needs: ['findSession'],
    source: `async function authenticate(req, res, next) {
  try {
    req.user = await findSession(req.headers.authorization);
  } catch {
    req.user = undefined;
  }
  next();
}`,
  },
  guard: {
    file: 'guards',
    source: `const guard = (req, res, next) => {
  res.locals.token = req.headers.authorization ?? null;
  next();
};`,
  },
  sessionLogger: {
    file: 'guards',
    source: `function sessionLogger(req, res, next) {
  res.locals.visited = [req.method, req.headers.cookie || 'nobody'].join(' ');
  next();
}`,
  },
  welcome: {
    file: 'guards',
    needs: ['userOf'],
    source: `const welcome = (req, res, next) => {
  req.user = userOf(req) || { name: 'guest' };
  next();
};`,
  },
  log: {
    file: 'guards',
    source: `const log = (req, res, next) => {
  res.locals.path = req.path;
  next();
};`,
  },
  onError: {
    file: 'guards',
    source: `function onError(error, req, res, next) {
  if (!req.headers.authorization) return res.status(401).end();
  next(error);
}`,
  },
  validateText: {
    file: 'guards',
    source: `const validateText = (req, res, next) => {
  const { text } = req.body || {};
  if (!text) return res.status(400).json({ message: 'text is required' });
  next();
};`,
  },
  onlyAnonymous: {
    file: 'guards',
    source: `const onlyAnonymous = (req, res, next) => {
  if (req.headers.authorization) return res.redirect('/home');
  next();
};`,
  },
  requireKnown: {
    file: 'guards',
    source: `const requireKnown = (req, res, next) => {
  if (!req.user) return res.status(401).json({ message: 'Sign in' });
  next();
};`,
  },
  requireForTenant: {
    file: 'guards',
    source: `const requireForTenant = (req, res, next) => {
  if (req.params.tenant === undefined) return next();
  if (!req.headers.authorization) return res.sendStatus(401);
  next();
};`,
  },
  requireLogin: {
    file: 'guards',
    source: `function requireLogin({ strict = true } = {}) {
  return (req, res, next) => {
    if (!req.headers.authorization && strict) return res.sendStatus(401);
    next();
  };
}`,
  },
  skipTo: {
    file: 'guards',
    source: `const skipTo = (target, everybody) => (req, res, next) => {
  if (everybody || !req.headers.authorization) return next(target);
  next();
};`,
  },
  unlessPath: {
    file: 'wrappers',
    source: `const unlessPath = (paths, middleware) => (req, res, next) => {
  if (paths.includes(req.path)) return next();
  return middleware(req, res, next);
};`,
  },
  whenOn: {
    file: 'wrappers',
    source: `const whenOn = (flag, middleware) => (req, res, next) => {
  if (process.env[flag] !== 'on') return next();
  return middleware(req, res, next);
};`,
  },
  onlyPost: {
    file: 'wrappers',
    source: `const onlyPost = (middleware) => (req, res, next) => {
  if (req.method === 'POST') return middleware(req, res, next);
  next();
};`,
  },
  asyncHandler: {
    file: 'wrappers',
    source: `const asyncHandler = (handler) => (req, res, next) => Promise.resolve(handler(req, res, next)).catch(next);`,
  },
  compose: {
    file: 'wrappers',
    source: `const compose = (...middleware) => (req, res, next) => {
  const run = (index) => {
    if (index === middleware.length) return next();
    return middleware[index](req, res, (error) => (error ? next(error) : run(index + 1)));
  };
  return run(0);
};`,
  },
  logged: {
    file: 'wrappers',
    source: `const logged = (handler) => (req, res, next) => {
  res.locals.handler = handler.name;
  return handler(req, res, next);
};`,
  },
  withUser: {
    file: 'wrappers',
    needs: ['userOf'],
    source: `function withUser(handler) {
  return async (req, res, next) => {
    try {
      if (!userOf(req)) throw new Error('sign in');
      await handler(req, res, next);
    } catch (error) {
      next(error);
    }
  };
}`,
  },
  limitByHand: {
    file: 'limits',
    source: `const hits = new Map();

const limitByHand = (req, res, next) => {
  const count = (hits.get(req.ip) || 0) + 1;
  hits.set(req.ip, count);
  if (count > 2) return res.status(429).end();
  next();
};`,
  },
  limitByPackage: {
    file: 'limits',
    imports: { name: '{ rateLimit }', from: 'express-rate-limit' },
    source: `const limitByPackage = rateLimit({ windowMs: 60_000, limit: 2, validate: false });`,
  },
  countOnly: {
    file: 'limits',
    source: `const visits = new Map();

const countOnly = (req, res, next) => {
  visits.set(req.path, (visits.get(req.path) || 0) + 1);
  next();
};`,
  },
  exceeded: {
    file: 'limits',
    source: `const calls = new Map();

function exceeded(req) {
  const count = (calls.get(req.ip) ?? 0) + 1;
  calls.set(req.ip, count);
  return count > 2;
}`,
  },
  userOf: {
    file: 'access',
    needs: ['readSession'],
    source: `const userOf = (req) => readSession(req.headers.authorization);`,
  },
  refused: {
    file: 'access',
    needs: ['userOf'],
    source: `function refused(req, res) {
  if (userOf(req)) return false;
  res.status(401).json({ message: 'Sign in' });
  return true;
}`,
  },
  requireUser: {
    file: 'access',
    needs: ['findSession'],
    source: `async function requireUser(req) {
  const session = await findSession(req.headers.authorization);
  return session.user;
}`,
  },
  readSession: {
    file: 'session',
    source: `function readSession(header) {
  if (header !== 'Bearer open-sesame') return null;
  return { name: 'ada', role: 'admin' };
}`,
  },
  findSession: {
    file: 'session',
    needs: ['readSession'],
    source: `async function findSession(header) {
  const user = readSession(header);
  if (!user) throw new Error('no session');
  return { user };
}`,
  },
});
