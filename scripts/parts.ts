/** The services of the product, all in one process or each in one of its own. They import what the build makes, so each is loaded only when it is started. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Deployment } from '#chain/deployment.ts';
import { StartError, type Config } from './config.ts';
import { moveClock } from '../services/embedded/anvil.ts';
import type { Infrastructure } from './infrastructure.ts';
import { chainKeyIfAny, keptChainKey, keyInModule, webhookKey } from './keys.ts';
import { logTo } from './log.ts';

export const PARTS = ['indexer', 'relayer', 'api', 'notifier'] as const;
export type Part = (typeof PARTS)[number];

type Service = { close(): Promise<void>; readonly url?: string };
type Common = {
  readonly databaseUrl: string;
  readonly poolerUrl?: string;
  readonly rpcUrl: string;
  readonly deployment: Deployment;
  readonly log: Logger;
  readonly lag?: number;
};

/** Milliseconds after which an indexer that waits for another looks whether it shall stop. */
const TURN = 1_000;

/** Settings in seconds as milliseconds; what is not set is left to the service. */
const inMs = <Name extends string>(settings: Record<Name, number | undefined>): { [name in Name]?: number } =>
  Object.fromEntries(
    Object.entries<number | undefined>(settings).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value * 1_000]],
    ),
  ) as { [name in Name]?: number };

const STARTS: Record<Part, (config: Config, common: Common, stopping: AbortSignal) => Promise<Service>> = {
  indexer: async ({ reorgLimit, retryLimit }, common, stopping) => {
    const { start } = await import('#indexer/start.ts');
    const { AnotherWriter } = await import('#db/chain/writer.ts');
    for (let isWaiting = false; ; isWaiting = true) {
      stopping.throwIfAborted();
      try {
        return await start({
          ...common,
          ...inMs({ longestPauseMs: retryLimit }),
          deepest: reorgLimit,
          patienceMs: TURN,
        });
      } catch (error) {
        if (!(error instanceof AnotherWriter)) throw error;
        if (!isWaiting) console.log(`${error.message}; this one waits to take over`);
      }
    }
  },
  relayer: async (config, common) => {
    const { resendAfter, resendLimit, retryLimit } = config;
    const operatorKey = await chainKeyIfAny(config, 'operator'); // without it the operator's acts wait for another relayer
    const { start } = await import('#relayer/start.ts');
    return start({
      ...common,
      ...inMs({ resendMs: resendAfter, longestResendMs: resendLimit, longestPauseMs: retryLimit }),
      relayerKey: await keptChainKey(config, 'relayer'),
      ...(operatorKey === undefined ? {} : { operatorKey }),
    });
  },
  notifier: async ({ port, origin, demo, clock, dataDir, mail }, common) =>
    (await import('#notifier/start.ts')).start({
      ...common,
      origin: origin ?? `http://localhost:${port}`,
      clock: clock === 'system' ? 'system' : 'chain',
      webhookKey: webhookKey(dataDir),
      demo,
      ...(mail === undefined ? {} : { mail }),
    }),
  api: async (config, common) => {
    const {
      host,
      port,
      origin,
      demo,
      clock,
      dataDir,
      trustProxy,
      metricsToken,
      blockAgeLimit,
      mail,
      accountProof,
    } = config;
    if (!demo) await closeDemonstration(common.databaseUrl);
    const webRoot = resolve(import.meta.dirname, '../web/build');
    const exportsKey = await keyInModule(config, 'exports');
    const verifierFile = join(webRoot, 'tallystick-verifier.html');
    return (await import('#api/start.ts')).start({
      ...common,
      host,
      port,
      ...(existsSync(webRoot) ? { webRoot } : {}),
      ...(existsSync(verifierFile) ? { verifierFile } : {}),
      demo,
      clock: clock === 'system' ? 'system' : 'chain',
      ...(clock === 'operator' ? { moveClock: (to: number) => moveClock(common.rpcUrl, to) } : {}),
      keysDir: join(dataDir, 'keys'),
      ...(exportsKey === undefined ? {} : { exportsKey }),
      webhookKey: webhookKey(dataDir),
      channels: mail === undefined ? ['inbox'] : ['inbox', 'mail'],
      ...(origin === undefined ? {} : { origin }),
      ...(accountProof === undefined ? {} : { accountProof }),
      ...(trustProxy === undefined ? {} : { trustProxy }),
      ...(metricsToken === undefined ? {} : { metricsToken }),
      ...(blockAgeLimit === undefined ? {} : { blockAgeLimit }),
    });
  },
};

/** Who entered while the same data were served as a demonstration showed nobody who he is. */
async function closeDemonstration(databaseUrl: string): Promise<void> {
  const [{ connect }, { closeDemoSessions }] = await Promise.all([
    import('#db/wire/connect.ts'),
    import('#db/requests/sessions.ts'),
  ]);
  const db = connect(databaseUrl, { max: 1 });
  await closeDemoSessions(db).finally(() => db.destroy());
}

/** What the command line names, all if it names none. Throws {@link StartError}. */
export function partsOf(names: readonly string[]): readonly Part[] {
  const unknown = names.find((name) => !PARTS.includes(name as Part));
  if (unknown !== undefined)
    throw new StartError(`there is no part "${unknown}"; there are ${PARTS.join(', ')}`);
  return names.length === 0 ? PARTS : PARTS.filter((part) => names.includes(part));
}

/** Starts them one after the other; `keep` is told of each as soon as it runs; an indexer beside
 * another waits for its turn. Returns the address of the API, if it is one of them. */
export async function startParts(
  parts: readonly Part[],
  config: Config,
  { databaseUrl, rpcUrl }: Pick<Infrastructure, 'databaseUrl' | 'rpcUrl'>,
  deployment: Deployment,
  stopping: AbortSignal,
  keep: (service: Service) => void,
): Promise<string | undefined> {
  const log = logTo(2, config.logLevel);
  let url: string | undefined;
  for (const part of parts) {
    const { poolerUrl, nodeLagLimit: lag } = config;
    const service = await STARTS[part](
      config,
      {
        ...(poolerUrl === undefined ? {} : { poolerUrl }),
        ...(lag === undefined ? {} : { lag }),
        databaseUrl,
        rpcUrl,
        deployment,
        log,
      },
      stopping,
    );
    keep(service);
    url ??= service.url;
  }
  return url;
}
