import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

const ROUTES: readonly (readonly [method: string, path: string])[] = [
  ['GET', '/'], ['GET', '/api/a'], ['POST', '/api/a'], ['GET', '/api/public/x'], ['GET', '/API/b'], ['DELETE', '/login'], ['GET', '/files/login/10'], ['PUT', '/v2/api/a'],
];

/** What middleware asks of the path and the method of a request. */
const QUESTIONS: readonly string[] = [
  `req.path === '/api/a'`,
  `'/login' == req.url`,
  `req.path !== '/' && !req.path.startsWith('/api')`,
  `req.path.endsWith('login')`,
  `req.url.includes('api')`,
  `req.path.toLowerCase().startsWith('/api/b')`,
  `req.path.indexOf('/api') > 0`,
  `req.path.split('/')[1] === 'api'`,
  `req.path.split('/').length > 3`,
  `req.path.slice(1).replace('api', 'x') === 'x/a'`,
  `req.path.match(/^\\/api\\/(\\w+)$/) !== null`,
  `req.path.match(/(\\d+)/)?.[1] === '10'`,
  `/public|login/.test(req.path)`,
  `/^\\/API/i.exec(req.originalUrl)`,
  `['/api/a', '/login'].includes(req.path)`,
  `['/api', '/files'].some((start) => req.path.startsWith(start))`,
  `new Set(['/', '/login']).has(req.path)`,
  `({ GET: true, PUT: true })[req.method]`,
  `\`\${req.method} \${req.path}\` === 'POST /api/a'`,
  `(req.method + req.path).startsWith('GET/api')`,
  `[req.method, req.path].join(' ') === 'DELETE /login'`,
  `req.path.length > 8`,
  `req.path[1] === 'a'`,
  `typeof req.path === 'string' && req.path.slice(1)`,
  `req.method.toLowerCase() === 'get' && encodeURIComponent(req.path) === '%2Fapi%2Fa'`,
  `((path) => { switch (path) { case '/login': case '/': return true; default: return false; } })(req.path)`,
  `((path) => { const [, first, second = 'none'] = path.split('/'); return second === 'none' || first === 'files'; })(req.url)`,
];

function program(question: string): string {
  const routes = ROUTES.map(([method, path]) => `app.${method.toLowerCase()}('${path}', (req, res) => res.json({ ok: true }));`);
  return `const express = require('express'); const app = express(); app.set('case sensitive routing', true);
app.use((req, res, next) => { if (${question}) return next(); if (!req.user) return res.sendStatus(401); next(); });
${routes.join('\n')}`;
}

/** The question, asked of the real request. */
function isOpen(question: string, method: string, path: string): boolean {
  const ask = new Function('req', `return Boolean(${question});`) as (req: object) => boolean;
  return ask({ method, path, url: path, originalUrl: path });
}

// A function that is shared between routes is walked once for all on which it finds out the same.
describe('what middleware asks of the path', () => {
  it.each(QUESTIONS)('%s', (question) => {
    const settings = readSettings({ publicPaths: [] }, '/project');
    const { endpoints } = analyze(Project.alone('/project/app.js', program(question)), settings);
    const verdicts = Object.fromEntries(endpoints.map((e) => [`${e.methods.join()} ${e.path}`, e.auth.status === 'guarded']));
    expect(verdicts).toEqual(Object.fromEntries(ROUTES.map(([method, path]) => [`${method} ${path}`, !isOpen(question, method, path)])));
  });
});
