import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type Behaviour, ModelObject, Primitive, UNDEFINED, type Value } from '../../interpreter/values.ts';

/** What guards, interceptors and parameter decorators learn of a request. */
export interface ContextFacts {
  /** `http`, `graphql`, `ws` or `rpc`. */
  readonly type: string;
  readonly args: readonly Value[];
  readonly controller: Value;
  readonly handler: Value;
  /** The code asked what it is that runs: its answer may differ from endpoint to endpoint. */
  asked(): void;
}

export function createContext(interpreter: Interpreter, facts: ContextFacts): ModelObject {
  return new ModelObject(interpreter.realm.objectPrototype, CONTEXT, facts);
}

export function contextFacts(value: Value | undefined): ContextFacts | undefined {
  return value instanceof ModelObject && value.behaviour === CONTEXT ? (value.state as ContextFacts) : undefined;
}

const CONTEXT: Behaviour = {
  name: 'nest.context',
  get(interpreter, self, key) {
    if (typeof key !== 'string' || self.properties.has(key)) return undefined;
    const member = MEMBERS[key];
    const facts = self.state as ContextFacts;
    return member && interpreter.native(key, ({ args }) => member(interpreter, facts, args));
  },
};

const MEMBERS: Readonly<Record<string, (interpreter: Interpreter, facts: ContextFacts, args: readonly Value[]) => Value>> = {
  getHandler: (_interpreter, facts) => {
    facts.asked();
    return facts.handler;
  },
  getClass: (_interpreter, facts) => {
    facts.asked();
    return facts.controller;
  },
  getType: (_interpreter, facts) => new Primitive(facts.type),
  getArgs: (interpreter, facts) => interpreter.array(facts.args),
  getArgByIndex: (_interpreter, facts, [index]) => (index instanceof Primitive ? facts.args[Number(index.value)] ?? UNDEFINED : UNDEFINED),
  switchToHttp: (interpreter, facts) => parts(interpreter, { getRequest: facts.args[0], getResponse: facts.args[1], getNext: facts.args[2] }),
  switchToWs: (interpreter, facts) => parts(interpreter, { getClient: facts.args[0], getData: facts.args[1], getPattern: undefined }),
  switchToRpc: (interpreter, facts) => parts(interpreter, { getData: facts.args[0], getContext: facts.args[1] }),
};

function parts(interpreter: Interpreter, members: Readonly<Record<string, Value | undefined>>): Value {
  return interpreter.object(Object.entries(members).map(([name, value]) => [name, interpreter.native(name, () => value ?? UNDEFINED)] as const));
}
