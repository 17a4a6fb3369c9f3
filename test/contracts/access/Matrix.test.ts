/** Each function of each contract that changes something, called by everybody there is, with arguments against which nothing speaks. */
import { expect } from 'chai';
import { FunctionFragment, Interface, type InterfaceAbi } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { refusalOf, revertDataOf } from '#chain/errors.ts';
import {
  callReaderAbi,
  eRC7913P256VerifierAbi,
  eRC7913WebAuthnVerifierAbi,
  ribbonAbi,
  sM2VerifierAbi,
} from '#chain/generated/index.ts';
import type { Call } from '#chain/typed-data.ts';
import { PRIVILEGED_ROLES } from '#domain/codes.ts';
import { REASON } from '../support/acts.ts';
import { provider } from '../support/chain.ts';
import { ground, MEMBER_NAMES, type Caller, type Ground } from './matrix/ground.ts';
import { differences, rightsOf } from './matrix/rights.ts';
import { DONE, sends, type Answer, type Row, type Rows } from './matrix/row.ts';
import { ACCOUNT, ANCHOR, FACTORY, RELAY } from './matrix/rows/accounts.ts';
import { BILLS } from './matrix/rows/bills.ts';
import { MANAGER, TIMELOCK } from './matrix/rows/governance.ts';
import { MEMBERS } from './matrix/rows/members.ts';
import { CASH, DESK, LINES, RULEBOOK } from './matrix/rows/money.ts';

const MATRIX: Readonly<Record<keyof typeof interfaces, Rows>> = {
  bills: { ...BILLS, ...MEMBERS },
  cash: CASH,
  lines: LINES,
  desk: DESK,
  rulebook: RULEBOOK,
  orgAccount: ACCOUNT,
  orgAccountFactory: FACTORY,
  relay: RELAY,
  auditAnchor: ANCHOR,
  accessManager: MANAGER,
  timelock: TIMELOCK,
};

/** Contracts that store nothing. The cold half of the ledger has the ledger's functions; `bills/Halves.test.ts` calls them at its address. */
const STATELESS: Readonly<Record<string, readonly unknown[]>> = {
  p256Verifier: eRC7913P256VerifierAbi,
  webAuthnVerifier: eRC7913WebAuthnVerifierAbi,
  sm2Verifier: sM2VerifierAbi,
  ribbon: ribbonAbi,
  callReader: callReaderAbi,
};
const COLD_HALF = 'billsExtension';

const changing = (contract: Interface): string[] =>
  contract.fragments.flatMap((fragment) =>
    fragment instanceof FunctionFragment && !fragment.constant ? [fragment.name] : [],
  );

/** Really sent, as a transaction from that address. */
async function answerTo(from: string, { target, data }: Call): Promise<Answer> {
  try {
    const transaction = { from, to: target, data, gas: '0xe00000' };
    await provider.request({ method: 'eth_sendTransaction', params: [transaction] });
    return DONE;
  } catch (error) {
    const reason = revertDataOf(error);
    if (reason === undefined) throw error;
    return reason === '0x' ? 'no reason' : refusalOf(reason).error;
  }
}

/** Whatever `attempt` does is undone. */
async function undone<T>(attempt: () => Promise<T>): Promise<T> {
  const before = await provider.request({ method: 'evm_snapshot', params: [] });
  try {
    return await attempt();
  } finally {
    await provider.request({ method: 'evm_revert', params: [before] });
  }
}

const expected = (row: Row, { name, isMember }: Caller): Answer => {
  if (row.may === 'anybody' || row.may.includes(name)) return DONE;
  return row.but?.[name] ?? (isMember ? row.members : row.outside);
};

/** The member that is tried suspended, and with an expired credential: one who may, if there is one. */
const underOrder = (row: Row): (typeof MEMBER_NAMES)[number] => {
  const may = row.may === 'anybody' ? [] : row.may;
  return MEMBER_NAMES.find((name) => may.includes(name)) ?? 'regulator';
};

async function answers(g: Ground, row: Row): Promise<[asked: string[], found: string[]]> {
  const [asked, found]: [string[], string[]] = [[], []];
  const note = (name: string, should: Answer, is: Answer): void => {
    asked.push(`${name}: ${should}`);
    found.push(`${name}: ${is}`);
  };
  for (const caller of g.callers) {
    const call = await row.call(g, caller);
    note(caller.name, expected(row, caller), await undone(() => answerTo(caller.address, call)));
  }
  const member = g.callers.find(({ name }) => name === underOrder(row))!;
  const number = g.numberOf(underOrder(row));
  const roles = (await g.s.contracts.bills.member(number)).roles;
  const orders = {
    suspended: g.on('bills', 'suspend', number, REASON),
    expired: g.on('bills', 'renew', number, roles & ~BigInt(PRIVILEGED_ROLES), 1, REASON),
  };
  const call = await row.call(g, member);
  for (const [state, order] of Object.entries(orders)) {
    const is = await undone(async () => {
      await sends(g, 'operator', order);
      return answerTo(member.address, call);
    });
    note(`${member.name}, ${state}`, row.suspended, is);
  }
  return [asked, found];
}

describe('every function that changes something, and everybody who may call it', () => {
  /** Rights on the ground as it is laid, before any row's own state. */
  let atFirst: ReturnType<typeof rightsOf> | undefined;

  it('has a row for each function of each contract that is deployed', async () => {
    const g = await ground();
    const deployed = Object.keys(g.s.deployment.addresses).filter((name) => name !== COLD_HALF);
    expect([...Object.keys(MATRIX), ...Object.keys(STATELESS)].sort()).to.deep.equal(
      [...deployed, 'orgAccount'].sort(),
    );
    for (const [name, abi] of Object.entries(STATELESS)) {
      expect(changing(new Interface(abi as InterfaceAbi)), name).to.deep.equal([]);
    }
    for (const [name, rows] of Object.entries(MATRIX)) {
      const functions = changing(interfaces[name as keyof typeof MATRIX]);
      const named = Object.keys(rows);
      expect({ name, missing: functions.filter((each) => !named.includes(each)) }).to.deep.equal({
        name,
        missing: [],
      });
      expect({ name, gone: named.filter((each) => !functions.includes(each)) }).to.deep.equal({
        name,
        gone: [],
      });
    }
  });

  for (const [contract, rows] of Object.entries(MATRIX)) {
    describe(contract, () => {
      for (const [name, given] of Object.entries(rows)) {
        for (const row of [given].flat() as Row[]) {
          const title = `${name}${row.when === undefined ? '' : ` (${row.when})`}`;

          it(`${title}: is for ${row.may === 'anybody' ? 'anybody' : row.may.join(', ') || 'nobody'}`, async () => {
            const g = await ground();
            await row.before?.(g);
            const [asked, found] = await answers(g, row);
            expect(found).to.deep.equal(asked);
          });

          if (row.may !== 'anybody') continue;
          it(`${title}: gives nobody more than its law says`, async () => {
            const g = await ground();
            await row.before?.(g);
            const before = row.before === undefined ? await (atFirst ??= rightsOf(g)) : await rightsOf(g);
            const stranger = g.callers.find((caller) => caller.name === 'stranger')!;
            expect(await answerTo(stranger.address, await row.call(g, stranger))).to.equal(DONE);
            expect(differences(before, await rightsOf(g))).to.deep.equal(row.changes);
          });
        }
      }
    });
  }
});
