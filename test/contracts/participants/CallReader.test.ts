import { ethers } from '../support/chain.ts';
import { expect } from 'chai';
import { AbiCoder, concat, Contract, dataLength, dataSlice, hexlify, toBeHex, ZeroHash } from 'ethers';
import type { CallReader } from '../../../types/contracts/participants/CallReader.ts';
import { UNLIMITED, WHOLE } from '#chain/calls.ts';
import { interfaces } from '#chain/contracts.ts';
import { callReaderAbi } from '#chain/generated/index.ts';
import type { Call } from '#chain/typed-data.ts';
import { kindsOf, LARGEST, type Kind } from '#domain/accounts/policy.ts';
import { DUE, issued, quoteOf, REASON, termsOf } from '../support/acts.ts';
import { stage, type Stage } from '../support/stage.ts';

const PARCEL = (7n << 96n) | (1n << 64n) | 40n;

describe('CallReader', () => {
  let s: Stage;
  let reader: CallReader;
  beforeEach(async () => {
    s = await stage();
    const address = s.deployment.addresses.callReader!;
    reader = new Contract(address, callReaderAbi, ethers.provider) as unknown as CallReader;
  });

  async function read({ target, data }: Call): Promise<[Kind[], bigint]> {
    const [kinds, amount] = await reader.read(target, data);
    return [kindsOf(Number(kinds)), amount];
  }
  const STRANGE = [['other'], LARGEST];

  /** Each act that a member has, with what it is read as. */
  const acts = (): Record<string, [Call, Kind, bigint]> => {
    const { bills, cash, desk, lines } = s.calls;
    const quote = quoteOf(s, s.bank, PARCEL);
    return {
      issue: [bills.issue(termsOf(s, { face: 123n })), 'issue', 123n],
      'issue of the largest face': [bills.issue(termsOf(s, { face: LARGEST })), 'issue', LARGEST],
      offer: [bills.offer(PARCEL, 55n, 2, 0), 'transfer', 55n],
      extend: [bills.extend(PARCEL, 2, 100n, DUE), 'transfer', 60n],
      take: [bills.take(PARCEL, 2, 100n), 'receive', 60n],
      refuse: [bills.refuse(PARCEL, 2, 100n), 'receive', 60n],
      withdraw: [bills.withdraw(PARCEL, 2, 100n), 'receive', 60n],
      expire: [bills.expire(PARCEL, 2, 3, 100n), 'receive', 60n],
      'take with an end before its beginning': [bills.take(PARCEL, 2, 40n), 'receive', LARGEST],
      sell: [s.calls.sell(PARCEL, 77n, 1n, quote, '0x1234'), 'finance', 77n],
      'cancel a quote': [desk.cancel(3n), 'finance', 0n],
      'allow a desk': [bills.allowDesk(s.stranger.account, true), 'finance', LARGEST],
      'disallow a desk': [bills.allowDesk(s.stranger.account, false), 'finance', 0n],
      'let the desk spend': [cash.approve(s.deployment.addresses.desk, UNLIMITED), 'finance', LARGEST],
      'let somebody spend': [cash.approve(s.stranger.account, 9n), 'pay', 9n],
      fund: [bills.fund(9n, 44n), 'pay', 44n],
      'pay for another': [bills.payFor(9n, 44n), 'pay', 44n],
      distribute: [bills.distribute(9n, [0n, 5n]), 'pay', 0n],
      transfer: [cash.transfer(s.stranger.account, 8n), 'pay', 8n],
      'transfer from': [cash.transferFrom(s.stranger.account, s.stranger.account, 8n), 'pay', 8n],
      'transfer of more than there is': [cash.transfer(s.stranger.account, UNLIMITED), 'pay', LARGEST],
      deposit: [cash.deposit(3, 70n, REASON), 'cash', 70n],
      'ask for redemption': [cash.requestRedemption(3, 70n), 'cash', 70n],
      'answer a redemption that is none': [cash.confirmRedemption(3n, REASON), 'cash', LARGEST],
      'set a line': [lines.setLine(3, 500n, 0), 'lines', 500n],
      'set a line beyond all amounts': [lines.setLine(3, 2n ** 64n - 1n, 0), 'lines', LARGEST],
      'set the line of a group': [lines.setGroupLine(3, 500n), 'lines', 500n],
      reserve: [lines.reserve(3, 500n), 'lines', 500n],
      release: [lines.release(3, 500n), 'lines', 500n],
      'move to another account': [bills.moveAccount(s.stranger.account), 'membership', LARGEST],
      'accept a member': [bills.acceptAccount(3), 'membership', 0n],
      'name a helper': [bills.nameHelper(3), 'membership', LARGEST],
      'propose a recovery': [bills.proposeRecovery(3, s.stranger.account), 'membership', LARGEST],
      'withdraw a recovery': [bills.withdrawRecovery(3), 'membership', 0n],
      'stop a recovery': [bills.stopRecovery(3), 'membership', 0n],
      'complete a recovery': [bills.completeRecovery(3), 'membership', 0n],
      'give a standing acceptance': [bills.setStandingAcceptance(true, 0, 0, 0n, 0), 'membership', 0n],
    };
  };

  it('reads what each act is and for how much', async () => {
    for (const [name, [call, kind, amount]] of Object.entries(acts()))
      expect(await read(call), name).to.deep.equal([[kind], amount]);
  });

  it('knows each function that a firm may call, and takes all others for the largest', async () => {
    const { bills, cash, desk, lines } = s.deployment.addresses;
    const known = new Set(
      Object.values(acts()).map(([{ target, data }]) => `${target} ${dataSlice(data, 0, 4)}`),
    );
    const unknown: string[] = [];
    for (const [name, target] of Object.entries({ bills, cash, desk, lines })) {
      for (const fragment of interfaces[name as 'bills'].fragments) {
        if (fragment.type !== 'function') continue;
        const {
          selector,
          stateMutability,
          name: named,
        } = fragment as never as {
          selector: string;
          stateMutability: string;
          name: string;
        };
        if (stateMutability === 'view' || stateMutability === 'pure') continue;
        if (known.has(`${target} ${selector}`)) continue;
        const [kinds, amount] = await read({
          target,
          data: concat([selector, '0x'.padEnd(2 + 64 * 8, '0')]),
        });
        expect(amount, named).to.equal(LARGEST);
        if (kinds.includes('other')) unknown.push(`${name}.${named}`);
      }
    }
    // What the operator, governance and the contracts call, and several calls at once in a wrong form.
    expect(unknown.sort()).to.deep.equal(
      [
        'bills.admit',
        'bills.admitDesk',
        'bills.dismissDesk',
        'bills.multicall',
        'bills.proposeRecoveryAsOperator',
        'bills.renew',
        'bills.restore',
        'bills.setAuthority',
        'bills.setPrivileges',
        'bills.suspend',
        'bills.withdrawRecoveryAsOperator',
        'cash.carryOver',
        'cash.refuseRedemption',
        'cash.setAuthority',
        'cash.setCap',
        'desk.agree',
        'desk.pay',
        'lines.freeLine',
        'lines.useLine',
      ].sort(),
    );
  });

  it('takes a call with a byte more or less, or with its parts elsewhere, for the largest', async () => {
    for (const [name, [call]] of Object.entries(acts())) {
      if (['issue', 'issue of the largest face', 'sell', 'distribute'].includes(name)) continue;
      const { target, data } = call;
      expect(await read({ target, data: `${data}00` }), name).to.deep.equal(STRANGE);
      const short = dataSlice(data, 0, dataLength(data) - 1);
      expect(await read({ target, data: short }), name).to.deep.equal(STRANGE);
    }
    const { target, data } = acts().issue![0];
    const elsewhere = concat([dataSlice(data, 0, 4), toBeHex(64, 32), toBeHex(0, 32), dataSlice(data, 36)]);
    expect(await read({ target, data: elsewhere })).to.deep.equal(STRANGE);
    expect(await read({ target, data: '0x' })).to.deep.equal(STRANGE);
    expect(await read({ target, data: '0x1234' })).to.deep.equal(STRANGE);
  });

  it('takes a call of a contract that it does not know for the largest', async () => {
    for (const [name, [{ data }]] of Object.entries(acts()))
      expect(await read({ target: s.stranger.account, data }), name).to.deep.equal(STRANGE);
  });

  it('looks up what is named whole', async () => {
    const { root, bill, backing } = await issued(s, { face: 90_00n });
    const { bills } = s.calls;
    expect(await read(bills.withdrawIssue(bill, backing))).to.deep.equal([['issue'], 90_00n]);
    expect(await read(bills.refuseIssue(bill, backing))).to.deep.equal([['receive'], 90_00n]);
    expect(await read(bills.expireIssue(bill, backing))).to.deep.equal([['receive'], 90_00n]);
    expect(await read(bills.withdrawIssue(bill + 1n, backing))).to.deep.equal([['issue'], LARGEST]);
    await s.supplier.does(bills.take(root, s.coreFirm.number, 90_00n));
    expect(await read(bills.offer(root, WHOLE, 2, 0))).to.deep.equal([['transfer'], 90_00n]);
    await s.supplier.does(bills.offer(root, 30_00n, s.guarantor.number, 0));
    expect(await read(bills.offer(root, WHOLE, 2, 0))).to.deep.equal([['transfer'], 60_00n]);
    expect(await read(s.calls.sell(root, WHOLE, 1n, quoteOf(s, s.bank, root), '0x'))).to.deep.equal([
      ['finance'],
      60_00n,
    ]);
    expect(await read(bills.offer(root + 1n, WHOLE, 2, 0))).to.deep.equal([['transfer'], LARGEST]);
    await s.coreFirm.does(s.calls.requestRedemption(s.settlementBank.number, 12n));
    expect(await read(s.calls.confirmRedemption(1n, REASON))).to.deep.equal([['cash'], 12n]);
    expect(await read(s.calls.refuseRedemption(1n, REASON))).to.deep.equal([['cash'], 12n]);
  });

  describe('several calls of the ledger in one', () => {
    const together = (...calls: Call[]): Call => s.calls.bills.multicall(calls.map(({ data }) => data));
    const offer = (amount: bigint) => s.calls.bills.offer(PARCEL, amount, 2, 0);

    it('are read one by one and added up', async () => {
      expect(await read(together())).to.deep.equal([[], 0n]);
      expect(await read(together(offer(5n)))).to.deep.equal([['transfer'], 5n]);
      const calls = [
        offer(5n),
        s.calls.fund(9n, 7n),
        s.calls.bills.issue(termsOf(s, { face: 100n })),
        offer(6n),
      ];
      expect(await read(together(...calls))).to.deep.equal([['issue', 'transfer', 'pay'], 118n]);
      expect(await read(together(offer(LARGEST - 1n), offer(LARGEST - 1n)))).to.deep.equal([
        ['transfer'],
        LARGEST,
      ]);
    });

    it('are not known when one is not', async () => {
      const strange = { ...offer(5n), data: `${offer(5n).data}00` };
      expect(await read(together(offer(5n), strange))).to.deep.equal([['transfer', 'other'], LARGEST]);
      expect(await read(together(together(offer(5n))))).to.deep.equal(STRANGE);
      expect(await read(together(offer(5n), { ...offer(5n), data: '0x12' }))).to.deep.equal(STRANGE);
    });

    it('are not known in another encoding than the one that compilers write', async () => {
      const { target, data } = together(offer(5n), offer(6n));
      const bytes = Buffer.from(data.slice(2), 'hex');
      const altered = (change: (copy: Buffer) => Buffer): Call => ({
        target,
        data: hexlify(change(Buffer.from(bytes))),
      });
      const word = (copy: Buffer, n: number, value: number) => {
        copy.fill(0, 4 + 32 * n, 4 + 32 * n + 28);
        copy.writeUInt32BE(value, 4 + 32 * n + 28);
        return copy;
      };
      const spoiled = [
        altered((copy) => word(copy, 0, 64)), // the list elsewhere
        altered((copy) => word(copy, 1, 1)), // one less in it
        altered((copy) => word(copy, 1, 3)),
        altered((copy) => word(copy, 1, 2 ** 31)),
        altered((copy) => word(copy, 3, copy.readUInt32BE(4 + 32 * 2 + 28))), // both the first
        altered((copy) => word(copy, 4, 3)), // the first shorter than a selector
        altered((copy) => word(copy, 4, 2 ** 30)), // … and longer than all
        altered((copy) => Buffer.concat([copy, Buffer.alloc(32)])),
        altered((copy) => copy.subarray(0, copy.length - 32)),
        altered((copy) => copy.subarray(0, 40)),
      ];
      for (const [n, call] of spoiled.entries()) {
        const [kinds, amount] = await read(call);
        expect(kinds.includes('other') && amount === LARGEST, String(n)).to.equal(true);
      }
      // The decoder of the ledger follows such offsets; so it is good that nothing here is believed of them.
      const list = AbiCoder.defaultAbiCoder().encode(['bytes[]'], [[offer(5n).data]]);
      const padded = { target, data: concat([dataSlice(data, 0, 4), list]) };
      expect(await read(padded)).to.deep.equal([['transfer'], 5n]);
      expect(await read({ target, data: concat([dataSlice(data, 0, 4), ZeroHash, list]) })).to.deep.equal(
        STRANGE,
      );
    });
  });
});
