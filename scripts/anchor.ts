/** Anchors the audit trail now: hands the hash of its newest link to the keeper. A running product sends it. */
import { existsSync } from 'node:fs';
import { readDeployment } from '#chain/deployment.ts';
import { ITSELF } from '#db/audit/write.ts';
import { sealAll } from '#db/audit/seal.ts';
import { connect } from '#db/wire/connect.ts';
import { buildContracts } from './build-contracts.ts';
import { prepareDataDir, readConfig, StartError } from './config.ts';
import { deploymentFile } from './deployment.ts';
import { joinInfrastructure } from './infrastructure.ts';
import { runMain } from './main.ts';

await runMain(async () => {
  const config = readConfig();
  prepareDataDir(config.dataDir);
  const file = deploymentFile(config);
  if (!existsSync(file)) throw new StartError(`nothing to anchor: ${file} is missing, npm start makes it`);
  await buildContracts();
  const [{ callsOf }, { anchor }] = await Promise.all([
    import('#chain/calls.ts'),
    import('#api/audit/anchor.ts'),
  ]);
  const infrastructure = await joinInfrastructure(config);
  const db = connect(infrastructure.databaseUrl, { role: 'tallystick_api', max: 1 });
  try {
    await sealAll(db);
    const done = await anchor({ db, calls: callsOf(readDeployment(file)) }, ITSELF, 0);
    console.log(
      done === undefined
        ? 'nothing to anchor: nothing was sealed since the last anchor'
        : `link ${done.no} is handed to the keeper: instruction ${done.instruction}`,
    );
  } finally {
    await db.destroy();
    await infrastructure.close();
  }
});
