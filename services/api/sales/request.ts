/** A holder invites banks to quote. */
import type { Static } from 'typebox';
import { WHOLE } from '#chain/calls.ts';
import { encodeOrder } from '#chain/typed-data.ts';
import { createRequest, findRequest, type RequestRow } from '#db/sales/own.ts';
import type { Origin } from '#db/audit/write.ts';
import { newId } from '#db/wire/ids.ts';
import { readModelStatus } from '#db/status/read.ts';
import { ROLE_BITS } from '#domain/codes.ts';
import { currencyNumber } from '#domain/money.ts';
import { Problem, type ProblemCode } from '#domain/problems.ts';
import { lookUp, must, partOf, requireOthers } from '../instructions/draft.ts';
import { throwFirst, type Objection } from '../instructions/refusal.ts';
import { rehearse } from '../instructions/rehearse.ts';
import type { MemberPerson } from '../app-types.ts';
import type { saleRoutes } from './schema.ts';
import type { Services } from '../services.ts';
import { readMoney } from '../schemas/money.ts';

type Input = Static<typeof saleRoutes.createRequest.schema.body>;

/**
 * Invites banks to quote. Whether the parcel could be sold at all is asked of the chain, by a sale without the bank's
 * signature: what the chain refuses before it looks at the signature would stand in the way of every quote.
 */
export async function openRequest(
  services: Services,
  by: MemberPerson,
  input: Input,
  origin: Origin,
): Promise<RequestRow> {
  const { db, deployment, clock } = services;
  const asked = input.amount === undefined ? undefined : readMoney(input.amount, deployment.currency);
  await requireOthers(services, by.number, input.banks);
  const { id: parcel, billNo, first, known } = await lookUp(services, by, input.parcel);
  const objections = await Promise.all(
    input.banks.map((bank) => objectionToSale(services, by, { parcel, asked, bank })),
  );
  const purpose = input.purpose ?? 'discount';
  const lacksRole = purpose === 'rediscount' && (by.roles & ROLE_BITS.bank) === 0;
  throwFirst(...objections, lacksRole ? { code: 'ROLE_REQUIRED' } : undefined);
  const { bill, parcel: piece } = must(known);
  const status = await readModelStatus(db);
  const id = newId();
  const request = {
    id,
    seller: by.number,
    bill_no: billNo,
    first,
    end: piece.end,
    acceptor: bill.acceptor,
    due_on: bill.due_on,
    amount_minor: asked ?? piece.end - piece.first,
    recourse: input.recourse ?? 'without',
    purpose,
    note: input.note ?? null,
    created_block: status?.indexed ?? 0n,
  };
  await createRequest(db, by.viewer, request, input.banks, {
    ...origin,
    action: 'requested',
    subject: `request:${id}`,
    facts: { bill: String(billNo), banks: input.banks.join(' ') },
  });
  return must(await findRequest(db, by.viewer, id, await clock.now()));
}

/** What a bank that quotes still has to do does not keep anybody from asking it. */
const LATER: ReadonlySet<ProblemCode> = new Set(['SIGNATURE_INVALID', 'DESK_NOT_ALLOWED']);

async function objectionToSale(
  services: Services,
  by: MemberPerson,
  { parcel, asked, bank }: { parcel: bigint; asked: bigint | undefined; bank: number },
): Promise<Objection | undefined> {
  const quote = {
    bank,
    scope: 0,
    subject: parcel,
    seller: by.number,
    currency: currencyNumber(services.deployment.currency),
    amount: WHOLE,
    ratePpm: 0,
    fee: 0n,
    recourse: 0,
    recourseTerms: `0x${'00'.repeat(32)}`,
    validUntil: 2 ** 40 - 1,
    nonce: 0n,
  };
  const amount = asked === undefined ? WHOLE : partOf(asked);
  const { calls, deployment } = services;
  const order = encodeOrder(quote, '0x');
  const call = calls.bills.sell(parcel, amount, quote.bank, deployment.addresses.desk, 0n, order);
  const objection = await rehearse(services, by.account, [call]);
  if (objection === undefined) throw new Error('a sale without a signature must not succeed');
  return LATER.has(objection.code) ? undefined : objection;
}

/** Throws NOT_FOUND for a request that does not exist and for one that is not the viewer's business. */
export async function requestOf(services: Services, by: MemberPerson, id: string): Promise<RequestRow> {
  const request = await findRequest(services.db, by.viewer, id, await services.clock.now());
  if (request === undefined) throw new Problem('NOT_FOUND');
  return request;
}
