import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import type { Endpoint } from '../../src/model.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

function endpointsOf(text: string): readonly Endpoint[] {
  return analyze(Project.alone('/project/app.js', `const express = require('express');\nconst app = express();\n${text}`), readSettings(undefined, '/project')).endpoints;
}

function verdictsOf(text: string): Record<string, string> {
  return Object.fromEntries(endpointsOf(text).map((e) => [`${e.methods.join()} ${e.path}`, e.auth.status]));
}

const HANDLER = `(req, res) => res.json({ ok: true })`;

// What is known of a function from one route must not be said of a route on which it does something else.
describe('one function before several routes', () => {
  it('reads the path', () => {
    const guard = `app.use((req, res, next) => (req.path === '/open' || req.user ? next() : res.sendStatus(401)));`;
    expect(verdictsOf(`${guard} app.get('/a', ${HANDLER}); app.get('/open', ${HANDLER}); app.get('/b', ${HANDLER});`)).toEqual({ 'GET /a': 'guarded', 'GET /open': 'public', 'GET /b': 'guarded' });
  });

  it('reads the method', () => {
    const guard = `app.use((req, res, next) => { if (req.method === 'GET') return next(); if (!req.user) return res.sendStatus(401); next(); });`;
    expect(verdictsOf(`${guard} app.get('/a', ${HANDLER}); app.post('/a', ${HANDLER}); app.get('/b', ${HANDLER}); app.post('/b', ${HANDLER});`))
      .toEqual({ 'GET /a': 'naked', 'POST /a': 'guarded', 'GET /b': 'naked', 'POST /b': 'guarded' });
  });

  it('reads which parameters the route has', () => {
    const guard = `const owns = (req, res, next) => { if (!req.params.id) return next(); if (!req.user) return res.sendStatus(401); next(); };`;
    expect(verdictsOf(`${guard} app.get('/all', owns, ${HANDLER}); app.get('/one/:id', owns, ${HANDLER}); app.get('/other/:id', owns, ${HANDLER});`)['GET /all']).toBe('naked');
  });

  it('depends on what stood before it', () => {
    const functions = `const mark = (req, res, next) => { req.internal = true; next(); }; const guard = (req, res, next) => { if (req.internal || req.user) return next(); res.sendStatus(401); };`;
    expect(verdictsOf(`${functions} app.get('/a', guard, ${HANDLER}); app.get('/b', mark, guard, ${HANDLER}); app.get('/c', guard, ${HANDLER}); app.get('/d', mark, guard, ${HANDLER});`))
      .toEqual({ 'GET /a': 'guarded', 'GET /b': 'naked', 'GET /c': 'guarded', 'GET /d': 'naked' });
  });

  it('reads which of the parameters the route has', () => {
    const guard = `const owns = (req, res, next) => { if (!('id' in req.params)) return next(); if (!req.user) return res.sendStatus(401); next(); };`;
    expect(verdictsOf(`${guard} app.get('/a/:id', owns, ${HANDLER}); app.get('/b/:name', owns, ${HANDLER}); app.get('/c/:name/:id', owns, ${HANDLER}); app.get('/d/:name/:page', owns, ${HANDLER});`))
      .toEqual({ 'GET /a/:id': 'guarded', 'GET /b/:name': 'naked', 'GET /c/:name/:id': 'guarded', 'GET /d/:name/:page': 'naked' });
  });

  it('finds parameters where another function put them', () => {
    const functions = `const keep = (req, res, next) => { req.kept = req.params; next(); }; const owns = (req, res, next) => { if (!('id' in req.kept)) return next(); if (!req.user) return res.sendStatus(401); next(); };`;
    expect(verdictsOf(`${functions} app.get('/a/:id', keep, owns, ${HANDLER}); app.get('/b/:name', keep, owns, ${HANDLER});`)).toEqual({ 'GET /a/:id': 'guarded', 'GET /b/:name': 'naked' });
  });

  it.each([
    ['a member', 'res.locals.internal'],
    ['whether there is one', `'internal' in res.locals`],
    ['all of them', `Object.keys(res.locals).includes('internal')`],
    ['a copy', `({ ...res.locals }).internal`],
    ['what is there, whatever its name', `Object.values(res.locals).some(Boolean)`],
  ])('looks at %s of what stood before it left', (_what, test) => {
    const functions = `const mark = (req, res, next) => { res.locals.internal = true; next(); }; const other = (req, res, next) => { req.seen = true; next(); };
const guard = (req, res, next) => { if (${test} || req.user) return next(); res.sendStatus(401); };`;
    expect(verdictsOf(`${functions} app.get('/a', guard, ${HANDLER}); app.get('/b', mark, guard, ${HANDLER}); app.get('/c', other, guard, ${HANDLER}); app.get('/d', other, mark, guard, ${HANDLER});`))
      .toEqual({ 'GET /a': 'guarded', 'GET /b': 'naked', 'GET /c': 'guarded', 'GET /d': 'naked' });
  });

  it('leaves alone what it did not look at', () => {
    const functions = `const mark = (req, res, next) => { req.internal = true; next(); }; const log = (req, res, next) => { req.logged = true; next(); };
const guard = (req, res, next) => { if (req.internal || req.user) return next(); res.sendStatus(401); };`;
    expect(verdictsOf(`${functions} app.get('/a', log, guard, ${HANDLER}); app.get('/b', mark, log, guard, ${HANDLER}); app.get('/c', log, mark, guard, ${HANDLER}); app.get('/d', log, guard, ${HANDLER});`))
      .toEqual({ 'GET /a': 'guarded', 'GET /b': 'naked', 'GET /c': 'naked', 'GET /d': 'guarded' });
  });

  it('leaves the same on the request of every route', () => {
    const populate = `app.use((req, res, next) => { req.roles = req.headers.authorization ? ['user'] : []; req.check = (role) => req.roles.includes(role); next(); });`;
    const guard = `const needs = (role) => (req, res, next) => (req.check(role) ? next() : res.sendStatus(403));`;
    expect(verdictsOf(`${populate} ${guard} app.get('/a', needs('user'), ${HANDLER}); app.get('/b', needs('user'), ${HANDLER}); app.get('/c', ${HANDLER}); app.get('/d', needs('user'), ${HANDLER});`))
      .toEqual({ 'GET /a': 'guarded', 'GET /b': 'guarded', 'GET /c': 'naked', 'GET /d': 'guarded' });
  });

  it('hangs on a switch that some routes stand under', () => {
    const guard = `app.use((req, res, next) => { if (process.env.OPEN || req.user) return next(); res.sendStatus(401); });`;
    const [plain, under] = endpointsOf(`${guard} app.get('/a', ${HANDLER}); if (process.env.OPEN) app.get('/b', ${HANDLER});`);
    expect([plain?.auth.status, under?.auth.status]).toEqual(['guarded', 'naked']);
  });

  it('is shown where it stands, also where the registration is the evidence', () => {
    const [a, b] = endpointsOf(`const jwt = (req, res, next) => { if (!req.user) return res.sendStatus(401); next(); }; const wrap = (f) => (req, res, next) => f(req, res, next);
app.get('/a', wrap(jwt), ${HANDLER});
app.get('/b', wrap(jwt), ${HANDLER});`);
    expect(b?.auth).toEqual(a?.auth);
    expect(a?.auth).toMatchObject({ status: 'guarded', by: [{ line: 3 }] });
  });

  it('hands on past the rest of its route', () => {
    const skip = `const skip = (req, res, next) => next('route'); const guard = (req, res, next) => (req.user ? next() : res.sendStatus(401));`;
    expect(verdictsOf(`${skip} app.get('/a', skip, guard, ${HANDLER}); app.get('/a', ${HANDLER}); app.get('/b', skip, guard, guard, ${HANDLER}); app.get('/b', guard, ${HANDLER});`)).toMatchObject({ 'GET /b': 'guarded' });
  });
});
