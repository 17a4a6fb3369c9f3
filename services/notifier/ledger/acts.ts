/** From what the ledger recorded to who is told what. */
import type {
  News,
  ActRow,
  LostRow,
  MemberChange,
  PolicyNews,
  RecoveryNews,
  RedemptionRow,
} from '#db/notices/ledger.ts';
import { formatInstant } from '#domain/dates.ts';
import { RECOVERY_DELAY } from '#domain/members/recovery.ts';
import type { Notice } from '#domain/notices/notices.ts';

/** Acts that are told of; of the others who is concerned did them himself. */
export const TOLD_ACTS = [
  'BillIssued',
  'BillTaken',
  'BillCancelled',
  'ParcelOffered',
  'ParcelTaken',
  'ParcelPassedOn',
  'OfferRefused',
  'OfferWithdrawn',
  'OfferExpired',
  'ParcelSold',
  'ParcelPaid',
] as const;

/** In the order of their blocks. */
export const noticesOf = ({ acts, lost, redemptions, members, policies, recoveries }: News): Notice[] =>
  [
    ...noticesOfActs(acts),
    ...noticesOfPayments(acts.filter(({ name }) => name === 'ParcelPaid')),
    ...lost.map(ofLost),
    ...redemptions.map(ofRedemption),
    ...members.map(ofMember),
    ...policies.map(ofPolicy),
    ...recoveries.map(ofRecovery),
  ].sort((a, b) => Number((a.block?.number ?? 0n) - (b.block?.number ?? 0n)));

type PieceKind =
  | 'offered'
  | 'offer_taken'
  | 'offer_refused'
  | 'offer_withdrawn'
  | 'offer_expired'
  | 'received'
  | 'quote_taken';

function noticesOfActs(acts: readonly ActRow[]): Notice[] {
  // What is taken in the transaction that offers it was never offered to a person.
  const taken = new Set(
    acts.filter(({ name }) => name === 'BillTaken' || name === 'ParcelTaken').map((act) => pieceIn(act)),
  );
  return acts.flatMap((act): Notice[] => {
    const isAtOnce = taken.has(pieceIn(act));
    const { acceptor, payee, actor, counterparty, to_member: to } = act;
    switch (act.name) {
      case 'BillIssued':
        return isAtOnce ? [] : told('offered', act, payee, acceptor);
      case 'ParcelOffered':
        return isAtOnce ? [] : told('offered', act, counterparty, actor);
      case 'BillTaken':
      case 'ParcelTaken':
        return told('offer_taken', act, counterparty, to);
      case 'BillCancelled':
        if (actor === null) return told('offer_expired', act, acceptor, payee);
        return told(actor === payee ? 'offer_refused' : 'offer_withdrawn', act, counterparty, actor);
      case 'OfferRefused':
        return told('offer_refused', act, counterparty, actor);
      case 'OfferWithdrawn':
        return told('offer_withdrawn', act, counterparty, actor);
      case 'OfferExpired':
        // Told by the reminder too, under the same name, if that was first.
        return expired(act);
      case 'ParcelPassedOn':
        return told('received', act, to, actor);
      case 'ParcelSold':
        return told('quote_taken', act, to, actor);
      default:
        return [];
    }
  });
}

const pieceIn = ({ tx, bill_no, first }: ActRow): string => `${tx} ${bill_no} ${first ?? 0n}`;
const keyOf = (kind: string, { trail }: ActRow, member: number): string => `${kind}:${trail}:${member}`;
const stamp = ({ at, number, hash }: Pick<ActRow, 'at' | 'number' | 'hash'>) => ({
  at,
  block: { number, hash },
});

function told(kind: PieceKind, act: ActRow, member: number | null, other: number | null): Notice[] {
  if (member === null || other === null) return [];
  const facts = {
    bill: String(act.bill_no),
    other,
    amount: String(act.amount_minor ?? 0n),
    due: act.due_on,
  };
  return [{ kind, key: keyOf(kind, act, member), to: { member }, facts, ...stamp(act) }];
}

function expired(act: ActRow): Notice[] {
  const { bill_no, first, offered_to, offer_until, due_on, counterparty } = act;
  if (offered_to === null) return [];
  const key = `offer_expired:${bill_no}:${first}:${offered_to}:${offer_until ?? due_on}`;
  return told('offer_expired', act, counterparty, offered_to).map((notice) => ({ ...notice, key }));
}

/** One for each holder and bill: many pieces are paid by one act each. */
function noticesOfPayments(acts: readonly ActRow[]): Notice[] {
  const paid = acts.filter(({ amount_minor, counterparty }) => amount_minor !== 0n && counterparty !== null);
  return [
    ...Map.groupBy(paid, ({ tx, bill_no, counterparty }) => `${tx} ${bill_no} ${counterparty}`).values(),
  ].map((group): Notice => {
    const [first] = group as [ActRow, ...ActRow[]];
    const amount = group.reduce((sum, { amount_minor }) => sum + (amount_minor ?? 0n), 0n);
    const member = first.counterparty!;
    return {
      kind: 'paid',
      key: keyOf('paid', first, member),
      to: { member },
      facts: {
        bill: String(first.bill_no),
        other: first.acceptor,
        amount: String(amount),
        due: first.due_on,
      },
      ...stamp(first),
    };
  });
}

const ofLost = (row: LostRow): Notice => ({
  kind: 'quote_lost',
  key: `quote_lost:${row.quote}`,
  to: { member: row.bank },
  facts: {
    bill: String(row.bill_no),
    request: row.request,
    other: row.seller,
    amount: String(row.amount_minor),
  },
  ...stamp(row),
});

function ofRedemption(row: RedemptionRow): Notice {
  const { redemption, bank, member, amount_minor, state } = row;
  const isAsked = state === 'requested';
  const kind = isAsked
    ? 'redemption_wanted'
    : state === 'confirmed'
      ? 'redemption_paid'
      : 'redemption_refused';
  return {
    kind,
    key: `${kind}:${redemption}`,
    to: { member: isAsked ? bank : member },
    facts: { redemption: String(redemption), other: isAsked ? member : bank, amount: String(amount_minor) },
    ...stamp(row),
  };
}

function ofMember(row: MemberChange): Notice {
  const { member, what, reason } = row;
  const common = { to: { member }, ...stamp(row) };
  if (what === 'admitted') return { kind: what, key: `admitted:${member}`, facts: {}, ...common };
  // A member can be suspended many times, and nothing but the block says which time it is.
  return { kind: what, key: `${what}:${member}:${row.number}`, facts: { reason: reason ?? '' }, ...common };
}

function ofPolicy(row: PolicyNews): Notice {
  const { member, change, what, ready_at } = row;
  const common = { key: `policy_${what}:${change}:${member}`, to: { member }, ...stamp(row) };
  if (what === 'announced')
    return {
      kind: 'policy_announced',
      facts: { change, until: formatInstant(Number(ready_at)) },
      ...common,
    };
  return { kind: `policy_${what}`, facts: { change }, ...common };
}

/** Again when the second of the two has proposed the same: from then on time runs. */
function ofRecovery(row: RecoveryNews): Notice {
  const { member, account, helper_at, operator_at, agrees } = row;
  const last = Math.max(Number(helper_at ?? 0), Number(operator_at ?? 0));
  return {
    kind: 'recovery_proposed',
    key: `recovery_proposed:${member}:${account}:${helper_at}:${operator_at}`,
    to: { member },
    facts: { account, until: agrees ? formatInstant(last + RECOVERY_DELAY) : '' },
    ...stamp(row),
  };
}
