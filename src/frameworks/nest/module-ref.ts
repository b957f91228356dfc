import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { External} from '../../interpreter/values.ts';
import { ClassObject, NativeFunction, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';

export interface Container {
  /** What stands for a token. */
  find(token: Value, site: Site): Value;
  /** A new instance of a class that need not be a provider. */
  make(created: ClassObject | NativeFunction, site: Site): Value;
}

export function isModuleRef(given: External): boolean {
  return given.package === '@nestjs/core' && given.name === 'ModuleRef';
}

/** What a class gets that looks its collaborators up in the container by itself. A program that runs asks for what is there, so that `strict` is not looked at. */
export function createModuleRef(interpreter: Interpreter, { find, make }: Container): Value {
  const found = (token: Value | undefined, site: Site): Value => (token ? find(interpreter.settle(token), site) : UNDEFINED);
  return interpreter.object([
    ['get', interpreter.native('get', ({ args: [token], site }) => found(token, site))],
    ['resolve', interpreter.native('resolve', ({ args: [token], site }) => interpreter.promise('fulfilled', found(token, site), site))],
    ['create', interpreter.native('create', ({ args: [given], site }) => {
      const created = given && interpreter.settle(given);
      const made = created instanceof ClassObject || created instanceof NativeFunction ? make(created, site) : interpreter.unfollowed('an instance of a class that is not known', site);
      return interpreter.promise('fulfilled', made, site);
    })],
  ]);
}
