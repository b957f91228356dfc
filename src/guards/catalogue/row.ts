import type { Value } from '../../interpreter/values.ts';

export type Literal = string | number | boolean | null;

/**
 * Where an argument stands. `call` counts the calls of the export's path from the first; by default the
 * last one is meant: for a primitive that is the call under judgement, for a middleware its factory.
 */
export interface ArgumentPlace {
  readonly argument: number | 'last';
  /** A property of the argument; dots go deeper. */
  readonly property?: string;
  readonly call?: number;
}

/**
 * A test of an argument. `is`: equals the literal, or does not; `contains`: it is the literal, or an array with
 * it; `given`: anything but undefined stands there, or does not. `below` and `from` limit the test to versions of the package.
 */
export type Condition = ArgumentPlace & (
  | { readonly is: Literal }
  | { readonly contains: Literal }
  | { readonly given: boolean }
  | { readonly empty: true }
) & { readonly below?: string; readonly from?: string };

/** What the package hands to a function of the user when a request without a credential comes. */
export type Parameter = 'request' | 'response' | 'next' | 'no error' | 'error' | 'no user' | 'information' | 'absent credential';

/**
 * A function of the user that takes the decision. `takes over`: it answers or continues in place of the package;
 * `true passes` and `false passes`: its result says whether the request goes on unhindered.
 */
export interface Decider extends ArgumentPlace {
  readonly parameters: readonly Parameter[];
  readonly outcome: 'takes over' | 'true passes' | 'false passes';
  /** A list of exempt clients may stand in its place; it decides only where a function is known to stand there. */
  readonly orList?: true;
}

/**
 * How a failure shows. `resolves` and `returns` come with the row's `failure`: the shape of the result for a
 * missing or wrong credential, or beyond the limit; a key that ends in `()` is a method.
 */
export type Style =
  | 'throws' | 'rejects' | 'callback'
  | 'returns nothing' | 'returns false' | 'resolves nothing' | 'resolves false'
  | 'returns' | 'resolves';

export type Shape = Literal | { readonly [key: string]: Shape };

export interface RowBase {
  readonly package: string;
  /** The version whose code was read or booted. */
  readonly verified: string;
  /** Only when imported from this subpath. */
  readonly subpath?: string;
  /**
   * From the import to the value, calls marked: `default()`, `auth().verifyIdToken`, `Ddos().express`.
   * `default` is the module itself, however it is imported; a construction counts as a call; `**` stands for any steps.
   */
  readonly export: string | readonly string[];
  /** Only inside this framework. Without it the row holds for Express and wherever plain functions are called. */
  readonly framework?: 'fastify' | 'nest';
  /** The export is a member that registering the package gives to this, not one of the module. */
  readonly decorates?: 'instance' | 'request' | 'reply';
  /** Any of these makes the role not apply. */
  readonly unless?: readonly Condition[];
  /** All of these must hold for the role to apply. */
  readonly onlyIf?: readonly Condition[];
  readonly decides?: readonly Decider[];
  /** For what no field can say. */
  readonly note?: string;
}

/** Metadata of a Nest endpoint: on its method, on its class, or the first that is set of the two. */
export interface MarkPlace {
  readonly key: string;
  readonly on: 'method' | 'class' | 'either';
}

/** Stops the anonymous request. `rules`: by what the user's own rules, policy file or API description say, so it may also let it pass. */
export interface GuardRow extends RowBase {
  readonly role: 'guard';
  readonly by: 'credential' | 'signature' | 'permission' | 'rules';
  /** Lets everybody pass where one of these is set. */
  readonly opens?: readonly MarkPlace[];
  /** Lets everybody pass unless all of these are set. */
  readonly asks?: readonly MarkPlace[];
}

/** Leaves the identity on the request and continues; for the anonymous the members are absent. */
export interface PopulatesRow extends RowBase {
  readonly role: 'populates';
  readonly members: readonly string[];
}

/** Lets requests through. `refuses` names what it may stop for, none of which is a missing credential. */
export interface PassesRow extends RowBase {
  readonly role: 'passes';
  readonly refuses?: 'forgery' | 'shape' | 'address' | 'load' | 'transport' | 'automation';
}

