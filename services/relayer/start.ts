import { JsonRpcProvider, Network } from 'ethers';
import type { Logger } from 'pino';
import type { Deployment } from '#chain/deployment.ts';
import { listen } from '#db/app/notices.ts';
import { connect } from '#db/connect.ts';
import { Sender, type SenderConfig } from './sender.ts';

export type RelayerConfig = {
  readonly databaseUrl: string;
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  /** Private key that pays for firms' and the keeper's acts; it has no rights. */
  readonly relayerKey: string;
  /** Private key of the operator, where this process carries its acts too. */
  readonly operatorKey?: string;
  readonly log: Logger;
};

export type Relayer = { close(): Promise<void> };

/** Carries queued acts to the chain until it is closed. Throws if the database cannot be reached. */
export async function start(config: RelayerConfig): Promise<Relayer> {
  const { databaseUrl, rpcUrl, deployment, relayerKey, operatorKey, log } = config;
  const db = connect(databaseUrl, { role: 'tallystick_api', applicationName: 'tallystick-relayer' });
  const network = Network.from(deployment.chainId);
  const provider = new JsonRpcProvider(rpcUrl, network, {
    staticNetwork: network,
    cacheTimeout: -1,
    batchStallTime: 0,
  });
  const common = { db, provider, chainId: deployment.chainId, log };
  const senders = [
    new Sender({ ...common, key: relayerKey, signedBy: ['firm', 'keeper'] }),
    ...(operatorKey === undefined
      ? []
      : [new Sender({ ...common, key: operatorKey, signedBy: ['operator'] } satisfies SenderConfig)]),
  ];
  const wake = (): void => {
    for (const sender of senders) {
      sender.look();
      sender.wake();
    }
  };
  const onNotice = (channel: string): void => {
    for (const sender of senders) {
      if (channel === 'queue') sender.wake();
      else sender.look();
    }
  };
  const listener = await listen(databaseUrl, ['queue', 'ledger'], onNotice, wake);
  log.info({ senders: senders.map(({ address }) => address) }, 'the relayer carries acts');
  return {
    close: async () => {
      await listener.close();
      await Promise.all(senders.map((sender) => sender.close()));
      provider.destroy();
      await db.destroy();
    },
  };
}
