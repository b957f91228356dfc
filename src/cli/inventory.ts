import { createAnalyses } from '../cache/analyses.ts';
import { openStore } from '../cache/open-store.ts';
import { analyze } from '../load-analysis.ts';
import type { Analysis, Settings } from '../model.ts';
import { createDisk } from '../project/disk.ts';
import { createParse } from '../project/parse.ts';
import { isInside, relativePath } from '../project/paths.ts';
import { findRoot, resolveRoot } from '../project/root.ts';

export interface FolderOptions {
  readonly useCache: boolean;
  /** Told of each file that is about to be parsed. */
  readonly onFile?: () => void;
}

/**
 * What is known about the endpoints in a folder (absolute path). The program is that of the folder's root, as for the rules, so
 * that a part of a workspace gets the same verdicts as the whole; only the folder's endpoints are kept.
 */
export function analyzeFolder(folder: string, settings: Settings, { useCache, onFile }: FolderOptions): Analysis {
  const disk = createDisk();
  const realFolder = disk.realPath(folder) ?? folder;
  const root = settings.root === undefined ? findRoot(disk, realFolder) : resolveRoot(disk, settings.root, folder);
  const parse = createParse();
  const analyses = createAnalyses(analyze, {
    store: useCache ? openStore() : undefined,
    parse(file, text) {
      onFile?.();
      return parse(file, text);
    },
  });
  const analysis = analyses.forRoot(root, settings);
  // The root may also lie below the folder: `root: 'packages/api'`.
  if (!isInside(root, realFolder)) return analysis;
  const prefix = relativePath(root, realFolder);
  if (prefix === '') return analysis;
  return { ...analysis, endpoints: analysis.endpoints.filter(({ file }) => file.startsWith(`${prefix}/`)) };
}
