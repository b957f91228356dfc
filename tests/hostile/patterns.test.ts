import { describe, expect, test } from 'vitest';
import { analyzeProgram, verdictsBeside } from './program.ts';

const HANDLER = '(req, res) => res.json([])';
const LONG = `${'a'.repeat(40)}!`;
const EXPLOSIVE = ['(a+)+$', '(a|a)*$', '(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*)*x(.*)*y$', '^(?=(a+)+b)a', '(\\w+\\s?)*$', '(a*)*b', '((a+)*)*c', '(?:a?){40}a{40}$'];

describe('expressions that take for ever', () => {
  test.each(EXPLOSIVE)('as a route: %s', (source) => {
    verdictsBeside(analyzeProgram(`app.get(/${source}/, ${HANDLER});\napp.get('/${LONG}', ${HANDLER});`));
  });

  test.each(EXPLOSIVE)('in front of everything: %s', (source) => {
    const verdicts = verdictsBeside(analyzeProgram(`app.use(/^\\/x${source}/, (req, res, next) => next());\napp.get('/x${LONG}', ${HANDLER});`));
    expect(Object.keys(verdicts)).toEqual([`GET /x${LONG}`]);
  });

  test.each(EXPLOSIVE)('in a guard: %s', (source) => {
    const analysis = analyzeProgram(`app.get('/${LONG}', (req, res, next) => (/${source}/.test(req.path) || '${LONG}'.match(/${source}/g) || '${LONG}'.replace(/${source}/, '') || '${LONG}'.split(/${source}/) ? next() : res.sendStatus(404)), ${HANDLER});`);
    expect(Object.keys(verdictsBeside(analysis))).toEqual([`GET /${LONG}`]);
  });

  test.each(EXPLOSIVE)('in registration code: %s', (source) => {
    verdictsBeside(analyzeProgram(`const found = new RegExp('${source.replaceAll('\\', '\\\\')}').exec('${LONG}');\nif (found) app.get('/found', ${HANDLER});`));
  });

  test.each(['/:a(a+)+', '/((a+)+)', '/:x*/:y*/:z*', '/(.*)(.*)(.*)(.*)(.*)x', '/p/:a?/:b?/:c?/:d?/:e?/:f?/:g?/:h?'])('as a path of Express 4: %s', (path) => {
    const analysis = analyzeProgram(`app.get('${path}', ${HANDLER});\napp.get('/${LONG}', ${HANDLER});`, {
      'package.json': JSON.stringify({ main: 'server.js', dependencies: { express: '^4.18.0' } }),
    });
    expect(Object.keys(verdictsBeside(analysis))).toHaveLength(2);
  });
});

describe('paths that are none', () => {
  test.each(["'('", "'/:'", "'/**/*('", "'{'", "''", "'no-slash'", '/(/', 'null', 'undefined', '42', '[]', "[['/nested'], ['/deeper', ['/still']]]", 'Symbol()', "'/\\u0000'", "'/%'", "'/%E0%A4%A'", "'/' + 'x'.repeat(100000)", "'/:a'.repeat(2000)", "'{/a}'.repeat(30)"])('%s', (path) => {
    const hasSyntaxError = path === '/(/';
    verdictsBeside(analyzeProgram(`app.get(${hasSyntaxError ? "new RegExp('(')" : path}, ${HANDLER});\napp.use(${hasSyntaxError ? "new RegExp('(')" : path}, (req, res, next) => next());`));
  });
});
