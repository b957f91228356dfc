import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analyzeFolder } from '../../analyze-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'injection-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The verdicts of a program of one file, by `METHOD path`. */
function verdicts(packageName: string, code: string): Record<string, string> {
  mkdirSync(path.join(folder, 'src'));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'injection', dependencies: { express: '^5.0.0', [packageName]: '*' } }));
  writeFileSync(path.join(folder, 'src/app.ts'), `import express, { type NextFunction, type Request, type Response } from 'express';\n${code}`);
  return Object.fromEntries(analyzeFolder(folder).endpoints.map((e) => [`${e.methods.join()} ${e.path}`, e.auth.status]));
}

const SERVICES = `
  public handle = (req: Request, res: Response, next: NextFunction) => {
    if (!this.tokens.isValid(req.headers.authorization)) { res.sendStatus(401); return; }
    next();
  };
`;

describe('Classes of an injection container by their annotations', () => {
  it('follows tsyringe: constructor types, tokens and classes bound to a name', () => {
    expect(verdicts('tsyringe', `
      import { container, inject, injectable, singleton } from 'tsyringe';
      interface Tokens { isValid(header: string | undefined): boolean }
      @injectable()
      class StaticTokens implements Tokens { isValid(header: string | undefined) { return header === process.env.TOKEN; } }
      @singleton()
      class Guard { constructor(@inject('Tokens') private readonly tokens: Tokens) {} ${SERVICES} }
      @injectable()
      class Orders {
        constructor(private readonly guard: Guard) {}
        list(_req: Request, res: Response) { res.json([]); }
        mount(app: express.Application) {
          app.get('/orders', this.list);
          app.post('/orders', this.guard.handle, this.list);
        }
      }
      container.register<Tokens>('Tokens', { useClass: StaticTokens });
      const app = express();
      container.resolve(Orders).mount(app);
      app.get('/missing', container.resolve<express.RequestHandler>('nobody registers it'), (_req, res) => { res.json({}); });
    `)).toEqual({ 'GET /orders': 'naked', 'POST /orders': 'guarded', 'GET /missing': 'unknown' });
  });

  it('follows typedi: properties by their type, services by their id', () => {
    expect(verdicts('typedi', `
      import { Container, Inject, Service } from 'typedi';
      @Service()
      class Tokens { isValid(header: string | undefined) { return header === process.env.TOKEN; } }
      @Service()
      class Guard { @Inject() private tokens!: Tokens; ${SERVICES} }
      @Service()
      class Orders { constructor(public readonly guard: Guard) {} list = (_req: Request, res: Response) => { res.json([]); }; }
      const app = express();
      app.get('/orders', Container.get(Orders).list);
      app.post('/orders', Container.get(Orders).guard.handle, Container.get(Orders).list);
    `)).toEqual({ 'GET /orders': 'naked', 'POST /orders': 'guarded' });
  });

  it('follows inversify: tokens by decorators of the constructor, factories with the container', () => {
    expect(verdicts('inversify', `
      import { Container, inject, injectable, multiInject } from 'inversify';
      const TYPES = { tokens: Symbol.for('tokens'), guard: Symbol.for('guard'), part: Symbol.for('part') };
      @injectable()
      class Tokens { isValid(header: string | undefined) { return header === process.env.TOKEN; } }
      @injectable()
      class Guard { constructor(@inject(TYPES.tokens) private readonly tokens: Tokens) {} ${SERVICES} }
      interface Part { mount(app: express.Application): void }
      @injectable()
      class Orders implements Part {
        @inject(TYPES.guard) private readonly guard!: Guard;
        mount(app: express.Application) { app.post('/orders', this.guard.handle, (_req, res) => { res.json({}); }); }
      }
      @injectable()
      class Pages implements Part { mount(app: express.Application) { app.get('/', (_req, res) => { res.json({}); }); } }
      @injectable()
      class Server {
        readonly app = express();
        constructor(@multiInject(TYPES.part) parts: Part[]) { for (const part of parts) part.mount(this.app); }
      }
      const container = new Container();
      container.bind(TYPES.tokens).to(Tokens).inSingletonScope();
      container.bind(TYPES.guard).toDynamicValue((context) => new Guard(context.container.get(TYPES.tokens)));
      container.bind<Part>(TYPES.part).to(Orders);
      container.bind<Part>(TYPES.part).to(Pages);
      container.bind(Server).toSelf();
      container.get(Server).app.listen(3000);
    `)).toEqual({ 'GET /': 'naked', 'POST /orders': 'guarded' });
  });

  it('leaves open which of several bindings a name chooses', () => {
    expect(verdicts('inversify', `
      import { Container } from 'inversify';
      const container = new Container();
      container.bind('guard').toConstantValue((_req: Request, res: Response) => { res.sendStatus(401); }).whenTargetNamed('strict');
      container.bind('guard').toConstantValue((_req: Request, _res: Response, next: NextFunction) => next()).whenTargetNamed('open');
      const app = express();
      app.get('/', container.get<express.RequestHandler>('guard'), (_req, res) => { res.json({}); });
    `)).toEqual({ 'GET /': 'unknown' });
  });
});
