/** What the API is started with. */
import type { Logger } from 'pino';
import type { Channel } from '#domain/notices/channels.ts';
import type { Deployment } from '#chain/deployment.ts';
import type { ChainKey } from '#keys/key.ts';

export type ApiConfig = {
  readonly databaseUrl: string;
  /** A pooler before it, for all but notices; it may give each transaction another connection. */
  readonly poolerUrl?: string;
  /** One node, or several separated by commas. */
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Folder of the built web app; without it the API serves none. */
  readonly webRoot?: string;
  /** The page that verifies exports: it goes with each. Without it none has one. */
  readonly verifierFile?: string;
  /** Anybody may enter as any member, and keys that were made for members are handed to their sessions. */
  readonly demo: boolean;
  /** Whose time "today" is: the machine's, or that of the chain's next block. */
  readonly clock: 'system' | 'chain';
  /** Moves that of the embedded chain ahead to an instant (seconds): the operator of a demonstration owns its clock. */
  readonly moveClock?: (to: number) => Promise<void>;
  /** Under which address people open the product, as a browser writes it: passkeys are bound to it. Default: localhost and the port. */
  readonly origin?: string;
  /** Folder for keys that the demonstration makes for members, and for the one that signs exports unless there is another. */
  readonly keysDir: string;
  /** Signs what members take away; default: one in a file of `keysDir`. */
  readonly exportsKey?: ChainKey;
  /** 32 bytes that seal the secrets of webhooks: the notifier has the same. Without it none can be made. */
  readonly webhookKey?: Buffer;
  /** Ways to people that there are; default: the inbox alone. */
  readonly channels?: readonly Channel[];
  /** Who credits small amounts to bank accounts: 'sandbox', or the address of a bank's gateway. Default: the sandbox in the demonstration, else nobody. */
  readonly accountProof?: string;
  readonly log: Logger;
  /** Requests a minute of one session, or of one address without a session. */
  readonly requestsPerMinute?: number;
  /** Proxies whose word on the visitor's address and on TLS is taken: how many stand before us, or their addresses. */
  readonly trustProxy?: number | string[];
  /** Who asks for /metrics shows it; without it only this machine may ask. */
  readonly metricsToken?: string;
  /** Seconds after which a chain without a new block stands still. Undefined for one that makes blocks only when there is something to put in. */
  readonly blockAgeLimit?: number;
  /** Milliseconds between looks whether it stands still, while somebody listens to live events; default 5000. */
  readonly standstillMs?: number;
  /** Blocks that a node may be behind another before it is left; default 8. */
  readonly lag?: number;
  /** Milliseconds between looks at all nodes; default 5000. */
  readonly lookMs?: number;
};
