/** Bills: lists, one with its parcels, its acts, its document, its ribbon, and its distribution. */
import type { FastifyRequest } from 'fastify';
import { toHex } from '#db/wire/bytes.ts';
import { documentQuery } from '#db/bills/documents.ts';
import { voucherQuery } from '#db/imports/vouchers.ts';
import { actsQuery } from '#db/bills/acts.ts';
import { billQuery, billsQuery, findBill, readBill, type BillRow } from '#db/bills/read.ts';
import { parcelsQuery } from '#db/bills/parcels.ts';
import { statusQuery, timeOfBlock, type ReadModelStatus } from '#db/status/read.ts';
import { ask, type Viewer } from '#db/access/access.ts';
import { readBillNumber } from '#domain/bills/typed-bill-number.ts';
import { Problem } from '#domain/problems.ts';
import { memberOf } from '../access/rules.ts';
import { looked, lookedAtBill } from '../audit/looks.ts';
import { originOf } from '../audit/origin.ts';
import { distribute } from '../payments/distribute.ts';
import type { App } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import type { Services } from '../services.ts';
import { instructionViews } from '../instructions/view.ts';
import { actView, billView, membersIn, membersInAct, parcelView } from './views.ts';
import { documentView } from './documents.ts';
import { withClaims } from '../invoices/views.ts';
import { requireDates } from '../lists/dates.ts';
import { remembered, sendPage } from '../lists/remembered.ts';
import { ribbonOf } from './ribbon.ts';
import { momentAt, momentView, type Moment } from '../status/moment.ts';
import { Bill } from './schema.ts';
import { at } from '../access/at.ts';
import { billNoOf } from './bill-no.ts';
import { refused } from '../problems/refused.ts';

/** A bill is cut at most so often that all its parcels fit one answer. */
const ALL_PARCELS = 70_000;

/** A block of the past and its time. Throws REQUEST_INVALID for one that is still to come. */
async function momentOfBlock(
  { db }: Services,
  status: ReadModelStatus | undefined,
  block: bigint,
): Promise<Moment> {
  const { block: indexed, proved } = momentAt(0, status);
  if (block > indexed) throw refused('BLOCK_TO_COME', { newest: indexed });
  return { now: Number((await timeOfBlock(db, block)) ?? 0n), block, proved };
}

/** Throws NOT_FOUND for a bill that does not exist and for one that the viewer may not see: it is the same to him. */
const billOf = async ({ db }: Services, viewer: Viewer, billNo: string): Promise<BillRow> =>
  found(await findBill(db, viewer, billNoOf(billNo)));

function found<T>(known: T | undefined): T {
  if (known === undefined) throw new Problem('NOT_FOUND');
  return known;
}

