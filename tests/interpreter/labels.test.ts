import { expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

function pathsOf(registrations: string): string[] {
  const text = `const express = require('express'); const app = express(); const work = (req, res) => res.end(); ${registrations}`;
  return analyze(Project.alone('/project/app.js', text), readSettings(undefined, '/project')).endpoints.map(({ path }) => path);
}

function verdict(handler: string): string | undefined {
  const text = `const express = require('express'); const app = express(); app.get('/x', (req, res) => { ${handler} });`;
  return analyze(Project.alone('/project/app.js', text), readSettings(undefined, '/project')).endpoints[0]?.auth.status;
}

it.each([
  ['for…of', `outer: for (const a of ['a', 'b', 'c']) { for (const b of ['x', 'y']) { if (a === 'b') continue outer; app.get('/' + a + b, work); } }`],
  ['for', `outer: for (let i = 0; i < 3; i++) { const a = 'abc'[i]; for (const b of ['x', 'y']) { if (a === 'b') continue outer; app.get('/' + a + b, work); } }`],
  ['for…in', `outer: for (const a in { a: 1, b: 2, c: 3 }) { for (const b of ['x', 'y']) { if (a === 'b') continue outer; app.get('/' + a + b, work); } }`],
])('goes on with the next round of the labelled loop: %s', (_kind, registrations) => {
  expect(pathsOf(registrations)).toEqual(['/ax', '/ay', '/cx', '/cy']);
});

it('ends the labelled loop at its break', () => {
  expect(pathsOf(`outer: for (const a of ['a', 'b', 'c']) { for (const b of ['x', 'y']) { if (a === 'b') break outer; app.get('/' + a + b, work); } }`)).toEqual(['/ax', '/ay']);
});

it('leaves a labelled block at its break', () => {
  expect(pathsOf(`block: { app.get('/in', work); if (true) break block; app.get('/behind', work); } app.get('/after', work);`)).toEqual(['/in', '/after']);
});

it('follows a request through a labelled loop to its end', () => {
  const loop = (found: string): string => `outer: for (const role of ['a', 'b']) { for (const one of req.query.roles) { if (one !== role) continue outer; } ${found} }`;
  expect(verdict(`${loop('')} if (!req.headers.authorization) return res.sendStatus(401); res.json({});`)).toBe('guarded');
  expect(verdict(`${loop('return res.json({ role });')} res.sendStatus(404);`)).toBe('naked');
});
