// npm run test:properties -- 10000 [seed] [express | fastify | nest]
import { spawnSync } from 'node:child_process';

const [runs = '10000', seed = String(Math.floor(Math.random() * 2 ** 31)), framework] = process.argv.slice(2);
const frameworks = framework === undefined ? ['express', 'fastify', 'nest'] : [framework];
if (!/^\d+$/.test(runs) || !/^\d+$/.test(seed) || !['express', 'fastify', 'nest', undefined].includes(framework)) {
  console.error('Usage: npm run test:properties -- [programs] [seed] [express | fastify | nest]');
  process.exit(2);
}
console.log(`${runs} programs of ${frameworks.join(' and ')}, seed ${seed}`);
const { status } = spawnSync('npx', ['vitest', 'run', ...frameworks.map((name) => `tests/properties/${name}.test.ts`), '--disable-console-intercept'], {
  stdio: 'inherit',
  env: { ...process.env, PROPERTY_RUNS: runs, PROPERTY_SEED: seed },
});
process.exit(status ?? 1);
