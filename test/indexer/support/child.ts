/** An indexer in a process of its own, for tests that kill it. */
import { readDeployment } from '#chain/deployment.ts';
import { start } from '#indexer/start.ts';
import { silent } from './read-model.ts';

const [databaseUrl, rpcUrl, deploymentFile] = process.argv.slice(2) as [string, string, string];
await start({
  databaseUrl,
  rpcUrl,
  deployment: readDeployment(deploymentFile),
  log: silent,
  pollMs: 1,
  proveMs: 1,
});
