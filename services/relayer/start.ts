import type { Logger } from 'pino';
import { connectNode } from '#chain/node.ts';
import { Nodes } from '#chain/nodes.ts';
import { listen, type BlockNotice, type QueueNotice } from '#db/instructions/notices.ts';
import { connect } from '#db/wire/connect.ts';
import { chainKeyOf } from '#keys/key.ts';
import type { RelayerConfig } from './config.ts';
import { Sender } from './sender.ts';
import { Worker } from './worker.ts';

export type { RelayerConfig } from './config.ts';

/** Milliseconds between looks that no notice called for while something is under way. */
const LOOK = 2_000;
/** Looks after which there is one although nothing is under way: a notice can be lost. */
const REST = 5;

/**
 * Sends what is signed until it is closed. Throws if the database cannot be reached; a node that cannot be reached is
 * waited for. Several relayers can work on one queue, each with keys of its own or with the same.
 */
export async function start(config: RelayerConfig): Promise<{ close(): Promise<void> }> {
  const {
    databaseUrl,
    poolerUrl,
    rpcUrl,
    deployment,
    relayerKey,
    operatorKey,
    inFlight = 256,
    resendMs = 10_000,
    longestResendMs = 300_000,
    longestPauseMs = 15_000,
  } = config;
  const log: Logger = config.log.child({ service: 'relayer' });
  const db = connect(poolerUrl ?? databaseUrl, {
    role: 'tallystick_api',
    applicationName: 'tallystick-relayer',
    max: 6,
    isPooled: poolerUrl !== undefined,
  });
  const { chainId, addresses } = deployment;
  const nodes = new Nodes(rpcUrl, deployment, { ...config, log });
  const provider = connectNode(nodes, chainId);
  const common = {
    ...{ db, nodes, provider, chainId, relay: addresses.relay, log },
    ...{ inFlight, resendMs, longestResendMs },
  };
  const senders = [
    new Sender({ ...common, key: chainKeyOf(relayerKey), signedBy: ['firm', 'keeper'] }),
    ...(operatorKey === undefined
      ? []
      : [new Sender({ ...common, key: chainKeyOf(operatorKey), signedBy: ['operator'] })]),
  ];
  const workers = senders.map((sender) => new Worker(sender, log, longestPauseMs));
  const wake = (): void => workers.forEach((worker) => worker.wake());
  let newest = -1;
  const onNotice = (channel: string, payload: unknown): void => {
    if (channel === 'queue') {
      const { signedBy } = payload as QueueNotice;
      return workers.forEach((worker) => worker.wakeToSend(signedBy));
    }
    const { block } = payload as BlockNotice;
    if (block === newest) return; // only proved
    newest = block;
    workers.forEach((worker) => worker.wakeToSettle());
  };
  let looks = 0;
  const look = setInterval(() => {
    if (++looks % REST === 0 || senders.some(({ isIdle }) => !isIdle)) wake();
  }, LOOK);
  try {
    const listener = await listen(databaseUrl, ['queue', 'ledger'], onNotice, wake);
    return {
      close: async () => {
        clearInterval(look);
        await listener.close();
        await Promise.all(workers.map((worker) => worker.close()));
        provider.destroy();
        await db.destroy();
      },
    };
  } catch (error) {
    clearInterval(look);
    await Promise.all(workers.map((worker) => worker.close()));
    provider.destroy();
    await db.destroy();
    throw error;
  }
}
