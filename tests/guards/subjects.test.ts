import { describe, expect, it } from 'vitest';
import { Subjects } from '../../src/guards/subjects.ts';
import { ArrayObject } from '../../src/interpreter/values.ts';
import { evaluateBody } from '../interpreter/builtins/evaluate.ts';

/** Whether two functions that the text puts into `result` count as one. */
function areEqual(body: string, roles: readonly [string, string] = ['', '']): boolean {
  const { value, interpreter } = evaluateBody(body);
  if (!(value instanceof ArrayObject)) throw new Error('result is no list');
  const [first, second] = value.elements;
  if (!first || !second) throw new Error('result holds fewer than two functions');
  const subjects = new Subjects();
  return subjects.of(interpreter, first, roles[0]) === subjects.of(interpreter, second, roles[1]);
}

describe('functions that do the same', () => {
  it.each([
    ['closures over equal texts', `const auth = (role) => (req) => req.role === role; result = [auth('a'), auth('a')];`],
    ['closures over equal lists', `const auth = (roles) => (req) => roles.includes(req.role); result = [auth(['a', 'b']), auth(['a', 'b'])];`],
    ['closures over equal options', `const auth = (options) => (req) => options.strict; result = [auth({ strict: true }), auth({ strict: true })];`],
    ['a wrapper around one function', `const jwt = (req) => req.user; const wrap = (f) => (req) => f(req); result = [wrap(jwt), wrap(jwt)];`],
    ['bound to one object', `const o = {}; function f() { return this; } result = [f.bind(o), f.bind(o)];`],
    ['closures that capture each other', `const make = () => { const a = () => b; const b = () => a; return a; }; const f = make(); result = [f, f];`],
  ])('%s', (_, body) => {
    expect(areEqual(body)).toBe(true);
  });
});

describe('functions that may do something else', () => {
  it.each([
    ['closures over other texts', `const auth = (role) => (req) => req.role === role; result = [auth('a'), auth('b')];`],
    ['closures over other lists', `const auth = (roles) => (req) => roles.includes(req.role); result = [auth(['a']), auth(['a', 'b'])];`],
    ['closures over a number and its text', `const auth = (level) => () => level; result = [auth(1), auth('1')];`],
    ['other code', `result = [(req) => req.user, (req) => req.user];`],
    ['wrappers around other functions', `const wrap = (f) => (req) => f(req); result = [wrap(() => 1), wrap(() => 2)];`],
    ['arrows of other instances', `class Guard { constructor(on) { this.on = on; this.run = () => this.on; } } result = [new Guard(true).run, new Guard(false).run];`],
    ['bound to other objects of a class', `class Guard { run() { return this; } } const a = new Guard(), b = new Guard(); result = [a.run.bind(a), b.run.bind(b)];`],
    ['with members of their own', `const make = () => () => 1; const a = make(), b = make(); b.skip = true; result = [a, b];`],
    ['under other names', `const make = () => () => 1; const a = make(); const b = make(); result = [a, b];`],
  ])('%s', (_, body) => {
    expect(areEqual(body)).toBe(false);
  });

  it('one function in two roles', () => {
    expect(areEqual('const f = () => 1; result = [f, f];', ['own', 'last'])).toBe(false);
  });
});
