import type { TSESTree } from '@typescript-eslint/types';
import type { Interpreter } from './interpreter.ts';
import type { Labels } from './labels.ts';
import type { Scope } from './modules/scope.ts';
import type { ClassObject, Condition, External, Site, Value } from './values.ts';

/**
 * What the interpreter is told about code that it cannot read. Frameworks and the catalogue implement it;
 * the interpreter itself names no package.
 */
export interface Host {
  /** The value of an imported package, where a framework models it; undefined leaves it opaque. `subpath` as in `external`. */
  importPackage(interpreter: Interpreter, external: External): Value | undefined;
  /** A member of an opaque value, where it is modelled. */
  getMember(interpreter: Interpreter, external: External, key: string, site: Site): Value | undefined;
  /** What a call (or `new`) of an opaque value gives, where that is known; undefined takes the general rule. */
  callExternal(interpreter: Interpreter, callee: External, args: readonly Value[], site: Site, step: 'call' | 'new'): Value | undefined;
  /**
   * Of a client's text that is compared with a secret: what the comparison gives. Undefined for the general rule: it
   * fails, because a stranger does not know the secret.
   */
  guessSecret?(interpreter: Interpreter, labels: Labels, site: Site): Value | undefined;
  /** True for code that does nothing but turn a request away. */
  turnsAway(code: readonly TSESTree.Node[]): boolean;
  /** A branch is entered that a missing credential or a count decided, while a request is walked on one path. May end the step. */
  entersBranch?(branch: TSESTree.Statement, scope: Scope): void;
  /** True for values that registration code works on: an application, a router, the framework's module. */
  concerns(value: Value): boolean;
  /** True where packages are in use whose models keep what the program tells them elsewhere than on the heap and in registrations. */
  keepsState(): boolean;
  /** The same of packages that cannot forget what decorators of a class told them. */
  keepsDecorations(): boolean;
  /** Forgets what decorators of the class told packages beside metadata. */
  forgetDecorations(created: ClassObject): void;
  /** True where a module must run at its import for its side effects: its text names a framework. */
  runsAtImport(text: string): boolean;
}

/** How a decision was taken in a run that explores one path at a time. */
export interface Decision {
  readonly condition: Condition;
  /**
   * `input`: the client chooses, and may choose otherwise at the next test; `choice`: it chose once for the whole
   * path; `configuration`: the deployment does; `uncertain`: only that the analysis does not know.
   */
  readonly kind: 'input' | 'choice' | 'configuration' | 'uncertain';
}

/**
 * Where a branch depends on something unknown. `join` runs both branches and keeps what each did, with its
 * condition; a chooser takes one at a time and is run again for the other.
 */
export type Branching =
  | { readonly mode: 'join' }
  | {
      readonly mode: 'choose';
      choose(branches: readonly string[], decision: Omit<Decision['condition'], 'branch'>, kind: Decision['kind']): string;
      /** How many decisions were taken so far. */
      taken(): number;
      /** Takes those behind that number back. */
      takeBack(taken: number): void;
    };
