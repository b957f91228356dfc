import { describe, expect, it } from 'vitest';
import { evaluate, evaluateBody, UNKNOWN } from './evaluate.ts';

describe('promises', () => {
  it.each([
    ['Promise.resolve(1)', { fulfilled: 1 }],
    ['Promise.resolve(1).then((x) => x + 1)', { fulfilled: 2 }],
    ['Promise.resolve(1).then((x) => Promise.resolve(x + 1))', { fulfilled: 2 }],
    ['Promise.resolve(1).then(2)', { fulfilled: 1 }],
    ['Promise.reject(1)', { rejected: 1 }],
    ['Promise.reject(1).then((x) => 2)', { rejected: 1 }],
    ['Promise.reject(1).catch((x) => x + 1)', { fulfilled: 2 }],
    ['Promise.reject(1).then(null, (x) => x + 1)', { fulfilled: 2 }],
    ['Promise.resolve(1).then(() => { throw 3; })', { rejected: 3 }],
    ['Promise.resolve(1).finally(() => 2)', { fulfilled: 1 }],
    ['Promise.reject(1).finally(() => 2)', { rejected: 1 }],
    ['Promise.resolve(1).finally(() => { throw 2; })', { rejected: 2 }],
    ['new Promise((resolve) => resolve(1))', { fulfilled: 1 }],
    ['new Promise((resolve, reject) => { reject(1); resolve(2); })', { rejected: 1 }],
    ['new Promise(() => { throw 1; })', { rejected: 1 }],
    ['new Promise((resolve) => resolve(Promise.reject(1)))', { rejected: 1 }],
    ['new Promise(() => {})', { pending: undefined }],
    ['new Promise((resolve) => setTimeout(resolve, 10)).then(() => 1)', { fulfilled: 1 }],
    ['Promise.all([1, Promise.resolve(2)])', { fulfilled: [1, 2] }],
    ['Promise.all([1, Promise.reject(2)])', { rejected: 2 }],
    ['Promise.all([1, new Promise(() => {})])', { pending: undefined }],
    ['Promise.all([])', { fulfilled: [] }],
    ['Promise.allSettled([1, Promise.reject(2)])', { fulfilled: [{ status: 'fulfilled', value: 1 }, { status: 'rejected', reason: 2 }] }],
    ['Promise.any([Promise.reject(1), 2])', { fulfilled: 2 }],
    ['Promise.race([new Promise(() => {}), 2])', { fulfilled: 2 }],
    ['Promise.race([])', { pending: undefined }],
    ['(async () => 1)().then((x) => x + 1)', { fulfilled: 2 }],
    ['(async () => { throw 1; })().catch((x) => [x])', { fulfilled: [1] }],
    ['(async () => (await Promise.all([1, 2])).length)()', { fulfilled: 2 }],
    ['Promise.resolve(setting)', { fulfilled: UNKNOWN }],
    ["require('timers/promises').setTimeout(5, 'a')", { fulfilled: 'a' }],
    ["require('util').promisify((x, done) => done(null, x + 1))(1)", { fulfilled: 2 }],
    ["require('util').promisify((done) => done('no'))()", { rejected: 'no' }],
    ["require('util').promisify(() => {})()", { pending: undefined }],
    ["require('util').promisify(opaque)(1)", { fulfilled: UNKNOWN }],
    ["require('util').promisify(setTimeout)(100)", { fulfilled: undefined }],
  ])('%s', (expression, data) => {
    expect(evaluate(expression).data).toEqual(data);
  });

  it('callbacks of a pending promise run when it settles', () => {
    const body = 'const seen = []; let settle; const p = new Promise((r) => { settle = r; }); const q = p.then((x) => { seen.push(x); return x + 1; }).then((x) => { seen.push(x); }); seen.push("before"); settle(1); result = seen;';
    expect(evaluateBody(body).data).toEqual(['before', 1, 2]);
  });

  it('callbacks of a settled promise run in source order', () => {
    expect(evaluateBody('const seen = []; Promise.resolve().then(() => seen.push(1)); seen.push(2); result = seen;').data).toEqual([1, 2]);
  });
});
