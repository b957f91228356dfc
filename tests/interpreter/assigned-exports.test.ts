import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { analyzeFolder } from '../analyze-folder.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function pathsOf(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'assigned-exports-'));
  folders.push(folder);
  for (const [name, text] of Object.entries({ 'package.json': '{ "dependencies": { "express": "^5.0.0" } }', ...files })) writeFileSync(path.join(folder, name), text);
  return analyzeFolder(folder).endpoints.map((endpoint) => `${endpoint.path} ${endpoint.mounted}`);
}

const app = 'const express = require("express"); const app = express(); app.use("/users", require("./users")); app.listen(3000);';
const router = 'const router = express.Router(); router.get("/all", (req, res) => { res.json([]); });';

describe('modules of TypeScript that import and assign module.exports', () => {
  it('give what they assign', () => {
    expect(pathsOf({ 'app.js': app, 'users.ts': `import express from 'express'; ${router} module.exports = router;` })).toEqual(['/users/all true']);
  });

  it('give it as well where they export types', () => {
    expect(pathsOf({ 'app.js': app, 'users.ts': `import express from 'express'; export type User = { id: number }; ${router} module.exports = router;` })).toEqual(['/users/all true']);
  });

  it('give what they export by default to an import', () => {
    expect(pathsOf({ 'app.ts': 'import express from "express"; import users from "./users"; const app = express(); app.use("/users", users); app.listen(3000);', 'users.ts': `import express from 'express'; ${router} export default router;` })).toEqual(['/users/all true']);
  });
});
