import type { Interpreter } from '../interpreter.ts';
import type { Cell, Scope } from './scope.ts';
import { passed } from '../branches/settling.ts';
import { External, type Site, UNDEFINED, type Value } from '../values.ts';

/** Reads a variable, computing it at the first read. Undefined where there is none of that name. */
export function readVariable(interpreter: Interpreter, scope: Scope, name: string, site: Site): Value | undefined {
  const cell = scope.find(name);
  if (!cell) return undefined;
  if (cell.thunk) {
    const { thunk } = cell;
    cell.thunk = undefined;
    const value = thunk();
    cell.value ??= value;
  } else if (interpreter.amendment) readAgain(interpreter, cell);
  if (cell.value === undefined) cell.early?.();
  if (cell.value === undefined) return interpreter.unknown(`${name} is read before it is set`, site);
  const value = passed(interpreter, cell.value);
  interpreter.amendment?.sees(value);
  return value;
}

/** What an import gave at its first read counts for what is amended only where it would be the same at its turn. */
function readAgain(interpreter: Interpreter, cell: Cell): void {
  const { amendment } = interpreter;
  amendment?.reads(cell);
  if (!cell.source || !cell.value) return;
  const now = cell.source();
  if (now !== cell.value && !isSameExport(now, cell.value)) amendment?.fail('an import that was another value at its first read');
}

function isSameExport(a: Value, b: Value): boolean {
  return a instanceof External && b instanceof External && a.step === 'import' && b.step === 'import' && a.package === b.package && a.subpath === b.subpath && a.name === b.name;
}

/** What `this` is. */
export function readReceiver(interpreter: Interpreter, scope: Scope): Value {
  const receiver = scope.functionContext()?.receiver ?? UNDEFINED;
  interpreter.amendment?.sees(receiver);
  return receiver;
}
