import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { name } from '../manifest.ts';

/** Where what is known about a root is kept: beside its packages, else in a temporary folder of the user. Undefined where neither can be had. */
export function cacheFolder(root: string): string | undefined {
  return besidePackages(root) ?? temporary();
}

function besidePackages(root: string): string | undefined {
  const packages = join(root, 'node_modules');
  try {
    if (!statSync(packages, { throwIfNoEntry: false })?.isDirectory()) return undefined;
    const folder = join(packages, '.cache', name);
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    // An installation that cannot be written to.
    return undefined;
  }
}

/** Others may write in the temporary folder of the system: a folder there is used only when it is the user's own and closed to them. */
function temporary(): string | undefined {
  try {
    const { uid, username } = userInfo();
    const folder = join(tmpdir(), `${name}-${uid === -1 ? username : uid}`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    if (!stats.isDirectory()) return undefined;
    return uid === -1 || (stats.uid === uid && (stats.mode & 0o022) === 0) ? folder : undefined;
  } catch {
    return undefined;
  }
}
