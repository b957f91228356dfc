import { closeSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';

export interface LockSurroundings {
  /** Passes some time without giving the thread away. */
  readonly pause: (milliseconds: number) => void;
  readonly isRunning: (processId: number) => boolean;
}

/** What came of asking for a lock. */
export type Lock =
  | { readonly kind: 'held'; release(): void }
  /** Somebody else held it and has let it go. */
  | { readonly kind: 'released' }
  /** It cannot be had: nothing can be written there, or who holds it does not end. */
  | { readonly kind: 'unavailable' };

const PAUSE = 20;
/** Pauses before who waits does the work itself. */
const MAX_PAUSES = 6_000;
/** Of a lock whose owner cannot be asked: another machine's, or one that was cut off while it was written. */
const OLD = 600_000;

export const realSurroundings: LockSurroundings = Object.freeze({
  pause: (milliseconds: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
  isRunning(processId: number) {
    try {
      process.kill(processId, 0);
      return true;
    } catch (error) {
      // EPERM: it runs, and belongs to another user.
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  },
});

/**
 * A file that exists while some thread or process does the work. Who finds it waits until it is gone. A lock that a process
 * left behind when it died is taken away.
 */
export function acquireLock(file: string, { pause, isRunning }: LockSurroundings = realSurroundings): Lock {
  let hasWaited = false;
  for (let pauses = 0; pauses < MAX_PAUSES; pauses += 1) {
    if (hasWaited && statSync(file, { throwIfNoEntry: false }) === undefined) return { kind: 'released' };
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, `${process.pid} ${hostname()}`);
      closeSync(handle);
      return { kind: 'held', release: () => remove(file) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return { kind: 'unavailable' };
    }
    if (isStale(file, isRunning)) {
      remove(file);
      continue;
    }
    hasWaited = true;
    pause(PAUSE);
  }
  return { kind: 'unavailable' };
}

function isStale(file: string, isRunning: LockSurroundings['isRunning']): boolean {
  try {
    const [processId, host] = readFileSync(file, 'utf8').split(' ');
    if (host === hostname()) return !isRunning(Number(processId));
    return Date.now() - statSync(file).mtimeMs > OLD;
  } catch {
    // Gone in between.
    return false;
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Somebody else was faster.
  }
}
