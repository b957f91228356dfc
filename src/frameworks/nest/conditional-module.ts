import type { Interpreter } from '../../interpreter/interpreter.ts';
import { conditionOf } from '../../interpreter/evaluation/truth.ts';
import { type NativeCall, Primitive, TRUE, UNDEFINED, Union, Unknown, type Value } from '../../interpreter/values.ts';
import { nativeClass } from '../native-class.ts';

/** Exports of @nestjs/config that decide which modules there are; its services stay opaque. */
export const CONFIG_EXPORTS: ReadonlyMap<string, (interpreter: Interpreter) => Value> = new Map([
  ['ConditionalModule', (interpreter: Interpreter): Value => {
    const module = nativeClass(interpreter, 'ConditionalModule', { statics: { registerWhen: (call) => interpreter.promise('fulfilled', registerWhen(module, call), call.site) } });
    return module;
  }],
]);

/** ConditionalModule.registerWhen(AdminModule, 'WITH_ADMIN'), (AdminModule, (env) => env.MODE === 'api') */
function registerWhen(module: Value, { interpreter, args: [given, condition], site }: NativeCall): Value {
  const truth = interpreter.whether(holds(interpreter, condition ?? UNDEFINED, site), site);
  const imports = truth.known ? (truth.value ? [given ?? UNDEFINED] : []) : [new Union([{ conditions: [conditionOf(truth, 'true')], value: given ?? UNDEFINED }])];
  return interpreter.object([['module', module], ['imports', interpreter.array(imports)]], site);
}

function holds(interpreter: Interpreter, condition: Value, site: NativeCall['site']): Value {
  const process = interpreter.realm.globals.get('process') ?? UNDEFINED;
  const environment = interpreter.get(process, 'env', site);
  if (!(condition instanceof Primitive)) return interpreter.call(condition, UNDEFINED, [environment], site);
  // A name stands for a variable that switches the module off with the text `false`.
  const variable = interpreter.get(environment, String(condition.value), site);
  if (variable instanceof Primitive) return new Primitive(String(variable.value).toLowerCase() !== 'false');
  return new Unknown('set by the environment', { site, identity: `process.env.${String(condition.value)} !== 'false'`, fallback: TRUE });
}
