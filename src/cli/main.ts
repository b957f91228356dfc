#!/usr/bin/env node
import { analyzeFolder } from './inventory.ts';
import { readConfiguredSettings } from './eslint-settings.ts';
import { createProgress } from './progress.ts';
import { run } from './run.ts';
import { createWriter } from './writer.ts';

const progress = process.stderr.isTTY ? createProgress((text) => process.stderr.write(text)) : undefined;

// The exit code is set, not forced: the process ends when everything is written.
process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  analyzeFolder(folder, settings, { useCache }) {
    const analysis = analyzeFolder(folder, settings, { useCache, ...(progress && { onFile: progress.file }) });
    progress?.end();
    return analysis;
  },
  readConfiguredSettings,
  print: createWriter(process.stdout),
  warn: createWriter(process.stderr),
});
