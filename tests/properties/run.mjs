// npm run test:properties -- 10000 [seed]
import { spawnSync } from 'node:child_process';

const [runs = '10000', seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2);
if (!/^\d+$/.test(runs) || !/^\d+$/.test(seed)) {
  console.error('Usage: npm run test:properties -- [programs] [seed]');
  process.exit(2);
}
console.log(`${runs} programs of each framework, seed ${seed}`);
const { status } = spawnSync('npx', ['vitest', 'run', 'tests/properties/express.test.ts', '--disable-console-intercept'], {
  stdio: 'inherit',
  env: { ...process.env, PROPERTY_RUNS: runs, PROPERTY_SEED: seed },
});
process.exit(status ?? 1);
