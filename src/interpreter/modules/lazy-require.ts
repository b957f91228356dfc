import type { TSESTree } from '@typescript-eslint/types';
import { evaluate } from '../evaluation/expressions.ts';
import { collectNames } from './hoisting.ts';
import type { Interpreter } from '../interpreter.ts';
import { standing } from '../branches/isolation.ts';
import type { LoadedModule } from './loader.ts';
import { bindPattern } from '../evaluation/patterns.ts';
import type { Scope } from './scope.ts';
import { NativeFunction, UNDEFINED, type Value } from '../values.ts';

/**
 * `const x = require('./y')` (also destructured, also with members behind it): loaded at the first read,
 * unless the module must run at its import. True where the declarator is dealt with.
 */
export function bindLazily(interpreter: Interpreter, declarator: TSESTree.VariableDeclarator, scope: Scope, module: LoadedModule): boolean {
  const { init, id } = declarator;
  let call: TSESTree.Node | null | undefined = init;
  while (call?.type === 'MemberExpression' && !call.computed) call = call.object;
  if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier' || call.callee.name !== 'require') return false;
  const [argument] = call.arguments;
  if (argument?.type !== 'Literal' || typeof argument.value !== 'string') return false;
  if (!(scope.find('require')?.value instanceof NativeFunction)) return false;
  const resolution = interpreter.loader.resolve(argument.value, module.file, 'require');
  if (resolution.kind !== 'file' || interpreter.modules.runsAtImport(resolution.file)) return false;
  const names: string[] = [];
  collectNames(id, names);
  const { amendment, heap } = interpreter;
  const boundAt = amendment?.turn.to ?? (heap.isTimeless ? 0 : heap.tick());
  const required = (): Value => evaluate(interpreter, init as TSESTree.Expression, scope, module);
  const evaluateAll = standing(interpreter, () => {
    for (const name of names) {
      const cell = scope.find(name);
      if (cell) cell.thunk = undefined;
    }
    interpreter.isolated(() => bindPattern(interpreter, id, required(), scope, module, 'assign'));
    // When they were read for the first time does not matter, where `source` still gives the same.
    for (const name of names) {
      const cell = scope.find(name);
      if (cell) cell.writtenAt = boundAt;
    }
  });
  for (const name of names) {
    const cell = scope.cells.get(name) ?? scope.declare(name, undefined);
    cell.writtenAt = boundAt;
    cell.origin = resolution.file;
    cell.thunk = () => {
      evaluateAll();
      return cell.value ?? UNDEFINED;
    };
    cell.source = () => {
      required();
      return cell.value ?? UNDEFINED;
    };
  }
  return true;
}
