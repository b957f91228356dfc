import { dirname, join } from 'node:path';
import type { Loader } from '../interpreter/modules/loader.ts';

/** Version range of a package in the nearest package.json above `file` that names it; undefined where none does. */
export function declaredVersion(loader: Loader, packageName: string, file: string): string | undefined {
  for (let folder = dirname(file); folder.startsWith(loader.root); folder = dirname(folder)) {
    const range = rangeIn(loader.readText(join(folder, 'package.json')), packageName);
    if (range !== undefined) return range;
    if (folder === loader.root) break;
  }
  return undefined;
}

function rangeIn(text: string | undefined, packageName: string): string | undefined {
  if (text === undefined) return undefined;
  try {
    const manifest = JSON.parse(text) as Record<string, Record<string, unknown> | undefined>;
    for (const field of ['dependencies', 'peerDependencies', 'devDependencies']) {
      const range = manifest[field]?.[packageName];
      if (typeof range === 'string') return range;
    }
  } catch {
    return undefined;
  }
  return undefined;
}

/** The lowest major of a version range; undefined for tags and addresses. */
export function majorOf(range: string | undefined): number | undefined {
  const digits = /(\d+)/.exec(range?.replace(/^npm:[^@]*@/, '') ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
