import { posix } from 'node:path';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { Primitive, type Value } from '../../interpreter/values.ts';

/** desm 1.3.1, by which ES modules find the folders that they load: join(import.meta.url, 'routes') */
export const FOLDER_PACKAGE = 'desm';

export function folderFunction(interpreter: Interpreter, name: string): Value | undefined {
  if (name !== 'join' && name !== 'dirname' && name !== 'filename' && name !== 'default') return undefined;
  return interpreter.native(name, ({ args, site }) => {
    const [url, ...rest] = args.map((arg) => interpreter.toText(arg)?.text);
    if (!url?.startsWith('file://') || rest.includes(undefined)) return interpreter.unknown('a folder that could not be followed', site);
    const file = decodeURIComponent(new URL(url).pathname);
    return new Primitive(name === 'filename' ? file : posix.join(posix.dirname(file), ...rest as string[]));
  });
}
