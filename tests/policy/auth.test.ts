import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { analyzeFolder } from '../analyze-folder.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function authOf(program: string): unknown {
  const folder = mkdtempSync(path.join(tmpdir(), 'auth-'));
  folders.push(folder);
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "shop", "main": "app.js", "dependencies": { "express": "^5.0.0" } }');
  writeFileSync(path.join(folder, 'app.js'), `const express = require('express');\nconst app = express();\n${program}`);
  const [endpoint] = analyzeFolder(folder).endpoints;
  return endpoint?.auth;
}

describe('an endpoint that refuses for other reasons too', () => {
  const guard = `const guard = (req, res, next) => (process.env.SECURE && !req.headers.authorization ? res.sendStatus(401) : next());\n`;

  it('is guarded under the condition of its guard, where all else that it does is to refuse', () => {
    expect(authOf(`${guard}app.post('/jobs', guard, (req, res) => res.sendStatus(404));`)).toMatchObject({ status: 'guarded', conditional: true });
  });

  it('is guarded where the refusal stands before the check', () => {
    expect(authOf(`app.post('/jobs', (req, res) => {
      if (!req.body.name) return res.sendStatus(400);
      if (!req.headers.authorization) return res.sendStatus(401);
      res.json([]);
    });`)).toMatchObject({ status: 'guarded', conditional: false });
  });

  it('is guarded where a switch decides about a refusal before the check', () => {
    expect(authOf(`app.post('/jobs', (req, res) => {
      if (process.env.CLOSED) return res.sendStatus(503);
      if (!req.headers.authorization) return res.sendStatus(401);
      res.json([]);
    });`)).toMatchObject({ status: 'guarded', conditional: false });
  });
});

describe('a guard under two switches', () => {
  it('is conditional where both must be on', () => {
    const auth = authOf(`
      const guard = (req, res, next) => (process.env.STRICT && !req.headers.authorization ? res.sendStatus(401) : next());
      if (process.env.SECURE) app.use(guard);
      app.get('/jobs', (req, res) => res.json([]));
    `);
    expect(auth).toMatchObject({ status: 'guarded', conditional: true });
  });

  it('is none where the second lets everybody through either way', () => {
    const auth = authOf(`
      const log = (req, res, next) => (process.env.STRICT ? setImmediate(next) : next());
      if (process.env.SECURE) app.use(log);
      app.get('/jobs', (req, res) => res.json([]));
    `);
    expect(auth).toMatchObject({ status: 'naked' });
  });
});
