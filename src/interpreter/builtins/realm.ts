import { HeapObject, type ModelObject, type Value } from '../values.ts';
import { addArray } from './array.ts';
import { addBuffer } from './buffer.ts';
import { addCollections } from './collections.ts';
import { addConsole } from './console.ts';
import { addDate } from './date.ts';
import { addEncoding } from './encoding.ts';
import { addErrors } from './error.ts';
import { addFunction } from './function.ts';
import { createGlobalObject } from './globals.ts';
import { addJson } from './json.ts';
import { addNumber } from './number.ts';
import { addObject } from './object.ts';
import { addProcess } from './process.ts';
import { addPromise } from './promise.ts';
import { addReflect } from './reflect.ts';
import { addRegExp } from './regexp.ts';
import { addString } from './string.ts';
import { addSymbol } from './symbol.ts';
import { addTimers } from './timers.ts';
import { addUrl } from './url.ts';

/** The prototypes and globals of one interpreter. */
export interface Realm {
  readonly objectPrototype: HeapObject;
  readonly functionPrototype: HeapObject;
  readonly arrayPrototype: HeapObject;
  /** Of what `entries()`, `keys()`, `values()` and `matchAll()` give: arrays that also have `next`. */
  readonly iteratorPrototype: HeapObject;
  readonly promisePrototype: HeapObject;
  readonly mapPrototype: HeapObject;
  readonly setPrototype: HeapObject;
  readonly weakMapPrototype: HeapObject;
  readonly weakSetPrototype: HeapObject;
  readonly regexpPrototype: HeapObject;
  readonly stringPrototype: HeapObject;
  readonly numberPrototype: HeapObject;
  readonly booleanPrototype: HeapObject;
  readonly bigintPrototype: HeapObject;
  readonly symbolPrototype: HeapObject;
  readonly datePrototype: HeapObject;
  readonly bufferPrototype: HeapObject;
  readonly urlPrototype: HeapObject;
  readonly urlSearchParamsPrototype: HeapObject;
  readonly errorPrototype: HeapObject;
  /** By class name: `TypeError`. Holds `Error` too. */
  readonly errorPrototypes: ReadonlyMap<string, HeapObject>;
  readonly globals: Map<string, Value>;
  /** `globalThis`: what the program assigns to it are its own properties, everything else is read from `globals`. */
  readonly globalObject: ModelObject;
}

/** A realm before its global object exists. */
export type RealmParts = Omit<Realm, 'globalObject'>;

const ERROR_CLASSES = ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError', 'AggregateError'] as const;

export function createRealm(): Realm {
  const objectPrototype = new HeapObject(null);
  const plain = () => new HeapObject(objectPrototype);
  const arrayPrototype = plain();
  const errorPrototype = plain();
  const realm: RealmParts = {
    objectPrototype,
    functionPrototype: plain(),
    arrayPrototype,
    iteratorPrototype: new HeapObject(arrayPrototype),
    promisePrototype: plain(),
    mapPrototype: plain(),
    setPrototype: plain(),
    weakMapPrototype: plain(),
    weakSetPrototype: plain(),
    regexpPrototype: plain(),
    stringPrototype: plain(),
    numberPrototype: plain(),
    booleanPrototype: plain(),
    bigintPrototype: plain(),
    symbolPrototype: plain(),
    datePrototype: plain(),
    bufferPrototype: plain(),
    urlPrototype: plain(),
    urlSearchParamsPrototype: plain(),
    errorPrototype,
    errorPrototypes: new Map(ERROR_CLASSES.map((name) => [name, name === 'Error' ? errorPrototype : new HeapObject(errorPrototype)])),
    globals: new Map(),
  };
  for (const add of [
    addObject, addFunction, addArray, addString, addNumber, addSymbol, addRegExp, addCollections, addPromise, addErrors, addJson,
    addReflect, addDate, addBuffer, addUrl, addEncoding, addTimers, addConsole, addProcess,
  ]) {
    add(realm);
  }
  return { ...realm, globalObject: createGlobalObject(realm) };
}
