import { expect, it } from 'vitest';
import { analyze } from '../../../src/analysis.ts';
import type { Endpoint } from '../../../src/model.ts';
import { Project } from '../../../src/project/project.ts';
import { readSettings } from '../../../src/settings.ts';

function endpointOf(guard: string): Endpoint | undefined {
  const text = `
    import fastify from 'fastify';
    import middie from '@fastify/middie';
    const app = fastify();
    await app.register(middie);
    const checkToken = (request, response, next) => {
      if (request.headers.authorization) return next();
      response.statusCode = 401;
      response.end();
    };
    const checkTokenInHook = async (request, reply) => {
      if (!request.headers.authorization) return reply.code(401).send();
    };
    ${guard}
    app.get('/x', async () => ({}));
    await app.listen({ port: 3000 });`;
  return analyze(Project.alone('/project/app.mjs', text), readSettings(undefined, '/project')).endpoints[0];
}

it('says of a guard that it is middleware and no hook', () => {
  const auth = endpointOf('app.use(checkToken);')?.auth;
  expect(auth).toMatchObject({ status: 'guarded' });
  expect(JSON.stringify(auth)).toContain('checkToken (middleware, not a hook)');
});

it('says it of no hook', () => {
  const auth = endpointOf(`app.addHook('onRequest', checkTokenInHook);`)?.auth;
  expect(auth).toMatchObject({ status: 'guarded' });
  expect(JSON.stringify(auth)).not.toContain('middleware');
});

it('takes a route without config for one that asks for nothing', () => {
  const auth = endpointOf(`app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.isOpen) return;
    if (!request.headers.authorization) return reply.code(401).send();
  });`)?.auth;
  expect(auth).toMatchObject({ status: 'guarded', conditional: false });
});
