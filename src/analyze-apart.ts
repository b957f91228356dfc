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
  /** 1 once the answer is there. */
  readonly done: Int32Array;
}

/** Undefined where it failed. */
export type Answer = { readonly analysis: Analysis; readonly snapshot: ProjectSnapshot } | undefined;

/** Milliseconds after which the thread is given up: it may have run out of memory, of which nobody hears who waits. */
const PATIENCE = 600_000;

/**
 * `analyze` on a thread that ends with it. V8 lets a heap grow to four times what was alive when it was collected last: the
 * trees and values of a large program, which are let go after the analysis, would make ESLint's heap larger to its end.
 * Rules are synchronous, so this thread waits. Undefined where no thread can be started.
 */
export const analyzeApart: AnalyzeApart = (project, settings) => {
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const order: Order = { root: project.root, settings, snapshot: project.snapshot(), port: port2, done };
  let worker: Worker | undefined;
  try {
    worker = new Worker(new URL('./analysis-thread.js', import.meta.url), { workerData: order, transferList: [port2], execArgv: [], stdout: true, stderr: true });
    // Told of nothing while this thread waits, and of nothing that matters later.
    worker.on('error', () => {});
    worker.unref();
    Atomics.wait(done, 0, 0, PATIENCE);
    return (receiveMessageOnPort(port1) as { readonly message: Answer } | undefined)?.message;
  } catch {
    return undefined;
  } finally {
    port1.close();
    void worker?.terminate();
  }
};
