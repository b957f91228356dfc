import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type Behaviour, ModelObject, type NativeCall, type NativeImplementation, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';

/** Names every object of a container package. */
const CONTAINER = 'injection';

export type Methods = Readonly<Record<string, NativeImplementation>>;

export function isContainerObject(value: Value): boolean {
  return value instanceof ModelObject && value.behaviour.name === CONTAINER;
}

/**
 * An object of a package with the methods that are modelled. `fluent` objects give themselves back for any other:
 *
 *     container.bind(TOKEN).to(Service).inSingletonScope().whenInjectedInto(Other)
 */
export function containerObject(interpreter: Interpreter, methods: Methods, { fluent = false, state }: { readonly fluent?: boolean; readonly state?: unknown } = {}): ModelObject {
  const members = new Map<string, Value>();
  const behaviour: Behaviour = {
    name: CONTAINER,
    get(_interpreter, self, key, site: Site) {
      if (typeof key !== 'string' || self.properties.has(key)) return undefined;
      const known = members.get(key);
      if (known) return known;
      const implementation = Object.hasOwn(methods, key) ? methods[key] : undefined;
      const otherwise = fluent ? () => self : ({ site: call }: NativeCall) => interpreter.unfollowed(`what ${key} of a container gives`, call);
      const isCalled = implementation !== undefined || fluent || /^[a-z]/.test(key);
      if (!isCalled) return interpreter.unknown(`${key} of a container`, site);
      const member = interpreter.native(key, implementation ?? otherwise);
      members.set(key, member);
      return member;
    },
  };
  return new ModelObject(interpreter.realm.objectPrototype, behaviour, state);
}

/** A decorator of a package that says nothing about what is injected. */
export const plainDecorator: NativeImplementation = ({ interpreter }) => interpreter.native('decorator', () => UNDEFINED);
