import { isMainThread, workerData } from 'node:worker_threads';
import { analyze } from './analysis.ts';
import { type Answer, DONE, type Order, STARTED } from './analyze-apart.ts';
import { createParse } from './project/parse.ts';
import { Project } from './project/project.ts';

/** What the thread of `analyzeApart` runs: one analysis, and the end. */
function work({ root, settings, snapshot, port, progress }: Order): void {
  const tell = (now: number): void => {
    Atomics.store(progress, 0, now);
    Atomics.notify(progress, 0);
  };
  tell(STARTED);
  const answer = (): Answer => {
    try {
      const project = new Project({ root, ignore: settings.ignore, parse: createParse(), snapshot });
      return { analysis: analyze(project, settings), snapshot: project.snapshot() };
    } catch {
      // It is tried again where somebody sees what goes wrong.
      return undefined;
    }
  };
  port.postMessage(answer());
  tell(DONE);
}

if (!isMainThread) work(workerData as Order);
