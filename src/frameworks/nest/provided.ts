import { ClassObject, type Condition } from '../../interpreter/values.ts';
import type { ModuleGraph, ModuleRecord } from './modules.ts';

export interface ProvidedClass {
  readonly created: ClassObject;
  readonly module: ModuleRecord;
  readonly conditions: readonly Condition[];
}

/** Classes of the project that the modules of an application provide, in the order of the modules. */
export function classesOf(graph: ModuleGraph): ProvidedClass[] {
  return graph.modules.flatMap((module) => module.providers.flatMap(({ kind, subject, conditions }) => (
    kind === 'class' && subject instanceof ClassObject ? [{ created: subject, module, conditions: [...module.conditions, ...conditions] }] : []
  )));
}
