import { expect } from 'chai';
import { MAX_FACE } from '#domain/money.ts';
import { toBeHex, ZeroHash, type Log } from 'ethers';
import { WHOLE } from '#chain/calls.ts';
import { answers, dateOf, DUE, issued, issues, passed, pieceOf, seen, sold, taken } from '../support/acts.ts';
import { clockTo, ethers } from '../support/chain.ts';
import { ledgerHashOf, replayed, trailOf } from '../support/replay.ts';
import { stage, type Stage } from '../support/stage.ts';

describe('Bills: trail and ledger hash', () => {
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });

  const logsOf = (bill: bigint): Promise<Log[]> =>
    ethers.provider.getLogs({
      address: s.deployment.addresses.bills,
      fromBlock: s.deployment.startBlock,
      topics: [null, toBeHex(bill, 32)],
    });

  const isBank = (member: bigint): boolean =>
    [s.bank, s.bank2].some(({ number }) => BigInt(number) === member);

  /** What the logs of a bill say is what the contract holds. */
  async function proves(bill: bigint): Promise<void> {
    const { bills } = s.contracts;
    const logs = await logsOf(bill);
    const trail = trailOf(logs);
    expect(await bills.trail(bill), 'trail').to.equal(trail);
    expect(await bills.terms(bill), 'terms').to.equal(replayed(logs, isBank).terms);
    const told = replayed(logs, isBank);
    expect(await bills.ledgerHash(bill, 0, MAX_FACE), 'ledger hash').to.equal(ledgerHashOf(told, trail));
    const [from, to] = [told.pieces.at(-1)!.first, told.pieces.at(-1)!.first + 1n];
    for (const range of [
      [0n, 1n],
      [from, to],
      [from, from],
    ] as const) {
      expect(await bills.ledgerHash(bill, ...range), 'of a range').to.equal(ledgerHashOf(told, trail, range));
    }
  }

  it('follow from the logs, through every act on a bill', async () => {
    const { supplier, supplier2, bank, bank2, coreFirm, calls } = s;
    await issues(s, {
      restrictions: 4,
      named: [supplier2.number, bank.number, bank2.number, supplier.number],
    });
    const root = (1n << 96n) | (1n << 64n);
    const bill = root >> 64n;
    await proves(bill);
    await answers(s, supplier, 'take', root);
    const acts: (() => Promise<unknown>)[] = [
      () => supplier.does(calls.offer(root, 20_00n, supplier2.number, dateOf('2026-04-01'))),
      () => answers(s, supplier2, 'take', root + 80_00n),
      () => supplier.does(calls.offer(root, 10_00n, supplier2.number, 0)),
      () => answers(s, supplier2, 'refuse', root + 70_00n),
      () => supplier.does(calls.offer(root + 70_00n, WHOLE, bank.number, dateOf('2026-04-01'))),
      async () =>
        supplier.does(calls.extend(root + 70_00n, await seen(s, root + 70_00n), dateOf('2026-05-01'))),
      async () => supplier.does(calls.extend(root + 70_00n, await seen(s, root + 70_00n), 0)),
      () => answers(s, supplier, 'withdraw', root + 70_00n),
      () => sold(s, root, 30_00n, supplier, bank),
      () => sold(s, root + 40_00n, 30_00n, bank, bank2),
      () => bank.does(calls.setLine(coreFirm.number, 100_00n, 0)),
      () => bank.does(calls.setStanding(true)),
      () => supplier2.does(calls.offer(root + 80_00n, 5_00n, bank.number, 0)),
      () => supplier2.does(calls.offer(root + 80_00n, WHOLE, bank.number, 0)),
      () => coreFirm.does(calls.fund(bill, 33_33n)),
      () => supplier.does(calls.offer(root, 7n, bank2.number, dateOf('2026-04-01'))),
      () => clockTo(dateOf('2026-04-01')),
      () => answers(s, s.stranger, 'expire', root + 39_93n),
      () => clockTo(DUE),
      () => s.stranger.does(calls.distribute(bill, [0n, 40_00n])),
      () => coreFirm.does(calls.fund(bill, 66_67n)),
      () => s.stranger.does(calls.distribute(bill, [0n, 39_93n, 40_00n, 70_00n, 80_00n, 95_00n])),
    ];
    for (const act of acts) {
      await act();
      await proves(bill);
    }
    const names = (await logsOf(bill)).map((log) => s.contracts.bills.interface.parseLog(log)!.name);
    const missing: string[] = [];
    s.contracts.bills.interface.forEachEvent(({ name, inputs }) => {
      if (inputs[0]?.name === 'billNo' && !names.includes(name)) missing.push(name);
    });
    expect(missing).to.deep.equal(['BillCancelled']);
  });

  it('follow from the logs of an issue that came to nothing', async () => {
    const endings = [
      () => s.supplier.does(s.calls.refuseIssue(made[0]!.bill, made[0]!.backing)),
      () => s.coreFirm.does(s.calls.withdrawIssue(made[1]!.bill, made[1]!.backing)),
      async () => {
        await clockTo(DUE);
        await s.stranger.does(s.calls.expireIssue(made[2]!.bill, made[2]!.backing));
      },
    ];
    const made = [await issued(s), await issued(s, { serial: 2 }), await issued(s, { serial: 3 })];
    for (const [n, end] of endings.entries()) {
      await end();
      await proves(made[n]!.bill);
    }
  });

  it('take in the act that a bill shares with others, each its own', async () => {
    const { bills } = s.contracts;
    const one = await taken(s);
    const two = await taken(s, { serial: 2 });
    const data = bills.interface.encodeFunctionData('multicall', [
      [
        s.calls.offer(one.root, 1n, s.bank.number, 0).data,
        s.calls.offer(two.root, 2n, s.bank.number, 0).data,
      ],
    ]);
    await s.supplier.does({ target: s.deployment.addresses.bills, data });
    await proves(one.bill);
    await proves(two.bill);
    expect(await bills.trail(one.bill)).not.to.deep.equal(await bills.trail(two.bill));
  });

  it('differ between bills that differ in one thing alone', async () => {
    const { bills } = s.contracts;
    const made = [
      await taken(s),
      await taken(s, { serial: 2 }),
      await taken(s, { by: s.coreFirm2 }),
      await taken(s, { serial: 3, face: 100_01n }),
    ];
    await passed(s, made[0]!.root, 1n, s.supplier, s.guarantor);
    await passed(s, made[1]!.root, 1n, s.supplier, s.guarantor);
    const hashes = await Promise.all(made.map(({ bill }) => bills.ledgerHash(bill, 0, MAX_FACE)));
    expect(new Set(hashes).size).to.equal(made.length);
  });

  it('tell a part under a bank’s line from one that is not', async () => {
    const { bills } = s.contracts;
    const [one, two] = [await taken(s), await taken(s, { serial: 2 })];
    await sold(s, one.root, 10_00n, s.supplier, s.bank);
    await passed(s, two.root, 10_00n, s.supplier, s.supplier2);
    const flags = async (root: bigint) => (await bills.parcel(pieceOf(root, 100_00n, 10_00n))) & 0xffn;
    expect([await flags(one.root), await flags(two.root)]).to.deep.equal([1n, 0n]);
  });

  it('are the hash of nothing for a bill that is none', async () => {
    expect(await s.contracts.bills.ledgerHash(99n, 0, MAX_FACE)).to.equal(
      ledgerHashOf({ terms: 0n, paidIn: 0n, paidOut: 0n, pieces: [] }, ZeroHash),
    );
  });
});
