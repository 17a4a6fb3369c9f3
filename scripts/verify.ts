/**
 * Compares the read model with the chain at the block that it has reached. Exits 1 and names what differs. Where no
 * indexer runs, the read model first catches up with the chain: a node forgets what was true at older blocks.
 *
 * `npm run verify -- audit`: recomputes the audit trail instead and compares it with what was anchored on the chain; with a FILE, what
 * was exported of it, without database and chain.
 *
 * `npm run verify -- export FILE`: checks what a member took away, without database, chain and network; with RECOVERY_CODE and a
 * FOLDER it also opens the documents attached to bills and writes them there.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { readDeployment, type Deployment } from '#chain/deployment.ts';
import { AnotherWriter } from '#db/chain/writer.ts';
import { migrate } from '#db/migrate.ts';
import type { Verification } from '#indexer/verify.ts';
import { verifyExport } from './audit/exported.ts';
import type { AuditReport } from './audit/report.ts';
import { buildContracts } from './build-contracts.ts';
import { prepareDataDir, readConfig, StartError } from './config.ts';
import { joinInfrastructure } from './infrastructure.ts';
import { chainKeyIfAny } from './keys.ts';
import { runMain } from './main.ts';
import { verifyTaken } from './leaving/exported.ts';

type Target = { databaseUrl: string; rpcUrl: string; deployment: Deployment };

await runMain(async () => {
  const [what, exported, ...rest] = process.argv.slice(2);
  const isUnknown = what !== undefined && what !== 'audit' && what !== 'export';
  const [folder, ...more] = what === 'export' ? rest : [undefined, ...rest];
  const { RECOVERY_CODE: code } = process.env;
  const lacksOne =
    what === 'export' && (exported === undefined || (folder !== undefined && code === undefined));
  if (isUnknown || more.length > 0 || lacksOne)
    throw new StartError(
      'usage: npm run verify, npm run verify -- audit, npm run verify -- audit FILE, npm run verify -- export FILE, ' +
        'RECOVERY_CODE=... npm run verify -- export FILE FOLDER',
    );
  if (what === 'export')
    return tell(
      await verifyTaken(exported!, folder === undefined || code === undefined ? undefined : { folder, code }),
    );
  if (exported !== undefined) return tell(await verifyExport(exported));
  const config = readConfig();
  prepareDataDir(config.dataDir);
  const file = join(config.dataDir, 'deployment.json');
  if (!existsSync(file)) throw new StartError(`nothing to verify: ${file} is missing, npm start makes it`);
  await buildContracts();
  const { verify } = await import('#indexer/verify.ts');
  const infrastructure = await joinInfrastructure(config);
  try {
    const target = { ...infrastructure, deployment: readDeployment(file) };
    if (what === 'audit') {
      await migrate(target.databaseUrl);
      const { verifyAudit } = await import('./audit/verify.ts');
      return tell(await verifyAudit({ ...target, relayerKey: await chainKeyIfAny(config, 'relayer') }));
    }
    await catchUp(target);
    const result = await verify(target);
    console.log(summary(result));
    return result.differences.length === 0 ? 0 : 1;
  } finally {
    await infrastructure.close();
  }
});

function tell({ text, isGood }: Pick<AuditReport, 'text' | 'isGood'>): number {
  console.log(text);
  return isGood ? 0 : 1;
}

async function catchUp(target: Target): Promise<void> {
  const { start } = await import('#indexer/start.ts');
  await migrate(target.databaseUrl);
  const log = pino({ level: 'silent' });
  const indexer = await start({ ...target, log, patienceMs: 0 }).catch((error: unknown) => {
    if (error instanceof AnotherWriter) return undefined; // it catches up itself
    throw error;
  });
  if (indexer === undefined) return;
  try {
    for (;;) {
      const { head, indexed, stopped, problem } = indexer.status();
      if (stopped !== undefined) throw new StartError(`the indexer stops: ${stopped}`);
      if (problem !== undefined) throw new StartError(`the read model cannot catch up: ${problem}`);
      if (head !== undefined && head === indexed) return;
      await sleep(20);
    }
  } finally {
    await indexer.close();
  }
}

function summary({ block, checked, differences }: Verification): string {
  const counts = Object.entries(checked)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
  if (differences.length === 0) return `read model equals chain at block ${block}: ${counts}`;
  return [
    `read model differs from chain at block ${block} (compared: ${counts}):`,
    ...differences.map(
      ({ about, ledger, chain }) => `  ${about}: ${ledger} in the read model, ${chain} on the chain`,
    ),
  ].join('\n');
}
