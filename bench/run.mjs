import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generate } from './generate.mjs';
import { variants } from './variants.mjs';

const repository = path.resolve(import.meta.dirname, '..');
const packages = path.join(import.meta.dirname, 'node_modules');

/** A generated program with its packages linked; `configs` holds a configuration file for each variant. */
export function createProgram(size) {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'secure-routes-bench-')));
  generate(folder, size);
  mkdirSync(path.join(folder, 'node_modules/@typescript-eslint'), { recursive: true });
  const link = (name, from) => symlinkSync(from, path.join(folder, 'node_modules', name));
  for (const name of ['@typescript-eslint/parser', 'eslint', 'eslint-plugin-ai-guard', 'eslint-plugin-fast-import', 'eslint-plugin-import-x', 'eslint-plugin-secure-coding']) link(name, path.join(packages, name));
  link('eslint-plugin-secure-routes', repository);
  Object.entries(variants).forEach(([, text], index) => writeFileSync(path.join(folder, `config${index}.mjs`), text));
  return { folder, size, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Forgets what the plugin kept on disk. */
export function cool({ folder }) {
  rmSync(path.join(folder, 'node_modules/.cache'), { recursive: true, force: true });
}

/** Runs a Node script; seconds of processor time and of the clock, and megabytes at the peak. */
export function measure(script, args, cwd) {
  // Not beside the code: it may be a checkout.
  const folder = mkdtempSync(path.join(tmpdir(), 'secure-routes-usage-'));
  const report = path.join(folder, 'usage.json');
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', path.join(import.meta.dirname, 'usage.cjs'), script, ...args], { cwd, encoding: 'utf8', maxBuffer: 1 << 29, env: { ...process.env, USAGE_REPORT: report } });
  const wall = (performance.now() - start) / 1_000;
  // 1: ESLint found something.
  if (status !== 0 && status !== 1) throw new Error(`${script} ${args.join(' ')}: ${stdout.slice(-2_000)}${stderr.slice(-2_000)}`);
  const { cpu, memory } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(folder, { recursive: true });
  return { cpu, wall, memory, stdout };
}

export function lint(program, variant) {
  const config = `config${Object.keys(variants).indexOf(variant)}.mjs`;
  return measure(path.join(packages, 'eslint/bin/eslint.js'), ['--config', config, '--format', 'json', '--output-file', 'node_modules/out.json', 'src'], program.folder);
}

export function inventory(folder, ...args) {
  return measure(path.join(repository, 'dist/cli/main.js'), ['--no-config', '--fail-on', 'none', '--format', 'json', ...args], folder);
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function percentile(values, share) {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(share * values.length) - 1)];
}
