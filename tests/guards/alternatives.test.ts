import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

const HANDLER = `(req, res) => res.json({ ok: true })`;

/** The verdict on one route behind the middleware. */
function behind(middleware: string): string | undefined {
  const text = `
    const express = require('express');
    const store = require('some-store');
    const jwt = require('jsonwebtoken');
    const app = express();
    app.post('/items/:id', ${middleware}, ${HANDLER});`;
  return analyze(Project.alone('/project/app.js', text), readSettings(undefined, '/project')).endpoints[0]?.auth.status;
}

// What a program does for want of a credential is not itself absent.
describe('in the place of a credential', () => {
  it('looks something else up for who has none', () => {
    expect(behind(`async (req, res, next) => {
      if (!req.user) {
        const { id } = req.params;
        const owner = await store.find({ id });
        if (!owner) return res.sendStatus(404);
        req.owner = owner;
      }
      next();
    }`)).toBe('naked');
  });

  it('falls back to a name of its own', () => {
    expect(behind(`async (req, res, next) => {
      const account = await store.find({ name: req.headers['x-account'] || 'guest' });
      if (!account) return res.sendStatus(401);
      next();
    }`)).not.toBe('guarded');
  });

  it('asks for an owner that the path may name too', () => {
    expect(behind(`async (req, res, next) => {
      const account = await store.find(req.user?.id ?? req.params.id);
      if (!account) return res.sendStatus(404);
      next();
    }`)).toBe('naked');
  });

  it('takes the credential from another place', () => {
    expect(behind(`async (req, res, next) => {
      const key = req.headers['x-api-key'] || req.query.apiKey;
      const account = await store.find({ key });
      if (!account) return res.sendStatus(401);
      next();
    }`)).toBe('guarded');
    expect(behind(`(req, res, next) => {
      let token = req.cookies.token;
      if (!token) token = req.query.token;
      try { req.user = jwt.verify(token, process.env.SECRET); next(); } catch { res.sendStatus(401); }
    }`)).toBe('guarded');
  });

  it('gives a role of no one', () => {
    expect(behind(`(req, res, next) => {
      const role = req.user?.role ?? 'guest';
      if (role !== 'admin') return res.sendStatus(403);
      next();
    }`)).toBe('guarded');
    expect(behind(`(req, res, next) => {
      const session = req.session.user ? { allowed: true } : { allowed: false, reason: 'nobody' };
      if (!session.allowed) return res.status(400).json({ error: session.reason });
      next();
    }`)).toBe('guarded');
    expect(behind(`(req, res, next) => {
      const failure = req.session.user ? undefined : { status: 401 };
      if (failure) return res.sendStatus(failure.status);
      next();
    }`)).toBe('guarded');
  });

  it('asks another service about something that the session names', () => {
    expect(behind(`async (req, res, next) => {
      const response = await fetch(\`https://pay.example.org/orders/\${req.session.orderId}\`, { headers: { accept: 'application/json' } });
      if (!response.ok) return res.status(502).json({ error: 'not paid' });
      next();
    }`)).toBe('naked');
  });

  it('asks another service about the credential itself', () => {
    expect(behind(`async (req, res, next) => {
      const response = await fetch(\`https://id.example.org/tokeninfo?id_token=\${req.headers.authorization}\`);
      if (!response.ok) return res.sendStatus(401);
      next();
    }`)).toBe('guarded');
    expect(behind(`async (req, res, next) => {
      const response = await fetch('https://id.example.org/me', { headers: { authorization: req.headers.authorization } });
      if (!response.ok) return res.sendStatus(401);
      next();
    }`)).toBe('guarded');
  });
});
