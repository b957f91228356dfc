import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createWriter } from '../../src/cli/writer.ts';

describe('createWriter', () => {
  it('settles only when a slow reader has taken everything', async () => {
    const taken: string[] = [];
    const slow = new Writable({
      highWaterMark: 4,
      write(chunk, _encoding, done) {
        setImmediate(() => {
          taken.push(String(chunk));
          done();
        });
      },
    });
    const write = createWriter(slow);
    await Promise.all([write('one endpoint, '), write('and another')]);
    expect(taken.join('')).toBe('one endpoint, and another');
  });

  it('settles, then and later, when the reader has gone', async () => {
    const gone = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const write = createWriter(gone);
    await expect(write('text')).resolves.toBeUndefined();
    await expect(write('more')).resolves.toBeUndefined();
  });
});
