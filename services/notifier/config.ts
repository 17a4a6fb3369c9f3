import type { Logger } from 'pino';
import type { Deployment } from '#chain/deployment.ts';
import type { MailConfig } from './channels/mail.ts';
import type { PersonChannel } from './channels/channel.ts';

export type NotifierConfig = {
  readonly databaseUrl: string;
  /** A pooler before it, for all but notices; it may give each transaction another connection. */
  readonly poolerUrl?: string;
  /** One node, or several separated by commas: asked what time it is. */
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  readonly log: Logger;
  /** Under which address people open the product: links lead there. */
  readonly origin: string;
  /** Whose time offers and bills live by: the machine's, or that of the chain's next block. */
  readonly clock: 'system' | 'chain';
  /** 32 bytes that seal the secrets of webhooks. */
  readonly webhookKey: Buffer;
  /** Webhooks may lead to this machine, without TLS. */
  readonly demo: boolean;
  /** Without it nobody gets mail. */
  readonly mail?: MailConfig;
  /** Further ways to people: see channels/README.md. */
  readonly channels?: readonly PersonChannel[];
  /** Milliseconds between looks for what runs out; default 60,000. */
  readonly remindMs?: number;
  /** Blocks that a node may be behind another before it is left; default 8. */
  readonly lag?: number;
};
