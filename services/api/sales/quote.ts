/** A bank quotes: what it signs, and what it hands in. */
import type { Static } from 'typebox';
import { id as hashOf, ZeroHash } from 'ethers';
import { orgAccountAt } from '#chain/contracts.ts';
import { revertDataOf } from '#chain/errors.ts';
import {
  plainQuoteDigest,
  quoteDigest,
  quoteSignature,
  quoteTypedData,
  type SignerSignature,
} from '#chain/typed-data.ts';
import { recordAudit, type AuditEntry, type Origin } from '#db/audit/write.ts';
import { takeQuoteNonce } from '#db/instructions/counters.ts';
import { signaturesOf, type Collected } from '#db/instructions/signatures.ts';
import {
  findQuote,
  insertQuote,
  quoteState,
  signQuote,
  type QuoteRow,
  type Recourse,
  type RequestRow,
} from '#db/sales/own.ts';
import { newId } from '#db/wire/ids.ts';
import { toBytes, toHex } from '#db/wire/bytes.ts';
import { transact, type Trx } from '#db/access/access.ts';
import { findBill } from '#db/bills/read.ts';
import { readLines } from '#db/lines/read.ts';
import { findMember } from '#db/members/read.ts';
import { legalDateOf } from '#domain/dates.ts';
import { quoteSentence } from '#domain/sales/instructions.ts';
import { MAX_FACE, parseRate } from '#domain/money.ts';
import { Problem, type Text } from '#domain/problems.ts';
import { must } from '../instructions/draft.ts';
import { checkedSignatures, collectionOfQuote, combined, signingView } from '../instructions/collected.ts';
import type { Signing } from '../instructions/schema.ts';
import { policyForQuote, policyOf, type PolicyForBatch } from '../instructions/signers.ts';
import { signedBefore } from '../instructions/submit.ts';
import type { MemberPerson } from '../app-types.ts';
import type { saleRoutes } from './schema.ts';
import type { Services } from '../services.ts';
import { availableOn } from '../lines/views.ts';
import { isActive } from '#domain/members/active.ts';
import { readMoney } from '../schemas/money.ts';
import { chainQuoteOf, priceOf } from './price.ts';
import { requestOf } from './request.ts';
import { refused } from '../problems/refused.ts';

type Input = Static<typeof saleRoutes.prepareQuote.schema.body>;

/** How long a quote stands if its bank does not say (seconds). */
const VALID_FOR = 86_400;
const MAX_RATE = 2n ** 32n - 1n;
const MAX_INSTANT = 2 ** 40 - 1;
const ERC1271 = '0x1626ba7e';

export type PreparedQuote = {
  readonly quote: QuoteRow;
  readonly request: RequestRow;
  readonly digest: string;
  readonly typedData: ReturnType<typeof quoteTypedData>;
  readonly meaning: Text;
  readonly policy: PolicyForBatch;
};

/** A bank's offer for a request, ready to be signed. Nobody else sees it before. */
export async function prepareQuote(
  services: Services,
  by: MemberPerson,
  input: Input,
  origin: Origin,
): Promise<PreparedQuote> {
  const { db, clock, deployment } = services;
  const request = await requestOf(services, by, input.request);
  if (!request.invitations.some(({ bank }) => bank === by.number)) throw new Problem('NOT_FOUND');
  const now = await clock.now();
  await requireOpen(services, by, request, now);
  const terms = readTerms(services, request, input, now);
  const bill = must(await findBill(db, by.viewer, request.bill_no));
  const fresh = { ...terms, filled_minor: 0n };
  priceOf(fresh, bill, min(terms.amount_minor, request.amount_minor), legalDateOf(now)); // leaves the seller something
  await transact(db, by.viewer, (trx) => requireLine(trx, by, { ...terms, ...partiesOf(request, by) }, now));

  const id = newId();
  await transact(db, by.viewer, async (trx) => {
    const chosen = { ...terms, ...partiesOf(request, by), nonce: await takeQuoteNonce(trx, by.number) };
    const digest = quoteDigest(deployment, by.account, chainQuoteOf(chosen));
    const { recourse_terms, ...rest } = chosen;
    await insertQuote(trx, {
      ...rest,
      id,
      prepared_by: by.person ?? null,
      request_id: request.id,
      due_on: request.due_on,
      recourse_terms: toHex(recourse_terms),
      digest,
    });
    await recordAudit(trx, {
      ...origin,
      action: 'quotePrepared',
      subject: `quote:${id}`,
      facts: { request: request.id, digest },
    });
  });
  return preparedQuote(services, by, must(await findQuote(db, by.viewer, id)), request);
}

