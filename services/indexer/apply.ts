import type { Deployment } from '#chain/deployment.ts';
import { isAccount } from '#db/accounts/write.ts';
import type { Ledger, RawLog } from '#db/ledger/ledger.ts';
import type { Block } from './blocks.ts';
import { addressKey, decode, isOfOrgAccount, sourcesOf, type SourceName } from './decode.ts';
import { handle } from './handlers/index.ts';
import { preload } from './preload.ts';

export type Applier = {
  /** Lets a block's logs, in order, change the ledger; returns those that are ours. */
  apply(ledger: Ledger, block: Block): Promise<RawLog[]>;
  /** Reads what many blocks are going to ask for with a few statements. */
  preload(ledger: Ledger, blocks: readonly Block[]): Promise<void>;
};

export function applierOf(deployment: Deployment): Applier {
  const sources = sourcesOf(deployment);
  const known = new WeakMap<Buffer, SourceName | 'other'>(); // logs of one contract share their address
  const sourceOf = ({ address }: RawLog): SourceName | undefined => {
    let source = known.get(address);
    if (source === undefined) known.set(address, (source = sources.get(addressKey(address)) ?? 'other'));
    return source === 'other' ? undefined : source;
  };

  const apply: Applier['apply'] = async (ledger, block) => {
    ledger.enterBlock(block.number);
    const at = new Date(Number(block.timestamp) * 1000);
    const ours: RawLog[] = [];
    for (const log of block.logs) {
      const source = sourceOf(log) ?? (await accountSource(ledger, log));
      if (source === undefined) continue;
      ledger.enterLog({ log, at });
      await applyLog(ledger, source, log);
      ours.push(log);
    }
    return ours;
  };

  return {
    apply,
    preload: (ledger, blocks) => {
      const logs = Map.groupBy(
        blocks.flatMap((block) => block.logs),
        sourceOf,
      );
      return preload(ledger, { bills: logs.get('bills') ?? [], cash: logs.get('cash') ?? [] });
    },
  };
}

/** Many addresses emit the events of a firm's account: those count that the ledger knows at this point of its story. */
const accountSource = async (ledger: Ledger, log: RawLog): Promise<SourceName | undefined> =>
  isOfOrgAccount(log) && (await isAccount(ledger, log.address)) ? 'orgAccount' : undefined;

async function applyLog(ledger: Ledger, source: SourceName, log: RawLog): Promise<void> {
  const place = `block ${log.block_number}, log ${log.log_index}, ${source}`;
  const event = decode(source, log);
  if (event === undefined)
    throw new Error(`${place}: unknown event with topic 0x${log.topics.toString('hex', 0, 32)}`);
  try {
    await handle(ledger, event);
  } catch (error) {
    throw new Error(`${place}: ${event.name} cannot be applied`, { cause: error });
  }
}
