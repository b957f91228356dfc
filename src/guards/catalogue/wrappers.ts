import type { Row } from './row.ts';

/** What gives a middleware made of the functions that it gets. */
export const WRAPPER_ROWS: readonly Row[] = Object.freeze<Row[]>([
  { package: '@awaitjs/express', verified: '0.9.0', export: 'Router()', role: 'wrapper', wraps: 'none', effect: 'router', note: 'An Express router with `getAsync`, `useAsync` and so on beside its own methods.' },
  { package: '@awaitjs/express', verified: '0.9.0', export: ['addAsync', 'decorateApp', 'decorateRouter'], role: 'wrapper', wraps: 0, effect: 'same', note: 'Gives the same application or router, with `getAsync`, `useAsync` and so on.' },
  { package: '@awaitjs/express', verified: '0.9.0', export: 'wrap', role: 'wrapper', wraps: 0, effect: 'same' },
  { package: 'async-middleware', verified: '1.2.1', export: 'wrap', role: 'wrapper', wraps: 0, effect: 'same' },
  { package: 'co', verified: '4.6.0', export: 'wrap', role: 'wrapper', wraps: 0, effect: 'same', note: 'Of a generator function.' },
  { package: 'co-express', verified: '2.0.0', export: 'default', role: 'wrapper', wraps: 0, effect: 'same', note: 'Of a generator function.' },
  { package: 'compose-middleware', verified: '5.0.1', export: 'compose', role: 'wrapper', wraps: 'all', effect: 'same' },
  { package: 'connect', verified: '3.7.0', export: 'default()', role: 'wrapper', wraps: 'none', effect: 'router', note: 'Has `use` alone.' },
  { package: 'express-async-handler', verified: '1.2.0', export: 'default', role: 'wrapper', wraps: 0, effect: 'same' },
  { package: 'express-async-router', verified: '0.1.15', export: ['AsyncRouter()', 'create()'], role: 'wrapper', wraps: 'none', effect: 'router', note: 'Answers with what a handler returns.' },
  { package: 'express-async-wrap', verified: '1.0.0', export: 'default', role: 'wrapper', wraps: 0, effect: 'same' },
  { package: 'express-asyncify', verified: '3.1.0', export: ['default', 'asyncify'], role: 'wrapper', wraps: 0, effect: 'same', note: 'Gives the same application or router.' },
  { package: 'express-conditional-middleware', verified: '2.1.1', export: 'default', role: 'wrapper', wraps: 1, effect: { test: 0, otherwise: 2 } },
  { package: 'express-promise-router', verified: '4.1.1', export: 'default()', role: 'wrapper', wraps: 'none', effect: 'router', note: 'Continues where a handler returns the text "next" or "route".' },
  { package: 'express-unless', verified: '2.1.3', export: ['default', 'unless'], role: 'wrapper', wraps: 'receiver', effect: 'unless', note: 'Exempt are `path` (text: whole path; expression: anywhere; { url, methods }), `method`, `ext`, and what `custom` says.' },
  { package: 'express-wrap-async', verified: '1.0.3', export: 'default', role: 'wrapper', wraps: 0, effect: 'same', note: 'An array gives an array.' },
  { package: 'middleware-async', verified: '1.4.0', export: ['default', 'asyncMiddleware'], role: 'wrapper', wraps: 0, effect: 'same' },
  { package: 'middleware-async', verified: '1.4.0', export: 'combineMiddlewares', role: 'wrapper', wraps: 'all', effect: 'same' },
  { package: 'middleware-async', verified: '1.4.0', export: ['combineToAsync', 'middlewareToPromise'], role: 'wrapper', wraps: 'all', effect: 'settles' },
]);
