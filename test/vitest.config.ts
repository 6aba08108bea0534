import { defineConfig } from 'vitest/config';

// The same dice every time: a run tells of the change that it tests and of nothing else. Campaigns throw others.
const { PROPERTY_SEED: seed = '20261124' } = process.env;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    provide: { isCampaign: false, propertySeed: Number(seed) },
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/property-seed.ts'],
    // Two cores: more workers only make the engines wait for each other.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Waiting for something ends with it; how long that takes on a busy machine says nothing.
    expect: { poll: { timeout: 60_000, interval: 20 } },
  },
});
