import { describe, expect, it } from 'vitest';
import { run, type Surroundings } from '../../src/cli/run.ts';
import type { Analysis, Settings } from '../../src/model.ts';
import { analysis, endpoint, naked } from '../rules/build-analysis.ts';

const cwd = import.meta.dirname;

async function call(args: readonly string[], parts: Partial<Surroundings> & { readonly known?: Analysis } = {}) {
  const printed: string[] = [];
  const warned: string[] = [];
  const asked: { folder: string; settings: Settings }[] = [];
  const code = await run(args, {
    cwd,
    analyzeFolder: (folder, settings) => {
      asked.push({ folder, settings });
      return parts.known ?? analysis([endpoint()]);
    },
    readConfiguredSettings: async (folder) => ({ value: undefined, folder }),
    print: async (text) => void printed.push(text),
    warn: async (text) => void warned.push(text),
    ...parts,
  });
  return { code, printed: printed.join(''), warned: warned.join(''), asked };
}

describe('exit code', () => {
  const open = {
    auth: analysis([endpoint(), endpoint({ auth: naked() })]),
    'rate-limit': analysis([endpoint(), endpoint({ rateLimit: naked() })]),
    unmounted: analysis([endpoint({ auth: naked(), rateLimit: naked(), mounted: false, application: -1 })]),
    'a message': analysis([endpoint({ kind: 'message', methods: ['PATTERN'], auth: naked(), rateLimit: naked() })]),
  };

  it.each([
    ['auth', [], 1],
    ['auth', ['--fail-on', 'auth'], 1],
    ['auth', ['--fail-on', 'rate-limit'], 0],
    ['auth', ['--fail-on', 'any'], 1],
    ['auth', ['--fail-on', 'none'], 0],
    ['rate-limit', [], 0],
    ['rate-limit', ['--fail-on', 'rate-limit'], 1],
    ['rate-limit', ['--fail-on', 'any'], 1],
    ['rate-limit', ['--fail-on', 'none'], 0],
    ['unmounted', ['--fail-on', 'any'], 0],
    ['a message', ['--fail-on', 'any'], 0],
  ] as const)('without %s, %j gives %i', async (lack, args, code) => {
    expect((await call(args, { known: open[lack] })).code).toBe(code);
  });

  it.each([[['--formt']], [['missing-folder']], [['run.test.ts']], [['a', 'b']]])(
    'is 2 with a hint for %j',
    async (args) => {
      const { code, printed, warned, asked } = await call(args);
      expect({ code, printed, asked }).toEqual({ code: 2, printed: '', asked: [] });
      expect(warned).toContain(args[0] === 'a' ? 'Only one folder' : args[0]);
      expect(warned).toContain('--help');
    },
  );
});

it('is 2 for a failure of our own, which is no finding', async () => {
  const { code, printed, warned } = await call([], {
    analyzeFolder: () => {
      throw new TypeError('not foreseen');
    },
  });
  expect({ code, printed }).toEqual({ code: 2, printed: '' });
  expect(warned).toContain('TypeError: not foreseen');
});

describe('output', () => {
  it('prints help and version without looking at the folder', async () => {
    const help = await call(['missing-folder', '--help']);
    expect(help).toMatchObject({ code: 0, warned: '', asked: [] });
    expect(help.printed).toMatch(/^Usage: npx eslint-plugin-secure-routes \[folder\]/);
    const version = await call(['--version']);
    expect(version).toMatchObject({ code: 0, asked: [] });
    expect(version.printed).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('prints the table by default, and JSON alone on request', async () => {
    const known: Analysis = {
      ...analysis([endpoint()]),
      notes: [{ file: 'src/broken.js', reason: 'does not parse: Unexpected token (1:2)' }],
    };
    expect((await call([], { known })).printed).toMatch(/^METHOD/);
    const { printed, warned } = await call(['--format', 'json'], { known });
    expect(JSON.parse(printed).endpoints).toHaveLength(1);
    expect(warned).toContain('src/broken.js: does not parse: Unexpected token (1:2)\n');
  });
});

describe('settings', () => {
  it('come from the configuration, with paths relative to its folder', async () => {
    const { asked } = await call([], {
      readConfiguredSettings: async () => ({ value: { root: 'api', entries: ['a.js'] }, folder: '/configured' }),
    });
    expect(asked).toMatchObject([{ folder: cwd, settings: { root: '/configured/api', entries: ['a.js'] } }]);
  });

  it('are the defaults, with a warning, where the configuration cannot be read', async () => {
    const { code, warned, asked } = await call([], {
      readConfiguredSettings: () => Promise.reject(new Error('Could not find config file.\nMore.')),
    });
    expect(code).toBe(0);
    expect(asked).toMatchObject([{ settings: { entries: [] } }]);
    expect(warned).toMatch(/the defaults hold: Could not find config file\.\n$/);
  });

  it('are the defaults, and no configuration is loaded, with --no-config', async () => {
    const { code, warned } = await call(['--no-config'], {
      readConfiguredSettings: () => Promise.reject(new Error('was loaded')),
    });
    expect({ code, warned }).toEqual({ code: 0, warned: '' });
  });

  it('that are wrong give 2 and name the key', async () => {
    const { code, printed, warned } = await call([], {
      readConfiguredSettings: async (folder) => ({ value: { guard: [] }, folder }),
    });
    expect({ code, printed }).toEqual({ code: 2, printed: '' });
    expect(warned).toContain("settings['secure-routes'].guard is no known key");
  });
});
