import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Linter } from 'eslint';

const repository = path.resolve(import.meta.dirname, '../..');

/** ESLint 9 is installed under another name. */
export const eslintVersions = { 'ESLint 9': 'eslint9', 'ESLint 10': 'eslint' } as const;
export type InstalledESLint = (typeof eslintVersions)[keyof typeof eslintVersions];

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface LintedFile {
  readonly filePath: string;
  readonly messages: readonly Linter.LintMessage[];
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A project outside of this repository, in which this package (as built) and an ESLint are installed. */
export interface Sandbox extends Disposable {
  /** Absolute path. */
  readonly folder: string;
  write(file: string, text: string): void;
  read(file: string): string;
  /** Links a package that is installed in this repository. */
  install(name: string): void;
  /** Runs ESLint's own command line. */
  eslint(args: readonly string[], options?: RunOptions): Outcome;
  /** What ESLint reports, by file relative to the project, as `line:column rule severity`. */
  lint(args?: readonly string[], options?: RunOptions): Record<string, string[]>;
  /** Runs the command line of this package. */
  inventory(args: readonly string[], options?: RunOptions): Outcome;
  /** Runs a tool that is installed in this repository: `oxlint/bin/oxlint`. */
  tool(script: string, args: readonly string[], options?: RunOptions): Outcome;
  /** Runs Git, and throws where it fails. */
  git(...args: readonly string[]): void;
  /** Runs something with `env` to count with, and gives the texts that this package parsed meanwhile, in any of its processes and threads. */
  parsedBy(work: (env: Readonly<Record<string, string>>) => void): readonly string[];
}

export function createSandbox(files: Readonly<Record<string, string>>, eslint: InstalledESLint = 'eslint'): Sandbox {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'secure-routes-')));
  const install = (name: string, from = path.join(repository, 'node_modules', name)) => {
    const target = path.join(folder, 'node_modules', name);
    mkdirSync(path.dirname(target), { recursive: true });
    symlinkSync(from, target, 'junction');
  };
  install('eslint-plugin-secure-routes', repository);
  install('eslint', path.join(repository, 'node_modules', eslint));
  install('typescript-eslint');

  const execute = (script: string, args: readonly string[], { cwd = folder, input, env }: RunOptions = {}): Outcome => {
    const { status, stdout, stderr, error } = spawnSync(process.execPath, [script, ...args], {
      cwd,
      env: { ...process.env, ...env },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      ...(input !== undefined && { input }),
    });
    if (error) throw error;
    return { code: status, stdout, stderr };
  };

  const sandbox: Sandbox = {
    folder,
    install: (name) => install(name),
    write(file, text) {
      const target = path.join(folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    },
    read: (file) => readFileSync(path.join(folder, file), 'utf8'),
    eslint: (args, options) =>
      execute(path.join(folder, 'node_modules/eslint/bin/eslint.js'), args, options),
    lint(args = ['.'], options) {
      const { stdout, stderr } = sandbox.eslint(['--format', 'json', ...args], options);
      if (!stdout.startsWith('[')) throw new Error(`ESLint could not lint: ${stdout}${stderr}`);
      const linted = JSON.parse(stdout) as readonly LintedFile[];
      return Object.fromEntries(
        linted
          .filter(({ messages }) => messages.length > 0)
          .map(({ filePath, messages }) => [
            path.relative(folder, filePath).replaceAll('\\', '/'),
            messages.map(
              ({ line, column, ruleId, severity, message }) =>
                `${line}:${column} ${ruleId ?? message} ${severity === 2 ? 'error' : 'warning'}`,
            ),
          ]),
      );
    },
    inventory: (args, options) => execute(path.join(repository, 'dist/cli/main.js'), args, options),
    tool: (script, args, options) => execute(path.join(repository, 'node_modules', script), args, options),
    git(...args) {
      const { status, stderr } = spawnSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd: folder, encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    },
    parsedBy(work) {
      const log = path.join(folder, 'node_modules/parsed.log');
      writeFileSync(log, '');
      work({ NODE_OPTIONS: `--require ${path.join(import.meta.dirname, 'count-parses.cjs')}`, PARSED_LOG: log });
      return readFileSync(log, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as string);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
  for (const [file, text] of Object.entries(files)) sandbox.write(file, text);
  return sandbox;
}

/** The code blocks of the README that start with `// name`, by that name, in order. */
export function readmeBlocks(name: string): readonly string[] {
  const readme = readFileSync(path.join(repository, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```\w+\n([^]*?)^```$/gm)]
    .map(([, block = '']) => block)
    .filter((block) => block.startsWith(`// ${name}\n`));
}
