import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { filesStarted } from '../../../src/frameworks/fastify/command.ts';
import { analyzeFolder } from '../../analyze-folder.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function verdictsOf(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'command-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return analyzeFolder(folder).endpoints.map(({ methods, path: url, auth, mounted }) => `${methods.join()} ${url} ${auth.status}${mounted ? '' : ' unmounted'}`).sort();
}

const manifest = (script: string): string => JSON.stringify({ name: 'shop', main: 'app.js', scripts: { start: script }, dependencies: { fastify: '^5.0.0' } });

describe('a program that fastify-cli starts', () => {
  it('has the routes of the plugin that its file exports, with what autoload finds', () => {
    expect(verdictsOf({
      'package.json': manifest('fastify start -l info app.js'),
      'app.js': `
        const path = require('node:path');
        const AutoLoad = require('@fastify/autoload');
        module.exports = async function (fastify, opts) {
          fastify.register(AutoLoad, { dir: path.join(__dirname, 'plugins'), options: Object.assign({}, opts) });
          fastify.register(AutoLoad, { dir: path.join(__dirname, 'routes'), options: Object.assign({}, opts) });
        };
        module.exports.options = {};`,
      'plugins/check.js': `
        const fp = require('fastify-plugin');
        module.exports = fp(async (fastify) => {
          fastify.decorate('check', async (request, reply) => {
            if (!request.headers.authorization) return reply.code(401).send();
          });
        });`,
      'routes/root.js': `module.exports = async (fastify) => { fastify.get('/', async () => ({ root: true })); };`,
      'routes/orders/index.js': `module.exports = async (fastify) => { fastify.get('/', { onRequest: fastify.check }, async () => []); };`,
    })).toEqual(['GET / naked', 'GET /orders guarded']);
  });

  it('may name no package of Fastify at all', () => {
    expect(verdictsOf({
      'package.json': manifest('fastify start app.js --prefix /v1'),
      'app.js': `module.exports = async (app) => { app.get('/items', async () => []); };`,
    })).toEqual(['GET /v1/items naked']);
  });

  it('is the source of what is built', () => {
    expect(verdictsOf({
      'package.json': manifest('npm run build:ts && fastify start -l info dist/app.js'),
      'src/app.ts': `export default async function app(fastify: any): Promise<void> { fastify.get('/items', async () => []); }`,
    })).toEqual(['GET /items naked']);
  });

  it('finds its folders with desm', () => {
    expect(verdictsOf({
      'package.json': JSON.stringify({ ...JSON.parse(manifest('fastify start app.js')) as object, type: 'module' }),
      'app.js': `
        import AutoLoad from '@fastify/autoload';
        import { join } from 'desm';
        export default async function (fastify) {
          await fastify.register(AutoLoad, { dir: join(import.meta.url, 'routes') });
        }`,
      'routes/items.js': `export default async (fastify) => { fastify.get('/items', async () => []); };`,
    })).toEqual(['GET /items naked']);
  });
});

describe('the command in a script', () => {
  it.each([
    ['fastify start app.js', ['app.js']],
    ['fastify start -w -l info -P ./src/app.js', ['src/app.js']],
    ['concurrently -k "npm:watch:ts" "fastify start -w dist/app.js"', ['dist/app.js']],
    ['fastify start -r ./tracing.js app.mjs --options', ['app.mjs']],
    ['node_modules/.bin/fastify start app.js', ['app.js']],
    ['fastify generate app.js', []],
    ['node server.js', []],
  ])('%s', (script, files) => {
    expect(filesStarted(script).map(({ file }) => file)).toEqual(files);
  });

  it.each(['-x /v1', '--prefix /v1', '--prefix=/v1'])('gives a prefix: %s', (option) => {
    expect(filesStarted(`fastify start ${option} app.js`)).toEqual([{ file: 'app.js', prefix: '/v1' }]);
  });
});

describe('a log-in by a provider', () => {
  it('is what the exchange of a code is', () => {
    expect(verdictsOf({
      'package.json': manifest('fastify start app.js'),
      'app.js': `
        const oauth = require('@fastify/oauth2');
        module.exports = async (app) => {
          await app.register(oauth, { name: 'github', callbackUri: 'https://example.org/callback' });
          app.get('/callback', async function (request, reply) {
            const token = await this.github.getAccessTokenFromAuthorizationCodeFlow(request);
            reply.setCookie('session', token.access_token);
            return reply.redirect('/');
          });
        };`,
    })).toEqual(['GET /callback naked']);
  });
});
