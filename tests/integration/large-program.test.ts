import { expect, it } from 'vitest';
import { javascriptProgram } from './programs.ts';
import { createSandbox } from './sandbox.ts';

const config = `import secureRoutes from 'eslint-plugin-secure-routes';

export default [secureRoutes.configs.recommended];
`;

/** Loaded before ESLint: writes down which scripts are started on threads, and lets none start where it is told so. */
const spy = `const { appendFileSync } = require('node:fs');
const threads = require('node:worker_threads');
const { Worker } = threads;
threads.Worker = class extends Worker {
  constructor(script, ...rest) {
    appendFileSync(process.env.STARTED_LOG, String(script).split('/').at(-1) + '\\n');
    if (process.env.NO_THREADS) throw new Error('no threads here');
    super(script, ...rest);
  }
};
require('node:module').syncBuiltinESMExports();
`;

const services = Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`src/services/service${index}.js`, `export const service${index} = ${index};\n`]));

it('judges a large program on a thread, where one can be started', () => {
  using sandbox = createSandbox({ ...javascriptProgram, ...services, 'eslint.config.js': config, 'node_modules/spy.cjs': spy });
  const lint = (more: Readonly<Record<string, string>> = {}) => {
    sandbox.write('node_modules/started.log', '');
    const env = { NODE_OPTIONS: `--require ${sandbox.folder}/node_modules/spy.cjs`, STARTED_LOG: `${sandbox.folder}/node_modules/started.log`, ...more };
    const reports = sandbox.lint(['src/*.js'], { env });
    return { reports, started: sandbox.read('node_modules/started.log') };
  };
  const reports = {
    'src/server.js': ['5:13 secure-routes/require-rate-limit warning', '6:5 secure-routes/require-auth error'],
  };
  expect(lint()).toEqual({ reports, started: 'analysis-thread.js\n' });
  // What it found was kept.
  expect(lint()).toEqual({ reports, started: '' });
  sandbox.write('src/auth.js', 'export function requireUser(req, res, next) {\n  next();\n}\n');
  const openReports = { ...reports, 'src/orders.js': ['4:8 secure-routes/require-auth error', '5:8 secure-routes/require-auth error'] };
  expect(lint({ NO_THREADS: 'yes' })).toEqual({ reports: openReports, started: 'analysis-thread.js\n' });
});
