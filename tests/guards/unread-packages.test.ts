import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

function statusOf(text: string): string | undefined {
  const program = `const express = require('express');\nconst app = express();\n${text}\napp.get('/a', (req, res) => res.json({ ok: true }));`;
  return analyze(Project.alone('/project/app.js', program), readSettings(undefined, '/project')).endpoints[0]?.auth.status;
}

describe('a package that is not read may have put a session on the request', () => {
  const unread = `app.use(require('some-package').create());`;

  it('is not known where a session lets everybody through', () => {
    const guard = `app.use((req, res, next) => (req.session ? next() : res.sendStatus(401)));`;
    expect(statusOf(guard)).toBe('guarded');
    expect(statusOf(`${unread} ${guard}`)).toBe('unknown');
  });

  it('does not matter where somebody has to be in it', () => {
    expect(statusOf(`${unread} app.use((req, res, next) => (req.session && req.session.user ? next() : res.sendStatus(401)));`)).toBe('guarded');
  });

  it('does not matter where the request goes on either way', () => {
    expect(statusOf(`${unread} app.use((req, res, next) => { if (req.session) req.who = 'member'; else req.who = 'guest'; next(); });`)).toBe('naked');
    expect(statusOf(`${unread} app.use((req, res, next) => { req.who = req.session ? 'member' : 'guest'; if (req.query.broken) return res.sendStatus(400); next(); });`)).toBe('naked');
  });
});
