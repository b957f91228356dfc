import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analysis.ts';
import { Project } from '../../src/project/project.ts';
import { readSettings } from '../../src/settings.ts';

function verdictOf(handler: string): string | undefined {
  const text = `const express = require('express');
const { Client } = require('some-database');
class Store extends Client {}
const store = new Store();
const app = express();
app.post('/', ${handler});`;
  return analyze(Project.alone('/project/app.js', text), readSettings(undefined, '/project')).endpoints[0]?.auth.status;
}

// Members of what cannot be read keep their names, whatever they were read from.
describe('a method that a class of the project has from a package', () => {
  it('stores what is absent, and gives something for it', () => {
    expect(verdictOf(`async (req, res) => {
      const order = await store.orders.create({ owner: req.headers['x-owner'], lines: req.body.lines });
      if (!order) return res.sendStatus(500);
      res.json(order);
    }`)).toBe('naked');
  });

  it('finds nothing for what is absent', () => {
    expect(verdictOf(`async (req, res) => {
      const account = await store.accounts.findByToken(req.headers['x-token']);
      if (!account) return res.sendStatus(401);
      res.json(account);
    }`)).toBe('guarded');
  });
});
