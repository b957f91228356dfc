import type { Interpreter } from '../../interpreter/interpreter.ts';
import { HeapObject, type NativeCall, Primitive, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { nativeClass } from '../native-class.ts';

/** `new ConfigurableModuleBuilder<Options>().setClassMethodName('forRoot').build()`: a base class whose static methods give dynamic modules. */
export function configurableModuleBuilder(interpreter: Interpreter): Value {
  return interpreter.native('ConfigurableModuleBuilder', () => builder(interpreter, 'register', UNDEFINED));
}

function builder(interpreter: Interpreter, method: string, transform: Value): Value {
  const made = interpreter.object();
  const chain = (name: string, next: (call: NativeCall) => Value): void => {
    made.properties.set(name, interpreter.native(name, next));
  };
  chain('setClassMethodName', ({ args: [name] }) => builder(interpreter, name instanceof Primitive ? String(name.value) : method, transform));
  chain('setExtras', ({ args }) => builder(interpreter, method, args[1] ?? transform));
  chain('setFactoryMethodName', () => made);
  chain('build', () => build(interpreter, method, transform));
  return made;
}

function build(interpreter: Interpreter, method: string, transform: Value): Value {
  const token = new Primitive(Symbol('options of a module'));
  const dynamic = (call: NativeCall, provider: readonly (readonly [PropertyKey, Value])[], options: Value): Value => {
    const base = interpreter.object([
      ['module', call.receiver],
      ['providers', interpreter.array([interpreter.object([['provide', token], ...provider])])],
    ], call.site);
    if (transform instanceof Primitive) return base;
    const made = interpreter.call(transform, UNDEFINED, [base, options], call.site);
    return made instanceof HeapObject ? made : base;
  };
  const base = nativeClass(interpreter, 'ConfigurableModuleClass', {
    statics: {
      [method]: (call) => dynamic(call, [['useValue', call.args[0] ?? UNDEFINED]], call.args[0] ?? UNDEFINED),
      [`${method}Async`]: (call) => {
        const [options] = call.args;
        const read = (name: string): Value => (options instanceof HeapObject ? interpreter.get(options, name, call.site) : UNDEFINED);
        return dynamic(call, [['useFactory', read('useFactory')], ['inject', read('inject')]], options ?? UNDEFINED);
      },
    },
  });
  return interpreter.object([['ConfigurableModuleClass', base], ['MODULE_OPTIONS_TOKEN', token], ['OPTIONS_TYPE', UNDEFINED], ['ASYNC_OPTIONS_TYPE', UNDEFINED]]);
}
