import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type NativeCall, TRUE, type Value } from '../../interpreter/values.ts';
import { bearerOf, setMetadata } from './decorators.ts';

/** What a decorator leaves under a key: that it stands there, its first argument, or all of them. */
type Kept = 'that it stands' | 'first' | 'all';

type Decorator = readonly (readonly [key: string, kept: Kept])[];

/** Decorators that only set what guards of their package read; `opens` and `asks` of a guard's row name the keys. */
const DECORATORS: Readonly<Record<string, Readonly<Record<string, Decorator>>>> = Object.freeze({
  '@nestjs-cognito/auth': { PublicRoute: [['isPublic', 'that it stands']] },
  '@thallesp/nestjs-better-auth': {
    AllowAnonymous: [['PUBLIC', 'that it stands']],
    Public: [['PUBLIC', 'that it stands']],
    OptionalAuth: [['OPTIONAL', 'that it stands']],
    Optional: [['OPTIONAL', 'that it stands']],
    Roles: [['ROLES', 'first']],
  },
  'nest-access-control': { UseRoles: [['roles', 'all']] },
  'nest-authz': { UsePermissions: [['__PERMISSIONS__', 'all']] },
  'nest-keycloak-connect': {
    Public: [['unprotected', 'that it stands'], ['skip-auth', 'that it stands']],
    Unprotected: [['unprotected', 'that it stands'], ['skip-auth', 'that it stands']],
    Resource: [['resource', 'first']],
    Scopes: [['scopes', 'all']],
    Roles: [['roles', 'first']],
  },
});

type Exports = ReadonlyMap<string, (interpreter: Interpreter) => Value>;

/** These decorators by package and name, beside what else is known of the packages. */
export function markingExports(further: ReadonlyMap<string, Exports>): ReadonlyMap<string, Exports> {
  return new Map(Object.entries(DECORATORS).map(([packageName, decorators]) => [
    packageName,
    new Map([
      ...Object.entries(decorators).map(([name, marks]) => [name, (interpreter: Interpreter): Value => interpreter.native(name, (call) => mark(name, marks, call))] as const),
      ...further.get(packageName) ?? [],
    ]),
  ]));
}

function mark(name: string, marks: Decorator, { interpreter, args }: NativeCall): Value {
  return interpreter.native(name, (call) => {
    const bearer = bearerOf(call.args);
    if (bearer) for (const [key, kept] of marks) setMetadata(interpreter, bearer, key, kept === 'all' ? interpreter.array(args) : (kept === 'first' ? args[0] : undefined) ?? TRUE);
    return call.args[0] ?? TRUE;
  });
}
