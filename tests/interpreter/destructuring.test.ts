import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

function pathsOf(text: string): string[] {
  const whole = `const express = require('express');\nconst app = express();\nconst answer = (req, res) => res.json({ ok: true });\n${text}`;
  return analyze(Project.alone('/project/app.js', whole), readSettings(undefined, '/project')).endpoints.map((e) => e.path).sort();
}

describe('a list that is one of several', () => {
  it('is taken apart by itself', () => {
    expect(pathsOf(`const [prefix, name] = process.env.FLAT ? ['/', 'flat'] : ['/a/', 'deep']; app.get(prefix + name, answer);`)).toEqual(['/a/deep', '/flat']);
  });

  it('leaves the rest of each', () => {
    expect(pathsOf(`const [prefix, ...names] = process.env.FLAT ? ['/', 'flat'] : ['/a/', 'deep', 'deeper']; for (const name of names) app.get(prefix + name, answer);`)).toEqual(['/a/deep', '/a/deeper', '/flat']);
  });
});
