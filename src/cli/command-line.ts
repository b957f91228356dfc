import { parseArgs } from 'node:util';

export const formats = ['table', 'json'] as const;
export type Format = (typeof formats)[number];

export const failOnChoices = ['auth', 'rate-limit', 'any', 'none'] as const;
export type FailOn = (typeof failOnChoices)[number];

export interface CommandLine {
  /** As written; relative to the working directory. */
  readonly folder: string;
  readonly format: Format;
  readonly failOn: FailOn;
  readonly useConfig: boolean;
  readonly useCache: boolean;
  readonly asksFor: 'inventory' | 'help' | 'version';
}

/** The command line cannot be followed; the message says which argument and what would do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const help = `Usage: npx eslint-plugin-secure-routes [folder] [options]

Prints every API endpoint of the program in the folder (default: the working directory),
and what protects it: authentication and rate limiting.

Options:
  --format table|json                 How to print (default: table)
  --fail-on auth|rate-limit|any|none  Exit with 1 if a mounted endpoint lacks this protection (default: auth)
  --no-config                         Do not read settings from the folder's ESLint configuration
  --no-cache                          Neither use nor keep what earlier runs found out
  --help                              Print this text
  --version                           Print the version

Exit codes:
  0  nothing to report
  1  endpoints lack the protection of --fail-on
  2  the arguments or the settings are wrong, or this program failed
`;

/** @throws {UsageError} */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const [folder = '.', ...more] = positionals;
  if (more.length > 0) throw new UsageError(`Only one folder can be given, but there are ${positionals.length}.`);
  return {
    folder,
    format: oneOf(formats, values.format, '--format'),
    failOn: oneOf(failOnChoices, values['fail-on'], '--fail-on'),
    useConfig: !values['no-config'],
    useCache: !values['no-cache'],
    asksFor: values.help ? 'help' : values.version ? 'version' : 'inventory',
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: 'string', default: 'table' },
        'fail-on': { type: 'string', default: 'auth' },
        'no-config': { type: 'boolean', default: false },
        'no-cache': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', short: 'v', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function oneOf<T extends string>(choices: readonly T[], value: string, option: string): T {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) {
    throw new UsageError(`${option} must be one of ${choices.join(', ')}, but it is "${value}".`);
  }
  return choice;
}
