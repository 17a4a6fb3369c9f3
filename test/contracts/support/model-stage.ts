/** The contracts with the members of the model, and each act of the model as what it is on the chain. */
import { ZeroHash, type Contract } from 'ethers';
import { WHOLE, type Backing } from '#chain/calls.ts';
import { callsOf, platformCallsOf, type TestCalls } from '../../fixtures/calls.ts';
import { contractsOf, interfaces, type Contracts } from '#chain/contracts.ts';
import { deploy } from '#chain/deploy.ts';
import { oneHand } from '#chain/governance.ts';
import type { Deployment } from '#chain/deployment.ts';
import { invoiceId, plainQuoteDigest, type Call, type Quote } from '#chain/typed-data.ts';
import { KIND_NUMBERS, PRIVILEGED_ROLES, ROLE_BITS } from '#domain/codes.ts';
import { find, seenBy, type Act, type State } from '../../model/model.ts';
import { billOf, type InvoiceUse } from '../../model/state.ts';
import { keyOf, type Actor } from './actors.ts';
import { CNY, DOCUMENT, REASON } from './acts.ts';
import { newChain, type Chain } from './chain.ts';
import { deployHarnessBy } from './harness.ts';

const MEMBERS = 8;
const [DEPLOYER, OPERATOR, STRANGER] = [9, 10, 11];

/** A chain in the state with which a story begins. */
export type ModelStage = {
  readonly chain: Chain;
  readonly deployment: Deployment;
  readonly contracts: Contracts;
  readonly calls: TestCalls;
  /** By member number; nobody's number acts with a stranger's account. */
  readonly actor: (number: number) => Pick<Actor, 'number' | 'account' | 'signs'>;
  readonly operator: string;
  readonly lens: Contract;
  /** Sends a call in a block of this instant. */
  readonly does: (from: string, call: Call, instant: number) => Promise<unknown>;
};

/** Deploys and admits the members of `start` under their numbers, in its rules, with its cash. */
export async function modelStage(start: State): Promise<ModelStage> {
  const chain = await newChain();
  const signers = await chain.ethers.getSigners();
  const operator = signers[OPERATOR]!;
  const deployment = await deploy(signers[DEPLOYER]!, oneHand(operator.address));
  const contracts = contractsOf(deployment, operator);
  const does: ModelStage['does'] = async (from, { target, data }, instant) => {
    await chain.networkHelpers.time.setNextBlockTimestamp(instant);
    const transaction = { from, to: target, data, gas: '0x989680' };
    return chain.provider.request({ method: 'eth_sendTransaction', params: [transaction] });
  };
  const actor: ModelStage['actor'] = (number) => {
    const index = number <= MEMBERS ? number : STRANGER;
    const signs = (quote: Quote): string => keyOf(index).sign(plainQuoteDigest(deployment, quote)).serialized;
    return { number, account: signers[index]!.address, signs };
  };
  const lens = await deployHarnessBy(operator, 'Lens', deployment.addresses.bills);
  const calls = callsOf(deployment);
  const stage = { chain, deployment, contracts, calls, actor, operator: operator.address, lens, does };
  await open(stage, start);
  return stage;
}

async function open({ contracts, calls, actor, does }: ModelStage, start: State): Promise<void> {
  const { bills, cash, rulebook } = contracts;
  for (const [number, { roles }] of start.members) {
    await bills.admit(actor(number).account, roles & ~PRIVILEGED_ROLES, 0, DOCUMENT);
    if (roles & PRIVILEGED_ROLES) await bills.setPrivileges(number, roles & PRIVILEGED_ROLES);
  }
  for (const [issuer, { cap }] of start.books) await cash.setCap(issuer, cap);
  const { tenorMonths, basis } = start.rules;
  await rulebook.publish(KIND_NUMBERS.CERTIFICATE, start.now, tenorMonths, basis, 1_000, DOCUMENT);
  for (const [number, { roles }] of start.members) {
    if (roles & ROLE_BITS.bank) await does(actor(number).account, calls.allowDesk(), start.now);
  }
  // The first of the books issued what the members have.
  const [issuer] = start.books.keys();
  for (const [member, amount] of start.cash) {
    await does(actor(issuer!).account, calls.deposit(member, amount, DOCUMENT), start.now);
    await does(actor(member).account, calls.approveDesk(), start.now);
    await does(actor(member).account, calls.approveFunding(amount * amount), start.now);
  }
}

/** The pack that {@link modelStage} publishes: the first is the one of the shipped network. */
const RULE_PACK = 2;

export const usesOf = (invoices: readonly InvoiceUse[]) =>
  invoices.map(({ invoice, total, amount }) => ({ invoiceId: invoiceIdOf(invoice), total, amount }));
