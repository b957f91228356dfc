import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

function verdictsOf(text: string): Record<string, string> {
  const { endpoints } = analyze(Project.alone('/project/app.js', `const express = require('express');\nconst app = express();\n${text}`), readSettings(undefined, '/project'));
  return Object.fromEntries(endpoints.map((e) => [e.path, e.auth.status]));
}

const HANDLER = `(req, res) => res.json({ ok: true })`;
const GUARD = `(req, res, next) => (req.user ? next() : res.sendStatus(401))`;

const list = (length: number, element: (index: number) => string): string => `[${Array.from({ length }, (_, index) => element(index)).join()}]`;

describe('a long list that a request is compared with', () => {
  it.each([10, 40, 400])('neither guards nor hides a guard, with %d elements', (length) => {
    const verdicts = verdictsOf(`const robots = ${list(length, (i) => `{ name: 'r${i}', pattern: 'p${i}' }`)};
function robotOf(agent) { for (const robot of robots) { if (agent.includes(robot.pattern)) return { name: robot.name, kind: 'kind' in robot ? robot.kind : 'none' }; } return null; }
app.use((req, res, next) => { const robot = robotOf(req.headers['user-agent']); if (robot) return res.status(202).end(); next(); });
app.get('/open', ${HANDLER}); app.get('/closed', ${GUARD}, ${HANDLER});`);
    expect(verdicts).toEqual({ '/open': 'naked', '/closed': 'guarded' });
  });

  it('is gone through where all of it is known', () => {
    const verdicts = verdictsOf(`const paths = ${list(60, (i) => `'/open${i}'`)};
app.use((req, res, next) => { for (const path of paths) if (req.path === path) return next(); return (${GUARD})(req, res, next); });
app.get('/open59', ${HANDLER}); app.get('/closed', ${HANDLER});`);
    expect(verdicts).toEqual({ '/open59': 'public', '/closed': 'guarded' });
  });

  it('leaves uncertain what only its elements say', () => {
    const verdicts = verdictsOf(`const rules = ${list(60, (i) => `{ when: process.env.RULE_${i}, guards: ${i === 50} }`)};
app.use((req, res, next) => { for (const rule of rules) if (rule.when && rule.guards) return (${GUARD})(req, res, next); next(); });
app.get('/a', ${HANDLER});`);
    expect(verdicts['/a']).not.toBe('guarded');
  });
});
