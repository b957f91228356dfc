import { describe, expect, it } from 'vitest';
import { ABSENT, CLIENT, SECRET } from '../../../src/interpreter/labels.ts';
import { evaluate, evaluateBody, labelsIn, UNKNOWN } from './evaluate.ts';

describe('what follows from an absent credential stays absent', () => {
  it.each([
    ["(absent || '').replace('Bearer ', '')", ''],
    ["absentText.split(' ')", ['']],
    ["absentText.split(' ')[0]", ''],
    ["absentText.split(' ')[1]", undefined],
    ["absentText.split(' ').length", 1],
    ["/^Bearer /.test(absentText)", false],
    ["absentText.match(/Bearer (.*)/)", null],
    ["absentText.startsWith('Bearer ')", false],
    ["['a', 'b'].includes(absent)", false],
    ["['a', 'b'].indexOf(absentText)", -1],
    ["new Map().get(absent)", undefined],
    ["new Set(['a']).has(absent)", false],
    ["Object.keys(absentText.split('x')).length", 1],
    ["absentText.split('').map((c) => c).length", 0],
    ["absentText.split('').some((c) => c === 'a')", false],
    ["['admin'].some((role) => absentText.split(',').includes(role))", false],
    ["absentText.split(',').filter(Boolean).length", 0],
    ["absentText.split(',').join('')", ''],
    ["Number(absent)", Number.NaN],
    ["parseInt(absentText, 10)", Number.NaN],
    ["decodeURIComponent(absentText)", ''],
    ["Buffer.from(absentText, 'base64').toString().split(':')[0]", ''],
    ["Buffer.from(absentText, 'base64').toString().split(':')[1]", undefined],
    ["JSON.stringify({ token: absent })", '{}'],
    ["[absent].find((x) => x)", undefined],
    ["Array.from(absentText.matchAll(/a/g)).length", 0],
    ["Object.fromEntries(absentText.split(';').map((pair) => pair.split('='))).token", undefined],
  ])('%s', (expression, data) => {
    const result = evaluate(expression);
    expect(result.data).toEqual(data);
    expect(labelsIn(result.value) & ABSENT).toBe(ABSENT);
  });

  it('not where something else decides too', () => {
    expect(labelsIn(evaluate('[client, absent].join()').value) & (ABSENT | CLIENT)).toBe(CLIENT);
  });

  it('not for what never touched it', () => {
    expect(labelsIn(evaluate("'a b'.split(' ')[1]").value)).toBe(0);
  });
});

describe('labels travel through what is not known', () => {
  it.each([
    ['String(client)', CLIENT],
    ['client.trim()', CLIENT],
    ['`a${client}`.toUpperCase()', CLIENT],
    ["['a', client].join('/')", CLIENT],
    ['parseInt(client, 10)', CLIENT],
    ['[1, 2].includes(client)', CLIENT],
    ["['a'].some((p) => client.startsWith(p))", CLIENT],
    ['new Set([1]).has(client)', CLIENT],
    ['process.env.TOKEN', SECRET],
    ['process.env.TOKEN.trim()', SECRET],
    ["require('crypto').createHmac('sha256', process.env.KEY).update(client).digest('hex')", SECRET | CLIENT],
    ["require('crypto').randomBytes(8).toString('hex')", SECRET],
    ["require('crypto').scryptSync(client, 'salt', 64)", CLIENT],
    ["require('fs').readFileSync('/etc/key.pem')", SECRET],
    ['new Date(client).getTime()', CLIENT],
    ['/a/.test(client)', CLIENT],
    ['new URL(client).searchParams.get("a")', CLIENT],
  ])('%s', (expression, labels) => {
    const result = evaluate(expression);
    expect(result.data).toBe(UNKNOWN);
    expect(labelsIn(result.value)).toBe(labels);
  });
});

describe('a client text against a secret', () => {
  it.each([
    "[process.env.KEY].includes(client)",
    "new Set([process.env.KEY]).has(client)",
    "require('crypto').timingSafeEqual(Buffer.from(client), Buffer.from(process.env.KEY))",
    "[{ key: process.env.KEY }].some((row) => row.key === client)",
  ])('%s fails by absence', (expression) => {
    const result = evaluate(expression);
    expect(result.data).toBe(false);
    expect(labelsIn(result.value) & ABSENT).toBe(ABSENT);
  });
});

describe('a fresh text equals no literal', () => {
  it.each([
    ["['admin', 'root'].includes(fresh)", false],
    ["['admin'].indexOf(fresh)", -1],
    ["new Set(['admin']).has(fresh)", false],
    ["new Map([['admin', 1]]).get(fresh)", undefined],
    ["[{ id: 'a' }].find((row) => row.id === fresh)", undefined],
  ])('%s', (expression, data) => {
    expect(evaluate(expression).data).toBe(data);
  });

  it('what it begins with is not known', () => {
    expect(evaluate("fresh.startsWith('a')").data).toBe(UNKNOWN);
  });
});

describe('places of literals', () => {
  it.each([
    ["'get /users'.split(' ')[1]", "'get /users'"],
    ["['/a', '/b'].map((x) => x)[1]", "'/b'"],
    ["'/users/'.replace(/\\/$/, '')", "'/users/'"],
    ["Object.entries({ '/items': 1 })[0][0]", "'/items'"],
    ["Object.keys({ '/items': 1 }).find((key) => key)", "'/items'"],
  ])('%s comes from %s', (expression, literal) => {
    const { value } = evaluateBody(`result = (${expression});`);
    const site = value.kind === 'primitive' ? value.site : undefined;
    expect(site && site.module.text.slice(site.start, site.end)).toBe(literal);
  });
});
