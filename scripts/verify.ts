/** Compares the read model with the chain at the block that it has reached. Exits 1 and names what differs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readDeployment } from '#chain/deployment.ts';
import type { Verification } from '#indexer/verify.ts';
import { prepareDataDir, readConfig, StartError } from './config.ts';
import { joinInfrastructure } from './infrastructure.ts';
import { runMain } from './main.ts';

await runMain(async () => {
  const config = readConfig();
  prepareDataDir(config.dataDir);
  const file = join(config.dataDir, 'deployment.json');
  if (!existsSync(file))
    throw new StartError(`there is nothing to verify: ${file} is missing, npm start makes it`);
  const { verify } = await import('#indexer/verify.ts');
  const infrastructure = await joinInfrastructure(config);
  try {
    const result = await verify({ ...infrastructure, deployment: readDeployment(file) });
    console.log(summary(result));
    return result.differences.length === 0 ? 0 : 1;
  } finally {
    await infrastructure.close();
  }
});

function summary({ block, checked, differences }: Verification): string {
  const counts = Object.entries(checked).map(([what, count]) => `${count} ${what}`);
  if (differences.length === 0) return `read model equals chain at block ${block}: ${counts.join(', ')}`;
  return [
    `read model differs from chain at block ${block} (${differences.length} of ${counts.join(', ')}):`,
    ...differences.map(
      ({ about, ledger, chain }) => `  ${about}: ${ledger} in the read model, ${chain} on the chain`,
    ),
  ].join('\n');
}
