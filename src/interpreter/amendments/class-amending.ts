import type { TSESTree } from '@typescript-eslint/types';
import type { ClassShape } from '../observation/class-shape.ts';
import { decorate } from '../evaluation/decorators.ts';
import { createFunction } from '../evaluation/functions.ts';
import type { Interpreter } from '../interpreter.ts';
import type { ModuleRecord } from '../modules/module-record.ts';
import { type ClassObject, type FunctionNode, FunctionObject, type HeapObject, type Slot } from '../values.ts';
import type { Amendable } from './amending.ts';
import { Amendment } from './amendment.ts';
import { codeIn } from './statement-roles.ts';

type Member = TSESTree.ClassElement;

/** Methods of a class that came and went, and its decorators. */
export interface ClassEdit {
  readonly node: TSESTree.ClassDeclaration;
  /** All members from now on: old nodes where they are as they were. */
  readonly members: readonly Member[];
  readonly removed: readonly Member[];
  readonly added: ReadonlySet<Member>;
  /** Undefined where they are as they were. */
  readonly decorators: readonly TSESTree.Decorator[] | undefined;
}

/** A method that nothing but its name leads to, and that does nothing before it is called. */
export function isPlainMethod(member: Member): member is TSESTree.MethodDefinition {
  return member.type === 'MethodDefinition' && member.kind === 'method' && !member.static && !member.computed && member.value.type === 'FunctionExpression' && keyOf(member) !== undefined;
}

function keyOf({ key }: TSESTree.MethodDefinition): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

/**
 * Gives a class other methods and runs its decorators again, as if they had been these at their turn. Decorators run when
 * somebody asks for what they leave, so that it is enough that nobody has looked at it but who asks again. They may
 * write nothing but metadata of the class itself: otherwise the amendment is worth nothing.
 */
export class ClassAmending {
  readonly created: ClassObject;
  /** Functions and what stands for members and metadata that are others now. */
  readonly stale = new Set<object>();
  private readonly interpreter: Interpreter;
  private readonly shape: ClassShape;
  private readonly record: ModuleRecord;
  private readonly edit: ClassEdit;
  private readonly asks: Amendable;
  private readonly before: string;
  private readonly called: readonly [Map<FunctionNode, FunctionObject>, Map<FunctionNode, FunctionObject>] = [new Map(), new Map()];

  /** @param record of the module */
  constructor(interpreter: Interpreter, shape: ClassShape, record: ModuleRecord, edit: ClassEdit, asks: Amendable) {
    this.interpreter = interpreter;
    this.shape = shape;
    this.created = shape.created;
    this.record = record;
    this.edit = edit;
    this.asks = asks;
    this.before = this.state();
  }

  /** Before the edit is carried out. False where it cannot be followed. */
  prepare(): boolean {
    const { interpreter, record, edit: { removed, added, members }, shape, stale, asks } = this;
    const { host, modules, asideSteps, bounds, metadata } = interpreter;
    if (record.state !== 'done' || modules.failures.has(record.module.file) || asideSteps > bounds.steps || host.keepsDecorations()) return false;
    if (!this.isAsWritten() || !areDistinct(members)) return false;
    const bearers = this.bearers();
    if (!metadata.isFromDecorators(bearers)) return false;
    for (const bearer of bearers) stale.add(bearer);
    for (const code of interpreter.reads.unnoticed(() => removed.flatMap(codeIn))) stale.add(code);
    for (const member of [...removed, ...added]) stale.add(shape.tokenOf(keyOf(member as TSESTree.MethodDefinition) as string));
    if (removed.length > 0 || added.size > 0) stale.add(shape.all);
    return ![...stale].some((one) => asks.isLookedInto(one)) && this.decorate(bearers, this.called[0]);
  }

  /** After it is carried out. False where it turns out that it cannot be followed. */
  finish(): boolean {
    const [before, after] = this.called;
    this.giveMethods();
    const hasRun = this.decorate(this.bearers(), after);
    return hasRun && this.isAsWritten() && this.state() === this.before && isCalledAlike(before, after, this.asks);
  }

  /** What is changed by nothing that can be followed. */
  private state(): string {
    const { modules, host } = this.interpreter;
    return `${modules.failures.size} ${modules.count()} ${host.keepsState()} ${host.keepsDecorations()}`;
  }

