import { builtinModules } from 'node:module';
import type { Interpreter } from '../../interpreter.ts';
import { type NativeCall, Primitive, UNDEFINED, type Value } from '../../values.ts';
import { argument } from '../define.ts';
import { pathOf } from './files.ts';
import { createModuleObject } from './module-object.ts';

export function createModuleModule(interpreter: Interpreter): Value {
  return createModuleObject(interpreter, 'module', {
    createRequire,
    isBuiltin: (call) => {
      const name = interpreter.toText(argument(call, 0));
      return name ? new Primitive(builtinModules.includes(name.text.replace(/^node:/, '')), name.labels) : interpreter.unknown('a module name', call.site);
    },
  });
}

/** createRequire(import.meta.url) */
function createRequire(call: NativeCall): Value {
  const { interpreter, site } = call;
  const text = interpreter.toText(argument(call, 0))?.text;
  const file = text?.startsWith('file://') ? decodeURIComponent(text.slice('file://'.length)) : pathOf(call, argument(call, 0));
  const loaded = file === undefined ? undefined : interpreter.loader.load(file);
  const from = loaded?.ok ? loaded : site.module;
  return interpreter.native('require', (inner) => interpreter.modules.requireValue(inner.args[0] ?? UNDEFINED, from, inner.site, 'require'));
}
