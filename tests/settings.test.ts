import { describe, expect, it } from 'vitest';
import { DEFAULT_PUBLIC_PATHS } from '../src/policy/default-public-paths.ts';
import { DEFAULT_IGNORE } from '../src/project/default-ignore.ts';
import { createSettingsReader, readSettings, SettingsError } from '../src/settings.ts';

const folder = '/work/application';

describe('readSettings', () => {
  it('fills in the defaults', () => {
    const settings = readSettings(undefined, folder);
    expect(settings).toMatchObject({ root: undefined, entries: [], guards: [], limiters: [], notGuards: [] });
    expect(settings.publicPaths).toEqual(DEFAULT_PUBLIC_PATHS);
    expect(settings.ignore).toEqual(DEFAULT_IGNORE);
    expect(readSettings({}, folder)).toEqual(settings);
  });

  it('resolves the root and the files of references against the folder, and leaves globs alone', () => {
    const settings = readSettings(
      {
        root: 'packages/api',
        entries: ['src/server.ts'],
        guards: [
          { file: './src/auth.ts', export: 'requireUser' },
          { package: '@company/auth', export: 'requireUser' },
        ],
        limiters: [{ file: '/elsewhere/limits.js', export: 'default' }],
      },
      folder,
    );
    expect(settings).toMatchObject({
      root: '/work/application/packages/api',
      entries: ['src/server.ts'],
      guards: [
        { file: '/work/application/src/auth.ts', export: 'requireUser' },
        { package: '@company/auth', export: 'requireUser' },
      ],
      limiters: [{ file: '/elsewhere/limits.js', export: 'default' }],
    });
  });

  it('reads public paths in each of their forms, before the defaults', () => {
    const publicPaths = ['/terms', 'get /feed', '* /any', { path: '/docs/**' }, { method: 'post', path: '/contact' }];
    expect(readSettings({ publicPaths }, folder).publicPaths).toEqual([
      { method: '*', path: '/terms' },
      { method: 'GET', path: '/feed' },
      { method: '*', path: '/any' },
      { method: '*', path: '/docs/**' },
      { method: 'POST', path: '/contact' },
      ...DEFAULT_PUBLIC_PATHS,
    ]);
  });

  it('switches the default public paths off', () => {
    const settings = readSettings({ defaultPublicPaths: false, publicPaths: ['/terms'] }, folder);
    expect(settings.publicPaths).toEqual([{ method: '*', path: '/terms' }]);
  });

  it('adds ignored files to the defaults, so that "!" can take one of them back', () => {
    const { ignore } = readSettings({ ignore: ['legacy/**', '!**/tests/**'] }, folder);
    expect(ignore.slice(0, -2)).toEqual(DEFAULT_IGNORE);
    expect(ignore.slice(-2)).toEqual(['legacy/**', '!**/tests/**']);
  });

  it.each([
    [[], "settings['secure-routes'] must be an object, but it is []."],
    [null, "settings['secure-routes'] must be an object, but it is null."],
    [{ publicPath: [] }, "settings['secure-routes'].publicPath is no known key. Known keys: root, entries, guards"],
    [{ root: 1 }, "settings['secure-routes'].root must be a string"],
    [{ root: '' }, "settings['secure-routes'].root must be a string that is not empty"],
    [{ entries: 'src' }, "settings['secure-routes'].entries must be an array"],
    [{ entries: ['a', 2] }, "settings['secure-routes'].entries[1] must be a string"],
    [{ guards: [{}] }, "settings['secure-routes'].guards[0].export must be a string that is not empty, but it is missing"],
    [{ guards: ['requireAuth'] }, "settings['secure-routes'].guards[0] must be an object"],
    [{ guards: [{ export: 'a' }] }, "settings['secure-routes'].guards[0] must have either"],
    [{ limiters: [{ package: 'a', file: 'b', export: 'c' }] }, "settings['secure-routes'].limiters[0] must have either"],
    [{ notGuards: [{ package: 'a', name: 'b' }] }, "settings['secure-routes'].notGuards[0].name is no known key"],
    [{ publicPaths: ['terms'] }, "settings['secure-routes'].publicPaths[0] must be a path"],
    [{ publicPaths: ['GET'] }, "settings['secure-routes'].publicPaths[0] must be a path"],
    [{ publicPaths: [{ path: 'terms' }] }, "settings['secure-routes'].publicPaths[0].path must be a path that starts"],
    [{ publicPaths: [{ method: 'GET POST', path: '/' }] }, "settings['secure-routes'].publicPaths[0].method must be one"],
    [{ defaultPublicPaths: 'no' }, "settings['secure-routes'].defaultPublicPaths must be true or false"],
    [{ ignore: [/test/] }, "settings['secure-routes'].ignore[0] must be a string"],
  ])('refuses %j', (value, message) => {
    expect(() => readSettings(value, folder)).toThrow(SettingsError);
    expect(() => readSettings(value, folder)).toThrow(message);
  });
});

describe('createSettingsReader', () => {
  it('gives the same object for the same settings and folder', () => {
    const read = createSettingsReader();
    const settings = { 'secure-routes': { root: 'api' } };
    const first = read(settings, '/a');
    expect(read(settings, '/a')).toBe(first);
    expect(read({ ...settings }, '/a')).not.toBe(first);
    expect(read(settings, '/b').root).toBe('/b/api');
  });

  it('reports wrong settings every time', () => {
    const read = createSettingsReader();
    const settings = { 'secure-routes': { rot: 'api' } };
    expect(() => read(settings, '/a')).toThrow(SettingsError);
    expect(() => read(settings, '/a')).toThrow(SettingsError);
  });
});
