import type { Interpreter } from './interpreter.ts';
import type { LoadedModule } from './loader.ts';
import type { Modules } from './modules.ts';
import type { Scope } from './scope.ts';
import { type Behaviour, type HeapObject, type ModelObject, Primitive, type Site, type Value } from './values.ts';

/** One evaluated module. `exports` holds ESM exports as readers, so that bindings stay live. */
export interface ModuleRecord {
  readonly module: LoadedModule;
  readonly scope: Scope;
  /** CommonJS `module`. */
  readonly moduleObject: HeapObject;
  readonly exports: Map<string, () => Value>;
  readonly stars: string[];
  readonly namespace: ModelObject;
  readonly isEsm: boolean;
  state: 'new' | 'running' | 'done';
}

/** `import * as x`, and what `require` gives of an ES module. */
export class NamespaceBehaviour implements Behaviour {
  readonly name = 'module namespace';
  private readonly modules: Modules;
  private readonly file: string;

  constructor(modules: Modules, file: string) {
    this.modules = modules;
    this.file = file;
  }

  get(_interpreter: Interpreter, _self: ModelObject, key: PropertyKey, site: Site): Value | undefined {
    if (typeof key !== 'string') return undefined;
    if (key === '__esModule') return new Primitive(true);
    return this.modules.exportOf(this.file, key, site);
  }

  keys(): readonly PropertyKey[] {
    return this.modules.namesOf(this.file);
  }
}
