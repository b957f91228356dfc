import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import { asObject, asString, parseJsonc } from './jsonc.ts';
import { isInside } from './paths.ts';

export const MAX_JSON_BYTES = 1_000_000;

/** What is used of a package.json. A field of the wrong type is as if it were not there. */
export interface Manifest {
  readonly folder: string;
  readonly name: string | undefined;
  /** In the order of preference for source code. */
  readonly mains: readonly string[];
  readonly exports: unknown;
  readonly imports: unknown;
  readonly moduleAliases: Readonly<Record<string, unknown>>;
  /** Name to version range, of all kinds of dependencies. */
  readonly dependencies: Readonly<Record<string, unknown>>;
  readonly declaresWorkspaces: boolean;
}

export interface Manifests {
  /** The package.json of exactly that folder; undefined where there is none or it is broken. */
  in(folder: string): Manifest | undefined;
  /** The nearest one from the folder upward, not above the root. */
  nearest(folder: string): Manifest | undefined;
}

/** Broken manifests are told to `onBroken`, once each. */
export function createManifests(disk: Disk, root: string, onBroken: (file: string, reason: string) => void): Manifests {
  const found = new Map<string, Manifest | undefined>();
  const manifests: Manifests = {
    in(folder) {
      if (!found.has(folder)) {
        const read = readManifest(disk, folder);
        if (read !== undefined && 'reason' in read) onBroken(join(folder, 'package.json'), read.reason);
        found.set(folder, read !== undefined && 'folder' in read ? read : undefined);
      }
      return found.get(folder);
    },
    nearest(folder) {
      for (let current = folder; isInside(root, current); current = dirname(current)) {
        const manifest = manifests.in(current);
        if (manifest !== undefined) return manifest;
        if (current === root) break;
      }
      return undefined;
    },
  };
  return manifests;
}

/** Undefined where there is no package.json; a reason where it cannot be used. */
export function readManifest(disk: Disk, folder: string): Manifest | { readonly reason: string } | undefined {
  const file = join(folder, 'package.json');
  if (disk.stat(file).kind !== 'file') return undefined;
  const read = disk.read(file, MAX_JSON_BYTES);
  if ('reason' in read) return read;
  let json: unknown;
  try {
    json = parseJsonc(read.text);
  } catch (error) {
    return { reason: `is not valid JSON: ${(error as Error).message}` };
  }
  const fields = asObject(json);
  if (fields === undefined) return { reason: 'is not a JSON object' };
  return {
    folder,
    name: asString(fields.name),
    mains: [fields.source, fields.main, fields.module].flatMap((main) => asString(main) ?? []),
    exports: fields.exports,
    imports: fields.imports,
    moduleAliases: asObject(fields._moduleAliases) ?? {},
    dependencies: {
      ...asObject(fields.peerDependencies),
      ...asObject(fields.optionalDependencies),
      ...asObject(fields.devDependencies),
      ...asObject(fields.dependencies),
    },
    declaresWorkspaces: fields.workspaces !== undefined && fields.workspaces !== false,
  };
}

/** Name to folder of the packages in a workspace; of two with one name, the one nearer to the top. */
export function packageFolders(files: readonly string[], manifests: Manifests): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const file of [...files].sort((a, b) => a.split('/').length - b.split('/').length)) {
    const manifest = manifests.in(dirname(file));
    if (manifest?.name !== undefined && !folders.has(manifest.name)) folders.set(manifest.name, manifest.folder);
  }
  return folders;
}
