/** Makes the read model anew from the raw logs. For a stopped product: after a mistake in a handler was mended. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readDeployment } from '#chain/deployment.ts';
import { migrate } from '#db/migrate.ts';
import { buildContracts } from './build-contracts.ts';
import { prepareDataDir, readConfig, StartError } from './config.ts';
import { joinInfrastructure } from './infrastructure.ts';
import { runMain } from './main.ts';

await runMain(async () => {
  const config = readConfig();
  prepareDataDir(config.dataDir);
  const file = join(config.dataDir, 'deployment.json');
  if (!existsSync(file)) throw new StartError(`nothing to rebuild: ${file} is missing, npm start makes it`);
  await buildContracts();
  const { rebuild } = await import('#indexer/rebuild.ts');
  const infrastructure = await joinInfrastructure(config);
  try {
    await migrate(infrastructure.databaseUrl);
    await rebuild({ ...infrastructure, deployment: readDeployment(file) });
    console.log('read model rebuilt from the raw logs: npm run verify compares it with the chain');
  } finally {
    await infrastructure.close();
  }
});
