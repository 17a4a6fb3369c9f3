/** The audit trail of the database, recomputed, against what was anchored on the chain. */
import { JsonRpcProvider } from 'ethers';
import { readAnchors } from '#chain/anchors.ts';
import { contractsOf } from '#chain/contracts.ts';
import type { Deployment } from '#chain/deployment.ts';
import { verifyTrail } from '#db/audit/verify.ts';
import { listSenders } from '#db/instructions/relayer-view.ts';
import { toHex } from '#db/wire/bytes.ts';
import { connect } from '#db/wire/connect.ts';
import { addressOfKey, type ChainKey } from '#keys/key.ts';
import { firstNode } from '../nodes.ts';
import { report, type AuditReport } from './report.ts';

type Target = {
  readonly databaseUrl: string;
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  /** The keeper's, if it is at hand. */
  readonly relayerKey: ChainKey | undefined;
};

/** Of the database: names what was taken out, changed, put in or moved. */
export async function verifyAudit(target: Target): Promise<AuditReport> {
  const { databaseUrl, rpcUrl, deployment, relayerKey } = target;
  const db = connect(databaseUrl, { role: 'tallystick_api', applicationName: 'tallystick-audit', max: 2 });
  const provider = new JsonRpcProvider(await firstNode(rpcUrl), undefined, { batchStallTime: 0 });
  try {
    // Who wrote anchors, the database says; whoever changed it cannot hide what our own key wrote.
    const senders = (await listSenders(db)).map(({ address }) => toHex(address));
    const own = relayerKey === undefined ? [] : [addressOfKey(relayerKey).toLowerCase()];
    const anchors = await readAnchors(contractsOf(deployment, provider), [...new Set([...own, ...senders])]);
    const { links, entries, head, anchored, findings } = await verifyTrail(db, anchors);
    return report(
      `${links} links, ${entries} entries, ${anchored} of ${anchors.length} anchors`,
      head,
      findings,
    );
  } finally {
    provider.destroy();
    await db.destroy();
  }
}
