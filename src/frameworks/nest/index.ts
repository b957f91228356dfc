import type { ActiveRequests } from '../../guards/active.ts';
import type { Judge } from '../../guards/judge.ts';
import { NativeFunction, type Value } from '../../interpreter/values.ts';
import type { Framework } from '../framework.ts';
import { applicationState } from './application.ts';
import { nestRoutes } from './endpoints.ts';
import { NestPackages } from './packages.ts';
import { passportExports } from './passport.ts';
import { NestRequest } from './steps.ts';
import { NestStore } from './store.ts';
import { throttlerExports } from './throttler.ts';

export function createNestFramework(judge: Judge, active: ActiveRequests): Framework {
  const store = new NestStore(judge, active);
  const packages = new NestPackages(store, () => active.current instanceof NestRequest && active.current.hidesMetadata, new Map([
    ['@nestjs/passport', passportExports(store)],
    ['@nestjs/throttler', throttlerExports(store)],
  ]));
  return {
    name: 'nest',
    packages: ['@nestjs/core', '@nestjs/common'],
    entry: /\bNestFactory\b|@Controller\b/,
    importPackage: (interpreter, external) => packages.import(interpreter, external),
    owns: (value: Value) => applicationState(value) !== undefined || (value instanceof NativeFunction && value.name === 'create'),
    applications: () => store.applications.flatMap((application) => {
      const state = applicationState(application);
      return state?.kind === 'http' ? [{ framework: 'nest' as const, site: state.site }] : [];
    }),
    routes: (interpreter) => nestRoutes(interpreter, store),
  };
}
