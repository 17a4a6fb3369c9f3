/** `npm run bench -- decoders [LOGS] [SEED]`: the generated decoders against ethers, for agreement and for speed. */
import type { RawLog } from '#db/ledger/ledger.ts';
import { interfaces } from '#chain/contracts.ts';
import { toHex } from '#db/wire/bytes.ts';
import { decode } from '#indexer/decode.ts';
import { random } from '#scripts/replay/random.ts';
import { allEvents, fuzzDecoders, randomLog } from './decoder-fuzz.ts';

const SAMPLE = 20_000;

export async function* bench([logs = '1000000', seed = '1']: readonly string[]): AsyncGenerator<object> {
  const tally = fuzzDecoders(Number(seed), Number(logs));
  yield { bench: 'decoders', seed: Number(seed), logs: Number(logs), ...tally, ...speeds(Number(seed)) };
}

/** Logs a second of ours and of ethers, each after a first pass that warms it up. */
function speeds(seed: number): { ours: number; ethers: number } {
  const dice = random(seed);
  const events = allEvents().filter(({ source }) => source === 'bills');
  const sample = Array.from({ length: SAMPLE }, () => {
    const { topics, data } = randomLog(dice, dice.pick(events).event);
    return {
      raw: { topics: Buffer.concat(topics), data } as RawLog,
      topics: topics.map(toHex),
      data: toHex(data),
    };
  });
  const perSecond = (work: (log: (typeof sample)[number]) => unknown): number => {
    for (const log of sample) work(log);
    const start = performance.now();
    for (const log of sample) work(log);
    return Math.round((SAMPLE / (performance.now() - start)) * 1000);
  };
  return {
    ours: perSecond(({ raw }) => decode('bills', raw)),
    ethers: perSecond(({ topics, data }) => interfaces.bills.parseLog({ topics, data })!.args.toArray(true)),
  };
}
