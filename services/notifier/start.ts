/** Starts and stops the notifier: from what happened to inboxes, mail and the systems of firms. */
import { connectNode } from '#chain/node.ts';
import { Nodes } from '#chain/nodes.ts';
import { listen } from '#db/instructions/notices.ts';
import { connect } from '#db/wire/connect.ts';
import { mailChannel } from './channels/mail.ts';
import type { NotifierConfig } from './config.ts';
import { Notifier } from './notifier.ts';

export type { NotifierConfig } from './config.ts';

/** Longest rest (ms), also after a failure: a notice of the database can be lost, and time goes on. */
const REST_MS = 60_000;
const FIRST_PAUSE_MS = 500;

/** Tells and sends until it is closed. Throws if the database cannot be reached. */
export async function start(config: NotifierConfig): Promise<{ close(): Promise<void> }> {
  const {
    databaseUrl,
    poolerUrl,
    rpcUrl,
    deployment,
    clock,
    mail,
    channels = [],
    remindMs = REST_MS,
  } = config;
  const log = config.log.child({ service: 'notifier' });
  const db = connect(poolerUrl ?? databaseUrl, {
    role: 'tallystick_api',
    applicationName: 'tallystick-notifier',
    max: 8,
    isPooled: poolerUrl !== undefined,
  });
  const provider = connectNode(new Nodes(rpcUrl, deployment, { ...config, log }), deployment.chainId);
  const ways = [...(mail === undefined ? [] : [mailChannel(mail)]), ...channels];
  const notifier = new Notifier({
    db,
    deployment,
    origin: config.origin,
    webhookKey: config.webhookKey,
    isDemo: config.demo,
    channels: ways,
    now: () => new Date(),
    ledgerNow: async () => {
      if (clock === 'system') return Math.floor(Date.now() / 1_000);
      const block = (await provider.send('eth_getBlockByNumber', ['pending', false])) as {
        timestamp: string;
      };
      return Number(block.timestamp);
    },
    remindMs,
    log,
  });
  let isClosing = false;
  let isWoken = true;
  let rouse: () => void = () => {};
  const wake = (): void => {
    isWoken = true;
    rouse();
  };
  const rest = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      rouse = () => (clearTimeout(timer), resolve());
    });
  const run = async (): Promise<void> => {
    for (let failures = 0; !isClosing;) {
      isWoken = false;
      const { nextAt, failure } = await notifier
        .round()
        .catch((failure: unknown) => ({ nextAt: undefined, failure }));
      if (failure !== undefined && failures === 0) log.error({ err: failure }, 'the notifier waits');
      if (failure === undefined && failures > 0) log.warn('the notifier goes on');
      failures = failure === undefined ? 0 : failures + 1;
      const untilDue = nextAt === undefined ? REST_MS : nextAt.getTime() - Date.now();
      const pause = failures > 0 ? FIRST_PAUSE_MS * 2 ** Math.min(failures, 7) : untilDue;
      if (isClosing || (isWoken && failures === 0)) continue;
      await rest(Math.min(REST_MS, remindMs, Math.max(pause, 100)));
    }
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all(ways.map((way) => way.close()));
    provider.destroy();
    await db.destroy();
  };
  let newest: unknown;
  try {
    const listener = await listen(
      databaseUrl,
      ['notices', 'ledger'],
      (channel, payload) => {
        if (channel === 'notices') return wake();
        const { proved } = payload as { proved: unknown };
        if (proved !== newest) wake();
        newest = proved;
      },
      wake,
    );
    const running = run();
    return {
      close: async () => {
        isClosing = true;
        wake();
        await listener.close();
        await running;
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