/** Stops one client's requests beyond a limit. */
export interface LimiterRow extends RowBase {
  readonly role: 'limiter';
  /** Of the limiters that one registration of a Fastify plugin made, a request is counted by the first that it meets. */
  readonly isOnce?: true;
}

/** Answers by itself. `elsewhere`: continues for paths that are not its own; `on failure`: continues with an error or when it finds nothing. */
export interface TerminalRow extends RowBase {
  readonly role: 'terminal';
  readonly callsNext: 'never' | 'elsewhere' | 'on failure';
  /** Files that are there for everyone. */
  readonly serves?: 'files';
  /** For a Fastify plugin: where it serves unless its options say so. */
  readonly at?: string;
  /** For a Fastify plugin: the option that holds hooks of its routes. */
  readonly hooks?: string;
}

/**
 * Gives a middleware made of the functions that it gets. `same`: does what they do, in order; `condition`: runs
 * them when the test of the `test` argument holds, else the `otherwise` argument or nothing; `unless`: the
 * argument lists what is exempt; `router`: gives an Express router; `settles`: gives a function (req, res) that
 * resolves when they continue; `alternatives`: runs the functions of the argument, of which one that continues is
 * enough unless `relation` says "and".
 */
export interface WrapperRow extends RowBase {
  readonly role: 'wrapper';
  readonly wraps: 'all' | 'receiver' | number | 'none';
  readonly effect: 'same' | 'unless' | 'router' | 'settles' | 'alternatives' | { readonly test: number; readonly otherwise: number };
}

/** Checks a credential or a signature. The export is the function that is called. */
export interface VerifiesRow extends RowBase {
  readonly role: 'verifies';
  readonly style: Style;
  /** A function as last argument turns the style into `callback`. */
  readonly callback?: 'last';
  readonly failure?: Shape;
  /** Position of the credential among the arguments; `request` where the function finds it there itself. */
  readonly credential: number | 'request';
}

/** Compares with a stored secret: false for what does not match. */
export interface ComparesRow extends RowBase {
  readonly role: 'compares';
  readonly style: Style;
  readonly callback?: 'last';
  readonly failure?: Shape;
}

/** Makes a credential out of `payload`. Checking what it made gives the payload back. */
export interface IssuesRow extends RowBase {
  readonly role: 'issues';
  readonly style: 'returns' | 'resolves';
  readonly callback?: 'last';
  readonly payload: number;
}

/** Reads a credential without checking it. */
export interface DecodesRow extends RowBase {
  readonly role: 'decodes';
  readonly credential: number;
  readonly style: Style;
}

/** Counts one call of a client; how it shows that the limit is reached. */
export interface ConsumesRow extends RowBase {
  readonly role: 'consumes';
  readonly style: Style;
  readonly callback?: 'last';
  readonly failure?: Shape;
}

/** Calls the one function that it is given, at once, and gives what that gives, or a promise of it; what it throws is thrown, or rejects the promise. */
export interface RunsRow extends RowBase {
  readonly role: 'runs';
  readonly gives: 'the same' | 'a promise';
}

export type Row =
  | GuardRow | PopulatesRow | PassesRow | LimiterRow | TerminalRow | WrapperRow
  | VerifiesRow | ComparesRow | IssuesRow | DecodesRow | ConsumesRow | RunsRow;

export type Role = Row['role'];

/** `value` is the function, as far as it is known. */
export interface Decision {
  readonly decider: Decider;
  readonly value: Value;
}

export interface Judgement {
  readonly row: Row;
  /** `no`: an option takes the effect away, and the request passes. */
  readonly applies: 'yes' | 'no' | 'unknown';
  readonly because?: string;
  /** The function of the user that decides, where one does. `applies` is then `unknown`. */
  readonly decision?: Decision;
  /** What each `.unless(…)` behind the middleware was given: see the row of express-unless. */
  readonly exemptions: readonly Value[];
  /** The style in this call, for rows that have one. */
  readonly style?: Style;
}
