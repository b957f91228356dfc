import type { Base, Controller, GlobalGuard, Handler, Mark, Override, Program } from './nest-program.ts';

/** Satisfies every guard. */
export const credentials: Readonly<Record<string, string>> = Object.freeze({ authorization: 'Bearer open-sesame' });

/** The program as files, by path. */
export function printProgram(program: Program): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const manifest = { name: 'program', private: true, dependencies: { '@nestjs/common': '^11.0.0', '@nestjs/core': '^11.0.0', '@nestjs/throttler': '^6.0.0' } };
  files.set('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  files.set('src/keys.ts', keys);
  files.set('src/guards.ts', guards);
  files.set('src/marks.ts', marks);
  if (program.bases.length > 0) files.set('src/bases.ts', [imports, ...program.bases.map(printBase)].join('\n'));
  program.controllers.forEach((controller, index) => files.set(`src/controller${index}.ts`, printController(program, controller, index)));
  files.set('src/sibling.module.ts', printSibling(program));
  files.set('src/app.module.ts', printRoot(program));
  files.set('src/main.ts', printMain(program));
  return files;
}

const imports = `import { Controller, Delete, Get, Post, UseGuards } from '@nestjs/common';
import { SkipThrottle, Throttle, ThrottlerGuard } from '@nestjs/throttler';
import { DeepGuard, MarkedGuard, QuietGuard, TokenGuard, VisitorGuard } from './guards';
import { Public, Roles, Secured, SecuredBlock, SecuredDirectly, SecuredSpread, SecuredWhen } from './marks';
`;

const guards = `import { CanActivate, ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { IS_PUBLIC } from './keys';

@Injectable()
export class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    if (!request.headers.authorization) throw new UnauthorizedException();
    return true;
  }
}

@Injectable()
export class QuietGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest().headers.authorization === 'Bearer open-sesame';
  }
}

@Injectable()
export class MarkedGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()])) return true;
    return Boolean(context.switchToHttp().getRequest().headers.authorization);
  }
}

@Injectable()
export class DeepGuard extends TokenGuard {
  override canActivate(context: ExecutionContext): boolean {
    return super.canActivate(context);
  }
}

@Injectable()
export class VisitorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    request.user = request.headers.authorization ? { name: 'ada' } : { name: 'guest' };
    return true;
  }
}
`;

const keys = "export const IS_PUBLIC = 'isPublic';\n";

const marks = `import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { TokenGuard } from './guards';
import { IS_PUBLIC } from './keys';

export const Public = () => SetMetadata(IS_PUBLIC, true);
export const Roles = (...roles: string[]) => SetMetadata('roles', roles);
export const Secured = () => applyDecorators(UseGuards(TokenGuard), Roles('admin'));
export function SecuredBlock() {
  const guard = UseGuards(TokenGuard);
  return applyDecorators(guard);
}
export const SecuredWhen = (isSecured: boolean) => (isSecured ? applyDecorators(UseGuards(TokenGuard)) : applyDecorators());
export const SecuredSpread = (...roles: string[]) => {
  const decorators = [UseGuards(TokenGuard), Roles(...roles)];
  return applyDecorators(...decorators);
};
export const SecuredDirectly = () => UseGuards(TokenGuard);
`;

function printMark(mark: Mark): string {
  switch (mark.kind) {
    case 'guard': return `@UseGuards(${mark.name})`;
    case 'composed': return `@${mark.name}(${mark.name === 'SecuredWhen' ? 'true' : ''})`;
    case 'unsecured': return '@SecuredWhen(false)';
    case 'public': return '@Public()';
    case 'roles': return "@Roles('admin')";
    case 'throttled': return '@UseGuards(ThrottlerGuard)';
    case 'stricter': return '@Throttle({ default: { limit: 8, ttl: 60_000 } })';
    case 'skip': return `@SkipThrottle({ ${mark.tier}: ${mark.skips} })`;
  }
}

function printHandler(name: string, { method, marks: decorators }: Handler | (Override & { readonly method: Handler['method'] }), path = name): string[] {
  return [`  @${method}('${path}')`, ...decorators.map((mark) => `  ${printMark(mark)}`), `  ${name}() {`, `    return { reached: '${name}' };`, '  }', ''];
}

function printBase({ marks: decorators, handlers }: Base, index: number): string {
  return [
    ...decorators.map(printMark),
    `export abstract class Base${index} {`,
    ...handlers.flatMap((handler, at) => printHandler(`inherited${index}${at}`, handler)),
    '}',
    '',
  ].join('\n');
}

/** The index of the controller's base class. */
export function baseOf({ bases }: Program, { base }: Controller): number | undefined {
  return base === undefined || bases.length === 0 ? undefined : base % bases.length;
}

/** Controllers of one base class have prefixes of their own, so that no two routes have the same path. */
export function prefixOf(program: Program, index: number): string {
  const controller = program.controllers[index] as Controller;
  return controller.sharesPrefix && baseOf(program, controller) === undefined ? 'shared' : `part${index}`;
}

