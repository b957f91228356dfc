import { describe, expect, test } from 'vitest';
import { analyzeFolder } from '../analyze-folder.ts';
import { temporaryFolder } from '../project/temporary.ts';
import { analyzeProgram, verdictsBeside } from './program.ts';

describe('modules that import each other', () => {
  test('CommonJS: each sees what the other has exported so far', () => {
    const analysis = analyzeProgram(`app.use('/users', require('./users'));\napp.use('/orders', require('./orders'));`, {
      'users.js': `const router = module.exports = require('express').Router();\nconst orders = require('./orders');\nrouter.use('/orders', orders);\nrouter.get('/list', (req, res) => res.json([]));`,
      'orders.js': `const router = module.exports = require('express').Router();\nconst users = require('./users');\nrouter.get('/list', (req, res) => res.json([users.name]));`,
    });
    expect(verdictsBeside(analysis)).toEqual({ 'GET /users/list': 'naked', 'GET /users/orders/list': 'naked', 'GET /orders/list': 'naked' });
  });

  test('CommonJS: a guard that is not yet exported', () => {
    const analysis = analyzeProgram(`app.use('/users', require('./guard').router);`, {
      'guard.js': `const users = require('./users');\nexports.guard = (req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401));\nexports.router = users;`,
      'users.js': `const router = module.exports = require('express').Router();\nconst holder = require('./guard');\nrouter.get('/list', (req, res, next) => holder.guard(req, res, next), (req, res) => res.json([]));`,
    });
    expect(verdictsBeside(analysis)).toEqual({ 'GET /users/list': 'guarded' });
  });

  test('ES modules: bindings are read when they are there', () => {
    const folder = temporaryFolder({
      'package.json': '{ "type": "module", "main": "server.js" }',
      'server.js': `import express from 'express';\nimport { users } from './users.js';\nexport const app = express();\nexport function guard(req, res, next) { req.headers.authorization ? next() : res.sendStatus(401); }\napp.use('/users', users());`,
      'users.js': `import { Router } from 'express';\nimport { app, guard } from './server.js';\nexport const users = () => {\n  const router = Router();\n  app.get('/closed', guard, (req, res) => res.json([]));\n  app.get('/open', (req, res) => res.json([]));\n  router.get('/list', guard, (req, res) => res.json([]));\n  return router;\n};`,
    });
    expect(verdictsBeside(analyzeFolder(folder))).toEqual({ 'GET /users/list': 'guarded' });
  });

  test('a module that imports itself', () => {
    expect(verdictsBeside(analyzeProgram(`const self = require('./server');\napp.get('/self', (req, res) => res.json(self));`))).toEqual({ 'GET /self': 'naked' });
  });

  test('export * in a ring of three, and a name that none of them has', () => {
    const analysis = analyzeProgram(`const { users, missing } = require('./a');\napp.use('/users', users);\napp.get('/missing', missing, (req, res) => res.json([]));`, {
      'a.mjs': `export * from './b.mjs';\nexport { missing } from './b.mjs';`,
      'a.js': `module.exports = require('./a.mjs');`,
      'b.mjs': `export * from './c.mjs';\nexport { missing } from './c.mjs';`,
      'c.mjs': `import { Router } from 'express';\nexport * from './a.mjs';\nexport { missing } from './a.mjs';\nexport const users = Router();\nusers.get('/list', (req, res) => res.json([]));`,
    });
    expect(verdictsBeside(analysis)).toEqual({ 'GET /users/list': 'naked', 'GET /missing': 'unknown' });
  });

  test('classes that extend each other', () => {
    verdictsBeside(analyzeProgram(`new (require('./a').A)(app);`, {
      'a.js': `const b = require('./b');\nclass A extends b.B { constructor(app) { super(app); } }\nexports.A = A;`,
      'b.js': `const a = require('./a');\nclass B extends a.A { constructor(app) { super(app); app.get('/never', a.guard); } }\nexports.B = B;`,
    }));
  });
});

describe('what holds itself', () => {
  test('a router mounted in itself', () => {
    const verdicts = verdictsBeside(analyzeProgram(`const router = express.Router();\nrouter.get('/list', (req, res) => res.json([]));\nrouter.use('/again', router);\napp.use('/users', router);`));
    expect(verdicts).toMatchObject({ 'GET /users/list': 'naked' });
  });

  test('two routers mounted in each other', () => {
    const verdicts = verdictsBeside(analyzeProgram(`const a = express.Router(), b = express.Router();\na.get('/a', (req, res) => res.json([]));\nb.get('/b', (req, res) => res.json([]));\na.use(b);\nb.use(a);\napp.use('/api', a);`));
    expect(verdicts).toMatchObject({ 'GET /api/a': 'naked', 'GET /api/b': 'naked' });
  });

  test('an application mounted in itself', () => {
    verdictsBeside(analyzeProgram(`app.use('/self', app);`));
  });

  test('a list of middleware that holds itself', () => {
    verdictsBeside(analyzeProgram(`const list = [(req, res, next) => next()];\nlist.push(list);\nconsole.log(list.flat(Infinity));\napp.get('/list', list, (req, res) => res.json([]));`));
  });

  test('a Fastify plugin that registers itself', () => {
    const folder = temporaryFolder({
      'server.js': `const app = require('fastify')();\nconst plugin = async (instance) => { instance.get('/list', async () => []); instance.register(plugin, { prefix: '/again' }); };\napp.register(plugin);\napp.get('/open', async () => []);\napp.listen({ port: 3000 });`,
    });
    const { endpoints } = analyzeFolder(folder);
    expect(endpoints.filter((e) => e.path === '/open').map((e) => e.auth.status)).toEqual(['naked']);
    // Fastify never starts it.
    expect(endpoints.filter((e) => e.path === '/list').map((e) => e.auth.status)).toEqual(['unknown']);
  });

  test('settings that hold themselves are merged, printed and walked', () => {
    const analysis = analyzeProgram(`
      const settings = { path: '/settings', nested: { list: [] } };
      settings.self = settings; settings.nested.list.push(settings.nested);
      const merge = (to, from) => { for (const key in from) { if (typeof from[key] === 'object') to[key] = merge(to[key] || {}, from[key]); else to[key] = from[key]; } return to; };
      const merged = merge({}, settings);
      try { console.log(JSON.stringify(settings)); } catch {}
      console.log(String(settings.nested.list), [settings.nested.list].flat(Infinity).join());
      structuredClone(settings);
      app.get(settings.self.self.path, (req, res) => res.json(merged));`);
    expect(verdictsBeside(analysis)).toEqual({ 'GET /settings': 'naked' });
  });
});
