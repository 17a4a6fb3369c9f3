/**
 * Everybody's rights as words, so that a test says what a call of anybody's changed: a map from what is meant to what it is.
 * All that the views of the contracts tell of the members, keys and contracts of {@link Ground}.
 */
import { id } from 'ethers';
import { interfaces, orgAccountAt } from '#chain/contracts.ts';
import { changeHash, plainPolicy, policySigner } from '#chain/policies.ts';
import { ACCESS_ROLES } from '#chain/governance.ts';
import { ethers } from '../../support/chain.ts';
import { MEMBER_NAMES, type Ground } from './ground.ts';

type Facts = Map<string, string>;
const TIMELOCK_ROLES = ['PROPOSER_ROLE', 'EXECUTOR_ROLE', 'CANCELLER_ROLE'] as const;
/** Whom somebody could allow something: each kind of them. */
const SPENDERS = [
  'stranger',
  'relayer',
  'operator',
  'bank',
  'supplier',
  'house',
  'ledger',
  'desk',
  'relay',
  'timelock',
];
const GROWS = /^(trail|nonces of supplier2)/;

/** `what: before → after` of all that differs, in alphabetical order; of a hash only that it differs. */
export function differences(before: Facts, after: Facts): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys
    .filter((key) => before.get(key) !== after.get(key))
    .map((key) =>
      GROWS.test(key)
        ? `${key}: grows`
        : `${key}: ${before.get(key) ?? 'none'} → ${after.get(key) ?? 'none'}`,
    );
}

export async function rightsOf(g: Ground): Promise<Facts> {
  const facts: Facts = new Map();
  const note = (key: string, value: unknown): void => void facts.set(key, String(value));
  await members(g, note);
  await powers(g, note);
  await money(g, note);
  await bills(g, note);
  await accounts(g, note);
  return facts;
}

type Note = (key: string, value: unknown) => void;
const nameOf = (g: Ground, address: string): string =>
  g.callers.find((each) => each.address.toLowerCase() === address.toLowerCase())?.name ??
  (BigInt(address) === 0n ? 'nobody' : address);
const memberName = (g: Ground, number: bigint | number): string =>
  MEMBER_NAMES.find((name) => g.numberOf(name) === Number(number)) ?? 'nobody';

async function members(g: Ground, note: Note): Promise<void> {
  const { bills: ledger } = g.s.contracts;
  note('members', await ledger.memberCount());
  for (const name of MEMBER_NAMES) {
    const number = g.numberOf(name);
    const [account, ...rest] = await ledger.member(number);
    note(`account of ${name}`, nameOf(g, account));
    note(`roles, suspension, standing, expiry of ${name}`, rest);
    note(`standing acceptance of ${name}`, await ledger.standingLimits(number));
    note(`helper of ${name}`, await ledger.helperOf(number));
    const { byHelper, byOperator } = await ledger.recovery(number);
    const recovery = [byHelper, byOperator].map((each) => nameOf(g, each));
    if (recovery.some((each) => each !== 'nobody')) note(`recovery of ${name}`, recovery.join(', '));
  }
  for (const { name, address } of g.callers) note(`number of ${name}`, await ledger.numberOf(address));
}

async function powers(g: Ground, note: Note): Promise<void> {
  const { accessManager, timelock, bills: ledger, cash, rulebook, auditAnchor } = g.s.contracts;
  for (const [role, no] of Object.entries(ACCESS_ROLES)) {
    note(`admin, guardian, grant delay of ${role}`, [
      await accessManager.getRoleAdmin(no),
      await accessManager.getRoleGuardian(no),
      await accessManager.getRoleGrantDelay(no),
    ]);
    for (const { name, address } of g.callers) {
      note(`${role} of ${name}`, await accessManager.hasRole(no, address));
    }
  }
  for (const { name, address } of g.callers) {
    for (const role of TIMELOCK_ROLES) note(`${role} of ${name}`, await timelock.hasRole(id(role), address));
    note(`DEFAULT_ADMIN_ROLE of ${name}`, await timelock.hasRole(`0x${'0'.repeat(64)}`, address));
    note(`desk ${name}`, await ledger.isDesk(address));
    note(`anchors of ${name}`, await auditAnchor.count(address));
  }
  note('delay of the timelock', await timelock.getMinDelay());
  for (const [contract, part] of Object.entries({ ledger, cash, rulebook })) {
    note(`authority of ${contract}`, nameOf(g, await part.authority()));
    note(`${contract} closed`, await accessManager.isTargetClosed(part));
    note(`admin delay of ${contract}`, await accessManager.getTargetAdminDelay(part));
    const { fragments } = interfaces[contract === 'ledger' ? 'bills' : (contract as 'cash')];
    for (const fragment of fragments.filter(({ type }) => type === 'function')) {
      const { selector, name } = fragment as unknown as { selector: string; name: string };
      note(`role for ${contract}.${name}`, await accessManager.getTargetFunctionRole(part, selector));
    }
  }
  note('rule packs', [await rulebook.latest(1), await rulebook.pack(1), await rulebook.pack(2)]);
}