function printController(program: Program, controller: Controller, index: number): string {
  const base = baseOf(program, controller);
  const inherited = base === undefined ? 0 : (program.bases[base] as Base).handlers.length;
  const overrides = base === undefined ? [] : controller.overrides.flatMap((override) => {
    const name = `inherited${base}${override.of % inherited}`;
    const { method } = override;
    return method ? printHandler(name, { ...override, method }) : [`  ${name}() {`, `    return { reached: '${name}' };`, '  }', ''];
  });
  return [
    imports + (base === undefined ? '' : "import { Base" + String(base) + " } from './bases';\n"),
    ...controller.marks.map(printMark),
    `@Controller('${prefixOf(program, index)}')`,
    `export class Part${index}Controller${base === undefined ? '' : ` extends Base${base}`} {`,
    ...overrides,
    ...controller.handlers.flatMap((handler, at) => printHandler(`own${index}${at}`, handler)),
    '}',
    '',
  ].join('\n');
}

function printProvider({ by, guard }: GlobalGuard): string[] {
  switch (by) {
    case 'useClass': return [`{ provide: APP_GUARD, useClass: ${guard} }`];
    case 'useExisting': return [guard, `{ provide: APP_GUARD, useExisting: ${guard} }`];
    case 'useFactory': return [`{ provide: APP_GUARD, useFactory: (reflector: Reflector) => new ${guard}(${guard === 'MarkedGuard' ? 'reflector' : ''}), inject: [Reflector] }`];
    case 'string token': return [`{ provide: 'APP_GUARD', useClass: ${guard} }`];
    case 'useGlobalGuards': return [];
  }
}

const moduleImports = `import { Module } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { MarkedGuard, TokenGuard, VisitorGuard } from './guards';
`;

function printSibling({ globals }: Program): string {
  return [
    moduleImports,
    `@Module({ providers: [${globals.filter((one) => one.inSibling).flatMap(printProvider).join(', ')}] })`,
    'export class SiblingModule {}',
    '',
  ].join('\n');
}

function printRoot(program: Program): string {
  const { controllers, globals, middleware } = program;
  const apart = controllers.flatMap(({ inRoot }, index) => (inRoot ? [] : [index]));
  const target = middleware && middleware.controller % controllers.length;
  const first = target === undefined ? '' : `${prefixOf(program, target)}/own${target}0`;
  const imported = ['ThrottlerModule.forRoot([{ ttl: 60_000, limit: 10 }])', ...apart.map((index) => `Part${index}Module`), 'SiblingModule'];
  return [
    moduleImports,
    "import { Injectable, MiddlewareConsumer, NestMiddleware, NestModule, UnauthorizedException } from '@nestjs/common';",
    ...controllers.map((_, index) => `import { Part${index}Controller } from './controller${index}';`),
    "import { SiblingModule } from './sibling.module';",
    '',
    ...apart.flatMap((index) => [`@Module({ controllers: [Part${index}Controller] })`, `class Part${index}Module {}`, '']),
    '@Injectable()',
    'class TokenMiddleware implements NestMiddleware {',
    '  use(request: { headers: Record<string, string | undefined> }, _response: unknown, next: () => void) {',
    '    if (!request.headers.authorization) throw new UnauthorizedException();',
    '    next();',
    '  }',
    '}',
    '',
    '@Module({',
    `  imports: [${imported.join(', ')}],`,
    `  controllers: [${controllers.flatMap(({ inRoot }, index) => (inRoot ? [`Part${index}Controller`] : [])).join(', ')}],`,
    `  providers: [${globals.filter((one) => !one.inSibling).flatMap(printProvider).join(', ')}],`,
    '})',
    `export class AppModule${target === undefined ? ' {}' : ' implements NestModule {'}`,
    ...target === undefined ? [] : [
      '  configure(consumer: MiddlewareConsumer) {',
      `    consumer.apply(TokenMiddleware)${middleware?.excludesFirst ? `.exclude('${first}')` : ''}.forRoutes(Part${target}Controller);`,
      '  }',
      '}',
    ],
    '',
  ].join('\n');
}

function printMain({ globals, prefix }: Program): string {
  const used = globals.filter((one) => one.by === 'useGlobalGuards');
  return [
    "import { NestFactory, Reflector } from '@nestjs/core';",
    "import { AppModule } from './app.module';",
    "import { MarkedGuard, TokenGuard, VisitorGuard } from './guards';",
    '',
    'async function bootstrap() {',
    '  const app = await NestFactory.create(AppModule);',
    ...prefix ? ["  app.setGlobalPrefix('api');"] : [],
    ...used.map(({ guard }) => `  app.useGlobalGuards(new ${guard}(${guard === 'MarkedGuard' ? 'app.get(Reflector)' : ''}));`),
    '  await app.listen(3000);',
    '}',
    '',
    'export const done = bootstrap();',
    '',
  ].join('\n');
}
