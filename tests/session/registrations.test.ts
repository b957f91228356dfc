import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyze, Session } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';
import { temporaryFolder } from '../project/temporary.ts';

const FILES = {
  'package.json': '{ "name": "shop", "main": "app.js", "type": "module", "dependencies": { "express": "5.0.0" } }',
  'guards.js': `import express from 'express';
export const requireUser = (req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401));
export const requireRole = (role) => (req, res, next) => (req.headers.role === role && req.user ? next() : res.sendStatus(403));
export const registered = [];
`,
  'admin.js': `export function requireAdmin(req, res, next) {
  if (!req.headers.admin) return res.sendStatus(401);
  next();
}
`,
  'orders.js': `import { Router } from 'express';
import { requireRole, requireUser } from './guards.js';
const list = (req, res) => res.json([]);
const guard = requireRole('seller');
export const orders = Router();
orders.get('/', list);
orders.post('/', guard, list);
orders.delete('/:id', requireUser, list);
`,
  'users.js': `import { Router } from 'express';
export const users = Router();
users.get('/me', (req, res) => res.json({}));
`,
  'app.js': `import express from 'express';
import { requireUser } from './guards.js';
import { orders } from './orders.js';
import { users } from './users.js';
const app = express();
app.use('/orders', orders);
app.use('/users', requireUser, users);
app.listen(3000);
`,
};

function setUp(files: Readonly<Record<string, string>> = FILES) {
  const root = temporaryFolder(files);
  const settings = readSettings(undefined, root);
  const project = new Project({ root, ignore: settings.ignore });
  const session = new Session(project, settings);
  session.analysis();
  /** Lints the file with another text; tells what its endpoints are like, and whether the edit was followed in place. */
  return (name: string, ...replacements: readonly (readonly [string, string])[]) => {
    let text = files[name] ?? '';
    for (const [from, to] of replacements) {
      expect(text).toContain(from);
      text = text.replace(from, to);
    }
    const before = session.beginnings;
    project.overlay(join(root, name), text);
    const followed = session.analysis();
    project.overlay(join(root, name), undefined);
    const fresh = new Project({ root, ignore: settings.ignore });
    fresh.overlay(join(root, name), text);
    expect(followed).toEqual(analyze(fresh, settings));
    return { endpoints: followed.endpoints.map(({ methods, path, auth }) => `${methods.join()} ${path} ${auth.status}`), inPlace: session.beginnings === before };
  };
}

const UNEDITED = ['GET /orders naked', 'POST /orders guarded', 'DELETE /orders/:id guarded', 'GET /users/me guarded'];

describe('is followed in place:', () => {
  test('a guard before a handler', () => {
    expect(setUp()('orders.js', ["get('/', list)", "get('/', requireUser, list)"])).toEqual({ endpoints: ['GET /orders guarded', ...UNEDITED.slice(1)], inPlace: true });
  });

  test('a route more and a route less, one after the other', () => {
    const edit = setUp();
    expect(edit('orders.js', ["orders.post('/', guard, list);", "orders.post('/', guard, list);\norders.put('/', list);"])).toEqual({ endpoints: [...UNEDITED.slice(0, 2), 'PUT /orders naked', ...UNEDITED.slice(2)], inPlace: true });
    expect(edit('orders.js', ["orders.post('/', guard, list);\n", ''])).toEqual({ endpoints: [UNEDITED[0], ...UNEDITED.slice(2)], inPlace: true });
    expect(edit('orders.js', ["'/:id'", "'/by-id/:id'"])).toEqual({ endpoints: [...UNEDITED.slice(0, 2), 'DELETE /orders/by-id/:id guarded', UNEDITED[3]], inPlace: true });
  });

  test('a guard that stands before some routes of a router, and after others', () => {
    expect(setUp()('orders.js', ["orders.post('/', guard, list);", "orders.use(requireUser);\norders.post('/', list);"])).toEqual({ endpoints: UNEDITED, inPlace: true });
  });

  test('a mount, which is judged with all that is below', () => {
    expect(setUp()('app.js', ["'/users', requireUser, users", "'/people', users"])).toEqual({ endpoints: [...UNEDITED.slice(0, 3), 'GET /people/me naked'], inPlace: true });
  });

  test('a router that is mounted no more', () => {
    expect(setUp()('app.js', ["app.use('/users', requireUser, users);\n", ''])).toEqual({ endpoints: [...UNEDITED.slice(0, 3), 'GET /me naked'], inPlace: true });
  });

  test('an import of a module that nobody has evaluated', () => {
    expect(setUp()('orders.js', ["import { requireRole", "import { requireAdmin } from './admin.js';\nimport { requireRole"], ["get('/', list)", "get('/', requireAdmin, list)"])).toEqual({ endpoints: ['GET /orders guarded', ...UNEDITED.slice(1)], inPlace: true });
  });

  test('a constant, with what it is used in', () => {
    expect(setUp()('orders.js', ["const guard = requireRole('seller');", 'const guard = (req, res, next) => next();'])).toEqual({ endpoints: [UNEDITED[0], 'POST /orders naked', ...UNEDITED.slice(2)], inPlace: true });
  });

  test('what is no registration at all', () => {
    const edit = setUp();
    expect(edit('orders.js', ['const guard', 'const MAX = 20;\n/** Nothing. */\nfunction unused() {}\n\nconst guard'])).toEqual({ endpoints: UNEDITED, inPlace: true });
    expect(edit('users.js', ['export const users', "export const VERSION = '1';\nexport const users"])).toEqual({ endpoints: UNEDITED, inPlace: true });
    expect(edit('guards.js', ['export const registered', 'export const more = (req, res, next) => next();\nexport const registered'])).toEqual({ endpoints: UNEDITED, inPlace: true });
  });
});

describe('begins anew:', () => {
  test('what other modules import', () => {
    expect(setUp()('orders.js', ['orders = Router()', 'orders = Router({ strict: true })'])).toEqual({ endpoints: UNEDITED, inPlace: false });
  });

  test('what writes to an object of another module', () => {
    expect(setUp()('orders.js', ["import { requireRole,", "import { registered, requireRole,"], ["orders.get('/', list);", "registered.push(list);\norders.get('/', list);"])).toEqual({ endpoints: UNEDITED, inPlace: false });
  });

  test('another router', () => {
    expect(setUp()('app.js', ['app.listen', "app.use('/more', express.Router().get('/', (req, res) => res.json({})));\napp.listen"])).toEqual({ endpoints: ['GET /more naked', ...UNEDITED].toSorted(() => 0), inPlace: false });
  });

  test('the import of a class that a constructor is given', () => {
    const edit = setUp({
      'package.json': '{ "name": "shop", "dependencies": { "@nestjs/common": "^11.0.0", "@nestjs/core": "^11.0.0" } }',
      'guards.ts': `import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
@Injectable()
export class MarkedGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}
  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.get<boolean>('isPublic', context.getHandler())) return true;
    return Boolean(context.switchToHttp().getRequest().headers.authorization);
  }
}
`,
      'main.ts': `import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { MarkedGuard } from './guards';
@Controller('orders')
class Orders {
  @Get() list() { return []; }
}
@Module({ controllers: [Orders], providers: [{ provide: APP_GUARD, useClass: MarkedGuard }] })
class AppModule {}
void NestFactory.create(AppModule).then((app) => app.listen(3000));
`,
    });
    expect(edit('guards.ts', ["import { Reflector } from '@nestjs/core';\n", ''])).toMatchObject({ inPlace: false });
  });
});
