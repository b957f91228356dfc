import { expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

/** A handler with eight checks of the body, each behind three choices that decide nothing. */
function longForm(end: string): string {
  const levels = Array.from({ length: 8 }, (_, level) => `
    const a${level} = req.body.a${level} || fallback();
    const b${level} = req.body.b${level} || fallback();
    const c${level} = req.body.c${level} || fallback();
    if (req.body.given${level}) { values.push(a${level}, b${level}, c${level}); } else return res.status(400).json({ missing: ${level} });`);
  return `
    const express = require('express');
    const fallback = () => process.env.FALLBACK;
    const app = express();
    app.post('/form', (req, res) => { const values = []; ${levels.join('')} ${end} });`;
}

function verdict(end: string): string | undefined {
  return analyze(Project.alone('/project/app.js', longForm(end)), readSettings(undefined, '/project')).endpoints[0]?.auth.status;
}

it('gets to the end of a handler with more ways through it than are tried', () => {
  expect(verdict('res.json({ values });')).toBe('naked');
});

it('sees a check at the end of it', () => {
  expect(verdict(`if (!req.headers.authorization) return res.sendStatus(401); res.json({ values });`)).not.toBe('naked');
});
