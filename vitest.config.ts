import { defineConfig } from 'vitest/config';

export default defineConfig({
  // require() cannot load the sources.
  resolve: { alias: [{ find: /^(.*)\/load-analysis\.ts$/, replacement: '$1/analysis.ts' }] },
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
