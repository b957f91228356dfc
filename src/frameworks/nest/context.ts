import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type Behaviour, ModelObject, Primitive, UNDEFINED, type Value } from '../../interpreter/values.ts';

/** What guards, interceptors and parameter decorators learn of a request. */
export interface ContextFacts {
  /** `http`, `graphql`, `ws` or `rpc`. */
  readonly type: string;
  /** What the handler of this type is called with, in its order: request, response, next; root, arguments, context, info; client, data, pattern; data, context. */
  args(): readonly Value[];
  /** What differs from endpoint to endpoint is an observed reference. */
  readonly controller: Value;
  readonly handler: Value;
}

export function createContext(interpreter: Interpreter, facts: ContextFacts): ModelObject {
  return new ModelObject(interpreter.realm.objectPrototype, CONTEXT, facts);
}

/** GqlExecutionContext.create(context) */
export function createGraphqlContext(interpreter: Interpreter, facts: ContextFacts): ModelObject {
  return new ModelObject(interpreter.realm.objectPrototype, GRAPHQL_CONTEXT, facts);
}

export function contextFacts(value: Value | undefined): ContextFacts | undefined {
  return value instanceof ModelObject && (value.behaviour === CONTEXT || value.behaviour === GRAPHQL_CONTEXT) ? (value.state as ContextFacts) : undefined;
}

type Members = Readonly<Record<string, (interpreter: Interpreter, facts: ContextFacts, args: readonly Value[]) => Value>>;

const MEMBERS: Members = {
  getHandler: (_interpreter, { handler }) => handler,
  getClass: (_interpreter, { controller }) => controller,
  getType: (_interpreter, facts) => new Primitive(facts.type),
  getArgs: (interpreter, facts) => interpreter.array(facts.args()),
  getArgByIndex: (_interpreter, facts, [index]) => (index instanceof Primitive ? facts.args()[Number(index.value)] ?? UNDEFINED : UNDEFINED),
  switchToHttp: (interpreter, facts) => parts(interpreter, facts, ['getRequest', 'getResponse', 'getNext']),
  switchToWs: (interpreter, facts) => parts(interpreter, facts, ['getClient', 'getData', 'getPattern']),
  switchToRpc: (interpreter, facts) => parts(interpreter, facts, ['getData', 'getContext']),
};

const CONTEXT = behaviour('nest.context', MEMBERS);

const GRAPHQL_CONTEXT = behaviour('nest.graphql-context', {
  ...MEMBERS,
  getRoot: (_interpreter, facts) => facts.args()[0] ?? UNDEFINED,
  getArgs: (_interpreter, facts) => facts.args()[1] ?? UNDEFINED,
  getContext: (_interpreter, facts) => facts.args()[2] ?? UNDEFINED,
  getInfo: (_interpreter, facts) => facts.args()[3] ?? UNDEFINED,
});

function behaviour(name: string, members: Members): Behaviour {
  return {
    name,
    get(interpreter, self, key) {
      if (typeof key !== 'string' || self.properties.has(key)) return undefined;
      const member = members[key];
      const facts = self.state as ContextFacts;
      return member && interpreter.native(key, ({ args }) => member(interpreter, facts, args));
    },
  };
}

function parts(interpreter: Interpreter, facts: ContextFacts, names: readonly string[]): Value {
  return interpreter.object(names.map((name, index) => [name, interpreter.native(name, () => facts.args()[index] ?? UNDEFINED)] as const));
}