  /** What its decorators write to. */
  private bearers(): HeapObject[] {
    const { created, interpreter } = this;
    return interpreter.reads.unnoticed(() => [created, created.instances, ...[...created.instances.properties.values()].filter((slot) => slot instanceof FunctionObject)]);
  }

  /** Nothing has put other members there than those that are written, and nothing in their place. */
  private isAsWritten(): boolean {
    const { created: { node, instances: { properties } }, interpreter } = this;
    return interpreter.reads.unnoticed(() => {
      const keys = new Set<string>();
      for (const member of node.body.body) {
        if ('decorators' in member && member.static && member.decorators.length > 0) return false;
        if (member.type !== 'MethodDefinition' || member.static || member.kind === 'constructor' || member.value.type === 'TSEmptyBodyFunctionExpression') continue;
        const key = member.computed ? undefined : keyOf(member);
        const slot = key === undefined ? undefined : properties.get(key);
        if (key === undefined || !slot || !holds(slot, member)) return false;
        keys.add(key);
      }
      return properties.size === keys.size + 1 && properties.get('constructor') === this.created;
    });
  }

  private giveMethods(): void {
    const { created, created: { instances: { properties } }, interpreter, edit: { members, added } } = this;
    interpreter.reads.unnoticed(() => {
      const before = new Map(properties);
      properties.clear();
      properties.set('constructor', created);
      for (const member of members) {
        if (member.type !== 'MethodDefinition' || member.static || member.kind === 'constructor' || member.value.type === 'TSEmptyBodyFunctionExpression') continue;
        const key = keyOf(member) as string;
        const slot = added.has(member) ? createFunction(interpreter, member.value as TSESTree.FunctionExpression, created.scope, created.module, key, created.instances) : before.get(key);
        if (slot) properties.set(key, slot);
      }
    });
  }

  private decorate(bearers: readonly HeapObject[], called: Map<FunctionNode, FunctionObject>): boolean {
    const { interpreter, created, record } = this;
    const { metadata, host, frames, activations } = interpreter;
    const turn = metadata.turnOf(created);
    if (!turn) return false;
    // Those of other statements are counted.
    const { writes } = metadata;
    metadata.forget(created, bearers);
    host.forgetDecorations(created);
    const amendment = new Amendment(turn, interpreter.reads);
    Object.assign(interpreter, { amendment, frames: [] });
    try {
      interpreter.modules.within(record, () => decorate(interpreter, created));
    } finally {
      Object.assign(interpreter, { amendment: undefined, frames });
      metadata.writes = writes;
      for (const [node, callee] of amendment.called) {
        activations?.forget(node);
        called.set(node, callee);
      }
    }
    return amendment.failure === undefined && amendment.registered.length === 0 && amendment.evaluated.length === 0;
  }
}

function holds(slot: Slot, { kind, value }: TSESTree.MethodDefinition): boolean {
  if (kind === 'method') return slot instanceof FunctionObject && slot.node === value;
  return slot.kind === 'accessor' && (kind === 'get' ? slot.get : slot.set) instanceof FunctionObject;
}

/** No two members have one name. */
function areDistinct(members: readonly Member[]): boolean {
  const methods = members.filter((member) => member.type === 'MethodDefinition' && !member.static && member.value.type === 'FunctionExpression');
  const names = methods.map((member) => `${(member as TSESTree.MethodDefinition).kind === 'set' ? 'set' : ''} ${keyOf(member as TSESTree.MethodDefinition) ?? ''}`);
  return new Set(names).size === names.length;
}

/** Who calls a function that makes an application decides whether it is called as one that nobody calls. */
function isCalledAlike(before: ReadonlyMap<FunctionNode, FunctionObject>, after: ReadonlyMap<FunctionNode, FunctionObject>, asks: Amendable): boolean {
  const differs = (one: ReadonlyMap<FunctionNode, FunctionObject>, other: ReadonlyMap<FunctionNode, FunctionObject>): boolean => [...one].some(([node, { module }]) => !other.has(node) && asks.isMaker(module.text));
  return !differs(before, after) && !differs(after, before);
}
