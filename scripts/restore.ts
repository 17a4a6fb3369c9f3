/**
 * npm run restore -- DIR: makes a product of a backup, in a DATA_DIR that holds none and a database that is empty. Then
 * `npm run verify` compares the read model with the chain, and `npm start` goes on.
 */
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadDatabase, objectionTo } from '#db/dump.ts';
import { KEPT, readManifest } from './backup/manifest.ts';
import { prepareDataDir, readConfig, reason, StartError } from './config.ts';
import { joinInfrastructure } from './infrastructure.ts';
import { runMain } from './main.ts';

await runMain(async () => {
  const [dir, ...more] = process.argv.slice(2);
  if (dir === undefined || more.length > 0) throw new StartError('usage: npm run restore -- DIR');
  const source = resolve(dir);
  const manifest = readManifest(source);
  const config = readConfig();
  prepareDataDir(config.dataDir);
  const taken = [...KEPT, 'keys', 'chain', 'postgres'].find((name) => existsSync(join(config.dataDir, name)));
  if (taken !== undefined) throw new StartError(`DATA_DIR ${config.dataDir} already holds ${taken}`);
  if (manifest.chain !== (config.rpcUrl === undefined))
    throw new StartError(
      manifest.chain
        ? 'the backup holds its embedded chain: leave RPC_URL out'
        : 'the backup holds no chain: RPC_URL has to name the one that it belongs to',
    );

  if (manifest.chain) copy('chain');
  const infrastructure = await joinInfrastructure(config);
  try {
    const objection = await objectionTo(infrastructure.databaseUrl);
    if (objection !== undefined) throw new StartError(objection);
    await loadDatabase(infrastructure.databaseUrl, join(source, 'database'), manifest).catch((error) => {
      throw new StartError(`the database cannot be restored: ${reason(error)}`, { cause: error });
    });
    copy('keys');
    for (const name of KEPT.filter((each) => existsSync(join(source, each)))) copy(name);
    console.log(`restored the backup of ${manifest.at}, up to block ${manifest.block ?? 'none'}`);
  } finally {
    await infrastructure.close();
  }

  function copy(name: string): void {
    mkdirSync(config.dataDir, { recursive: true });
    cpSync(join(source, name), join(config.dataDir, name), { recursive: true });
  }
});
