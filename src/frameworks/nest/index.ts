import type { ActiveRequests } from '../../guards/active.ts';
import type { Judge } from '../../guards/judge.ts';
import { NativeFunction, type Value } from '../../interpreter/values.ts';
import type { Framework } from '../framework.ts';
import { applicationState, servingApplications } from './application.ts';
import { BETTER_AUTH_EXPORTS } from './better-auth.ts';
import { CONFIG_EXPORTS } from './conditional-module.ts';
import { graphqlExports } from './graphql.ts';
import { markingExports } from './marks.ts';
import { microserviceExports } from './microservices.ts';
import { NestPackages } from './packages.ts';
import { passportExports } from './passport.ts';
import { NestRequest } from './steps.ts';
import { RouteTable } from './route-table.ts';
import { NestStore } from './store.ts';
import { throttlerExports } from './throttler.ts';
import { ioAdapter, websocketExports } from './websockets.ts';

export function createNestFramework(judge: Judge, active: ActiveRequests): Framework {
  const store = new NestStore(judge, active);
  const table = new RouteTable(store);
  const packages = new NestPackages(store, () => active.current instanceof NestRequest && active.current.hidesMetadata, new Map([
    ...markingExports(new Map([['@thallesp/nestjs-better-auth', BETTER_AUTH_EXPORTS]])),
    ['@nestjs/config', CONFIG_EXPORTS],
    ['@nestjs/passport', passportExports(store)],
    ['@nestjs/throttler', throttlerExports(store)],
    ['@nestjs/graphql', graphqlExports(store)],
    ['@nestjs/websockets', websocketExports(store)],
    ['@nestjs/platform-socket.io', new Map([['IoAdapter', ioAdapter]])],
    ['@nestjs/microservices', microserviceExports(store)],
  ]));
  return {
    name: 'nest',
    packages: ['@nestjs/core', '@nestjs/common'],
    entry: /\bNestFactory\b|@Controller\b/,
    importPackage: (interpreter, external) => packages.import(interpreter, external),
    owns: (value: Value) => applicationState(value) !== undefined || (value instanceof NativeFunction && value.name === 'create'),
    applications: () => servingApplications(store).map(({ site }) => ({ framework: 'nest' as const, site })),
    routes: (interpreter) => table.routes(interpreter),
    forgetDecorations: (created) => store.forget(created),
    isMadeRoutesOf: (created) => table.isController(created),
    redecorated: (controllers) => table.findAgain(controllers),
  };
}