/** A quote with all that its signers need. */
export async function preparedQuote(
  services: Services,
  by: MemberPerson,
  quote: QuoteRow,
  request: RequestRow,
): Promise<PreparedQuote> {
  const { deployment, names } = services;
  const terms = chainQuoteOf(quote);
  const [policy, ref] = await Promise.all([
    policyForQuote(services, by.account),
    names.of([quote.bank, quote.seller, quote.acceptor]),
  ]);
  return {
    quote,
    request,
    digest: quoteDigest(deployment, by.account, terms),
    typedData: quoteTypedData(deployment, by.account, terms),
    policy,
    meaning: sentenceOf(services, quote, ref),
  };
}

export const sentenceOf = (
  { deployment }: Pick<Services, 'deployment'>,
  quote: QuoteRow,
  ref: (member: number) => { readonly name: Text },
): Text =>
  quoteSentence(ref(quote.bank).name, {
    seller: ref(quote.seller).name,
    obligor: ref(quote.acceptor).name,
    amount: quote.amount_minor,
    currency: deployment.currency,
    rate: quote.rate_ppm,
    fee: quote.fee_minor,
    recourse: quote.recourse,
    validUntil: Number(quote.valid_until),
  });

/**
 * A quote is a promise to buy: it needs as much of the line as it may use, besides what other quotes keep. A bank that takes
 * its own paper needs none. Throws LINE_EXCEEDED.
 */
async function requireLine(
  trx: Trx,
  by: MemberPerson,
  { acceptor, amount_minor }: Pick<QuoteRow, 'acceptor' | 'amount_minor'>,
  now: number,
  but?: string,
): Promise<void> {
  if (acceptor === by.number) return;
  const own = { member: by.number, seesAll: false };
  const { rows } = await readLines(trx, own, { obligor: acceptor, but }, now, { limit: 1 });
  const available = rows[0] === undefined ? 0n : availableOn(rows[0]);
  if (amount_minor > available) throw new Problem('LINE_EXCEEDED');
}

const partiesOf = (request: RequestRow, by: MemberPerson) => ({
  bank: by.number,
  seller: request.seller,
  acceptor: request.acceptor,
  bill_no: request.bill_no,
  first: request.first,
});

async function requireOpen(
  { db }: Services,
  by: MemberPerson,
  request: RequestRow,
  now: number,
): Promise<void> {
  const bank = await findMember(db, by.number);
  if (bank === undefined || !isActive(bank, now)) throw new Problem('MEMBER_NOT_ACTIVE');
  if (legalDateOf(now) >= request.due_on) throw new Problem('BILL_MATURED');
  if (request.state !== 'open' && request.state !== 'accepted') {
    throw refused('REQUEST_CLOSED');
  }
}

type QuoteTerms = {
  readonly amount_minor: bigint;
  readonly rate_ppm: bigint;
  readonly fee_minor: bigint;
  readonly recourse: Recourse;
  readonly recourse_terms: Buffer;
  readonly valid_until: bigint;
};

