import type { Logger } from 'pino';
import type { Deployment } from '#chain/deployment.ts';
import type { ChainKey } from '#keys/key.ts';

export type RelayerConfig = {
  readonly databaseUrl: string;
  /** A pooler before it, for all but notices; it may give each transaction another connection. */
  readonly poolerUrl?: string;
  /** One node, or several separated by commas. */
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  /** Sends what firms have signed, and what anybody may do: pays for it and can do nothing in a firm's name. A secret (0x…), or a key that keeps it. */
  readonly relayerKey: string | ChainKey;
  /** Signs acts of the operator. Without it those wait in the queue for a relayer that has it. */
  readonly operatorKey?: string | ChainKey;
  readonly log: Logger;
  /** Transactions of one key that may be under way at a time; default 256. */
  readonly inFlight?: number;
  /** Milliseconds after which a transaction that is not mined is sent again; default 10,000. */
  readonly resendMs?: number;
  /** While nothing is mined the pauses double up to this (milliseconds); default 300,000. */
  readonly longestResendMs?: number;
  /** Most milliseconds between two tries after failures; default 15,000. */
  readonly longestPauseMs?: number;
  /** Blocks that a node may be behind another before it is left; default 8. */
  readonly lag?: number;
  /** Milliseconds between looks at all nodes; default 5000. */
  readonly lookMs?: number;
};
