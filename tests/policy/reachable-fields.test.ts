import { expect, it } from 'vitest';
import { onlyReachableFields } from '../../src/policy/reachable-fields.ts';
import { endpoint, guarded, naked, unknown } from '../rules/build-analysis.ts';

const field = endpoint({ kind: 'graphql', methods: ['FIELD'], path: 'User.posts', auth: naked() });
const query = endpoint({ kind: 'graphql', methods: ['QUERY'], path: 'users' });
const fieldBeside = (...others: readonly ReturnType<typeof endpoint>[]) => onlyReachableFields([field, ...others])[0]?.auth.status;

it('a field is guarded where every query of its application is', () => {
  expect(onlyReachableFields([field, query])).toEqual([{ ...field, auth: guarded }, query]);
});

it.each([
  ['is open', { auth: naked() }],
  ['could not be judged', { auth: unknown('calls a plugin') }],
  ['is guarded only under a switch', { auth: { ...guarded, conditional: true } }],
])('a field is as open as it is where one query %s', (_, parts) => {
  expect(fieldBeside(query, { ...query, ...parts })).toBe('naked');
});

it('what guards no query of its application guards no field', () => {
  expect(fieldBeside()).toBe('naked');
  expect(fieldBeside({ ...query, application: 1 })).toBe('naked');
  expect(fieldBeside({ ...query, mounted: false })).toBe('naked');
  expect(fieldBeside(endpoint())).toBe('naked');
});
