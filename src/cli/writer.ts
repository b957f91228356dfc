import type { Writable } from 'node:stream';

/**
 * Writes to a standard stream, which may be a pipe that takes little at a time. The promise settles when the system has
 * taken all of it, or when the reader has gone (`| head`), which is no error of ours.
 */
export function createWriter(stream: Writable): (text: string) => Promise<void> {
  const state = { closed: false };
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    state.closed = true;
  });
  return (text) =>
    new Promise((settle) => {
      if (state.closed) settle();
      else stream.write(text, () => settle());
    });
}
