import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyze, Session } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';
import { temporaryFolder } from '../project/temporary.ts';

const FILES = {
  'package.json': '{ "name": "shop", "dependencies": { "@nestjs/common": "11.0.0", "@nestjs/core": "11.0.0" } }',
  'src/guards.ts': `import { CanActivate, ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

export const Public = () => SetMetadata('isPublic', true);

@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}
  canActivate(context: ExecutionContext) {
    if (this.reflector.getAllAndOverride('isPublic', [context.getHandler(), context.getClass()])) return true;
    return Boolean(context.switchToHttp().getRequest().headers.authorization);
  }
}

@Injectable()
export class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    return context.switchToHttp().getRequest().headers['x-key'] === process.env.KEY;
  }
}
`,
  'src/marks.ts': `import { SetMetadata } from '@nestjs/common';
import { Public } from './guards';
let count = 0;
export const listed: unknown[] = [];
export const Counted = () => SetMetadata('isPublic', count++ > 9);
export const Listed = () => (target: object) => { listed.push(target); };
export const Wrapped = () => (_target: object, _key: string, descriptor: PropertyDescriptor) => { descriptor.value = () => listed.length; };
export const Opened = () => Public();
`,
  'src/orders.controller.ts': `import { Controller, Get, Param, Post, UseGuards } from '@nestjs/common';
import { KeyGuard, Public } from './guards';
import { Counted, Listed, Wrapped } from './marks';

@Controller('orders')
export class OrdersController {
  constructor() {
    this.prepare();
  }

  @Get()
  list() {
    return this.all();
  }

  @Public()
  @Get(':id')
  one(@Param('id') id: string) {
    return { id };
  }

  prepare() {}

  all() {
    return [];
  }
}
`,
  'src/users.controller.ts': `import { Controller, Get } from '@nestjs/common';
import { OrdersController } from './orders.controller';

@Controller('users')
export class UsersController {
  @Get('me')
  me() {
    return {};
  }
}
`,
  'src/main.ts': `import { Module, MiddlewareConsumer } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { SessionGuard } from './guards';
import { OrdersController } from './orders.controller';
import { UsersController } from './users.controller';

@Module({ controllers: [OrdersController, UsersController], providers: [{ provide: APP_GUARD, useClass: SessionGuard }] })
class AppModule {}

async function start() {
  const app = await NestFactory.create(AppModule);
  await app.listen(3000);
}
start();
`,
};

type Replacement = readonly [string, string];

function edited(text: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, text);
}

/** @param main of what main.ts is otherwise */
function setUp(...main: readonly Replacement[]) {
  const root = temporaryFolder({ ...FILES, 'src/main.ts': edited(FILES['src/main.ts'], main) });
  const settings = readSettings(undefined, root);
  const project = new Project({ root, ignore: settings.ignore });
  const session = new Session(project, settings);
  session.analysis();
  /** Lints the controller with another text; tells what its endpoints are like, and whether the edit was followed in place. */
  return (...replacements: readonly Replacement[]) => {
    const file = join(root, 'src/orders.controller.ts');
    const text = edited(FILES['src/orders.controller.ts'], replacements);
    const before = session.beginnings;
    project.overlay(file, text);
    const followed = session.analysis();
    project.overlay(file, undefined);
    const fresh = new Project({ root, ignore: settings.ignore });
    fresh.overlay(file, text);
    expect(followed).toEqual(analyze(fresh, settings));
    return { endpoints: followed.endpoints.map(({ methods, path, auth }) => `${methods.join()} ${path} ${auth.status}`), inPlace: session.beginnings === before };
  };
}

const LIST = 'GET /orders guarded';
const ONE = 'GET /orders/:id public';
const ME = 'GET /users/me guarded';

