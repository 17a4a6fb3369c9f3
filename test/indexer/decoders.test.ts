import { describe, expect, it } from 'vitest';
import { decoders, type SourceName } from '#indexer/decode.ts';
import { interfaces } from '#chain/contracts.ts';
import { fuzzDecoders } from '#scripts/bench/decoder-fuzz.ts';

const SEED = 7;

describe('the decoders made from the ABI', () => {
  it.each(Object.keys(decoders) as SourceName[])('know every event of %s', (source) => {
    const topics: string[] = [];
    interfaces[source].forEachEvent(({ topicHash }) => topics.push(topicHash));
    const known = [...decoders[source].keys()].map(
      (topic) => `0x${Buffer.from(topic, 'latin1').toString('hex')}`,
    );
    expect(known.toSorted()).toEqual(topics.toSorted());
  });

  it(`decode what ethers decodes, and nothing but what Solidity writes (seed ${SEED})`, () => {
    const { equal, refused, laxer } = fuzzDecoders(SEED, 5_000);
    expect(Math.min(equal, refused, laxer)).toBeGreaterThan(500);
  });
});
