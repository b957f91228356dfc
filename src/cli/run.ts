import { resolve } from 'node:path';
import { name, version } from '../manifest.ts';
import type { Analysis, Settings } from '../model.ts';
import { createDisk } from '../project/disk.ts';
import { readSettings, SettingsError } from '../settings.ts';
import { help, parseCommandLine, UsageError, type CommandLine, type FailOn, type Format } from './command-line.ts';
import type { ConfiguredSettings } from './eslint-settings.ts';
import { formatJson } from './json.ts';
import { formatTable } from './table.ts';

export interface Surroundings {
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** Judges the program in a folder (absolute path). */
  readonly analyzeFolder: (folder: string, settings: Settings, options: Pick<CommandLine, 'useCache'>) => Analysis;
  readonly readConfiguredSettings: (folder: string) => Promise<ConfiguredSettings>;
  /** Settles when all of the text is handed over, however much it is. */
  readonly print: (text: string) => Promise<void>;
  readonly warn: (text: string) => Promise<void>;
}

type ExitCode = 0 | 1 | 2;

const formatters: Readonly<Record<Format, (analysis: Analysis) => string>> = {
  table: formatTable,
  json: formatJson,
};

/** The whole command: prints the inventory, and gives the exit code once everything is printed. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  try {
    const commandLine = parseCommandLine(args);
    switch (commandLine.asksFor) {
      case 'help':
        await surroundings.print(help);
        return 0;
      case 'version':
        await surroundings.print(`${version}\n`);
        return 0;
      case 'inventory':
        return await printInventory(commandLine, surroundings);
    }
  } catch (error) {
    await surroundings.warn(`${name}: ${describeError(error)}\n`);
    return 2;
  }
}

async function printInventory(commandLine: CommandLine, surroundings: Surroundings): Promise<ExitCode> {
  const folder = resolve(surroundings.cwd, commandLine.folder);
  if (createDisk().stat(folder).kind !== 'folder') {
    throw new UsageError(`"${commandLine.folder}" is no folder.`);
  }
  const configured = commandLine.useConfig ? await configuredSettings(folder, surroundings) : undefined;
  const settings = readSettings(configured?.value, configured?.folder ?? folder);
  const analysis = surroundings.analyzeFolder(folder, settings, commandLine);
  for (const { file, reason } of analysis.notes) await surroundings.warn(`${name}: ${file}: ${reason}\n`);
  await surroundings.print(formatters[commandLine.format](analysis));
  return fails(analysis, commandLine.failOn) ? 1 : 0;
}

function describeError(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nTry "npx ${name} --help".`;
  if (error instanceof SettingsError) return error.message;
  // A bug of ours must not look like the exit code for open endpoints.
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Undefined, with a warning, where the configuration cannot be had: the inventory is still worth printing. */
async function configuredSettings(
  folder: string,
  { readConfiguredSettings, warn }: Surroundings,
): Promise<ConfiguredSettings | undefined> {
  try {
    return await readConfiguredSettings(folder);
  } catch (error) {
    const [firstLine] = (error instanceof Error ? error.message : String(error)).split('\n');
    await warn(`${name}: no settings were read from an ESLint configuration, so the defaults hold: ${firstLine}\n`);
    return undefined;
  }
}

function fails({ endpoints }: Analysis, failOn: FailOn): boolean {
  return endpoints.some(
    ({ kind, mounted, auth, rateLimit }) =>
      mounted &&
      // Patterns are for other services: the rules report them where an option asks for it.
      kind !== 'message' &&
      ((auth.status === 'naked' && (failOn === 'auth' || failOn === 'any')) ||
        (rateLimit.status === 'naked' && (failOn === 'rate-limit' || failOn === 'any'))),
  );
}
