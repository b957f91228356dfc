import { createRequire } from 'node:module';

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** Name and version from the package's own package.json, which lies one folder above both `src` and `dist`. */
export const { name, version } = createRequire(import.meta.url)('../package.json') as Manifest;
