import type { Interpreter } from '../../interpreter.ts';
import { type HeapObject, NULL, type NativeCall, type NativeImplementation, UNDEFINED, type Value } from '../../values.ts';
import { callbackOf } from '../function.ts';
import type { Natives } from '../define.ts';
import { runLater } from '../later.ts';
import { unknownFunctionResult } from '../results.ts';
import { fileExists, fileStatus, readFile, readFolder } from './files.ts';
import { createModuleObject } from './module-object.ts';

const READING: Natives = { lstat: fileStatus, readFile, readdir: readFolder, stat: fileStatus };

/** Writing has no effect here. */
const WRITING = ['appendFile', 'chmod', 'copyFile', 'cp', 'mkdir', 'rename', 'rm', 'rmdir', 'unlink', 'utimes', 'writeFile'] as const;

const OTHERS = ['access', 'mkdtemp', 'readlink', 'realpath'] as const;

export function createFsModule(interpreter: Interpreter): Value {
  return createModuleObject(interpreter, 'fs', { ...synchronous(), ...withCallback(), exists, existsSync: fileExists }, {
    promises: createFsPromisesModule(interpreter),
  });
}

export function createFsPromisesModule(interpreter: Interpreter): HeapObject {
  const functions = Object.entries(operations()).map(([name, run]) => [
    name, (call: NativeCall) => call.interpreter.promise('fulfilled', run(call), call.site),
  ] as const);
  return createModuleObject(interpreter, 'fs/promises', Object.fromEntries(functions));
}

function operations(): Natives {
  return {
    ...READING,
    ...Object.fromEntries(WRITING.map((name) => [name, () => UNDEFINED])),
    ...Object.fromEntries(OTHERS.map((name) => [name, (call: NativeCall) => unknownFunctionResult(call, `fs.${name}`, call.args.slice(0, 1))])),
  };
}

function synchronous(): Natives {
  return Object.fromEntries(Object.entries(operations()).map(([name, run]) => [`${name}Sync`, run]));
}

/** fs.readdir(folder, (error, files) => …) */
function withCallback(): Natives {
  return Object.fromEntries(Object.entries(operations()).map(([name, run]) => [name, callingBack(run)]));
}

function callingBack(run: NativeImplementation): NativeImplementation {
  return (call) => {
    const callback = callbackOf(call.args);
    const result = run({ ...call, args: call.args.filter((arg) => arg !== callback) });
    if (callback) runLater(call, callback, [NULL, result]);
    return UNDEFINED;
  };
}

function exists(call: NativeCall): Value {
  const callback = callbackOf(call.args);
  if (callback) runLater(call, callback, [fileExists(call)]);
  return UNDEFINED;
}
