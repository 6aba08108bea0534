// `npm run test:campaign`: what `npm test` shows by a few cases, shown by all of them or by many more. Takes its time.
// Throws other dice every time; `PROPERTY_SEED` repeats those of a run.
import { randomInt } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

const isCampaign = (file: string): boolean =>
  file.endsWith('.campaign.ts') || readFileSync(file, 'utf8').includes('support/campaign.ts');

const { PROPERTY_SEED: seed = String(randomInt(2 ** 31)) } = process.env;
process.stdout.write(`PROPERTY_SEED=${seed}\n`);

export default mergeConfig(
  base,
  defineConfig({
    test: {
      include: globSync('test/**/*.{test,campaign}.ts').filter(isCampaign),
      provide: { isCampaign: true, propertySeed: Number(seed) },
      testTimeout: 3_600_000,
    },
  }),
);
