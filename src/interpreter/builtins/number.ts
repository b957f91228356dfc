import { HeapObject, type NativeCall, NativeFunction, type NativeImplementation, Primitive, type PrimitiveContent, type Value } from '../values.ts';
import { argument, createConstructor, defineFunctions, defineMethods, type Natives } from './define.ts';
import { contentsOf, hostCall, hostFunction } from './host-calls.ts';
import { perOption } from './options.ts';
import type { RealmParts } from './realm.ts';
import { known, mergedLabels, unknownFunctionResult, unknownResult } from './results.ts';

const NUMBER_METHODS = ['toExponential', 'toFixed', 'toLocaleString', 'toPrecision', 'toString', 'valueOf'] as const;

const VARIADIC: ReadonlySet<string> = new Set(['hypot', 'max', 'min']);

export function addNumber(realm: RealmParts): void {
  const { functionPrototype, globals, numberPrototype, booleanPrototype } = realm;
  defineMethods(functionPrototype, numberPrototype, Object.fromEntries(NUMBER_METHODS.map((name) => [name, perOption(name, numberMethod(name))])));
  defineMethods(functionPrototype, booleanPrototype, {
    toString: (call: NativeCall) => onBoolean(call, 'toString', String),
    valueOf: (call: NativeCall) => onBoolean(call, 'valueOf', (content) => content),
  });
  const number = createConstructor(functionPrototype, 'Number', perOption('Number', conversion('Number', Number)), numberPrototype, {
    ...pureFunctions('Number', Number, ['isFinite', 'isInteger', 'isNaN', 'isSafeInteger']),
    ...pureFunctions('', globalThis, ['parseFloat', 'parseInt']),
  });
  for (const name of ['EPSILON', 'MAX_SAFE_INTEGER', 'MAX_VALUE', 'MIN_SAFE_INTEGER', 'MIN_VALUE', 'NaN', 'NEGATIVE_INFINITY', 'POSITIVE_INFINITY'] as const) {
    number.properties.set(name, new Primitive(Number[name]));
  }
  globals.set('Number', number);
  globals.set('Boolean', createConstructor(functionPrototype, 'Boolean', toBoolean, booleanPrototype));
  const bigint = new HeapObject(realm.objectPrototype);
  globals.set('BigInt', createConstructor(functionPrototype, 'BigInt', perOption('BigInt', conversion('BigInt', BigInt)), bigint));
  const math = new HeapObject(realm.objectPrototype);
  const functionNames = Object.getOwnPropertyNames(Math).filter((name) => name !== 'random' && typeof Math[name as keyof Math] === 'function');
  defineFunctions(functionPrototype, math, {
    ...pureFunctions('Math', Math, functionNames),
    random: (call) => call.interpreter.unknown('a random number', call.site),
  });
  for (const name of ['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2'] as const) math.properties.set(name, new Primitive(Math[name]));
  globals.set('Math', math);
  for (const [name, implementation] of Object.entries(pureFunctions('', globalThis, ['isFinite', 'isNaN', 'parseFloat', 'parseInt']))) {
    globals.set(name, new NativeFunction(functionPrototype, name, implementation));
  }
}

function pureFunctions(owner: string, source: object, names: readonly string[]): Natives {
  return Object.fromEntries(names.map((name) => {
    const fullName = owner === '' ? name : `${owner}.${name}`;
    const run = (source as Record<string, (...args: never[]) => PrimitiveContent>)[name];
    if (!run) throw new TypeError(`the host has no ${fullName}`);
    return [name, perOption(fullName, hostFunction(fullName, run, VARIADIC.has(name) ? Infinity : run.length))];
  }));
}

function numberMethod(name: (typeof NUMBER_METHODS)[number]): NativeImplementation {
  return (call) => {
    const operands = [call.receiver, ...call.args];
    const contents = contentsOf(operands);
    if (!contents) return unknownResult(call, name);
    const [receiver, ...args] = contents;
    if (typeof receiver !== 'number' && typeof receiver !== 'bigint') return unknownResult(call, name);
    // The host's locale is not that of the program.
    if (name === 'toLocaleString') return unknownResult(call, name);
    const method = Object(receiver)[name] as (...args: unknown[]) => PrimitiveContent;
    return known(hostCall(call, operands, () => method.apply(receiver, args)), operands);
  };
}

function onBoolean(call: NativeCall, name: string, run: (content: boolean) => PrimitiveContent): Value {
  const { receiver } = call;
  return receiver.kind === 'primitive' && typeof receiver.value === 'boolean' ? known(run(receiver.value), [receiver]) : unknownResult(call, name);
}

function conversion(name: string, run: (content: never) => PrimitiveContent): NativeImplementation {
  return (call) => {
    if (call.args.length === 0) return new Primitive(name === 'Number' ? 0 : undefined);
    const contents = contentsOf(call.args.slice(0, 1));
    return contents ? known(hostCall(call, call.args, () => run(contents[0] as never)), call.args.slice(0, 1)) : unknownFunctionResult(call, name);
  };
}

/** `Boolean(x)`, also as the callback of `filter(Boolean)`. */
function toBoolean(call: NativeCall): Value {
  const value = argument(call, 0);
  const truth = call.interpreter.whether(value, call.site);
  // What is not known is handed on: it is as true as the value is.
  return truth.known ? new Primitive(truth.value, truth.labels || mergedLabels([value])) : value;
}
