import { defineConfig } from 'rolldown';

/** Few files, because each costs milliseconds when the plugin is loaded; what judges programs stands apart, because most runs do not need it. */
export default defineConfig({
  input: { index: 'src/index.ts', analysis: 'src/analysis.ts', 'analysis-thread': 'src/analysis-thread.ts', 'cli/main': 'src/cli/main.ts' },
  platform: 'node',
  external: /^[^./]/,
  tsconfig: 'tsconfig.json',
  output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name].js', cleanDir: true },
});
