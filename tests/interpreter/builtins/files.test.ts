import { describe, expect, it } from 'vitest';
import { evaluate, evaluateBody, UNKNOWN } from './evaluate.ts';

const files = {
  'routes/items.js': 'module.exports = "items";',
  'routes/users.js': 'module.exports = "users";',
  'routes/admin/index.js': 'module.exports = "admin";',
  'config.json': '{ "prefix": "/api" }',
};

describe('the files of the project', () => {
  it.each([
    ["require('fs').readdirSync(__dirname + '/routes')", ['admin', 'items.js', 'users.js']],
    ["require('node:fs').readdirSync('./routes').filter((f) => f.endsWith('.js')).map((f) => require('./routes/' + f))", ['items', 'users']],
    ["require('fs').readdirSync(require('path').join(__dirname, 'routes'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name)", ['admin']],
    ["require('fs').readdirSync('routes', { recursive: true })", ['admin', 'admin/index.js', 'items.js', 'users.js']],
    ["require('fs').readdirSync('/etc')", UNKNOWN],
    ["require('fs').existsSync('routes/items.js')", true],
    ["require('fs').existsSync('routes/other.js')", false],
    ["require('fs').existsSync('dist')", UNKNOWN],
    ["require('fs').existsSync('dist/index.js')", UNKNOWN],
    ["require('fs').statSync('routes').isDirectory()", true],
    ["require('fs').lstatSync('routes/items.js').isFile()", true],
    ["require('fs').statSync('routes').size", UNKNOWN],
    ["JSON.parse(require('fs').readFileSync('config.json', 'utf8')).prefix", '/api'],
    ["JSON.parse(require('fs').readFileSync('config.json')).prefix", '/api'],
    ["require('fs').readFileSync('/etc/passwd')", UNKNOWN],
    ["require('fs').promises.readdir('routes')", { fulfilled: ['admin', 'items.js', 'users.js'] }],
    ["require('fs/promises').stat('routes').then((s) => s.isFile())", { fulfilled: false }],
    ["require('fs').writeFileSync('a', 'b')", undefined],
    ["require('module').createRequire('file:///project/main.js')('./routes/items')", 'items'],
    ["require('module').createRequire(__filename)('./routes/items')", 'items'],
  ])('%s', (expression, data) => {
    expect(evaluate(expression, { files }).data).toEqual(data);
  });

  it('reads with a callback', () => {
    const body = "require('fs').readdir('routes', (error, names) => { result = [error, names.length]; });";
    expect(evaluateBody(body, { files }).data).toEqual([null, 3]);
  });
});
