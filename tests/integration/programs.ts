/** A small Express program over three files: an open endpoint, two guarded ones, no limiter. */
export const javascriptProgram = {
  'package.json': '{ "name": "shop", "type": "module", "dependencies": { "express": "^5.0.0" } }',
  'src/server.js': `import express from 'express';
import { requireUser } from './auth.js';
import { orders } from './orders.js';

const app = express();
app.get('/prices', (req, res) => res.json([]));
app.use('/orders', requireUser, orders);
app.listen(3000);
`,
  'src/auth.js': `export function requireUser(req, res, next) {
  if (!req.headers.authorization) return res.sendStatus(401);
  next();
}
`,
  'src/orders.js': `import { Router } from 'express';

export const orders = Router();
orders.get('/', (req, res) => res.json([]));
orders.post('/', (req, res) => res.sendStatus(201));
`,
} as const;

/** The same program in TypeScript, with specifiers as the compiler wants them. */
export const typescriptProgram = {
  'package.json': javascriptProgram['package.json'],
  'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "strict": true } }',
  'src/server.ts': `import express, { type Application } from 'express';
import { requireUser } from './auth.js';
import { orders } from './orders.js';

const app: Application = express();
app.get('/prices', (req, res) => res.json([]));
app.use('/orders', requireUser, orders);
app.listen(3000);
`,
  'src/auth.ts': `import type { NextFunction, Request, Response } from 'express';

export function requireUser(req: Request, res: Response, next: NextFunction): void {
  if (!req.headers.authorization) {
    res.sendStatus(401);
    return;
  }
  next();
}
`,
  'src/orders.ts': `import { Router } from 'express';

export const orders: Router = Router();
orders.get('/', (req, res) => res.json([]));
orders.post('/', (req, res) => res.sendStatus(201));
`,
} as const;
