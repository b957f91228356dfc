import type { Row } from './row.ts';

const SENTRY_RUNNERS = ['startSpan', 'startSpanManual', 'withActiveSpan', 'withScope', 'withIsolationScope', 'continueTrace', 'suppressTracing', 'withMonitor'];

/** What runs a function of the program at once and hands on how it ends: measuring, contexts, locks, further attempts. */
export const RUNNER_ROWS: readonly Row[] = Object.freeze<Row[]>([
  { package: '@opentelemetry/api', verified: '1.9.1', export: ['**.startActiveSpan', 'context.with'], role: 'runs', gives: 'the same' },
  { package: '@sentry/nestjs', verified: '11.12.0', export: SENTRY_RUNNERS, role: 'runs', gives: 'the same' },
  { package: '@sentry/node', verified: '11.12.0', export: SENTRY_RUNNERS, role: 'runs', gives: 'the same' },
  { package: 'async-lock', verified: '1.5.0', export: 'default().acquire', role: 'runs', gives: 'a promise' },
  { package: 'async-mutex', verified: '0.5.0', export: ['Mutex().runExclusive', 'Semaphore().runExclusive'], role: 'runs', gives: 'a promise' },
  { package: 'dd-trace', verified: '5.132.0', export: ['trace', 'tracer.trace'], role: 'runs', gives: 'the same' },
  { package: 'nestjs-cls', verified: '6.3.1', export: ['ClsService().run', 'ClsService().runWith', 'ClsServiceManager.getClsService().run', 'ClsServiceManager.getClsService().runWith'], role: 'runs', gives: 'the same' },
  { package: 'newrelic', verified: '13.20.0', export: ['startSegment', 'startBackgroundTransaction', 'startWebTransaction'], role: 'runs', gives: 'the same' },
  { package: 'p-limit', verified: '7.3.3', export: 'default()', role: 'runs', gives: 'a promise' },
  { package: 'p-queue', verified: '9.3.5', export: 'default().add', role: 'runs', gives: 'a promise' },
  { package: 'p-retry', verified: '7.1.1', export: 'default', role: 'runs', gives: 'a promise' },
]);
