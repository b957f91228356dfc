import type { Activation } from '../amendments/activations.ts';
import type { Turn } from '../amendments/amendment.ts';
import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from '../interpreter.ts';
import type { LoadedModule } from './loader.ts';
import type { Modules } from './modules.ts';
import type { Scope } from './scope.ts';
import { type Behaviour, type HeapObject, type ModelObject, Primitive, type Site, type Value } from '../values.ts';

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
  /** When its statements had their turns, by the clock of the heap. */
  readonly turns: Map<TSESTree.Node, Turn>;
  /** What its evaluation asked for. */
  readonly demands: Set<ModuleRecord>;
  /** Names of its exports that were asked for. */
  asked: Set<string>;
  /** Names that were asked for and that it does not export. */
  readonly missed: Set<string>;
  /** All names that it exports were asked for. */
  isListed: boolean;
  /** It does not matter when it is evaluated. */
  isTimeless: boolean;
  /** Under no decision, and outside of every function. */
  isPlain: boolean;
  startedAt: number;
  finishedAt: number;
  /** Evaluated nodes. */
  steps: number;
  state: 'new' | 'running' | 'done';
}

/** The module gives at that time, by the clock of the heap, what it gives now: it has been evaluated by then, or might have been. */
export function standsAt(record: ModuleRecord, time: number, seen = new Set<ModuleRecord>()): boolean {
  if (record.state !== 'done') return false;
  if (record.finishedAt <= time || seen.has(record)) return true;
  seen.add(record);
  return record.isTimeless && [...record.demands].every((demanded) => standsAt(demanded, time, seen));
}

/** Of the statements of the module. */
export function activationOf({ module, scope, turns, startedAt }: ModuleRecord): Activation {
  return { owner: module.program, module, scope, turns, startedAt, frames: [] };
}

/**
 * False for a module that imports and assigns what it gives, as TypeScript lets it: it exports nothing else.
 *
 *     import express from 'express'
 *     module.exports = express.Router()
 */
export function isEsModule({ program }: LoadedModule): boolean {
  if (program.body.some((s) => s.type === 'TSExportAssignment' || (s.type.startsWith('Export') && !isOfTypes(s)))) return true;
  return program.body.some((s) => s.type.startsWith('Import') || s.type.startsWith('Export') || s.type === 'TSImportEqualsDeclaration') && !program.body.some(assignsExports);
}

function isOfTypes(statement: TSESTree.ProgramStatement): boolean {
  return 'exportKind' in statement && statement.exportKind === 'type';
}

function assignsExports(statement: TSESTree.ProgramStatement): boolean {
  const target = statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression' ? statement.expression.left : undefined;
  return target?.type === 'MemberExpression' && target.object.type === 'Identifier' && target.object.name === 'module' && target.property.type === 'Identifier' && target.property.name === 'exports';
}

/** `import * as x`, and what `require` gives of an ES module. */
export class NamespaceBehaviour implements Behaviour {
  readonly name = 'module namespace';
  readonly isFollowed = true;
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
