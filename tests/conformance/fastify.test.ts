import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyzeFolder } from '../analyze-folder.ts';
import { defectsOf, disagreements, type EnvironmentTruth } from './express/agreement.ts';
import { toleratingRejections } from './express/exchange.ts';
import type { Major } from './express/recorder.ts';
import { readScenario, withEnvironment } from './express/scenario.ts';
import { createFastifyStage } from './fastify/stage.ts';
import { askFastify } from './fastify/truth.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/fastify');
const majors: readonly Major[] = [4, 5];

describe.each(majors)('Fastify %i', (major) => {
  const stage = createFastifyStage(major);
  afterAll(() => stage.remove());

  for (const name of readdirSync(fixtures).sort()) {
    const fixture = path.join(fixtures, name);
    const scenario = readScenario(fixture);
    if (!scenario.majors.includes(major)) continue;

    it(`${name}: ${scenario.about}`, async () => {
      const environments = await toleratingRejections(async () => {
        const asked: EnvironmentTruth[] = [];
        for (const environment of scenario.environments) {
          const folders: string[] = [];
          const truths = await withEnvironment(environment, () => askFastify(scenario, () => {
            const folder = stage.copyToRun(fixture);
            folders.push(folder);
            return folder;
          }));
          asked.push({ folder: folders[0]!, truths });
        }
        return asked;
      });
      expect(defectsOf(scenario, environments)).toEqual([]);
      expect(disagreements(environments, analyzeFolder(stage.copy(fixture)), scenario.unknown)).toEqual([]);
    });
  }
});
