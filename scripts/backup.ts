/**
 * npm run backup -- DIR: a copy of a product, running or stopped, of which `npm run restore -- DIR` makes another: database,
 * record of the deployment, keys, and the embedded chain. The chain of an RPC_URL is kept by its nodes.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dumpDatabase } from '#db/dump.ts';
import { KEPT, manifestFile, type Manifest } from './backup/manifest.ts';
import { keepChain } from './backup/chain.ts';
import { prepareDataDir, readConfig, StartError } from './config.ts';
import { joinInfrastructure } from './infrastructure.ts';
import { runMain } from './main.ts';

await runMain(async () => {
  const [dir, ...more] = process.argv.slice(2);
  if (dir === undefined || more.length > 0) throw new StartError('usage: npm run backup -- DIR');
  const config = readConfig();
  prepareDataDir(config.dataDir);
  if (!existsSync(join(config.dataDir, 'deployment.json')))
    throw new StartError(`nothing to back up: ${config.dataDir} holds no product`);
  const target = resolve(dir);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  if (readdirSync(target).length > 0) throw new StartError(`${target} is not empty`);

  const infrastructure = await joinInfrastructure(config);
  try {
    const dump = await dumpDatabase(infrastructure.databaseUrl, join(target, 'database'));
    for (const name of KEPT.filter((each) => existsSync(join(config.dataDir, each))))
      copyFileSync(join(config.dataDir, name), join(target, name));
    mkdirSync(join(target, 'keys'), { mode: 0o700 });
    cpSync(join(config.dataDir, 'keys'), join(target, 'keys'), { recursive: true });
    // Later than the database: what the read model has, the chain must have.
    const chain = config.rpcUrl === undefined;
    if (chain) await keepChain(join(config.dataDir, 'chain'), join(target, 'chain'), dump.block ?? 0);
    const manifest: Manifest = { format: 1, at: new Date().toISOString(), chain, ...dump };
    writeFileSync(manifestFile(target), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    console.log(`backed up to ${target}: ${dump.tables.length} tables, up to block ${dump.block ?? 'none'}`);
  } finally {
    await infrastructure.close();
  }
});
