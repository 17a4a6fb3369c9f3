/** The audit trail over HTTP: read it, see how far it is sealed, take it away. */
import { Readable } from 'node:stream';
import { getAddress } from 'ethers';
import type { FastifyRequest } from 'fastify';
import { OPERATOR, type Viewer } from '#db/access/access.ts';
import { exportLinks } from '#db/audit/export.ts';
import { listEntries, readTrailState, type EntryRow } from '#db/audit/read.ts';
import { toHex } from '#db/wire/bytes.ts';
import { AUDIT_ACTIONS, type AuditAction } from '#domain/audit/actions.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { endOf } from '../instructions/draft.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import type { Names } from '../members/names.ts';
import { looked } from './looks.ts';

/** Anchors that are shown. */
const ANCHORS = 10;

/** Who reads: everybody within its own bounds. */
const readerOf = (request: Pick<FastifyRequest, 'person'>): Viewer =>
  request.person.kind === 'operator' ? OPERATOR : memberOf(request).viewer;

export function registerAudit(app: App): void {
  const { db, names, deployment } = app.services;

  app.route({
    ...at('listAuditEntries'),
    handler: async (request) => {
      const viewer = readerOf(request);
      const { query } = request;
      const { from, to, ...rest } = query;
      const filter = {
        ...rest,
        from: from === undefined ? undefined : instantOf(parseLegalDate(from)),
        to: to === undefined ? undefined : endOf(to),
      };
      return pageOf(
        query,
        ['audit', viewer.member, filtersOf(query)],
        ['bigint'],
        (page) => listEntries(db, viewer, filter, page),
        async (rows) => {
          const ref = await names.of(rows.map(({ member }) => member));
          return rows.map((row) => entryView(row, ref));
        },
      );
    },
  });

  app.route({
    ...at('getAuditTrail'),
    handler: async () => {
      const { head, waiting, anchors } = await readTrailState(db, ANCHORS);
      return {
        head:
          head === undefined
            ? null
            : { link: String(head.no), at: head.at.toISOString(), hash: toHex(head.hash) },
        waiting,
        contract: getAddress(deployment.addresses.auditAnchor),
        anchors: anchors.map(({ no, at, state, tx_hash, block_number }) => ({
          link: String(no),
          at: at.toISOString(),
          state,
          tx: tx_hash === null ? null : toHex(tx_hash),
          block: block_number === null ? null : Number(block_number),
        })),
      };
    },
  });

  app.route({
    ...at('exportAudit'),
    handler: async (request, reply) => {
      const viewer = readerOf(request);
      const { after = '0' } = request.query;
      if (BigInt(after) >= 2n ** 63n) throw new Problem('REQUEST_INVALID');
      looked(request, 'exported', undefined, { what: 'audit', after });
      const lines = Readable.from(exportLinks(db, viewer, BigInt(after)), { objectMode: true });
      return reply
        .type('application/x-ndjson')
        .header('content-disposition', 'attachment; filename="audit.jsonl"')
        .header('cache-control', 'no-store')
        .send(lines as never);
    },
  });
}

const entryView = (row: EntryRow, ref: Awaited<ReturnType<Names['of']>>) => {
  const action = row.action as AuditAction;
  const { zh, en } = AUDIT_ACTIONS[action].title;
  return {
    id: String(row.id),
    at: row.at.toISOString(),
    person: row.person,
    member: row.member === null ? null : ref(row.member),
    operator: row.is_operator,
    action,
    title: { zh, en },
    route: row.route,
    subject: row.subject,
    requestId: row.request_id,
    ip: row.ip,
    facts: row.facts,
  };
};
