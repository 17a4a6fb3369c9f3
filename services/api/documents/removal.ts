/** A document is removed by who attached it. That it was there stays, and whoever could open it is told. */
import { SYSTEM, transact } from '#db/access/access.ts';
import { recordAudit } from '#db/audit/write.ts';
import { findFile, openersOf, removeFile } from '#db/documents/files.ts';
import { tell } from '#db/notices/tell.ts';
import { toHex } from '#db/wire/bytes.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { originOf } from '../audit/origin.ts';
import { billNoOf } from '../bills/bill-no.ts';

export function registerRemoval(app: App): void {
  const { db } = app.services;

  app.route({
    ...at('removeAttachedDocument'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const { id } = request.params;
      const billNo = billNoOf(request.params.billNo);
      const openers = await transact(db, SYSTEM, (trx) => openersOf(trx, billNo, id));
      await transact(db, { member: by.number, seesAll: false }, async (trx) => {
        const found = await findFile(trx, billNo, id);
        if (found?.member !== by.number) throw new Problem('NOT_FOUND');
        if (!(await removeFile(trx, { billNo, id, member: by.number, person: by.person })))
          throw new Problem('ALREADY_DONE');
        await tell(
          trx,
          ...openers
            .filter((member) => member !== by.number)
            .map((member) => ({
              kind: 'document_removed' as const,
              key: `document_removed:${id}:${member}`,
              to: { member },
              facts: { bill: String(billNo), other: by.number, document: id },
            })),
        );
        await recordAudit(trx, {
          ...originOf(request),
          action: 'documentRemoved',
          subject: `document:${id}`,
          facts: { bill: String(billNo), contentHash: toHex(found.content_hash) },
        });
      });
      return reply.status(204).send(null);
    },
  });
}
