#!/usr/bin/env node
import { analyzeFolder } from './inventory.ts';
import { readConfiguredSettings } from './eslint-settings.ts';
import { run } from './run.ts';
import { createWriter } from './writer.ts';

// The exit code is set, not forced: the process ends when everything is written.
process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  analyzeFolder,
  readConfiguredSettings,
  print: createWriter(process.stdout),
  warn: createWriter(process.stderr),
});
