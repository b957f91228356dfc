import type { Interpreter } from './interpreter.ts';

/** What a framework keeps in the order in which the program registered it. */
export interface Registered {
  /** When that was, by the clock of the heap. */
  registeredAt: number;
}

/** Of what is not registered yet. */
export const UNREGISTERED = 0;

/** Adds to a framework's list; a statement that is amended adds nothing yet. */
export function register<T extends Registered>(interpreter: Interpreter, list: T[], item: T): void {
  const { amendment, heap } = interpreter;
  item.registeredAt = amendment?.turn.to ?? heap.tick();
  if (amendment) amendment.registered.push({ list, item });
  else list.push(item);
}
