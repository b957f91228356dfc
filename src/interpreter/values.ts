import type { TSESTree } from '@typescript-eslint/types';
import type { LoadedModule } from './modules/loader.ts';
import type { Scope } from './modules/scope.ts';
import type { Interpreter } from './interpreter.ts';
import type { ObservedText } from './observation/observed.ts';
import { ABSENT, type Labels, NO_LABELS } from './labels.ts';
import { spanOf } from './spans.ts';

/** A stretch of source text; offsets as in ESTree `range`. */
export interface Site {
  readonly module: LoadedModule;
  readonly start: number;
  readonly end: number;
  /** For a call: where the name of the called method or function stands. */
  readonly name?: { readonly start: number; readonly end: number };
}

export type Value =
  | Primitive
  | HeapObject
  | External
  | Union
  | Unknown;

export type PrimitiveContent = string | number | boolean | null | undefined | bigint | symbol;

export class Primitive {
  readonly kind = 'primitive';
  readonly value: PrimitiveContent;
  readonly labels: Labels;
  /** Where the literal stands that the text came from; kept through parameters, tables and loops. */
  readonly site: Site | undefined;
  constructor(value: PrimitiveContent, labels: Labels = NO_LABELS, site?: Site) {
    this.value = value;
    this.labels = labels;
    this.site = site;
  }
}

/** One part of a text that is known only in parts. */
export type TextPart = string | Unknown | External | ObservedText;

/** Longer ones come of loops that build on what the last round gave: text = text.concat(text). */
const MAX_IDENTITY = 2_000;

/** A value that could not be followed, or that only the running program knows. Always with a reason. */
export class Unknown {
  readonly kind = 'unknown';
  readonly reason: string;
  readonly labels: Labels;
  readonly site: Site | undefined;
  /** Equal identities are equal values: `process.env.PORT`, `(process.env.MODE === "test")`. */
  readonly identity: string | undefined;
  /** What a program falls back to where the value is not set: `process.env.PREFIX || '/api'`. */
  readonly fallback: Value | undefined;
  /** For a text known in parts, such as `${base}/users`. */
  readonly parts: readonly TextPart[] | undefined;
  /** For a regular expression whose source is known in parts. */
  readonly pattern: PartialPattern | undefined;
  /** The program knows it and the analysis could not follow; otherwise only the running program knows. */
  readonly unfollowed: boolean;
  /** A module that could not be loaded, or a part of it: what it holds is configuration, what it computes is unfollowed. */
  readonly unloaded: boolean;
  /** Whatever it is, it is there, and no empty text. */
  readonly isFilled: boolean;
  /** What it was read as, of something that is not known. */
  readonly member: string | undefined;
  constructor(reason: string, details: UnknownDetails = {}) {
    this.reason = reason;
    this.labels = details.labels ?? NO_LABELS;
    this.site = details.site;
    this.identity = details.identity === undefined || details.identity.length > MAX_IDENTITY ? undefined : details.identity;
    this.fallback = details.fallback;
    this.parts = details.parts;
    this.pattern = details.pattern;
    this.unfollowed = details.unfollowed ?? false;
    this.unloaded = details.unloaded ?? false;
    this.isFilled = details.isFilled ?? false;
    this.member = details.member;
  }
}

export interface PartialPattern {
  readonly parts: readonly TextPart[];
  readonly flags: string;
}

export type UnknownDetails = { readonly [Detail in Exclude<keyof Unknown, 'kind' | 'reason'>]?: Unknown[Detail] | undefined };

export type ExternalStep = 'import' | 'get' | 'call' | 'new' | 'await';

/**
 * A value that a package outside the project (or a global that is not modelled) gave: the package itself,
 * a member of it, or what a call of one returned. A tree back to the import, so that the catalogue can read
 * which export was called with which options.
 */
export class External {
  readonly kind = 'external';
  readonly step: ExternalStep;
  /** Package name as imported, without subpath; `node:fs` style for builtins; `global:fetch` for globals. */
  readonly package: string;
  readonly subpath: string;
  readonly base: External | undefined;
  /** Member name for 'get'; imported name for 'import' ('*' whole module, 'default', 'x'). */
  readonly name: string;
  readonly args: readonly Value[];
  readonly labels: Labels;
  readonly site: Site | undefined;
  constructor(details: ExternalDetails) {
    this.step = details.step;
    this.package = details.package;
    this.subpath = details.subpath ?? '';
    this.base = details.base;
    this.name = details.name ?? '';
    this.args = details.args ?? [];
    this.labels = details.labels ?? NO_LABELS;
    this.site = details.site;
  }
}

export interface ExternalDetails {
  readonly step: ExternalStep;
  readonly package: string;
  readonly subpath?: string;
  readonly base?: External | undefined;
  readonly name?: string;
  readonly args?: readonly Value[];
  readonly labels?: Labels;
  readonly site?: Site | undefined;
}

