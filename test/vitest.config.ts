import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    provide: { isCampaign: false },
    globalSetup: ['test/support/global-setup.ts'],
    // Two cores: more workers only make the engines wait for each other.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Waiting for something ends with it; how long that takes on a busy machine says nothing.
    expect: { poll: { timeout: 60_000, interval: 20 } },
  },
});
