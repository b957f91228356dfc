import type { Interpreter } from '../interpreter/interpreter.ts';
import { ArrayObject, type Condition, Primitive, type Value } from '../interpreter/values.ts';

/** A function in a chain, and under which decisions of the registration it stands there. */
export interface Handler {
  readonly value: Value;
  readonly conditions: readonly Condition[];
}

/** Functions of a registration, nested lists flattened; what stands there only sometimes keeps its conditions. */
export function handlersOf(interpreter: Interpreter, values: readonly Value[], conditions: readonly Condition[] = []): Handler[] {
  return values.flatMap((value): Handler[] => {
    const settled = interpreter.settle(value);
    if (settled instanceof ArrayObject) {
      const inner = handlersOf(interpreter, settled.elements, conditions);
      return settled.open === undefined ? inner : [...inner, { value: interpreter.unfollowed(settled.open, settled.site), conditions }];
    }
    if (settled.kind === 'union') return settled.options.flatMap((o) => (o.value && interpreter.isPossible(o.conditions) ? handlersOf(interpreter, [o.value], [...conditions, ...o.conditions]) : []));
    // app.get('/x', isProduction && requireAuth, handler)
    if (settled instanceof Primitive) return [];
    return [{ value: settled, conditions }];
  });
}
