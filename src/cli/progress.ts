/** Tells on a terminal that long work goes on. */
export interface Progress {
  /** One more file is being read. */
  readonly file: () => void;
  /** Takes the line away. */
  readonly end: () => void;
}

/** Milliseconds before anything is shown, and between two states. */
const DELAY = 1_000;
const INTERVAL = 100;

/** One line that is written over and over: files, and seconds so far. `write` has to write at once, since the work does not give the thread away. */
export function createProgress(write: (text: string) => void, now: () => number = () => performance.now()): Progress {
  const start = now();
  let files = 0;
  let shownAt: number | undefined;
  return {
    file() {
      files += 1;
      const time = now();
      if (time - start < DELAY || (shownAt !== undefined && time - shownAt < INTERVAL)) return;
      shownAt = time;
      write(`\r${files} files, ${Math.round((time - start) / 1_000)} s\u{1b}[K`);
    },
    end() {
      if (shownAt !== undefined) write('\r\u{1b}[K');
    },
  };
}
