import { pathOf } from './catalogue/path.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import { spanOf } from '../interpreter/spans.ts';
import { ClassObject, External, FunctionObject, HeapObject, type Site, type Value } from '../interpreter/values.ts';
import type { ExportReference, Settings } from '../model.ts';
import type { OwnJudgement } from './judge.ts';

/** Tells which functions of a chain the settings name, as guard, as limiter or as neither. */
export function createOwnJudge(interpreter: () => Interpreter, settings: Settings): (value: Value) => OwnJudgement | undefined {
  const lists: readonly (readonly [OwnJudgement, readonly ExportReference[]])[] = [
    ['passes', settings.notGuards], ['guard', settings.guards], ['limiter', settings.limiters],
  ];
  if (lists.every(([, references]) => references.length === 0)) return () => undefined;
  const exported = new Map<ExportReference, Value>();
  const exportOf = (reference: ExportReference & { file: string }, site: Site): Value => {
    let value = exported.get(reference);
    if (!value) exported.set(reference, value = interpreter().modules.exportOf(reference.file, reference.export, site));
    return value;
  };
  return (value) => {
    const site = value.kind === 'union' || value.kind === 'primitive' ? undefined : value.site;
    for (const [judgement, references] of lists) {
      for (const reference of references) {
        if ('package' in reference ? isFromPackage(value, reference) : site && isFromExport(value, exportOf(reference, site))) return judgement;
      }
    }
    return undefined;
  };
}

/** `requireAuth`, `requireAuth()` and `requireAuth().something` alike. */
function isFromPackage(value: Value, reference: { package: string; export: string }): boolean {
  if (!(value instanceof External) || (value.package !== reference.package && `${value.package}/${value.subpath}` !== reference.package)) return false;
  const path = pathOf(value);
  return path === reference.export || path.startsWith(`${reference.export}(`) || path.startsWith(`${reference.export}.`);
}

/** The exported function itself, or one that it made. */
function isFromExport(value: Value, exported: Value): boolean {
  if (value === exported) return true;
  if (!(value instanceof FunctionObject) || !(exported instanceof HeapObject)) return false;
  const outer = exported instanceof FunctionObject || exported instanceof ClassObject ? exported : undefined;
  return outer !== undefined && value.module === outer.module && isWithin(value, outer);
}

function isWithin({ module, node }: FunctionObject, outer: FunctionObject | ClassObject): boolean {
  return module.place(spanOf(node).start) >= module.place(spanOf(outer.node).start) && module.place(spanOf(node).end) <= module.place(spanOf(outer.node).end);
}
