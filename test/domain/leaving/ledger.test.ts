/** What the check of an export knows of the contracts by heart, against what the compiler says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { concat, decodeRlp, encodeRlp, getBytes, keccak256, zeroPadValue } from 'ethers';
import { describe, expect, it } from 'vitest';
import { headerRlp } from '#api/leaving/proofs.ts';
import { interfaces } from '#chain/contracts.ts';
import { acts, type ActEvent } from '#domain/acts/acts.ts';
import { readAct, signatureOf } from '#domain/leaving/act-bytes.ts';
import { LEDGER_PLACES, readHeader } from '#domain/leaving/chain-words.ts';

const artifacts = resolve(import.meta.dirname, '../../../artifacts');
type Layout = { storage: { label: string; slot: string }[] };
type Output = { output: { contracts: Record<string, Record<string, { storageLayout?: Layout }>> } };

function layoutOfBills(): Layout {
  const { buildInfoId, inputSourceName } = JSON.parse(
    readFileSync(join(artifacts, 'contracts/bills/Bills.sol/Bills.json'), 'utf8'),
  ) as { buildInfoId: string; inputSourceName: string };
  const file = readdirSync(join(artifacts, 'build-info')).find(
    (name) => name === `${buildInfoId}.output.json`,
  )!;
  const { output } = JSON.parse(readFileSync(join(artifacts, 'build-info', file), 'utf8')) as Output;
  return output.contracts[inputSourceName]!['Bills']!.storageLayout!;
}

describe('what the check of an export knows of the ledger', () => {
  it('are the places of its mappings', () => {
    const slots = new Map(layoutOfBills().storage.map(({ label, slot }) => [label, BigInt(slot)]));
    expect(LEDGER_PLACES).toEqual({
      terms: slots.get('_terms'),
      trail: slots.get('_trails'),
      paid: slots.get('_paid'),
      parcel: slots.get('_parcels'),
    });
  });

  it.each(Object.keys(acts) as ActEvent[])('is the form of %s', (name) => {
    const event = interfaces.bills.getEvent(name)!;
    expect(signatureOf(name)).toBe(event.format('sighash'));
    const values = event.inputs.map(({ type }, n) =>
      type === 'uint32[]'
        ? [7, 8]
        : type === 'address'
          ? `0x${'ab'.repeat(20)}`
          : type === 'bytes32'
            ? `0x${'cd'.repeat(32)}`
            : n + 1,
    );
    const { topics, data } = interfaces.bills.encodeEventLog(event, values);
    const read = readAct(getBytes(concat([...topics, data])));
    expect(read.name).toBe(name);
    expect(Object.keys(read.facts)).toEqual(event.inputs.map((input) => input.name));
    expect(Object.values(read.facts).map(String)).toEqual(values.map(String));
    expect(() => readAct(getBytes(concat([...topics, data])).subarray(0, 40))).toThrow();
  });
});

/** As a node tells of it. */
const HEADER = {
  parentHash: `0x${'01'.repeat(32)}`,
  sha3Uncles: `0x${'02'.repeat(32)}`,
  miner: `0x${'03'.repeat(20)}`,
  stateRoot: `0x${'04'.repeat(32)}`,
  transactionsRoot: `0x${'05'.repeat(32)}`,
  receiptsRoot: `0x${'06'.repeat(32)}`,
  logsBloom: `0x${'00'.repeat(256)}`,
  difficulty: '0x1',
  number: '0x10',
  gasLimit: '0xffff',
  gasUsed: '0x0',
  timestamp: '0x6543',
  extraData: '0x',
  mixHash: `0x${'07'.repeat(32)}`,
  nonce: zeroPadValue('0x', 8),
};

describe('the header of a block', () => {
  const plain = (header: Record<string, string>) =>
    encodeRlp(
      Object.entries(header).map(([name, value]) =>
        ['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp'].includes(name)
          ? value === '0x0'
            ? '0x'
            : value.length % 2 === 0
              ? value
              : `0x0${value.slice(2)}`
          : value,
      ),
    );

  it('is written as the chain hashes it, and read again', () => {
    const hash = keccak256(plain(HEADER));
    const rlp = headerRlp({ ...HEADER, hash });
    expect(readHeader(getBytes(rlp))).toEqual({
      hash,
      parentHash: HEADER.parentHash,
      stateRoot: HEADER.stateRoot,
      number: 16n,
      timestamp: 0x6543n,
    });
  });

  it('of Besu (QBFT) is hashed without round and seals', () => {
    const extra = (round: string, seals: string[]) =>
      encodeRlp([`0x${'00'.repeat(32)}`, [`0x${'11'.repeat(20)}`], [], round, seals]);
    const hash = keccak256(plain({ ...HEADER, extraData: extra('0x', []) }));
    const told = { ...HEADER, extraData: extra('0x02', [`0x${'22'.repeat(65)}`]), hash };
    const rlp = headerRlp(told);
    expect(keccak256(rlp)).toBe(hash);
    expect((decodeRlp(rlp) as string[])[12]).toBe(extra('0x', []));
  });

  it('that gives another hash is refused', () => {
    expect(() => headerRlp({ ...HEADER, hash: `0x${'99'.repeat(32)}` })).toThrow(
      'does not come of its header',
    );
  });
});
