import { readFileSync } from 'node:fs';

/**
 * Tells builds of this package apart, also those of one version. Written beside this file by the build; undefined where the
 * sources run as they are, of which nothing says whether they changed.
 */
export function readBuildId(): string | undefined {
  try {
    return readFileSync(new URL('build-id', import.meta.url), 'utf8');
  } catch {
    return undefined;
  }
}
