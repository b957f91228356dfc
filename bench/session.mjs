// An editor session: one process that holds the plugin and lints text after text. Prints milliseconds of processor time as JSON.
// Arguments: the folder of the program, edits of a handler, of a shared guard, and of a registration.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import plugin from '../dist/index.js';

const [folder, ...counts] = process.argv.slice(2);
const [routeEdits, guardEdits, registrationEdits] = counts.map(Number);
process.chdir(folder);
const settings = {};

/** What ESLint does for the two rules on one file, without its parser. */
function lint(file, text) {
  const sourceCode = { text, ast: { type: 'Program' } };
  for (const [name, options] of [['require-auth', {}], ['require-rate-limit', { summarize: true }]]) {
    const context = { filename: file, sourceCode, settings, cwd: folder, options: [{ ...plugin.rules[name].meta.defaultOptions[0], ...options }], report() {} };
    plugin.rules[name].create(context).Program?.();
  }
}

function timed(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

const fileOf = (name) => path.join(folder, name);
const edits = (name, count, edit) => {
  const text = readFileSync(fileOf(name), 'utf8');
  return Array.from({ length: count }, (_, index) => timed(() => lint(fileOf(name), edit(text, index))));
};

const first = timed(() => lint(fileOf('src/app.ts'), readFileSync(fileOf('src/app.ts'), 'utf8')));
const others = readdirSync(fileOf('src/domain'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
const texts = others.map((file) => readFileSync(file, 'utf8'));
const unrelated = timed(() => others.forEach((file, index) => lint(file, texts[index]))) / others.length;
// The last service is one that no route reaches.
const last = others.filter((file) => file.includes('service')).toSorted((a, b) => Number(/(\d+)\.ts$/.exec(a)[1]) - Number(/(\d+)\.ts$/.exec(b)[1])).at(-1);
const service = edits(path.relative(folder, last), 100, (text, index) => text.replace('limit = 20', `limit = ${index}`));
const inHandler = (text, index) => text.replace("'not found'", `'not found ${index}'`);
// A run of ESLint ends before anything is edited, so that what an edit needs is made ready by the first one.
const [opening] = edits('src/features/f1/controller.ts', 1, (text) => inHandler(text, 'yet'));
const route = edits('src/features/f1/controller.ts', routeEdits, inHandler);
const guard = edits('src/guards/session.ts', guardEdits, (text, index) => text.replace("'no token'", `'no token ${index}'`));
const registration = edits('src/features/f1/routes.ts', registrationEdits, (text, index) => `${text}router.get('/further${index}', controller.handle0);\n`);
console.log(JSON.stringify({ first, unrelated, service, opening, route, guard, registration }));
