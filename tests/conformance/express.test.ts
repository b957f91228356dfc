import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyzeFolder } from '../analyze-folder.ts';
import { defectsOf, disagreements } from './express/agreement.ts';
import type { EnvironmentTruth } from './express/agreement.ts';
import { toleratingRejections } from './express/exchange.ts';
import { createRecorder } from './express/recorder.ts';
import type { Major } from './express/recorder.ts';
import { boot, createStage, readScenario, withEnvironment } from './express/scenario.ts';
import { askFramework } from './express/truth.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/express');
const majors: readonly Major[] = [4, 5];

describe.each(majors)('Express %i', (major) => {
  const recorder = createRecorder(major);
  const stage = createStage(major);
  afterAll(() => stage.remove());

  for (const name of readdirSync(fixtures).sort()) {
    const fixture = path.join(fixtures, name);
    const scenario = readScenario(fixture);
    if (!scenario.majors.includes(major)) continue;

    it(`${name}: ${scenario.about}`, async () => {
      const environments = await toleratingRejections(async () => {
        const asked: EnvironmentTruth[] = [];
        for (const environment of scenario.environments) {
          // Every boot runs its own copy, so that no module state is left over; the copies differ in their folder only.
          const folders: string[] = [];
          const truths = await withEnvironment(environment, () => askFramework(recorder, scenario, () => {
            const folder = stage.copyToRun(fixture);
            folders.push(folder);
            return boot(recorder, folder, scenario);
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
