/** Requests to banks, their quotes, and what was sold. */
import type { FastifyRequest } from 'fastify';
import { findDocument } from '#db/bills/documents.ts';
import {
  cancelRequest,
  declineInvitation,
  findQuote,
  listQuotes,
  listRequests,
  quoteState,
  withdrawQuote,
  type RequestRow,
} from '#db/sales/own.ts';
import { signaturesOf } from '#db/instructions/signatures.ts';
import { namesOfPeople } from '#db/people/persons.ts';
import type { AuditEntry } from '#db/audit/write.ts';
import { handsQuery } from '#db/bills/acts.ts';
import { findBill, type BillRow } from '#db/bills/read.ts';
import { listLines } from '#db/lines/read.ts';
import { listParcels } from '#db/bills/parcels.ts';
import { ask } from '#db/access/access.ts';
import { Problem } from '#domain/problems.ts';
import { memberOf } from '../access/rules.ts';
import { must } from '../instructions/draft.ts';
import type { App, MemberPerson } from '../app-types.ts';
import { registerDeals } from './deals.ts';
import { ownQuote, preparedQuote, prepareQuote, submitQuote, type PreparedQuote } from './quote.ts';
import { openRequest, requestOf } from './request.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { collectionOfQuote, signingView } from '../instructions/collected.ts';
import { policyView, typedDataView } from '../instructions/view.ts';
import { billView, membersIn, parcelView } from '../bills/views.ts';
import { documentView } from '../bills/documents.ts';
import { withClaims } from '../invoices/views.ts';
import { membersInQuote, membersInRequest, offersOf, quoteView, requestView, type Setting } from './views.ts';
import { lineView } from '../lines/views.ts';
import { momentOf, momentView } from '../status/moment.ts';
import { at } from '../access/at.ts';
import { lookedAtBill } from '../audit/looks.ts';
import { originOf } from '../audit/origin.ts';

