/** What the routes work with: opened once for a process, closed with it. */
import type { JsonRpcProvider } from 'ethers';
import type { Logger } from 'pino';
import { callsOf, type Calls } from '#chain/calls.ts';
import { contractsOf, type Contracts } from '#chain/contracts.ts';
import type { Deployment } from '#chain/deployment.ts';
import { connectNode } from '#chain/node.ts';
import { Nodes } from '#chain/nodes.ts';
import { connect, type Database } from '#db/wire/connect.ts';
import { ITSELF } from '#db/audit/write.ts';
import { anchor, ANCHOR_AFTER_MS } from './audit/anchor.ts';
import { Trail } from './audit/trail.ts';
import { MAX_GAS } from './instructions/gas.ts';
import { accountProofOf, type AccountProof } from './applications/account-proof.ts';
import { Sealed } from './applications/sealed.ts';
import { Clock } from './clock.ts';
import type { ApiConfig } from './config.ts';
import { Uploads } from './imports/uploads.ts';
import { Sheets } from './leaving/sheet/sheets.ts';
import { ExportSigner } from './leaving/signer.ts';
import { Announcements } from './status/announcements.ts';
import { Standstill } from './status/standstill.ts';
import { Names } from './members/names.ts';
import { Site } from './site.ts';
import { Visitors } from './visitors.ts';

/** What the routes work with. */
export type Services = {
  readonly db: Database;
  readonly provider: JsonRpcProvider;
  readonly deployment: Deployment;
  readonly contracts: Contracts;
  readonly calls: Calls;
  readonly clock: Clock;
  /** What a transaction may use on this chain. */
  readonly maxGas: () => Promise<bigint>;
  readonly names: Names;
  readonly announcements: Announcements;
  readonly standstill: Standstill;
  readonly visitors: Visitors;
  readonly site: Site;
  readonly uploads: Uploads;
  readonly sealed: Sealed;
  readonly sheets: Sheets;
  readonly exportSigner: ExportSigner;
  readonly verifierFile: ApiConfig['verifierFile'];
  /** undefined: no bank is connected. */
  readonly accountProof: AccountProof | undefined;
  readonly isSandboxBank: boolean;
  readonly trail: Trail;
  readonly log: Logger;
  readonly demo: boolean;
  readonly moveClock: ApiConfig['moveClock'];
  readonly blockAgeLimit: ApiConfig['blockAgeLimit'];
  readonly keysDir: string;
  readonly webhookKey: ApiConfig['webhookKey'];
  readonly channels: NonNullable<ApiConfig['channels']>;
};

export async function openServices(config: ApiConfig): Promise<Services & { close(): Promise<void> }> {
  const { databaseUrl, poolerUrl, rpcUrl, deployment, log } = config;
  const bank = config.accountProof ?? (config.demo ? 'sandbox' : undefined);
  const db = connect(poolerUrl ?? databaseUrl, {
    isPooled: poolerUrl !== undefined,
    role: 'tallystick_api',
    applicationName: 'tallystick-api',
    max: 10,
    keepOpen: true, // a first page on a new connection takes twenty times as long, because PostgreSQL plans all of it again
  });
  const nodes = new Nodes(rpcUrl, deployment, config);
  const provider = connectNode(nodes, deployment.chainId);
  try {
    const announcements = await Announcements.open(databaseUrl, db, log);
    const calls = callsOf(deployment);
    const trail = new Trail(db, log, () => anchor({ db, calls }, ITSELF, ANCHOR_AFTER_MS));
    return {
      db,
      provider,
      deployment,
      contracts: contractsOf(deployment, provider),
      calls,
      clock: new Clock(config.clock, provider),
      maxGas: maxGasOf(provider),
      names: new Names(db, announcements),
      announcements,
      standstill: new Standstill(provider, config.blockAgeLimit, config.standstillMs),
      visitors: new Visitors(db, announcements),
      site: new Site(config.origin),
      uploads: new Uploads(),
      sealed: new Sealed(config.keysDir),
      sheets: new Sheets(),
      exportSigner: new ExportSigner(config.keysDir, config.exportsKey),
      verifierFile: config.verifierFile,
      accountProof: accountProofOf(bank, db, deployment.currency),
      isSandboxBank: bank === 'sandbox',
      trail,
      log,
      demo: config.demo,
      moveClock: config.moveClock,
      blockAgeLimit: config.blockAgeLimit,
      keysDir: config.keysDir,
      webhookKey: config.webhookKey,
      channels: config.channels ?? ['inbox'],
      close: async () => {
        await announcements.close();
        await trail.close();
        provider.destroy();
        await db.destroy();
      },
    };
  } catch (error) {
    provider.destroy();
    await db.destroy();
    throw error;
  }
}

/** Asked for once; the limit of blocks hardly ever changes, and grows when it does. */
function maxGasOf(provider: JsonRpcProvider): () => Promise<bigint> {
  let known: Promise<bigint> | undefined;
  const ask = async (): Promise<bigint> => {
    const block = (await provider.send('eth_getBlockByNumber', ['latest', false])) as { gasLimit: string };
    const limit = BigInt(block.gasLimit);
    return limit < MAX_GAS ? limit : MAX_GAS;
  };
  return () => {
    known ??= ask().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
