import { analyzeFolder } from '../analyze-folder.ts';
import type { Analysis } from '../../src/model.ts';
import { temporaryFolder } from '../project/temporary.ts';

/** Stands in each program beside what is hostile, and is judged as if it stood alone. */
const SOUND_ROUTES = `
app.get('/open', (req, res) => res.json([]));
app.get('/closed', (req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401)), (req, res) => res.json([]));
`;

const SOUND_VERDICTS = { 'GET /open': 'naked', 'GET /closed': 'guarded' } as const;

type Files = Readonly<Record<string, string | Buffer>>;

/** An Express program of one file with sound routes at its end. */
export function serverWith(code: string): string {
  return `const express = require('express');\nconst app = express();\n${code}\n${SOUND_ROUTES}\napp.listen(3000);\n`;
}

/** A folder with that program, and more files beside it. */
export function programFolder(code: string, files: Files = {}): string {
  return temporaryFolder({ 'package.json': JSON.stringify({ name: 'program', main: 'server.js' }), 'server.js': serverWith(code), ...files });
}

/** Analyses an Express program with hostile code in front of sound routes. */
export function analyzeProgram(code: string, files: Files = {}): Analysis {
  return analyzeFolder(programFolder(code, files));
}

/** Each endpoint's verdict about authentication, by `METHOD /path`, without those of the sound routes; throws where these are not right. */
export function verdictsBeside(analysis: Analysis): Readonly<Record<string, string>> {
  const verdicts: Record<string, string> = {};
  for (const { methods, path, auth } of analysis.endpoints) verdicts[`${methods.join()} ${path}`] = auth.status;
  for (const [endpoint, status] of Object.entries(SOUND_VERDICTS)) {
    if (verdicts[endpoint] !== status) throw new Error(`${endpoint} is ${verdicts[endpoint] ?? 'lost'}, not ${status}`);
    delete verdicts[endpoint];
  }
  return verdicts;
}

/** What `Analysis.notes` says about a file: once. */
export function noteOn(analysis: Analysis, file: string): string | undefined {
  const reasons = analysis.notes.filter((note) => note.file === file).map(({ reason }) => reason);
  if (new Set(reasons).size < reasons.length) throw new Error(`${file} is noted twice: ${reasons.join()}`);
  return reasons[0];
}
