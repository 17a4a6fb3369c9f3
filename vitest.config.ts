import { defineConfig } from 'vitest/config';

/** Only a test that hangs meets them: a machine that is busy must not. */
const timeouts = { testTimeout: 180_000, hookTimeout: 300_000 };

/** Two projects: the services, and the stories that drive the started product through a browser. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'services',
          include: [
            'test/{domain,model,chain,client,db,indexer,api,relayer,runtime,docs,scenarios,web}/**/*.test.ts',
          ],
          ...timeouts,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
