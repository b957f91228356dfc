import fc from 'fast-check';
import type { Adapter } from '../conformance/nest/running.ts';

export const guardNames = Object.freeze(['TokenGuard', 'QuietGuard', 'MarkedGuard', 'DeepGuard'] as const);
export type GuardName = (typeof guardNames)[number];

/** Names of functions that compose decorators, by the shape they are written in. */
export const composedNames = Object.freeze(['Secured', 'SecuredBlock', 'SecuredWhen', 'SecuredSpread', 'SecuredDirectly'] as const);
export type ComposedName = (typeof composedNames)[number];

/** A decorator of a class or a method. */
export type Mark =
  | { readonly kind: 'guard'; readonly name: GuardName | 'VisitorGuard' }
  | { readonly kind: 'composed'; readonly name: ComposedName }
  /** A composition whose switch leaves the guard out. */
  | { readonly kind: 'unsecured' }
  | { readonly kind: 'public' | 'roles' | 'throttled' | 'stricter' }
  | { readonly kind: 'skip'; readonly tier: 'default' | 'other'; readonly skips: boolean };

export type Method = 'Get' | 'Post' | 'Delete';

export interface Handler {
  readonly method: Method;
  readonly marks: readonly Mark[];
}

/** A method of the base class written again; without `method` it has no decorator of its own and is no route. */
export interface Override {
  /** Index among the handlers of the base, modulo their number. */
  readonly of: number;
  readonly method: Method | undefined;
  readonly marks: readonly Mark[];
}

export interface Base {
  readonly marks: readonly Mark[];
  readonly handlers: readonly Handler[];
}

export interface Controller {
  readonly marks: readonly Mark[];
  /** Index of the base class, modulo their number. */
  readonly base: number | undefined;
  readonly overrides: readonly Override[];
  readonly handlers: readonly Handler[];
  /** The prefix that other controllers have too. */
  readonly sharesPrefix: boolean;
  /** Stands in the root module; else in a module of its own. */
  readonly inRoot: boolean;
}

export interface GlobalGuard {
  readonly by: 'useClass' | 'useExisting' | 'useFactory' | 'string token' | 'useGlobalGuards';
  readonly guard: GuardName | 'VisitorGuard' | 'ThrottlerGuard';
  /** Provided by a module that is imported last; else by the root module. */
  readonly inSibling: boolean;
}

/** consumer.apply(TokenMiddleware).exclude(…).forRoutes(…) */
export interface Middleware {
  /** Index of the controller, modulo their number. */
  readonly controller: number;
  readonly excludesFirst: boolean;
}

export interface Program {
  readonly adapter: Adapter;
  readonly bases: readonly Base[];
  readonly controllers: readonly Controller[];
  readonly globals: readonly GlobalGuard[];
  readonly middleware: Middleware | undefined;
  readonly prefix: boolean;
}

const guardMark: fc.Arbitrary<Mark> = fc.constantFrom(...guardNames).map((name) => ({ kind: 'guard' as const, name }));

const mark: fc.Arbitrary<Mark> = fc.oneof(
  { weight: 4, arbitrary: guardMark },
  { weight: 2, arbitrary: fc.constant({ kind: 'guard' as const, name: 'VisitorGuard' as const }) },
  { weight: 4, arbitrary: fc.constantFrom(...composedNames).map((name) => ({ kind: 'composed' as const, name })) },
  { weight: 4, arbitrary: fc.constant({ kind: 'public' as const }) },
  { weight: 4, arbitrary: fc.constantFrom('unsecured' as const, 'roles' as const, 'throttled' as const, 'stricter' as const).map((kind) => ({ kind })) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('skip' as const), tier: fc.constantFrom('default' as const, 'other' as const), skips: fc.boolean() }) },
);

/** Each kind once: Nest keeps the last of two decorators that write the same key. */
const marks = (most: number): fc.Arbitrary<Mark[]> => fc.oneof(
  { weight: 2, arbitrary: fc.constant<Mark[]>([]) },
  { weight: 3, arbitrary: fc.uniqueArray(mark, { minLength: 1, maxLength: most, selector: keyOf }) },
);

function keyOf(one: Mark): string {
  return one.kind === 'guard' || one.kind === 'composed' || one.kind === 'throttled' ? 'guards' : one.kind;
}

const method: fc.Arbitrary<Method> = fc.constantFrom('Get', 'Get', 'Post', 'Delete');
const handler: fc.Arbitrary<Handler> = fc.record({ method, marks: marks(3) });
const override: fc.Arbitrary<Override> = fc.record({ of: fc.nat({ max: 1 }), method: fc.option(method, { nil: undefined, freq: 3 }), marks: marks(2) });

const controller: fc.Arbitrary<Controller> = fc.record({
  marks: marks(2),
  base: fc.option(fc.nat({ max: 1 }), { nil: undefined, freq: 2 }),
  overrides: fc.uniqueArray(override, { maxLength: 1, selector: ({ of }) => of }),
  handlers: fc.array(handler, { minLength: 1, maxLength: 3 }),
  sharesPrefix: fc.boolean(),
  inRoot: fc.boolean(),
});

const globalGuard: fc.Arbitrary<GlobalGuard> = fc.record({
  by: fc.constantFrom('useClass' as const, 'useExisting' as const, 'useFactory' as const, 'string token' as const, 'useGlobalGuards' as const, 'useGlobalGuards' as const),
  guard: fc.constantFrom<(GuardName | 'VisitorGuard' | 'ThrottlerGuard')[]>('MarkedGuard', 'MarkedGuard', 'TokenGuard', 'VisitorGuard', 'ThrottlerGuard', 'ThrottlerGuard'),
  inSibling: fc.boolean(),
}).map((one) => (one.guard === 'ThrottlerGuard' ? { ...one, by: 'useClass' as const } : one));

const drawn: fc.Arbitrary<Program> = fc.record({
  adapter: fc.constantFrom<Adapter[]>('express', 'fastify'),
  bases: fc.array(fc.record({ marks: marks(1), handlers: fc.array(handler, { minLength: 1, maxLength: 2 }) }), { maxLength: 2 }),
  controllers: fc.array(controller, { minLength: 1, maxLength: 3 }),
  globals: fc.uniqueArray(globalGuard, { maxLength: 2, selector: ({ guard }) => guard }),
  middleware: fc.option(fc.record({ controller: fc.nat({ max: 2 }), excludesFirst: fc.boolean() }), { nil: undefined, freq: 2 }),
  prefix: fc.boolean(),
});

/** A guard of a base class under a class that only populates: chance alone would hardly ever put the two together. */
const layered: fc.Arbitrary<Program> = fc.tuple(drawn, controller, guardMark, handler).map(([one, part, guarding, inherited]) => ({
  ...one,
  globals: one.globals.filter(({ guard }) => guard === 'ThrottlerGuard'),
  bases: [{ marks: [guarding], handlers: [inherited] }],
  controllers: [{ ...part, base: 0, marks: [{ kind: 'guard', name: 'VisitorGuard' }] }, ...one.controllers.slice(1)],
}));

/** Any Nest program that the printer can write. */
export const program: fc.Arbitrary<Program> = fc.oneof({ weight: 9, arbitrary: drawn }, { weight: 1, arbitrary: layered });
