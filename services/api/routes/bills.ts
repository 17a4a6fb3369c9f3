import type { Static } from 'typebox';
import { toHex } from '#db/bytes.ts';
import { findDocument } from '#db/app/documents.ts';
import { listActs } from '#db/read/acts.ts';
import { findBill, listBills, type BillRow } from '#db/read/bills.ts';
import { listParcels } from '#db/read/parcels.ts';
import { readModelStatus, timeOfBlock } from '#db/read/status.ts';
import { parseBillNo } from '#domain/intervals.ts';
import { Problem } from '#domain/problems.ts';
import { memberOf } from '../access/rules.ts';
import { distribute } from '../acts/distribute.ts';
import type { App } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists.ts';
import type { Services } from '../services.ts';
import { actView as preparedActView } from '../views/acts.ts';
import { actView, billView, membersIn, membersInAct, parcelView, type Moment } from '../views/bills.ts';
import { documentView } from '../views/documents.ts';
import { ribbonOf } from '../views/ribbon.ts';
import type { Bill } from '../schemas/bills.ts';
import type { Viewer } from '#db/read/access.ts';
import { at } from './routes.ts';

/** A bill is cut at most so often that all its parcels fit one answer. */
const ALL_PARCELS = 70_000;

/** Bill numbers beyond what the read model stores are nobody's. */
export function billNoOf(text: string): bigint {
  const billNo = parseBillNo(text);
  if (billNo >= 2n ** 63n) throw new Problem('NOT_FOUND');
  return billNo;
}

/** Now and the newest block of the read model, or a block of the past and its time. */
export async function momentOf({ db, clock }: Services, asOf?: number): Promise<Moment> {
  const [status, now] = await Promise.all([readModelStatus(db), clock.now()]);
  const indexed = status?.indexed ?? 0n;
  const proved = status?.proved ?? null;
  if (asOf === undefined) return { now, block: indexed, proved };
  if (BigInt(asOf) > indexed) {
    throw new Problem('REQUEST_INVALID', {
      zh: `账本目前到第 ${indexed} 块`,
      en: `The ledger is at block ${indexed}`,
    });
  }
  const block = BigInt(asOf);
  return { now: Number((await timeOfBlock(db, block)) ?? 0n), block, proved };
}

/** Throws NOT_FOUND for a bill that does not exist and for one that the viewer may not see: it is the same to him. */
export async function billOf(
  { db }: Services,
  viewer: Viewer,
  billNo: string,
  asOf?: bigint,
): Promise<BillRow> {
  const bill = await findBill(db, viewer, billNoOf(billNo), asOf);
  if (bill === undefined) throw new Problem('NOT_FOUND');
  return bill;
}

export function billRoutes(app: App): void {
  const { services } = app;
  const { db, names } = services;

  app.route({
    ...at('listBills'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const { query } = request;
      const { role = 'all', sort = '-issuedAt' } = query;
      const moment = await momentOf(services);
      const parts = { due: 'date', issuedAt: 'instant', face: 'bigint', billNo: 'bigint' } as const;
      const part = parts[sort.replace('-', '') as keyof typeof parts];
      return pageOf(
        query,
        ['bills', viewer.member, filtersOf(query)],
        [part, 'bigint'],
        (page) => listBills(db, viewer, { ...query, role, sort }, moment.now, page),
        (rows) => billViews(services, rows, moment),
      );
    },
  });

  app.route({
    ...at('getBill'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const moment = await momentOf(services, request.query.asOf);
      const bill = await billOf(services, viewer, request.params.billNo, moment.block);
      const [{ rows: parcels }, document] = await Promise.all([
        listParcels(db, viewer, bill, moment.block, { limit: ALL_PARCELS }),
        findDocument(db, viewer, bill.bill_no),
      ]);
      const named = document?.named ?? [];
      const ref = await names.of([...membersIn(bill, parcels), ...named]);
      return {
        ...billView(bill, ref, moment),
        named: named.length === 0 ? null : named.map(ref),
        parcels: parcels.map((parcel) => parcelView(parcel, bill, ref)),
      };
    },
  });

  app.route({
    ...at('listParcels'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const { query, params } = request;
      const moment = await momentOf(services, query.asOf);
      const bill = await billOf(services, viewer, params.billNo, moment.block);
      return pageOf(
        query,
        ['parcels', params.billNo, filtersOf(query)],
        ['bigint'],
        (page) => listParcels(db, viewer, bill, moment.block, page),
        async (rows) => {
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
      const bill = await billOf(services, viewer, params.billNo);
      return pageOf(
        query,
        ['bill acts', params.billNo, filtersOf(query)],
        ['bigint'],
        (page) => listActs(db, viewer, bill, { endorsements: query.endorsements ?? false }, page),
        async (rows) => {
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
      const bill = await billOf(services, viewer, request.params.billNo);
      const document = await findDocument(db, viewer, bill.bill_no);
      if (document === undefined) throw new Problem('NOT_FOUND');
      const ref = await names.of(document.named);
      const { invoices, note } = documentView(document.canonical);
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
      return ribbonOf(services, viewer, await billOf(services, viewer, request.params.billNo));
    },
  });

  app.route({
    ...at('distributeBill'),
    handler: async (request, reply) => {
      const { viewer } = memberOf(request);
      const bill = await billOf(services, viewer, request.params.billNo);
      const act = await distribute(services, viewer, bill, request.id);
      return reply.status(202).send(preparedActView(act));
    },
  });
}

async function billViews(
  { names }: Services,
  rows: readonly BillRow[],
  moment: Moment,
): Promise<Static<typeof Bill>[]> {
  const ref = await names.of(rows.flatMap((bill) => membersIn(bill)));
  return rows.map((bill) => billView(bill, ref, moment));
}
