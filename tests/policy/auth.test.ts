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

describe('a switch that gives a guest an identity', () => {
  it('leaves the guard standing where it is off, however little could be followed where it is on', () => {
    expect(authOf(`
      const { findGuest } = require('./not-there');
      const guest = process.env.DEBUG ? findGuest : () => process.env.GUEST;
      app.use((req, res, next) => {
        if (req.headers.cookie) req.userId = req.headers.cookie;
        else if (process.env.GUEST) req.userId = guest(process.env.GUEST);
        else req.userId = null;
        next();
      });
      app.get('/jobs', (req, res) => {
        if (!req.userId) return res.sendStatus(401);
        res.json([]);
      });`)).toMatchObject({ status: 'guarded', conditional: true });
  });
});

describe('a webhook', () => {
  const webhook = (body: string): string => `
    const { Webhook } = require('standardwebhooks');
    app.post('/events', (req, res) => {
      ${body}
      res.json({ ok: true });
    });`;

  it('is guarded by a signature that the package looks up in the headers', () => {
    expect(authOf(webhook('new Webhook(process.env.SECRET).verify(req.body, req.headers);'))).toMatchObject({ status: 'guarded', conditional: false });
  });

  it('is not where the failure is swallowed', () => {
    expect(authOf(webhook('try { new Webhook(process.env.SECRET).verify(req.body, req.headers); } catch { console.log(1); }'))).toMatchObject({ status: 'naked' });
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

describe('an endpoint that checks the credential itself, in a deployment where the check is off', () => {
  it('counts a refusal behind the check as open', () => {
    expect(authOf(`
      const db = require('some-database');
      app.post('/jobs', (req, res) => {
        if (process.env.SECURE && !req.headers.authorization) return res.sendStatus(401);
        res.status(400).json({ error: db.check(req.body) });
      });`)).toMatchObject({ status: 'guarded', conditional: true });
  });
});

describe('a login', () => {
  const login = (afterwards: string): string => `
    const bcrypt = require('bcrypt');
    const database = new (require('some-orm').Client)();
    app.post('/let-me-in', async (req, res) => {
      const user = await database.users.findOne({ name: req.body.name });
      if (!(await bcrypt.compare(req.body.password, user.hash))) return res.status(401).json({ error: 'wrong' });
      ${afterwards}
    });`;

  it('is open, also where it cannot give a credential in some deployment', () => {
    const sign = `if (!process.env.SECRET) throw new Error('no secret is set');\n res.json({ token: require('jsonwebtoken').sign({ id: user.id }, process.env.SECRET) });`;
    expect(authOf(login(sign))).toMatchObject({ status: 'naked' });
  });

  it('is open where the credential is a row of a store', () => {
    expect(authOf(login('res.json(await database.sessions.create({ user: user.id }));'))).toMatchObject({ status: 'naked' });
  });

  it('is none where nothing is given for the password', () => {
    expect(authOf(login('res.json(user.secrets);'))).toMatchObject({ status: 'guarded' });
  });

  it('is guarded by what stands before it', () => {
    const guard = `app.use((req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401)));`;
    expect(authOf(`${guard}${login('res.json(await database.sessions.create({ user: user.id }));')}`)).toMatchObject({ status: 'guarded', conditional: false });
  });
});

describe('what a request finds', () => {
  const find = (filter: string): string => `
    const database = new (require('some-orm').Client)();
    app.delete('/notes/:id', async (req, res) => {
      const note = await database.notes.findOne(${filter});
      if (!note) return res.sendStatus(403);
      res.sendStatus(204);
    });`;

  it('is nothing where the owner is an absent user', () => {
    expect(authOf(find('{ id: req.params.id, owner: req.headers.authorization }'))).toMatchObject({ status: 'guarded' });
  });

  it('may be what belongs to nobody where the program asks for that', () => {
    expect(authOf(find('{ id: req.params.id, owner: req.headers.authorization ?? null }'))).toMatchObject({ status: 'naked' });
  });
});

describe('a promise that a callback settles', () => {
  it('is followed in both ways', () => {
    const auth = authOf(`
      const store = require('some-store');
      const write = (text) => new Promise((resolve, reject) => { store.run(text, (problem) => { if (problem) reject(problem); else resolve(); }); });
      app.post('/jobs', (req, res) => { write(req.body.text).then(() => res.end()).catch(() => res.sendStatus(400)); });
    `);
    expect(auth).toMatchObject({ status: 'naked' });
  });
});

describe('a pattern that is known in parts', () => {
  const exempt = (pattern: string): string => `
    const open = new RegExp(\`${pattern}\`);
    app.use((req, res, next) => (open.test(req.path) || req.headers.authorization ? next() : res.sendStatus(401)));
    app.get('/items/cover', (req, res) => res.json([]));`;

  it('is known to match where the unknown part may be left out', () => {
    expect(authOf(exempt('^(${process.env.BASE}/api)?/items/cover$'))).toMatchObject({ status: 'naked' });
  });

  it('is not known to match otherwise', () => {
    expect(authOf(exempt('^${process.env.BASE}/items/cover$'))).not.toMatchObject({ status: 'naked' });
  });
});

describe('a request that nothing tells who asks', () => {
  it('is refused where its groups are asked for', () => {
    expect(authOf(`app.post('/jobs', (req, res) => {
      if (![1, 2].includes(req.userGroups)) return res.sendStatus(401);
      res.json([]);
    });`)).toMatchObject({ status: 'guarded' });
  });

  it('is guarded in the deployment where it is refused, whatever else the client may send there', () => {
    expect(authOf(`
      const { logger } = require('some-logger');
      app.use(logger);
      const groups = (req) => (process.env.SECURE ? (req.expired ? 0 : req.userGroups) : 1);
      app.post('/jobs', (req, res) => {
        if ([1, 2].indexOf(groups(req)) === -1) return res.sendStatus(401);
        res.json([]);
      });`)).toMatchObject({ status: 'guarded', conditional: true });
  });
});

describe('an application that another package makes', () => {
  it('has the routes that the program adds', () => {
    const guard = `(req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401))`;
    expect(authOf(`const RED = require('node-red'); app.use('/flows', ${guard}, RED.httpAdmin); RED.httpAdmin.get('/devices', (req, res) => res.json([]));`))
      .toMatchObject({ status: 'guarded', conditional: false });
    expect(authOf(`const server = require('json-server').create(); server.get('/devices', (req, res) => res.json([]));`)).toMatchObject({ status: 'naked' });
  });
});

describe('an endpoint that throws an error of a package', () => {
  const auth = (error: string): unknown => authOf(`const errors = require('http-errors');
    app.get('/orders', (req, res) => {
      if (!req.headers.authorization) throw new errors.${error};
      res.json(orders.all());
    });`);

  it('is guarded where the missing credential leads to it', () => {
    expect(auth('Unauthorized()')).toMatchObject({ status: 'guarded', by: [{ line: 5 }] });
    expect(auth('Forbidden()')).toMatchObject({ status: 'guarded' });
  });

  it('is guarded whatever the error says: a guard is told by what leads to its refusal', () => {
    expect(auth("BadRequest('A key is required')")).toMatchObject({ status: 'guarded' });
  });
});

describe('a value that grows with each round of a loop', () => {
  it('is followed without growing for ever', () => {
    expect(authOf(`app.get('/jobs', (req, res) => {
      let text = req.query.text;
      for (let round = 0; round < 60; round++) text = text.concat(text);
      res.json(text);
    });`)).toMatchObject({ status: 'naked' });
  });
});

describe('a session of better-auth', () => {
  it('is not there, whatever headers the program makes of those of the request', () => {
    expect(authOf(`
      const { betterAuth } = require('better-auth');
      const auth = betterAuth({});
      app.get('/jobs', async (req, res) => {
        const headers = new Headers();
        Object.entries(req.headers).forEach(([name, value]) => headers.append(name, String(value)));
        const session = await auth.api.getSession({ headers });
        if (!session) return res.sendStatus(401);
        res.json([]);
      });`)).toMatchObject({ status: 'guarded', conditional: false });
  });
});

describe('a comparison with what the client sends', () => {
  const sum = `require('crypto').createHmac('sha256', process.env.KEY).update(String(req.body.order)).digest('hex')`;

  it.each([
    ['of a signature made of it', `if (req.body.signature !== ${sum}) return res.sendStatus(403);`],
    ['of a signature, in constant time', `if (!require('crypto').timingSafeEqual(Buffer.from(req.body.signature), Buffer.from(${sum}))) return res.sendStatus(403);`],
    ['of the secret itself', `if (req.body.key !== process.env.KEY) return res.sendStatus(403);`],
  ])('%s guards', (_, check) => {
    expect(authOf(`app.post('/orders', (req, res) => { ${check} res.json([]); });`)).toMatchObject({ status: 'guarded', conditional: false });
  });

  it.each([
    ['of a hash without a secret', `app.post('/orders', (req, res) => {
      if (req.body.sum !== require('crypto').createHash('sha256').update(req.body.order).digest('hex')) return res.sendStatus(403);
      res.json([]);
    });`],
    ['by which it looks something up that a database with secret settings gave', `
      const { Pool } = require('pg');
      const pool = new Pool({ connectionString: process.env.DATABASE_URL });
      const sites = new Map();
      async function load() {
        const { rows } = await pool.query('select * from sites');
        for (const row of rows) sites.set(row.id, row);
      }
      load();
      app.get('/sites/:id', (req, res) => {
        const site = sites.get(Number(req.params.id));
        if (!site) return res.sendStatus(404);
        res.json(site);
      });`],
  ])('%s guards nothing', (_, program) => {
    expect(authOf(program)).toMatchObject({ status: 'naked' });
  });
});
