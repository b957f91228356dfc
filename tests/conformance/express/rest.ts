const turnsToRest = 40;
const threadPoolWork = /^(FSReq|CloseReq|Scrypt|PBKDF2|RandomBytes|KeyGen|Sign|Verify|Hash|GetAddrInfo)/;

/** Requests that are done stay listed while something holds on to them. Longer than this, in milliseconds, none of ours takes. */
const longestWork = 5000;

/** Waits until it is done, or until nothing in this process is under way that could still do it: told by turns of the event loop, not by a clock. Timers do not count. */
export async function untilQuiet(isDone: () => boolean): Promise<boolean> {
  let turns = 0;
  let listed = '';
  let since = 0;
  while (!isDone() && turns < turnsToRest) {
    await nextTurn();
    const now = process.getActiveResourcesInfo().filter((kind) => threadPoolWork.test(kind)).join();
    turns = now === '' ? turns + 1 : 0;
    if (now !== listed) [listed, since] = [now, performance.now()];
    else if (now !== '' && performance.now() - since > longestWork) return isDone();
  }
  return isDone();
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
