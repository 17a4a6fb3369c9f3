import { ZeroAddress, ZeroHash } from 'ethers';
import type { Deployment } from '#chain/deployment.ts';

const NAMES =
  'accessManager timelock rulebook lines cash bills desk orgAccountFactory p256Verifier ribbon auditAnchor';

/** A ledger that no chain stands behind, for what never asks for one. */
export const NOWHERE: Deployment = {
  chainId: 1,
  startBlock: 0,
  genesisHash: ZeroHash,
  currency: 'CNY',
  operator: ZeroAddress,
  hands: { admin: ZeroAddress, desks: ZeroAddress, guardian: ZeroAddress },
  addresses: Object.fromEntries(
    NAMES.split(' ').map((name) => [name, ZeroAddress]),
  ) as Deployment['addresses'],
};
