import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ESLint as ESLintClass } from 'eslint';
import { SETTINGS_KEY } from '../settings.ts';

/** What the ESLint configuration of a folder says about this plugin. */
export interface ConfiguredSettings {
  /** The value of `settings['secure-routes']`, unchecked. */
  readonly value: unknown;
  /** The folder of the configuration file, which relative paths in it are relative to. */
  readonly folder: string;
}

/** Files that a configuration may speak about; none of them needs to exist. */
const probes: readonly string[] = ['index.js', 'index.ts', 'src/index.js', 'src/index.ts', 'index.mjs', 'index.cjs'];

/**
 * Reads the settings from the flat configuration that holds for `folder` (absolute). This loads, and so runs, the configuration
 * file; nothing else of the user's program ever runs.
 *
 * @throws whatever ESLint throws where there is no configuration or it cannot be loaded
 */
export async function readConfiguredSettings(folder: string): Promise<ConfiguredSettings> {
  const ESLint = await importESLint(folder);
  const eslint = new ESLint({ cwd: folder });
  for (const probe of probes) {
    const file = join(folder, probe);
    const config = (await eslint.calculateConfigForFile(file)) as { settings?: Record<string, unknown> } | undefined;
    const value = config?.settings?.[SETTINGS_KEY];
    if (value === undefined) continue;
    const configFile = await eslint.findConfigFile(file);
    return { value, folder: configFile === undefined ? folder : dirname(configFile) };
  }
  return { value: undefined, folder };
}

/** The project's own ESLint, because its configuration was written for that one; else the one beside this package. */
async function importESLint(folder: string): Promise<typeof ESLintClass> {
  try {
    const path = createRequire(join(folder, 'package.json')).resolve('eslint');
    const own = (await import(pathToFileURL(path).href)) as typeof import('eslint');
    // ESLint 8 may be set to the old configuration format, which cannot hold this plugin.
    if (own.ESLint.configType === 'flat') return own.ESLint;
  } catch {
    // Not installed there.
  }
  return (await import('eslint')).ESLint;
}
