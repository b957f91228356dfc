import { createRequire } from 'node:module';
import { describe, expect, it, test } from 'vitest';
import { analyze } from '../../../src/analysis.ts';
import type { Analysis } from '../../../src/model.ts';
import { Project } from '../../../src/project/project.ts';
import { readSettings } from '../../../src/settings.ts';

const SOUND = `
  app.register(async (sound) => {
    sound.get('/open', handler);
    sound.get('/closed', { onRequest: guard }, handler);
  });`;

function programWith(code: string): string {
  return `
const handler = async () => ({ reached: true });
const guard = async (request, reply) => {
  if (!request.headers.authorization) return reply.code(401).send();
};
exports.build = (fastify) => {
  const app = fastify();${SOUND}
  ${code}
  return app;
};`;
}

function analysisOf(code: string): Analysis {
  return analyze(Project.alone('/project/app.cjs', `${programWith(code)}\nexports.build(require('fastify'));`), readSettings(undefined, '/project'));
}

interface Application {
  ready(): PromiseLike<unknown>;
}

function start(name: string, code: string): PromiseLike<unknown> {
  const own: { build?: (fastify: unknown) => Application } = {};
  new Function('exports', programWith(code))(own);
  return own.build?.(createRequire(import.meta.url)(name)).ready() ?? Promise.resolve();
}

/** What its registrations lead to has no end, and more than one way to go on. */
const OVERFLOWING = {
  'an onRoute hook that registers routes': `
  app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      scope.get('/x' + route.url, handler);
      scope.get('/y' + route.url, { onRequest: guard }, handler);
    });
    scope.get('/a', { onRequest: guard }, handler);
  });`,
  'an onRoute hook that registers the same route and another hook': `
  app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      scope.route({ method: ['PUT', 'PATCH'], url: '/a', handler });
      scope.addHook('onRoute', (inner) => {
        if (inner.config?.secured) inner.onRequest = guard;
        scope.delete('/b', handler);
      });
      scope.delete('/b', { config: { secured: true } }, handler);
    });
    scope.delete('/b', { config: { secured: true } }, handler);
  });`,
  'two onRoute hooks in turns': `
  app.register(async (scope) => {
    scope.addHook('onRoute', (route) => { if (route.method === 'PUT') scope.post('/a' + route.url, handler); });
    scope.addHook('onRoute', (route) => { if (route.method === 'POST') scope.put('/b' + route.url, handler); });
    scope.put('/c', handler);
  });`,
};

/** The same, but Fastify waits for itself or for more memory than there is. */
const WAITING = {
  'a plugin that registers itself': `
  const plugin = async (scope) => {
    scope.get('/a', handler);
    await scope.register(plugin, { prefix: '/x' });
    scope.register(plugin, { prefix: '/y' });
  };
  app.register(plugin);`,
  'plugins that register each other': `
  const first = (prefix) => async (scope) => { scope.get('/a', handler); scope.register(second('/x')); scope.register(second('/y')); };
  const second = (prefix) => async (scope) => { scope.register(first('/x'), { prefix }); scope.register(first('/y'), { prefix }); };
  app.register(first('/z'));`,
  'an onRoute hook that registers plugins': `
  app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      for (const prefix of ['/x', '/y']) scope.register(async (inner) => { inner.get(prefix + route.url, handler); });
    });
    scope.get('/a', handler);
  });`,
  'an onRegister hook that registers plugins': `
  app.register(async (scope) => {
    scope.addHook('onRegister', (instance) => {
      for (const prefix of ['/x', '/y']) instance.register(async (inner) => { inner.get('/a', handler); }, { prefix });
    });
    scope.register(async (inner) => { inner.get('/b', handler); });
  });`,
  'an onRoute hook that adds itself': `
  app.register(async (scope) => {
    const hook = () => { scope.addHook('onRoute', hook); scope.addHook('onRoute', hook); };
    scope.addHook('onRoute', hook);
    scope.get('/a', handler);
  });`,
  'callbacks of after()': `
  app.register(async (scope) => {
    const again = () => { scope.get('/a', handler); scope.after(again); scope.after(again); };
    scope.after(again);
  });`,
};

describe('registrations that lead to themselves without end', () => {
  it.each(Object.entries({ ...OVERFLOWING, ...WAITING }))('%s: neither guarded nor naked, and few', (_, code) => {
    const { endpoints, notes } = analysisOf(code);
    const verdicts = Object.fromEntries(endpoints.map(({ path, auth, rateLimit }) => [path, [auth.status, rateLimit.status]]));
    const { '/open': open, '/closed': closed, ...endless } = verdicts;
    expect({ open, closed }).toEqual({ open: ['naked', 'naked'], closed: ['guarded', 'naked'] });
    expect(endpoints.length).toBeLessThan(12);
    expect(Object.keys(endless).length).toBeGreaterThan(0);
    expect(new Set(Object.values(endless).flat())).toEqual(new Set(['unknown']));
    expect(notes).toEqual([{ file: 'app.cjs', reason: 'evaluated only in part: what a plugin or hook registers leads to it again without end' }]);
  });

  test.each(Object.entries(OVERFLOWING))('%s: Fastify does not start', async (_, code) => {
    for (const name of ['fastify', 'fastify4']) await expect(start(name, code)).rejects.toThrow(RangeError);
  });
});

it('a plugin inside of itself to a depth that is known ends', () => {
  const { endpoints, notes } = analysisOf(`
  const level = (depth) => async (scope) => {
    scope.get('/leaf', handler);
    if (depth > 0) scope.register(level(depth - 1), { prefix: '/' + depth });
  };
  app.register(level(5));`);
  expect(endpoints.map(({ path, auth }) => `${path} ${auth.status}`)).toContain('/5/4/3/2/1/leaf naked');
  expect(endpoints).toHaveLength(8);
  expect(notes).toEqual([]);
});
