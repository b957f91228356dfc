const turnsToRest = 40;
const threadPoolWork = /^(FSReq|CloseReq|Scrypt|PBKDF2|RandomBytes|KeyGen|Sign|Verify|Hash|GetAddrInfo)/;

/** Waits until it is done, or until nothing in this process is under way that could still do it: told by turns of the event loop, not by a clock. Timers do not count. */
export async function untilQuiet(isDone: () => boolean): Promise<boolean> {
  let turns = 0;
  while (!isDone() && turns < turnsToRest) {
    await nextTurn();
    turns = process.getActiveResourcesInfo().some((kind) => threadPoolWork.test(kind)) ? 0 : turns + 1;
  }
  return isDone();
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
