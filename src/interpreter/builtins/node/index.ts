import type { Interpreter } from '../../interpreter.ts';
import type { Value } from '../../values.ts';
import { createAssertModule } from './assert.ts';
import { createAsyncHooksModule } from './async_hooks.ts';
import { createCryptoModule } from './crypto.ts';
import { createEventsModule } from './events.ts';
import { createFsModule, createFsPromisesModule } from './fs.ts';
import { createHttpModule } from './http.ts';
import { createModuleModule } from './module.ts';
import { moduleOfGlobals } from './module-object.ts';
import { createPathModule } from './path.ts';
import { createTimersModule, createTimersPromisesModule } from './timers.ts';
import { createUrlModule } from './url.ts';
import { createUtilModule } from './util.ts';

/** What `require` of a Node module gives, by its name without `node:`. Each creates a fresh module object: keep it. */
export const nodeModules: ReadonlyMap<string, (interpreter: Interpreter) => Value> = new Map<string, (interpreter: Interpreter) => Value>([
  ['assert', createAssertModule],
  ['assert/strict', createAssertModule],
  ['async_hooks', createAsyncHooksModule],
  ['buffer', (interpreter) => moduleOfGlobals(interpreter, 'buffer', ['Buffer', 'atob', 'btoa'])],
  ['console', (interpreter) => interpreter.realm.globals.get('console') as Value],
  ['crypto', createCryptoModule],
  ['events', createEventsModule],
  ['fs', createFsModule],
  ['fs/promises', createFsPromisesModule],
  ['http', createHttpModule],
  ['http2', createHttpModule],
  ['https', createHttpModule],
  ['module', createModuleModule],
  ['path', createPathModule],
  ['path/posix', createPathModule],
  ['process', (interpreter) => interpreter.realm.globals.get('process') as Value],
  ['timers', createTimersModule],
  ['timers/promises', createTimersPromisesModule],
  ['url', createUrlModule],
  ['util', createUtilModule],
]);
