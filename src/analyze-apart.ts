import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { AnalyzeApart } from './cache/analyses.ts';
import type { Analysis, Settings } from './model.ts';
import type { ProjectSnapshot } from './project/project.ts';

/** What the thread is given. */
export interface Order {
  readonly root: string;
  readonly settings: Settings;
  readonly snapshot: ProjectSnapshot;
  readonly port: MessagePort;
  /** One number: 0, `STARTED`, then `DONE`. */
  readonly progress: Int32Array;
}

export const STARTED = 1;
export const DONE = 2;

/** Undefined where it failed. */
export type Answer = { readonly analysis: Analysis; readonly snapshot: ProjectSnapshot } | undefined;

/** Milliseconds after which a thread is given up that does not start: who waits is not told that its script cannot be loaded. */
const PATIENCE_AT_START = 10_000;

/** The same for one that has started: it may have run out of memory. */
const PATIENCE = 600_000;

/**
 * `analyze` on a thread that ends with it. V8 lets a heap grow to four times what was alive when it was collected last: the
 * trees and values of a large program, which are let go after the analysis, would make ESLint's heap larger to its end.
 * Rules are synchronous, so this thread waits. Undefined where no thread can be started.
 */
export const analyzeApart: AnalyzeApart = (project, settings) => {
  const { port1, port2 } = new MessageChannel();
  const progress = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const order: Order = { root: project.root, settings, snapshot: project.snapshot(), port: port2, progress };
  let worker: Worker | undefined;
  try {
    worker = new Worker(new URL('./analysis-thread.js', import.meta.url), { workerData: order, transferList: [port2], execArgv: [], stdout: true, stderr: true });
    // Told of nothing while this thread waits, and of nothing that matters later.
    worker.on('error', () => {});
    worker.unref();
    Atomics.wait(progress, 0, 0, PATIENCE_AT_START);
    Atomics.wait(progress, 0, STARTED, PATIENCE);
    return (receiveMessageOnPort(port1) as { readonly message: Answer } | undefined)?.message;
  } catch {
    return undefined;
  } finally {
    port1.close();
    void worker?.terminate();
  }
};
