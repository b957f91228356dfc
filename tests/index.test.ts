import { createRequire } from 'node:module';
import { Linter } from 'eslint';
import { defineConfig } from 'eslint/config';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';

const manifest = createRequire(import.meta.url)('../package.json') as { name: string; version: string };

describe('the plugin', () => {
  it('says who it is', () => {
    expect(plugin.meta).toEqual({ name: manifest.name, version: manifest.version, namespace: 'secure-routes' });
  });

  it.each(Object.entries(plugin.configs))('%s is a flat configuration for all files and parsers', (name, config) => {
    expect(Object.keys(config).sort()).toEqual(['name', 'plugins', 'rules', 'settings']);
    expect(config.name).toBe(`secure-routes/${name}`);
    expect(config.plugins['secure-routes']).toBe(plugin);
    expect(Object.keys(config.rules)).toEqual(Object.keys(plugin.rules).map((rule) => `secure-routes/${rule}`));
  });

  it('fits the types and the checks of ESLint, with both of its configurations side by side', () => {
    const config = defineConfig([plugin.configs.recommended, { files: ['src/**'], extends: [plugin.configs.strict] }]);
    expect(new Linter().verify('export {};', config, 'src/app.js')).toEqual([]);
  });
});
