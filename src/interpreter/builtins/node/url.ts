import type { Interpreter } from '../../interpreter.ts';
import { type NativeCall, Primitive, type Value } from '../../values.ts';
import { argument } from '../define.ts';
import { hostCall } from '../host-calls.ts';
import { perOption } from '../options.ts';
import { known, unknownFunctionResult } from '../results.ts';
import { textOfUrl, urlOf } from '../url.ts';
import { createModuleObject } from './module-object.ts';

export function createUrlModule(interpreter: Interpreter): Value {
  const { globals } = interpreter.realm;
  return createModuleObject(interpreter, 'url', {
    fileURLToPath: perOption('url.fileURLToPath', fileUrlToPath),
    format: perOption('url.format', (call) => {
      const url = textOfUrl(argument(call, 0));
      return url ? new Primitive(url.text, url.labels) : unknownFunctionResult(call, 'url.format');
    }),
    pathToFileURL: perOption('url.pathToFileURL', (call) => {
      const path = call.interpreter.toText(argument(call, 0));
      if (!path) return unknownFunctionResult(call, 'url.pathToFileURL');
      const { root } = call.interpreter.loader;
      const absolute = path.text.startsWith('/') ? path.text : `${root}/${path.text}`;
      const url = hostCall(call, call.args, () => new URL(`file://${encodeURI(absolute).replace(/[?#]/g, encodeURIComponent)}`));
      return urlOf(call, url.href, path.labels);
    }),
  }, { URL: globals.get('URL') as Value, URLSearchParams: globals.get('URLSearchParams') as Value });
}

/** As on POSIX systems, whichever this one is. */
function fileUrlToPath(call: NativeCall): Value {
  const [input] = call.args;
  const text = textOfUrl(argument(call, 0))?.text ?? call.interpreter.toText(argument(call, 0))?.text;
  if (text === undefined || !input) return unknownFunctionResult(call, 'url.fileURLToPath');
  const path = hostCall(call, call.args, () => {
    const url = new URL(text);
    if (url.protocol !== 'file:') throw new TypeError('The URL must be of scheme file');
    return decodeURIComponent(url.pathname);
  });
  return known(path, [input], input.kind === 'primitive' ? input.site : undefined);
}
