import { HeapObject, labelsOf, type NativeCall, Primitive, UNDEFINED, type Value } from '../values.ts';
import { argument, createConstructor, defineMethods, type Natives } from './define.ts';
import { isMissing } from './function.ts';
import { textValue } from './partial-text.ts';
import type { RealmParts } from './realm.ts';
import { mergedLabels, wrongReceiver } from './results.ts';

export function addErrors(realm: RealmParts): void {
  const { functionPrototype, errorPrototype, errorPrototypes, globals } = realm;
  defineMethods(functionPrototype, errorPrototype, { toString: errorText });
  for (const [name, prototype] of errorPrototypes) {
    prototype.properties.set('name', new Primitive(name));
    prototype.properties.set('message', new Primitive(''));
    const statics: Natives = name === 'Error' ? { captureStackTrace: () => UNDEFINED } : {};
    const constructor = createConstructor(functionPrototype, name, (call) => construct(call, prototype, name), prototype, statics);
    if (name !== 'Error') constructor.prototype = globals.get('Error') as HeapObject;
    globals.set(name, constructor);
  }
}

function construct(call: NativeCall, prototype: HeapObject, name: string): Value {
  const { interpreter, receiver, site } = call;
  // class NotFound extends Error { constructor() { super('not found') } }
  const error = call.isNew && receiver instanceof HeapObject ? receiver : new HeapObject(prototype, site);
  const [message, options] = name === 'AggregateError' ? [argument(call, 1), argument(call, 2)] : [argument(call, 0), argument(call, 1)];
  const { heap } = interpreter;
  if (!isMissing(message)) heap.setProperty(error, 'message', message);
  if (name === 'AggregateError') heap.setProperty(error, 'errors', argument(call, 0));
  if (options instanceof HeapObject && options.properties.has('cause')) heap.setProperty(error, 'cause', interpreter.get(options, 'cause', site));
  heap.setProperty(error, 'stack', interpreter.unknown('a stack trace', site, labelsOf(message)));
  return error;
}

function errorText(call: NativeCall): Value {
  const { interpreter, receiver, site } = call;
  if (!(receiver instanceof HeapObject)) return wrongReceiver(call, 'an error');
  const [name, message] = [interpreter.get(receiver, 'name', site), interpreter.get(receiver, 'message', site)];
  const isEmpty = message.kind === 'primitive' && message.value === '';
  return textValue([...interpreter.textParts(name), ...(isEmpty ? [] : [': ', ...interpreter.textParts(message)])], mergedLabels([receiver, name, message]), site);
}