/** A decision that the analysis cannot take: what it depends on, in which branch we are, and where it stands. */
export interface Condition {
  /** Equal keys are the same decision. */
  readonly key: string;
  readonly branch: string;
  readonly site: Site;
  /** Nothing in it derives from a request. */
  readonly configuration: boolean;
  /** The branch that the program's default value takes, where it can be read from the code. */
  readonly defaultBranch: string | undefined;
  /** Only the analysis does not know it. */
  readonly isUncertain?: boolean;
}

/** One of several values, depending on decisions taken earlier. An option without a value (`undefined`) is "nothing there". */
export class Union {
  readonly kind = 'union';
  readonly options: readonly UnionOption[];
  constructor(options: readonly UnionOption[]) {
    this.options = options;
  }

  get labels(): Labels {
    return this.options.reduce((all, { value }) => all | (value ? labelsOf(value) : NO_LABELS), NO_LABELS);
  }
}

export interface UnionOption {
  readonly conditions: readonly Condition[];
  readonly value: Value | undefined;
}

export interface Accessor {
  readonly kind: 'accessor';
  readonly get: Value | undefined;
  readonly set: Value | undefined;
}

export type Slot = Value | Accessor;

/**
 * Everything with an identity and properties. Write only through `interpreter.heap`, which keeps the trail
 * that branches are undone with.
 */
export class HeapObject {
  readonly kind = 'object';
  properties = new Map<PropertyKey, Slot>();
  prototype: HeapObject | null;
  labels: Labels = NO_LABELS;
  /** Reason, where it may hold properties that are not known here. */
  open: string | undefined;
  site: Site | undefined;
  /** When it was last written, by the clock of the heap; 0 for never since it was made. */
  writtenAt: number;
  /** Where the keys of an object literal stand. */
  keySites: ReadonlyMap<string, Site> | undefined;
  constructor(prototype: HeapObject | null, site?: Site) {
    this.writtenAt = 0;
    this.keySites = undefined;
    this.prototype = prototype;
    this.site = site;
    this.open = undefined;
  }
}

/** `elements` is never changed in place: `heap.setElements` replaces it. `open` says that there may be more of them. */
export class ArrayObject extends HeapObject {
  elements: readonly Value[];
  constructor(prototype: HeapObject | null, elements: readonly Value[], site?: Site) {
    super(prototype, site);
    this.elements = elements;
  }
}

/** Map, Set, WeakMap, WeakSet; a set keeps each value as key and value. `entries` is never changed in place. */
export class CollectionObject extends HeapObject {
  readonly collection: 'Map' | 'Set';
  entries: readonly (readonly [Value, Value])[];
  constructor(prototype: HeapObject | null, collection: 'Map' | 'Set', entries: readonly (readonly [Value, Value])[], site?: Site) {
    super(prototype, site);
    this.collection = collection;
    this.entries = entries;
  }
}

export class RegExpObject extends HeapObject {
  readonly source: string;
  readonly flags: string;
  constructor(prototype: HeapObject | null, source: string, flags: string, site?: Site) {
    super(prototype, site);
    this.source = source;
    this.flags = flags;
  }
}

export type PromiseState = 'fulfilled' | 'rejected' | 'pending';

export class PromiseObject extends HeapObject {
  state: PromiseState;
  /** The value or the rejection's reason. */
  result: Value;
  constructor(prototype: HeapObject | null, state: PromiseState, result: Value, site?: Site) {
    super(prototype, site);
    this.state = state;
    this.result = result;
  }
}

export type FunctionNode =
  | TSESTree.FunctionDeclaration
  | TSESTree.FunctionExpression
  | TSESTree.ArrowFunctionExpression;

export type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

/** A function of the project, with its closure. */
export class FunctionObject extends HeapObject {
  readonly node: FunctionNode;
  readonly scope: Scope;
  readonly module: LoadedModule;
  name: string;
  /** For methods: the object that `super` looks up from. */
  readonly home: HeapObject | undefined;
  constructor(prototype: HeapObject | null, node: FunctionNode, scope: Scope, module: LoadedModule, name: string, home?: HeapObject) {
    super(prototype, { module, start: spanOf(node).start, end: spanOf(node).end });
    this.node = node;
    this.scope = scope;
    this.module = module;
    this.name = name;
    this.home = home;
  }
}

/** A class of the project. Static members are its properties; `instances` is its `prototype` property. */
export class ClassObject extends HeapObject {
  readonly node: ClassNode;
  readonly scope: Scope;
  readonly module: LoadedModule;
  name: string;
  readonly superclass: Value | undefined;
  readonly instances: HeapObject;
  constructor(prototype: HeapObject | null, node: ClassNode, scope: Scope, module: LoadedModule, name: string, superclass: Value | undefined, instances: HeapObject) {
    super(prototype, { module, start: spanOf(node).start, end: spanOf(node).end });
    this.node = node;
    this.scope = scope;
    this.module = module;
    this.name = name;
    this.superclass = superclass;
    this.instances = instances;
  }
}

