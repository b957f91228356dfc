import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { analyzeFolder } from '../analyze-folder.ts';
import { boot, type Adapter, type Major, transpile } from './nest/running.ts';
import { ask, askEntrypoint, disagreements, type Scenario, type Truth } from './nest/truth.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/nest');
const adapters: readonly Adapter[] = ['express', 'fastify'];
const majors: readonly Major[] = [11, 12];

describe.each(majors.flatMap((major) => adapters.map((adapter) => ({ major, adapter }))))('Nest $major on $adapter', ({ major, adapter }) => {
  for (const name of readdirSync(fixtures).sort()) {
    const fixture = path.join(fixtures, name);
    const scenario: Scenario = { adapters, majors, headers: {}, sent: {}, pastNest: [], graphqlPath: '/graphql', queries: {}, environment: {}, unreachable: {}, ...JSON.parse(readFileSync(path.join(fixture, 'scenario.json'), 'utf8')) as Pick<Scenario, 'about'> };
    if (!scenario.adapters.includes(adapter) || !scenario.majors.includes(major)) continue;

    it(`${name}: ${scenario.about}`, async () => {
      const { folder, analysed, remove } = transpile(fixture, major);
      for (const [name, value] of Object.entries(scenario.environment)) vi.stubEnv(name, value);
      try {
        const { routes, entrypoints, ...first } = await boot(folder, adapter);
        expect([...routes, ...entrypoints]).not.toEqual([]);
        const truths: Truth[] = [];
        for (const entrypoint of entrypoints) truths.push(await askEntrypoint({ ...first, routes, entrypoints }, entrypoint, scenario));
        await first.close();
        for (const route of [...routes, ...scenario.pastNest]) {
          // A boot for each route: what counted its requests must not count another's.
          const application = await boot(folder, adapter);
          truths.push(await ask(application, route, scenario.headers, scenario.sent[route.handler]));
          await application.close();
        }
        expect(disagreements(truths, analyzeFolder(analysed), scenario)).toEqual([]);
      } finally {
        vi.unstubAllEnvs();
        remove();
      }
    });
  }
});
