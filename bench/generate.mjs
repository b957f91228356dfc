import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Routes in one router file, with their handlers in a controller file. */
const ROUTES_PER_FEATURE = 10;

/**
 * Writes an Express program in TypeScript with so many files and routes. A tenth of the routes is left open. Everything beside
 * the routers, controllers and guards is services and models, as in most programs.
 */
export function generate(folder, { files, routes }) {
  const write = (file, text) => {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  };
  const features = Math.ceil(routes / ROUTES_PER_FEATURE);
  let written = 0;
  const source = (file, text) => {
    written += 1;
    write(file, text);
  };
  write('package.json', JSON.stringify({ name: 'generated', private: true, type: 'module', dependencies: { express: '^5.0.0' } }));
  write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'preserve', moduleResolution: 'bundler', strict: true } }));
  source('src/app.ts', application(features));
  source('src/guards/session.ts', session);
  source('src/guards/roles.ts', roles);
  source('src/errors.ts', errors);
  for (let feature = 0; feature < features; feature += 1) {
    const count = Math.min(ROUTES_PER_FEATURE, routes - feature * ROUTES_PER_FEATURE);
    source(`src/features/f${feature}/routes.ts`, router(count));
    source(`src/features/f${feature}/controller.ts`, controller(count, feature));
  }
  for (let rest = 0; written < files; rest += 1) {
    const area = Math.floor(rest / 40);
    if (rest % 2 === 0) source(`src/domain/a${area}/model${rest}.ts`, model(rest));
    else source(`src/domain/a${area}/service${rest}.ts`, service(rest, features));
  }
}

function application(features) {
  const all = Array.from({ length: features }, (_, index) => index);
  return `import express from 'express';
import { requireSession } from './guards/session';
${all.map((index) => `import { router as f${index} } from './features/f${index}/routes';`).join('\n')}

export const app = express();
app.use(express.json());
${all.map((index) => `app.use('/api/f${index}', ${index % 10 === 0 ? '' : 'requireSession, '}f${index});`).join('\n')}
app.listen(3000);
`;
}

const session = `import type { NextFunction, Request, Response } from 'express';
import { Unauthorized } from '../errors';

/** Lets requests with a session pass. */
export function requireSession(req: Request, res: Response, next: NextFunction): void {
  const token = req.headers.authorization?.split(' ')[1];
  if (!token) {
    next(new Unauthorized('no token'));
    return;
  }
  next();
}
`;

const roles = `import type { NextFunction, Request, Response } from 'express';

/** Lets users with one of the roles pass. */
export function requireRole(...allowed: string[]) {
  return (req: Request, res: Response, next: NextFunction) => {
    const { role } = res.locals as { role?: string };
    if (!role || !allowed.includes(role)) return res.status(403).json({ error: 'forbidden' });
    return next();
  };
}
`;

const errors = `export class Unauthorized extends Error {
  readonly status = 401;
}
`;

function router(count) {
  const methods = ['get', 'post', 'put', 'patch', 'delete'];
  return `import { Router } from 'express';
import { requireRole } from '../../guards/roles';
import * as controller from './controller';

export const router = Router();
${Array.from({ length: count }, (_, index) => `router.${methods[index % 5]}('/items${index}/:id', ${index % 3 === 0 ? "requireRole('admin'), " : ''}controller.handle${index});`).join('\n')}
`;
}

function controller(count, feature) {
  return `import type { Request, Response } from 'express';
import { Service${feature * 2 + 1} } from '../../domain/a${Math.floor((feature * 2 + 1) / 40)}/service${feature * 2 + 1}';

const service = new Service${feature * 2 + 1}();
${Array.from({ length: count }, (_, index) => `
export async function handle${index}(req: Request, res: Response) {
  const found = await service.find(req.params.id);
  if (!found) return res.status(404).json({ error: 'not found' });
  const page = Number(req.query.page ?? 1);
  return res.json({ found, page, total: ${index} });
}`).join('\n')}
`;
}

function model(number) {
  return `/** A row of table ${number}. */
export interface Row${number} {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly amount: number;
}

export function total${number}(rows: readonly Row${number}[]): number {
  return rows.reduce((sum, row) => sum + row.amount, 0);
}

export function byName${number}(a: Row${number}, b: Row${number}): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
`;
}

function service(number) {
  const before = number - 1;
  const earlier = number > 40 ? `import { Service${number - 40} } from '../a${Math.floor((number - 40) / 40)}/service${number - 40}';\n` : '';
  return `import { byName${before}, total${before}, type Row${before} } from './model${before}';
${earlier}
/** What can be done with the rows of table ${before}. */
export class Service${number} {
  private readonly rows = new Map<string, Row${before}>();
${earlier === '' ? '' : `  private readonly earlier = new Service${number - 40}();\n`}
  async find(id: string): Promise<Row${before} | undefined> {
    return this.rows.get(id);
  }

  async list(limit = 20): Promise<Row${before}[]> {
    return [...this.rows.values()].sort(byName${before}).slice(0, limit);
  }

  async save(row: Row${before}): Promise<void> {
    if (row.amount < 0) throw new RangeError('amount');
    this.rows.set(row.id, row);
  }

  async sum(): Promise<number> {
    return total${before}(await this.list(1000));
  }
}
`;
}