export const invoiceIdOf = (invoice: string): string => invoiceId('model', invoice);

/** Who sends what. The state is the one before the act; the clock is no call. */
export function sent(s: ModelStage, state: State, act: Act): { from: string; call: Call } {
  const from = s.actor('by' in act ? act.by : STRANGER).account;
  switch (act.act) {
    case 'suspend':
    case 'restore':
      return { from: s.operator, call: ordered(s, act.act, act.member) };
    case 'setCap':
      return { from: s.operator, call: platformCallsOf(s.deployment).setCap(act.bank, act.cap) };
    case 'sell':
      return { from, call: saleCall(s, state, act) };
    default:
      return { from, call: callOf(s, state, act) };
  }
}

const ordered = ({ deployment }: ModelStage, order: 'suspend' | 'restore', member: number): Call => ({
  target: deployment.addresses.bills,
  data: interfaces.bills.encodeFunctionData(order, [member, DOCUMENT]),
});

type Other = Exclude<Act, { act: 'suspend' | 'restore' | 'setCap' | 'sell' }>;

function callOf(s: ModelStage, state: State, act: Other): Call {
  const { calls } = s;
  switch (act.act) {
    case 'issue':
      return calls.issue({
        ...{ serial: act.serial, payee: act.to, due: act.due, face: act.face, rulePack: RULE_PACK },
        ...{ restrictions: act.restrictions ?? 0, documentHash: DOCUMENT },
        ...{ invoices: usesOf(act.invoices ?? []), named: act.named ?? [] },
      });
    case 'refuse':
    case 'withdraw':
    case 'expire':
      return answerCall(s, state, act);
    case 'distribute':
      return calls.distribute(
        act.bill,
        act.firsts ?? billOf(state, act.bill).parcels.map(({ first }) => first),
      );
    case 'cancelQuote':
      return calls.cancelQuote(act.nonce);
    case 'deposit':
      return calls.deposit(act.to, act.amount, REASON);
    case 'confirmRedemption':
    case 'refuseRedemption':
      return calls[act.act](act.redemption, REASON);
    case 'setStanding':
      return calls.setStanding(act.standing, act.limits);
    case 'clock':
      throw new Error('the clock is set, not called');
    default:
      return namedCall(s, state, act);
  }
}

/** What the model leaves out. */
const DEFAULTS = { amount: WHOLE, until: 0, group: 0 };

/** The function of the act's name, its arguments by their names: the act's own, and of a parcel what is on offer. */
function namedCall({ deployment }: ModelStage, state: State, act: Act): Call {
  const contract = (['bills', 'lines', 'cash'] as const).find((name) =>
    interfaces[name].hasFunction(act.act),
  );
  if (contract === undefined) throw new Error(`no function is named ${act.act}`);
  const seen = 'parcel' in act ? { ...seenBy(state, act), id: act.parcel } : {};
  const values: Record<string, unknown> = { ...DEFAULTS, ...seen, ...act };
  if ('bill' in act) values['billNo'] = act.bill;
  const { inputs } = interfaces[contract].getFunction(act.act)!;
  return {
    target: deployment.addresses[contract],
    data: interfaces[contract].encodeFunctionData(
      act.act,
      inputs.map(({ name }) => values[name]),
    ),
  };
}

/** An issue that nobody has signed for is answered with its backing, an offer of a part without. */
function answerCall(
  s: ModelStage,
  state: State,
  answer: Act & { act: 'refuse' | 'withdraw' | 'expire' },
): Call {
  const { no, bill } = find(state, answer.parcel);
  if (bill.stored === 'active') return namedCall(s, state, answer);
  const backing: Backing = {
    documentHash: DOCUMENT,
    invoices: usesOf(bill.invoices),
    named: bill.named,
  };
  return s.calls[`${answer.act}Issue`](no, backing);
}

/** The model knows no scopes: here each quote takes one of the three, all of which cover the parcel. */
function saleCall(s: ModelStage, state: State, act: Act & { act: 'sell' }): Call {
  const { no, bill } = find(state, act.parcel);
  const { bank, nonce, amount, ratePpm, fee, validUntil } = act.quote;
  const scope = Number(nonce % 3n);
  const subjects = [act.parcel, no, BigInt(bill.acceptor)];
  const quote: Quote = {
    ...{ scope, subject: subjects[scope]!, currency: CNY, seller: nonce % 2n === 0n ? 0 : act.by },
    ...{ bank, nonce, amount, ratePpm: Number(ratePpm), fee, validUntil },
    ...{ recourse: 0, recourseTerms: ZeroHash },
  };
  return s.calls.sell(act.parcel, act.amount ?? WHOLE, act.least ?? 0n, quote, s.actor(bank).signs(quote));
}
