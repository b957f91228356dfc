import { realpathSync } from 'node:fs';
import { analyze } from '../src/analysis.ts';
import type { Analysis } from '../src/model.ts';
import { Project } from '../src/project/project.ts';
import { readSettings } from '../src/settings.ts';

/** Analyses the folder as a program of its own, with the default settings. */
export function analyzeFolder(folder: string): Analysis {
  const root = realpathSync(folder);
  const settings = readSettings(undefined, root);
  return analyze(new Project({ root, ignore: settings.ignore }), settings);
}
