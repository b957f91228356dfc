// Measures side by side, in turns, and writes docs/performance.md. Arguments: --runs <number> (default 3),
// --projects <folder of checkouts>. Nothing here fails because something was slow.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { report } from './report.mjs';
import { cool, createProgram, inventory, lint, measure, median, percentile } from './run.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' }, projects: { type: 'string' } } });
const runs = Number(values.runs);
const started = performance.now();
const say = (text) => console.log(`${Math.round((performance.now() - started) / 1_000)} s: ${text}`);

/** Medians of each, and of the ratio to the first of the same turn. */
function inTurns(times, contestants) {
  const results = new Map(Object.keys(contestants).map((name) => [name, []]));
  for (let turn = 0; turn < times; turn += 1) for (const [name, run] of Object.entries(contestants)) results.get(name).push(run());
  const [base] = results.values();
  return Object.fromEntries(
    [...results].map(([name, list]) => [name, {
      cpu: median(list.map(({ cpu }) => cpu)),
      wall: median(list.map(({ wall }) => wall)),
      memory: median(list.map(({ memory }) => memory)),
      ratio: median(list.map(({ cpu }, turn) => cpu / base[turn].cpu)),
      added: median(list.map(({ memory }, turn) => memory - base[turn].memory)),
    }]),
  );
}

const ours = (program) => ({
  'parser only': () => lint(program, 'parser only'),
  'two rules that do nothing': () => lint(program, 'two rules that do nothing'),
  'secure-routes, cold': () => (cool(program), lint(program, 'secure-routes')),
  'secure-routes, warm': () => lint(program, 'secure-routes'),
});
const others = (program) => Object.fromEntries(['import-x/no-cycle', 'fast-import/no-cycle', 'secure-coding', 'ai-guard'].map((name) => [name, () => lint(program, name)]));

const sizes = [{ files: 100, routes: 30 }, { files: 1_000, routes: 300 }, { files: 10_000, routes: 3_000 }];
const results = { runs, processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version, overhead: [], peers: undefined, session: [], growth: [], unrelated: undefined, projects: [] };

for (const size of sizes) {
  const program = createProgram(size);
  say(`${size.files} files, ${size.routes} routes`);
  // Reads the files once, so that the first run finds them in memory as the others do.
  inventory(program.folder);
  const isLarge = size.files === 10_000;
  results.overhead.push({ size, ...inTurns(isLarge ? Math.min(runs, 2) : runs, ours(program)) });
  if (size.files === 1_000) {
    say('beside other plugins');
    results.peers = inTurns(runs, { 'parser only': () => lint(program, 'parser only'), 'two rules that do nothing': () => lint(program, 'two rules that do nothing'), 'secure-routes, cold': () => (cool(program), lint(program, 'secure-routes')), ...others(program) });
  }
  say('inventory');
  const growth = inTurns(runs, { cold: () => inventory(program.folder, '--no-cache'), warm: () => (inventory(program.folder), inventory(program.folder)) });
  results.growth.push({ size, ...growth });
  say('editor');
  const { stdout } = measure(path.join(import.meta.dirname, 'session.mjs'), [program.folder, '100', '100', '100'], program.folder);
  const { first, unrelated, opening, ...edits } = JSON.parse(stdout);
  results.session.push({ size, first, unrelated, opening, ...Object.fromEntries(Object.entries(edits).map(([name, times]) => [name, percentile(times, 0.95)])) });
  program.remove();
}

say('unrelated files');
const few = createProgram({ files: 500, routes: 100 });
const many = createProgram({ files: 4_500, routes: 100 });
// What was written within the last two seconds is read again by the next run; a checkout is older.
await setTimeout(3_000);
inventory(few.folder);
inventory(many.folder);
const warm = inTurns(runs + 2, { few: () => inventory(few.folder), many: () => inventory(many.folder) });
results.unrelated = ((warm.many.cpu - warm.few.cpu) / 4_000) * 1e6;
few.remove();
many.remove();

for (const name of values.projects === undefined ? [] : readdirSync(values.projects).sort()) {
  const folder = path.join(values.projects, name);
  if (!statSync(folder).isDirectory()) continue;
  say(name);
  const { cpu, wall, memory, stdout } = inventory(folder, '--no-cache');
  results.projects.push({ endpoints: JSON.parse(stdout).endpoints.length, cpu, wall, memory });
}

const page = path.resolve(import.meta.dirname, '../docs/performance.md');
writeFileSync(page, report(results));
say(`wrote ${path.relative(process.cwd(), page)}`);
