/** The imports of a member: looked at as they are, and read again when something was answered. */
import type { FastifyRequest } from 'fastify';
import type { Trx } from '#db/access/access.ts';
import {
  findContent,
  findImport,
  listImportRows,
  rereadImport,
  type ImportRow,
  type ImportWriter,
  type RowState,
} from '#db/imports/own.ts';
import type { AuditEntry } from '#db/audit/write.ts';
import type { AuditAction } from '#domain/audit/actions.ts';
import { Problem } from '#domain/problems.ts';
import { originOf } from '../audit/origin.ts';
import type { MemberPerson } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import type { Services } from '../services.ts';
import { learn } from './memory.ts';
import type { Given, Reading, StoredAsRead, StoredCredit, StoredError, StoredPayable } from './read.ts';
import { fillImport } from './store.ts';
import { importRowView, importView } from './views.ts';

/** Rows that come with the preview. */
const PREVIEW = 50;

/** Throws NOT_FOUND for an import that there is not, or that is another member's. */
export async function importOf(
  { db, clock }: Services,
  by: MemberPerson,
  id: string,
): Promise<ImportRow<Given, Reading>> {
  const found = await findImport<Given, Reading>(db, by.viewer, id, await clock.now());
  if (found === undefined) throw new Problem('NOT_FOUND');
  return found;
}

type RowsQuery = { limit?: number; cursor?: string; state?: RowState };

export async function rowsOf(
  { db, names, clock, deployment }: Services,
  by: MemberPerson,
  id: string,
  query: RowsQuery,
  { corrections = {} }: Given,
) {
  const now = await clock.now();
  return pageOf(
    query,
    ['import rows', id, filtersOf(query)],
    ['int'],
    (page) =>
      listImportRows<StoredPayable, StoredError, StoredCredit, StoredAsRead>(
        ...([db, by.viewer, id, query.state, now, page] as const),
      ),
    async (rows) => {
      const ref = await names.of(
        rows.map(({ payable, credit }) => payable?.supplier ?? credit?.supplier ?? null),
      );
      return rows.map((row) => importRowView(row, ref, deployment.currency, corrections[row.row]));
    },
  );
}

/** An import with its first rows. */
export async function previewOf(services: Services, by: MemberPerson, id: string) {
  const found = await importOf(services, by, id);
  return {
    ...importView(found, services.deployment.currency),
    rows: await rowsOf(services, by, id, { limit: PREVIEW }, found.given),
  };
}

/**
 * Reads an import again, by what is stated of its file now.
 *
 * @param changes `before`: what is written in the same transaction before it is read. `stated`: what is kept for later files.
 */
export async function reread(
  services: Services,
  by: MemberPerson,
  id: string,
  given: Given,
  { before, stated, audited }: { before?: (trx: Trx) => Promise<void>; stated?: Given; audited: AuditEntry },
): Promise<void> {
  const { db, clock } = services;
  const content = await findContent(db, by.viewer, id);
  if (content === undefined) throw new Problem('NOT_FOUND');
  await rereadImport(db, by.viewer, {
    id,
    given,
    now: await clock.now(),
    ...(before === undefined ? {} : { before }),
    audited,
    fill: (writer) => readInto(services, writer, content, given, stated),
  });
}

export async function readInto(
  services: Services,
  writer: ImportWriter,
  content: Uint8Array,
  given: Given,
  stated: Given = {},
): Promise<Reading> {
  const reading = await fillImport(services, content, given, writer);
  await learn(writer, reading, stated);
  return reading;
}

/** What the trail says of a change to an import. `how`: which change. */
export const auditImport = (
  request: FastifyRequest<{ Params: { id: string } }>,
  action: AuditAction,
  how?: string,
): AuditEntry => ({
  ...originOf(request as unknown as FastifyRequest),
  action,
  subject: `import:${request.params.id}`,
  ...(how === undefined ? {} : { facts: { how } }),
});