describe('is followed in place:', () => {
  test('a decorator above a method that comes, and goes again', () => {
    const edit = setUp();
    expect(edit(['  @Get()', '  @Public()\n  @Get()'])).toEqual({ endpoints: ['GET /orders public', ONE, ME], inPlace: true });
    expect(edit(['  @Public()\n', ''])).toEqual({ endpoints: [LIST, 'GET /orders/:id guarded', ME], inPlace: true });
    expect(edit(['@Public()', '@UseGuards(KeyGuard)'])).toEqual({ endpoints: [LIST, 'GET /orders/:id guarded', ME], inPlace: true });
  });

  test('decorators above the class', () => {
    const edit = setUp();
    expect(edit(["@Controller('orders')", "@Public()\n@Controller('orders')"])).toEqual({ endpoints: ['GET /orders public', ONE, ME], inPlace: true });
    expect(edit(["@Controller('orders')", "@Controller('sales')\n@UseGuards(KeyGuard)"])).toEqual({ endpoints: ['GET /sales guarded', 'GET /sales/:id guarded', ME], inPlace: true });
  });

  test('paths and methods', () => {
    const edit = setUp();
    expect(edit(["@Get(':id')", "@Post('by-id/:id')"])).toEqual({ endpoints: [LIST, 'POST /orders/by-id/:id public', ME], inPlace: true });
    expect(edit(['  @Public()', "  @Post()\n  make() {\n    return {};\n  }\n\n  @Public()"])).toEqual({ endpoints: [LIST, 'POST /orders guarded', ONE, ME], inPlace: true });
    expect(edit(["  @Public()\n  @Get(':id')\n  one(@Param('id') id: string) {\n    return { id };\n  }\n", ''])).toEqual({ endpoints: [LIST, ME], inPlace: true });
  });

  test('a method that another one calls', () => {
    expect(setUp()(['  all() {\n    return [];\n  }\n', '  @Get(\'all\')\n  all() {\n    return [];\n  }\n'])).toEqual({ endpoints: [LIST, ONE, 'GET /orders/all guarded', ME], inPlace: true });
  });

  test('an import alone', () => {
    expect(setUp()(['KeyGuard, Public', 'KeyGuard'])).toEqual({ endpoints: [LIST, 'GET /orders/:id guarded', ME], inPlace: true });
  });

  test('an import, with what it is imported for and without', () => {
    const edit = setUp();
    expect(edit(['import { KeyGuard', "import { Public as Opened } from './guards';\nimport { KeyGuard"], ['  @Get()', '  @Opened()\n  @Get()'])).toEqual({ endpoints: ['GET /orders public', ONE, ME], inPlace: true });
    expect(edit(['KeyGuard, Public', 'KeyGuard'])).toEqual({ endpoints: [LIST, 'GET /orders/:id guarded', ME], inPlace: true });
    expect(edit(['Param, Post', 'Param, Post, SetMetadata'], ['  @Get()', "  @SetMetadata('isPublic', true)\n  @Get()"])).toEqual({ endpoints: ['GET /orders public', ONE, ME], inPlace: true });
  });
});

describe('begins anew:', () => {
  test('decorators that do more than to leave metadata', () => {
    for (const mark of ['Counted', 'Listed', 'Wrapped']) expect(setUp()(['  @Public()', `  @Public()\n  @${mark}()`]).inPlace).toBe(false);
  });

  test('a method that the registration code has called', () => {
    expect(setUp(['start();', 'start();\nnew OrdersController();'])(['  prepare() {}\n', "  @Get('prepared')\n  prepare() {}\n"])).toEqual({ endpoints: [LIST, ONE, 'GET /orders/prepared guarded', ME], inPlace: false });
  });

  test('what else the class is made of', () => {
    expect(setUp()(['  constructor() {', '  private readonly size = 5;\n\n  constructor() {']).inPlace).toBe(false);
    expect(setUp()(['  constructor() {', '  constructor(private readonly guard: KeyGuard) {']).inPlace).toBe(false);
    expect(setUp()(['  prepare() {}', '  static prepare() {}']).inPlace).toBe(false);
  });

  test('a class that is looked at by others', () => {
    const more = (edit: ReturnType<typeof setUp>): boolean => edit(["@Controller('orders')", "@Public()\n@Controller('orders')"]).inPlace;
    expect(more(setUp(['start();', 'start();\nexport const names = Object.getOwnPropertyNames(OrdersController.prototype);']))).toBe(true);
    expect(more(setUp(['start();', "start();\nexport const isOpen = Reflect.getMetadata('isPublic', OrdersController);"]))).toBe(false);
    expect(more(setUp(['start();', "start();\nReflect.defineMetadata('isPublic', false, OrdersController);"]))).toBe(false);
    expect(more(setUp(['start();', 'start();\nOrdersController.prototype.all = () => [1];']))).toBe(false);
    expect(more(setUp(['start();', 'start();\nexport class FurtherOrders extends OrdersController {}']))).toBe(false);
    expect(more(setUp(['providers: [', 'providers: [OrdersController, ']))).toBe(false);
    expect(more(setUp(['class AppModule {}', 'class AppModule {\n  configure(consumer: MiddlewareConsumer) {\n    consumer.apply((req, res, next) => next()).forRoutes(OrdersController);\n  }\n}']))).toBe(false);
  });

  test('a name that is imported twice', () => {
    const edit = setUp();
    expect(edit(['import { KeyGuard,', "import { KeyGuard as Public } from './guards';\nimport { KeyGuard,"]).inPlace).toBe(false);
    expect(edit(["@Controller('orders')", "@Controller('sales')"]).inPlace).toBe(false);
  });

  test('methods of a class whose methods were listed', () => {
    expect(setUp(['start();', 'start();\nexport const names = Object.getOwnPropertyNames(OrdersController.prototype);'])(['  prepare() {}', "  @Get('more')\n  more() {}\n\n  prepare() {}"]).inPlace).toBe(false);
  });
});
