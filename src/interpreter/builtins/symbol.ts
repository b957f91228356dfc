import { type NativeCall, Primitive, type Value } from '../values.ts';
import { argument, createConstructor, defineMethods } from './define.ts';
import type { RealmParts } from './realm.ts';
import { known, unknownFunctionResult, unknownResult } from './results.ts';

const WELL_KNOWN = [
  'asyncIterator', 'hasInstance', 'isConcatSpreadable', 'iterator', 'match', 'replace', 'search', 'split', 'species', 'toPrimitive',
  'toStringTag', 'unscopables',
] as const;

export function addSymbol(realm: RealmParts): void {
  const { functionPrototype, symbolPrototype } = realm;
  defineMethods(functionPrototype, symbolPrototype, {
    toString: (call: NativeCall) => withSymbol(call.receiver, (symbol) => symbol.toString()) ?? unknownResult(call, 'toString'),
    valueOf: (call: NativeCall) => call.receiver,
  });
  const constructor = createConstructor(functionPrototype, 'Symbol', (call) => {
    const description = call.interpreter.toText(argument(call, 0));
    return new Primitive(Symbol(call.args.length === 0 ? undefined : description?.text));
  }, symbolPrototype, {
    for: (call) => {
      const key = call.interpreter.toText(argument(call, 0));
      return key ? new Primitive(Symbol.for(key.text), key.labels) : unknownFunctionResult(call, 'Symbol.for');
    },
    keyFor: (call) => withSymbol(argument(call, 0), Symbol.keyFor) ?? unknownFunctionResult(call, 'Symbol.keyFor'),
  });
  for (const name of WELL_KNOWN) constructor.properties.set(name, new Primitive(Symbol[name]));
  realm.globals.set('Symbol', constructor);
}

function withSymbol(value: Value, run: (symbol: symbol) => string | undefined): Value | undefined {
  return value.kind === 'primitive' && typeof value.value === 'symbol' ? known(run(value.value), [value]) : undefined;
}