export function registerBills(app: App): void {
  const { services } = app;
  const { db, names, clock } = services;
  const writeBills = remembered(names, {
    item: Bill,
    read: readBill,
    members: (bill) => membersIn(bill),
    turns: ({ due }) => [due],
    view: billView,
  });

  app.route({
    ...at('listBills'),
    handler: async (request, reply) => {
      const { viewer } = memberOf(request);
      const { query } = request;
      const { role = 'all', sort = '-issuedAt', dueFrom, dueTo } = query;
      requireDates(dueFrom, dueTo);
      if (query.q !== undefined && readBillNumber(query.q) === 'misread')
        throw refused('CHECK_DIGIT_WRONG', { text: query.q });
      const parts = { due: 'date', issuedAt: 'instant', face: 'bigint', billNo: 'bigint' } as const;
      const part = parts[sort.replace('-', '') as keyof typeof parts];
      return sendPage(services, reply, {
        viewer,
        query,
        name: 'bills',
        key: [part, 'bigint'],
        question: (page, now) => billsQuery(viewer, { ...query, role, sort }, now, page),
        write: writeBills,
      });
    },
  });

  app.route({
    ...at('getBill'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const billNo = billNoOf(request.params.billNo);
      const { asOf } = request.query;
      const block = asOf === undefined ? undefined : BigInt(asOf);
      const [now, [status, row, { rows: parcels }, document, voucher]] = await Promise.all([
        clock.now(),
        ask(
          db,
          viewer,
          statusQuery,
          billQuery(viewer, billNo, block),
          parcelsQuery(viewer, billNo, block, { limit: ALL_PARCELS }),
          documentQuery(billNo),
          voucherQuery(viewer.member, billNo),
        ),
      ]);
      const moment =
        block === undefined ? momentAt(now, status) : await momentOfBlock(services, status, block);
      const bill = found(row);
      lookedAtBill(request, bill);
      const named = document?.named ?? [];
      const ref = await names.of([...membersIn(bill, parcels), ...named]);
      return {
        ...billView(bill, ref, moment.now),
        named: named.length === 0 ? null : named.map(ref),
        voucher,
        parcels: parcels.map((parcel) => parcelView(parcel, bill, ref)),
        ...momentView(moment),
      };
    },
  });

  app.route({
    ...at('listParcels'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const { query, params } = request;
      const billNo = billNoOf(params.billNo);
      const block = query.asOf === undefined ? undefined : BigInt(query.asOf);
      return pageOf(
        query,
        ['parcels', params.billNo, filtersOf(query)],
        ['bigint'],
        async (page) => {
          const [status, row, parcels] = await ask(
            db,
            viewer,
            statusQuery,
            billQuery(viewer, billNo, block),
            parcelsQuery(viewer, billNo, block, page),
          );
          if (block !== undefined) await momentOfBlock(services, status, block);
          const bill = found(row);
          lookedAtBill(request, bill);
          return { ...parcels, bill };
        },
        async (rows, { bill }) => {
          const ref = await names.of(membersIn(bill, rows));
          return rows.map((parcel) => parcelView(parcel, bill, ref));
        },
      );
    },
  });

  app.route({
    ...at('listBillActs'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const { query, params } = request;
      const billNo = billNoOf(params.billNo);
      const { endorsements = false } = query;
      return pageOf(
        query,
        ['bill acts', params.billNo, filtersOf(query)],
        ['bigint', 'int', 'bigint'],
        async (page) => {
          const [row, acts] = await ask(
            db,
            viewer,
            billQuery(viewer, billNo),
            actsQuery(viewer, billNo, { endorsements }, page),
          );
          const bill = found(row);
          lookedAtBill(request, bill);
          return { ...acts, bill };
        },
        async (rows, { bill }) => {
          const ref = await names.of(rows.flatMap(membersInAct));
          return rows.map((act) => actView(act, bill.currency, ref, viewer));
        },
      );
    },
  });

  app.route({
    ...at('getBillDocument'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const billNo = billNoOf(request.params.billNo);
      const [bill, kept] = await ask(db, viewer, billQuery(viewer, billNo), documentQuery(billNo));
      const document = found(bill && kept);
      looked(request, 'documentOpened', `document:${toHex(document.document_hash)}`, {
        bill: String(billNo),
      });
      const { invoices: plain, note } = documentView(document.canonical);
      const [ref, invoices] = await Promise.all([
        names.of(document.named),
        withClaims(services, { viewer }, bill!.payee, plain),
      ]);
      const { named, canonical } = document;
      return {
        documentHash: toHex(document.document_hash),
        canonical,
        invoices,
        note,
        named: named.length === 0 ? null : named.map(ref),
      };
    },
  });

  app.route({
    ...at('getRibbon'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      return ribbonOf(services, viewer, billNoOf(request.params.billNo), (bill) =>
        lookedAtBill(request, bill),
      );
    },
  });

  app.route({
    ...at('distributeBill'),
    handler: async (request, reply) => {
      const { viewer } = memberOf(request);
      const bill = await billOf(services, viewer, request.params.billNo);
      const act = await distribute(services, viewer, bill, originOf(request as unknown as FastifyRequest));
      const [view] = await instructionViews(services, [act]);
      return reply.status(202).send(view!);
    },
  });
}