function readTerms({ deployment }: Services, request: RequestRow, input: Input, now: number): QuoteTerms {
  const { currency } = deployment;
  const amount = input.amount === undefined ? request.amount_minor : readMoney(input.amount, currency);
  const fee = input.fee === undefined ? 0n : readMoney(input.fee, currency);
  const rate = parseRate(input.rate);
  const until =
    input.validUntil === undefined ? now + VALID_FOR : Math.floor(Date.parse(input.validUntil) / 1_000);
  if (!(until > 0 && until <= MAX_INSTANT)) throw new Problem('REQUEST_INVALID');
  if (amount === 0n || amount > MAX_FACE) throw new Problem('AMOUNT_INVALID');
  // What the desk has no room for takes more than there is, on a single day already.
  if (rate > MAX_RATE || fee > MAX_FACE) throw new Problem('AMOUNT_INVALID');
  if (until < now) throw new Problem('QUOTE_EXPIRED');
  const recourse = input.recourse ?? request.recourse;
  return {
    amount_minor: amount,
    rate_ppm: rate,
    fee_minor: fee,
    recourse,
    recourse_terms: toBytes(
      recourse === 'without' ? ZeroHash : hashOf(`tallystick recourse terms: ${recourse}`),
    ),
    valid_until: BigInt(until),
  };
}

/**
 * Takes signatures, one or several at a time, each checked by itself. When the bank's account has enough its contract is asked, as
 * the desk will; then the holder sees the quote.
 */
export async function submitQuote(
  services: Services,
  by: MemberPerson,
  id: string,
  { signatures: given, digest: stated }: { signatures: readonly SignerSignature[]; digest?: string },
  origin: Origin,
): Promise<{ quote: QuoteRow; signing: Static<typeof Signing> }> {
  const { db, clock, deployment } = services;
  const quote = await ownQuote(services, by, id);
  const terms = chainQuoteOf(quote);
  const digest = quoteDigest(deployment, by.account, terms);
  if ((stated !== undefined && stated !== digest) || !toBytes(digest).equals(quote.digest)) {
    throw new Problem('INSTRUCTION_ALTERED');
  }
  const now = await clock.now();
  if (quote.valid_until < BigInt(now)) throw new Problem('QUOTE_EXPIRED');
  const policy = await policyOf(services, by.account);
  const collection = await collectionOfQuote(services, by, policy);
  const signatures = await checkedSignatures(collection, digest, given);
  if (quote.signature === null && quote.withdrawn_at !== null) throw new Problem('QUOTE_EXPIRED');
  const audited: AuditEntry = {
    ...origin,
    action: 'quoteSigned',
    subject: `quote:${id}`,
    facts: { signers: signatures.map(({ signer }) => signer.toLowerCase()).join(' ') },
  };
  const combine = async (trx: Trx, all: readonly Collected[]) => {
    const signed = combined(collection, all);
    if (signed === undefined) return undefined;
    const signature = quoteSignature(deployment, terms, signed);
    await requireTaken(services, by, plainQuoteDigest(deployment, terms), signature);
    await requireLine(trx, by, quote, now, id);
    return signature;
  };
  const added = await signQuote(db, by.viewer, id, { digest, signatures }, combine, audited);
  const all = added ?? signedBefore(signatures, await signaturesOf(db, by.viewer, [digest]));
  return {
    quote: await ownQuote(services, by, id),
    signing: signingView(collection, all, by.person),
  };
}

/** Throws SIGNATURE_INVALID for what the bank's account does not take, whatever the reason. */
async function requireTaken(
  { provider }: Services,
  { account }: MemberPerson,
  digest: string,
  signature: string,
) {
  const answer = await orgAccountAt(account, provider)
    .isValidSignature(digest, signature)
    .catch((error) => {
      if (revertDataOf(error) === undefined) throw error;
      return '0x';
    });
  if (answer !== ERC1271) throw new Problem('SIGNATURE_INVALID');
}

/** A quote of the bank's own. Throws NOT_FOUND. */
export async function ownQuote({ db }: Services, by: MemberPerson, id: string): Promise<QuoteRow> {
  const quote = await findQuote(db, by.viewer, id);
  if (quote === undefined || quote.bank !== by.number) throw new Problem('NOT_FOUND');
  return quote;
}

export const isToBeHad = (quote: QuoteRow, now: number): boolean =>
  ['open', 'part_filled'].includes(quoteState(quote, now));

export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
