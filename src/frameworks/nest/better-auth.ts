import type { Interpreter } from '../../interpreter/interpreter.ts';
import { External, HeapObject, type NativeCall, Primitive, type Value } from '../../interpreter/values.ts';
import { nativeClass } from '../native-class.ts';
import { APP_GUARD } from './keys.ts';

const PACKAGE = '@thallesp/nestjs-better-auth';

/** Exports of @thallesp/nestjs-better-auth beside its decorators. */
export const BETTER_AUTH_EXPORTS: ReadonlyMap<string, (interpreter: Interpreter) => Value> = new Map([
  ['AuthModule', (interpreter: Interpreter): Value => {
    const module = nativeClass(interpreter, 'AuthModule', {
      statics: {
        // forRoot({ auth, disableGlobalAuthGuard: true }); before version 2, forRoot(auth, { disableGlobalAuthGuard: true })
        forRoot: (call) => dynamicModule(module, call),
        forRootAsync: (call) => dynamicModule(module, call),
      },
    });
    return module;
  }],
]);

/** The module puts its guard before everything unless it is told not to. */
function dynamicModule(module: Value, { interpreter, args, site }: NativeCall): Value {
  const isOff = args.some((given) => {
    const option = given instanceof HeapObject ? interpreter.get(given, 'disableGlobalAuthGuard', site) : undefined;
    return option instanceof Primitive && Boolean(option.value);
  });
  const guard = new External({ step: 'import', package: PACKAGE, name: 'AuthGuard', site });
  const provider = interpreter.object([['provide', new Primitive(APP_GUARD)], ['useClass', guard]], site);
  return interpreter.object([['module', module], ['providers', interpreter.array(isOff ? [] : [provider])]], site);
}
