import { defineConfig } from 'vitest/config';

/** Only a test that hangs meets them: a machine that is busy must not. */
const timeouts = { testTimeout: 180_000, hookTimeout: 300_000 };

/**
 * Two projects: the services, and the stories that drive the started product through a browser. A file of the services waits
 * for database, chain and pauses more than half of its time: four at once keep two processors busy.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        test: {
          name: 'services',
          maxWorkers: 4,
          include: [
            'test/{domain,model,chain,client,db,indexer,api,keys,relayer,notifier,runtime,docs,scenarios,web}/**/*.test.ts',
          ],
          ...timeouts,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/support/demo-network.ts',
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
