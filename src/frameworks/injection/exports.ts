import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { Value } from '../../interpreter/values.ts';

/** What a package exports, each made when it is first imported. */
export type Exports = ReadonlyMap<string, (interpreter: Interpreter) => Value>;
