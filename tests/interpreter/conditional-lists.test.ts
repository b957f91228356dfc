import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

function pathsOf(text: string): string[] {
  const whole = `const express = require('express');\nconst { isOn } = require('some-flags');\nconst app = express();\nconst answer = (req, res) => res.json({ ok: true });\n${text}`;
  return analyze(Project.alone('/project/app.js', whole), readSettings(undefined, '/project')).endpoints.map((e) => e.path).sort();
}

const NAMES = Array.from({ length: 9 }, (_, index) => `/p${String(index).padStart(2, '0')}`);

describe('a list that is added to under one decision after the other', () => {
  it('holds each element once', () => {
    const adds = NAMES.map((name) => `if (isOn('${name}')) paths = [...paths, '${name}'];`).join('\n');
    expect(pathsOf(`let paths = ['/always'];\n${adds}\nfor (const path of paths) app.get(path, answer);`)).toEqual(['/always', ...NAMES]);
  });

  it('holds each element once, where sets keep it so', () => {
    const adds = NAMES.map((name) => `add('${name}');`).join('\n');
    expect(pathsOf(`let paths = [];\nfunction add(path) { if (isOn(path)) paths = [...new Set([...paths, path])]; }\n${adds}\nfor (const path of paths) app.get(path, answer);`)).toEqual(NAMES);
  });

  it('holds what either branch adds', () => {
    expect(pathsOf(`let paths = ['/always'];
if (isOn('a')) paths = [...paths, '/a']; else paths = [...paths, '/b'];
if (isOn('c')) paths = [...paths, '/c'];
for (const path of paths) app.get(path, answer);`)).toEqual(['/a', '/always', '/b', '/c']);
  });
});
