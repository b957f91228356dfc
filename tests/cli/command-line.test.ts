import { describe, expect, it } from 'vitest';
import { parseCommandLine, UsageError } from '../../src/cli/command-line.ts';

describe('parseCommandLine', () => {
  it('has defaults', () => {
    expect(parseCommandLine([])).toEqual({
      folder: '.',
      format: 'table',
      failOn: 'auth',
      useConfig: true,
    useCache: true,
      asksFor: 'inventory',
    });
  });

  it('reads every argument, in any order', () => {
    expect(parseCommandLine(['--format=json', 'api', '--no-config', '--no-cache', '--fail-on', 'rate-limit'])).toEqual({
      folder: 'api',
      format: 'json',
      failOn: 'rate-limit',
      useConfig: false,
    useCache: false,
      asksFor: 'inventory',
    });
    expect(parseCommandLine(['--help']).asksFor).toBe('help');
    expect(parseCommandLine(['--version']).asksFor).toBe('version');
  });

  it.each([
    [['--formt', 'json'], '--formt'],
    [['--format', 'xml'], '--format must be one of table, json, but it is "xml"'],
    [['--format'], '--format'],
    [['--fail-on', 'never'], '--fail-on must be one of auth, rate-limit, any, none, but it is "never"'],
    [['--no-config=yes'], '--no-config'],
    [['a', 'b'], 'Only one folder can be given, but there are 2'],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(UsageError);
    expect(() => parseCommandLine(args)).toThrow(message);
  });
});
