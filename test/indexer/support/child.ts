/** An indexer in a process of its own, for tests that kill it; ends when it has reached a block, if it is told one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readDeployment } from '#chain/deployment.ts';
import { start } from '#indexer/start.ts';
import { silent } from './read-model.ts';

const [databaseUrl, rpcUrl, deploymentFile, head] = process.argv.slice(2) as [string, string, string, string];
const indexer = await start({
  databaseUrl,
  rpcUrl,
  deployment: readDeployment(deploymentFile),
  log: silent,
  pollMs: 1,
  proveMs: 1,
});
for (;;) {
  const { indexed, stopped } = indexer.status();
  if (stopped !== undefined) throw new Error(stopped);
  if ((indexed ?? -1n) >= BigInt(head)) break;
  await sleep(1);
}
await indexer.close();