/** How a native function was called. */
export interface NativeCall {
  readonly interpreter: Interpreter;
  readonly receiver: Value;
  readonly args: readonly Value[];
  /** The call in the user's code. */
  readonly site: Site;
  readonly isNew: boolean;
}

export interface NativeImplementation {
  (call: NativeCall): Value;
  /** Arguments may be observed references; others are given what those stand for. */
  readonly takesReferences?: boolean | undefined;
}

/** A built-in or a framework's function, implemented here. */
export class NativeFunction extends HeapObject {
  readonly name: string;
  readonly implementation: NativeImplementation;
  constructor(prototype: HeapObject | null, name: string, implementation: NativeImplementation) {
    super(prototype);
    this.name = name;
    this.implementation = implementation;
  }
}

export class BoundFunction extends HeapObject {
  readonly target: Value;
  readonly receiver: Value;
  readonly boundArgs: readonly Value[];
  constructor(prototype: HeapObject | null, target: Value, receiver: Value, boundArgs: readonly Value[]) {
    super(prototype);
    this.target = target;
    this.receiver = receiver;
    this.boundArgs = boundArgs;
  }
}

/** What a framework gives its objects: calls, members and assignments that are not plain properties. */
export interface Behaviour {
  /** Names the kind of object: `express.router`, `express.request`. */
  readonly name: string;
  /** All that it does when it is used stands on the heap, or is a registration: see registrations.ts. */
  readonly isFollowed?: boolean;
  /** To the program an object like that of a literal, an instance of no class. */
  readonly isPlain?: boolean;
  /** Whether nobody has put it there, so that a test of it fails: its members are asked for all the same. Undefined where that is not known. */
  isUnset?(self: ModelObject): boolean | undefined;
  /** A member; `undefined` falls through to ordinary properties and the prototype. */
  get?(interpreter: Interpreter, self: ModelObject, key: PropertyKey, site: Site): Value | undefined;
  /** A member whose name is not known: what all of them have in common. */
  getUnnamed?(interpreter: Interpreter, self: ModelObject, site: Site): Value | undefined;
  /** True where the assignment was taken; false falls through to an ordinary property. */
  set?(interpreter: Interpreter, self: ModelObject, key: PropertyKey, value: Value, site: Site): boolean;
  call?(interpreter: Interpreter, self: ModelObject, receiver: Value, args: readonly Value[], site: Site): Value;
  /** What `await` gives, for an object that a program may wait for. */
  await?(interpreter: Interpreter, self: ModelObject, site: Site): Value;
  /** Names of the members that loops over the object see; its properties where left out. */
  keys?(interpreter: Interpreter, self: ModelObject): readonly PropertyKey[];
}

/** An object of a framework. `state` belongs to the behaviour and is not on the trail. */
export class ModelObject extends HeapObject {
  readonly behaviour: Behaviour;
  readonly state: unknown;
  constructor(prototype: HeapObject | null, behaviour: Behaviour, state: unknown, site?: Site) {
    super(prototype, site);
    this.behaviour = behaviour;
    this.state = state;
  }
}

export function labelsOf(value: Value): Labels {
  return value.labels;
}

export function isAbsent(value: Value): boolean {
  return (labelsOf(value) & ABSENT) !== 0;
}

/** The same value with further labels. Objects are not copied: see `Heap.addLabels`. */
export function withLabels<T extends Value>(value: T, labels: Labels): T | Value {
  if (labels === 0 || value.kind === 'object') return value;
  if (value.kind === 'primitive') {
    return (value.labels | labels) === value.labels ? value : new Primitive(value.value, value.labels | labels, value.site);
  }
  if (value.kind === 'union') {
    return new Union(value.options.map((o) => ({ conditions: o.conditions, value: o.value && withLabels(o.value, labels) })));
  }
  if ((value.labels | labels) === value.labels) return value;
  return value.kind === 'unknown'
    ? new Unknown(value.reason, { ...value, labels: value.labels | labels })
    : new External({ ...value, labels: value.labels | labels });
}

export function isCallable(value: Value): boolean {
  return (
    value instanceof FunctionObject || value instanceof NativeFunction || value instanceof ClassObject ||
    value instanceof BoundFunction || (value instanceof ModelObject && value.behaviour.call !== undefined)
  );
}

export const UNDEFINED = new Primitive(undefined);
export const NULL = new Primitive(null);
export const TRUE = new Primitive(true);
export const FALSE = new Primitive(false);