async function money(g: Ground, note: Note): Promise<void> {
  const { cash, lines, desk, bills: ledger } = g.s.contracts;
  const spenders = g.callers.filter(({ name }) => SPENDERS.includes(name));
  note('deposits of all', await cash.totalSupply());
  for (const { name, address } of g.callers) {
    note(`deposits of ${name}`, await cash.balanceOf(address));
    const allowed = await Promise.all(
      spenders.map(
        async (spender) => [spender.name, await cash.allowance(address, spender.address)] as const,
      ),
    );
    for (const [spender, amount] of allowed) note(`allowance of ${name} for ${spender}`, amount);
  }
  for (const name of MEMBER_NAMES) note(`book of ${name}`, await cash.book(g.numberOf(name)));
  note('redemption', await cash.redemption(1));
  for (const bank of ['bank', 'bank2'] as const) {
    for (const obligor of MEMBER_NAMES) {
      note(`line of ${bank} on ${obligor}`, await lines.line(g.numberOf(bank), g.numberOf(obligor)));
    }
    note(`group line of ${bank}`, await lines.groupLine(g.numberOf(bank), 1));
    note(`quote of ${bank}`, await desk.filled(g.numberOf(bank), 7));
    for (const { name, address } of g.callers) {
      note(`desk ${name} of ${bank}`, await ledger.isDeskAllowed(g.numberOf(bank), address));
    }
  }
}

const STATUS = ['none', 'offered', 'active', 'cancelled', 'closed'];

async function bills(g: Ground, note: Note): Promise<void> {
  const { bills: ledger } = g.s.contracts;
  for (const [n, { bill }] of [g.bill, g.waiting].entries()) {
    const name = `bill ${n + 1}`;
    const terms = await ledger.terms(bill);
    const [status, rest] = [(terms >> 48n) & 0xffn, terms & ~(0xffn << 48n)];
    note(`terms of ${name}`, STATUS[Number(status)] ?? status);
    note(`rest of the terms of ${name}`, rest);
    note(`trail of ${name}`, await ledger.trail(bill));
    const [paidIn, paidOut] = await ledger.paid(bill);
    note(`paid in to ${name}`, paidIn);
    note(`paid out of ${name}`, paidOut);
    for (const { first, end, holder, offeredTo, pledgee, flags } of await ledger.parcelsFrom(bill, 0, 99)) {
      const range = `${name}, ${first + 1n}-${end}`;
      note(`parcel of ${range}`, memberName(g, holder));
      note(`pledge and flags of ${range}`, [pledgee, flags]);
      if (offeredTo !== 0n) note(`offer of ${range}, to ${memberName(g, offeredTo)}`, 'stands');
    }
  }
  const invoices = g.waiting.backing.invoices;
  for (const { invoiceId } of invoices) {
    note('invoice of supplier', (await ledger.usage(g.numberOf('supplier'), invoiceId)).used);
  }
}

async function accounts(g: Ground, note: Note): Promise<void> {
  const [first] = g.houseKeys;
  const runner = await ethers.getSigner(g.addressOf('stranger'));
  for (const name of ['house', 'supplier2', 'bank2']) {
    const account = orgAccountAt(g.addressOf(name), runner);
    const [policy, version] = await account.policy();
    const signers = policy.signers.map(({ key }) => key).join();
    const asWords =
      signers === g.houseKeys.map(({ signer }) => signer).join()
        ? 'two signers'
        : signers === first.signer
          ? 'first signer'
          : signers;
    note(`policy of ${name}`, `version ${version}, ${asWords}`);
    note(`rules of ${name}`, [policy.rules, policy.changeDelay]);
    note(`nonces of ${name}`, await account.usedNonces(0));
    const change = changeHash(1, plainPolicy([policySigner(first.signer)], 1));
    if ((await account.changeOf(change)).readyAt !== 0n) note(`change of ${name}`, 'waits');
  }
}
