import type { Interpreter } from '../interpreter/interpreter.ts';
import { type Behaviour, BoundFunction, ModelObject, NativeFunction, type Site, type Value } from '../interpreter/values.ts';

/** A dependency that is made when something of it is used: most services of a program are never asked. */
export function later(interpreter: Interpreter, find: () => Value): ModelObject {
  let found: Value | undefined;
  return standIn(interpreter, () => (found ??= interpreter.isolated(find)));
}

/** Behaves as what `real` gives each time. */
export function standIn(interpreter: Interpreter, real: () => Value): ModelObject {
  return new ModelObject(interpreter.realm.objectPrototype, new Later(real), undefined);
}

/** Stands for what dependency injection gives, without having made it. */
class Later implements Behaviour {
  readonly name = 'injected';
  readonly real: () => Value;

  constructor(real: () => Value) {
    this.real = real;
  }

  get(interpreter: Interpreter, _self: ModelObject, key: PropertyKey, site: Site): Value {
    const real = this.real();
    const member = interpreter.get(real, key, site);
    // platforms.includes(x): a built-in looks at what it is called on
    return member instanceof NativeFunction ? new BoundFunction(interpreter.realm.functionPrototype, member, real, []) : member;
  }

  set(interpreter: Interpreter, _self: ModelObject, key: PropertyKey, value: Value, site: Site): boolean {
    interpreter.set(this.real(), key, value, site);
    return true;
  }

  call(interpreter: Interpreter, _self: ModelObject, receiver: Value, args: readonly Value[], site: Site): Value {
    return interpreter.call(this.real(), receiver, args, site);
  }
}

/** What a value stands for that may be a dependency which is not made yet. */
export function realOf(value: Value): Value {
  return value instanceof ModelObject && value.behaviour instanceof Later ? realOf(value.behaviour.real()) : value;
}