export function registerSales(app: App): void {
  const { services } = app;
  const { db, names, clock, deployment } = services;
  const { currency } = deployment;

  const settingFor = async (by: MemberPerson, members: readonly number[]): Promise<Setting> => {
    const [ref, now] = await Promise.all([names.of(members), clock.now()]);
    return { ref, now, currency, viewer: by.number };
  };
  const billsOf = async (by: MemberPerson, rows: readonly RequestRow[]): Promise<Map<bigint, BillRow>> => {
    const numbers = [...new Set(rows.map(({ bill_no }) => bill_no))];
    const bills = await Promise.all(numbers.map((number) => findBill(db, by.viewer, number)));
    return new Map(bills.map((bill) => [must(bill).bill_no, must(bill)]));
  };
  const show = async (by: MemberPerson, rows: readonly RequestRow[]) => {
    const [bills, setting] = await Promise.all([
      billsOf(by, rows),
      settingFor(by, rows.flatMap(membersInRequest)),
    ]);
    return rows.map((row) => requestView(row, bills.get(row.bill_no)!, setting));
  };
  const showOne = async (by: MemberPerson, row: RequestRow) => (await show(by, [row]))[0]!;

  app.route({
    ...at('createRequest'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const row = await openRequest(services, by, request.body, originOf(request));
      return reply.status(201).send(await showOne(by, row));
    },
  });

  app.route({
    ...at('listRequests'),
    handler: async (request) => {
      const by = memberOf(request);
      const { query } = request;
      const { direction = 'mine', state } = query;
      const now = await clock.now();
      return pageOf(
        query,
        ['financing requests', by.number, filtersOf(query)],
        ['uuid'],
        (page) => listRequests(db, by.viewer, { direction, state }, now, page),
        (rows) => show(by, rows),
      );
    },
  });

  app.route({
    ...at('getRequest'),
    handler: async (request) => {
      const by = memberOf(request);
      const row = await requestOf(services, by, request.params.id);
      const [bill, moment] = await Promise.all([
        findBill(db, by.viewer, row.bill_no).then(must),
        momentOf(services),
      ]);
      const [{ rows: parcels }, document, line, [hands]] = await Promise.all([
        listParcels(db, by.viewer, bill.bill_no, moment.block, { limit: 2_000 }),
        findDocument(db, by.viewer, row.bill_no),
        lineOn(by, bill.acceptor),
        ask(db, by.viewer, handsQuery(by.viewer, row.bill_no, row, row.created_block)),
      ]);
      lookedAtBill(request, bill);
      const named = document?.named ?? [];
      const setting = await settingFor(by, [
        ...membersInRequest(row),
        ...membersIn(bill, parcels).filter((number) => number !== null),
        ...named,
        ...hands.map(({ member }) => member),
      ]);
      const { ref } = setting;
      const views = parcels.map((parcel) => parcelView(parcel, bill, ref));
      return {
        ...requestView(row, bill, setting),
        bill: {
          ...billView(bill, ref, moment.now),
          named: named.length === 0 ? null : named.map(ref),
          parcels: views,
        },
        hands: hands.map(({ member, at }) => ({ member: ref(member), at: at.toISOString() })),
        piece: views.find(({ first }) => first === String(row.first)) ?? null,
        invoices: await withClaims(
          services,
          by,
          bill.payee,
          document === undefined ? [] : documentView(document.canonical).invoices,
        ),
        line,
        ...momentView(moment),
      };
    },
  });

  const lineOn = async (by: MemberPerson, obligor: number) => {
    const own = { member: by.number, seesAll: false };
    const { rows } = await listLines(db, own, { obligor }, await clock.now(), { limit: 1 });
    if (rows[0] === undefined) return null;
    const { limit, used, reserved, available } = lineView(
      rows[0],
      await names.of([by.number, obligor]),
      currency,
    );
    return { limit, used, reserved, available };
  };

  const answer = async (
    request: FastifyRequest,
    id: string,
    isAllowed: (row: RequestRow, by: MemberPerson) => boolean,
    act: (by: MemberPerson, audited: AuditEntry) => Promise<void>,
    action: 'requestDeclined' | 'requestCancelled',
  ) => {
    const by = memberOf(request);
    const row = await requestOf(services, by, id);
    if (!isAllowed(row, by)) throw new Problem('FORBIDDEN');
    await act(by, { ...originOf(request), action, subject: `request:${id}` });
    return showOne(by, await requestOf(services, by, id));
  };

  app.route({
    ...at('declineRequest'),
    handler: (request) => {
      const { id } = request.params;
      const isBank = (row: RequestRow, by: MemberPerson) =>
        row.invitations.some(({ bank }) => bank === by.number);
      const decline = (by: MemberPerson, audited: AuditEntry) =>
        declineInvitation(db, by.viewer, id, audited);
      return answer(request as unknown as FastifyRequest, id, isBank, decline, 'requestDeclined');
    },
  });

  app.route({
    ...at('cancelRequest'),
    handler: (request) => {
      const { id } = request.params;
      const isSeller = (row: RequestRow, by: MemberPerson) => row.seller === by.number;
      const cancel = (by: MemberPerson, audited: AuditEntry) => cancelRequest(db, by.viewer, id, audited);
      return answer(request as unknown as FastifyRequest, id, isSeller, cancel, 'requestCancelled');
    },
  });

  const showPrepared = async (by: MemberPerson, prepared: PreparedQuote) => {
    const { quote, request, digest, typedData, meaning, policy } = prepared;
    const [bills, setting] = await Promise.all([
      billsOf(by, [request]),
      settingFor(by, [...membersInQuote(quote), ...membersInRequest(request)]),
    ]);
    const bill = bills.get(quote.bill_no)!;
    const [offer] = offersOf({ ...request, quotes: [quote] }, bill, setting);
    return {
      id: quote.id,
      quote: quoteView(quote, setting),
      offer: offer!,
      meaning,
      digest,
      typedData: typedDataView(typedData),
      account: by.account,
      ...policyView(policy),
    };
  };

  app.route({
    ...at('prepareQuote'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const prepared = await prepareQuote(services, by, request.body, originOf(request));
      return reply.status(201).send(await showPrepared(by, prepared));
    },
  });

  app.route({
    ...at('getQuoteSheet'),
    handler: async (request) => {
      const by = memberOf(request);
      const quote = await ownQuote(services, by, request.params.id);
      const asked = await requestOf(services, by, quote.request_id);
      const prepared = await preparedQuote(services, by, quote, asked);
      const [collection, all, names, view] = await Promise.all([
        collectionOfQuote(services, by, prepared.policy),
        signaturesOf(db, by.viewer, [prepared.digest]),
        namesOfPeople(db, [quote.prepared_by]),
        showPrepared(by, prepared),
      ]);
      const { amount, rate, fee, recourse, validUntil } = view.quote;
      const maker = quote.prepared_by;
      return {
        prepared: view,
        asked: { request: quote.request_id, amount, rate, fee, recourse, validUntil },
        createdAt: quote.created_at.toISOString(),
        preparedBy: maker === null ? null : { id: maker, name: names.get(maker) ?? '' },
        signing: signingView(collection, all, by.person),
      };
    },
  });

  app.route({
    ...at('submitQuote'),
    handler: async (request) => {
      const by = memberOf(request);
      const { quote, signing } = await submitQuote(
        services,
        by,
        request.params.id,
        request.body,
        originOf(request),
      );
      return { ...quoteView(quote, await settingFor(by, membersInQuote(quote))), signing };
    },
  });

  app.route({
    ...at('withdrawQuote'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      await ownQuote(services, by, id);
      await withdrawQuote(db, by.viewer, id, {
        ...originOf(request),
        action: 'quoteWithdrawn',
        subject: `quote:${id}`,
      });
      const quote = await ownQuote(services, by, id);
      return quoteView(quote, await settingFor(by, membersInQuote(quote)));
    },
  });

  app.route({
    ...at('listQuotes'),
    handler: async (request) => {
      const by = memberOf(request);
      const { query } = request;
      const { direction = 'given', state, signed = false } = query;
      const now = await clock.now();
      return pageOf(
        query,
        ['quotes', by.number, filtersOf(query)],
        ['uuid'],
        (page) => listQuotes(db, by.viewer, { direction, signed }, page),
        async (rows) => {
          const setting = await settingFor(by, rows.flatMap(membersInQuote));
          return rows
            .filter((quote) => state === undefined || quoteState(quote, now) === state)
            .map((quote) => quoteView(quote, setting));
        },
      );
    },
  });

  app.route({
    ...at('getQuote'),
    handler: async (request) => {
      const by = memberOf(request);
      const quote = await findQuote(db, by.viewer, request.params.id);
      if (quote === undefined) throw new Problem('NOT_FOUND');
      return quoteView(quote, await settingFor(by, membersInQuote(quote)));
    },
  });

  registerDeals(app);
}
