/**
 * What only governance decides (docs/guide/operators.md, "Governance"): announced by DESKS or ADMIN, performed after a delay, or
 * stopped by GUARDIAN before. Each stage is a file, which its signers sign where their keys are and anybody sends.
 */
import { buildContracts } from './build-contracts.ts';
import { prepareDataDir, readConfig, StartError } from './config.ts';
import { findRunning } from './infrastructure.ts';
import { runMain } from './main.ts';
import { firstNode } from './nodes.ts';

await runMain(async () => {
  const config = readConfig();
  prepareDataDir(config.dataDir);
  await buildContracts();
  const rpcUrl = config.rpcUrl ?? findRunning(config.dataDir)?.rpcUrl;
  if (rpcUrl === undefined) throw new StartError('RPC_URL is missing, and no product runs here');
  const node = await firstNode(rpcUrl);
  const { govern } = await import('./governance/command.ts');
  console.log(await govern(config, node, process.argv.slice(2)));
});
