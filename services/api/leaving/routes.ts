/** A firm takes everything with it: the archive is sent while it is made. */
import { readCursor } from '#db/chain/store.ts';
import { toHex } from '#db/wire/bytes.ts';
import { FORMAT } from '#domain/leaving/format.ts';
import type { Hex } from '#domain/leaving/hex.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { looked } from '../audit/looks.ts';
import { originOf } from '../audit/origin.ts';
import { refused } from '../problems/refused.ts';
import { archiveOf } from './archive.ts';
import { LedgerProofs } from './proofs.ts';

/** Archives that are under way in this process, all firms together. */
const MOST = 8;
/** Who takes nothing of his archive for so long is not waited for (ms). */
const PATIENCE_MS = 120_000;

export function registerLeaving(app: App): void {
  const { services } = app;
  const { db, provider, deployment, names, trail, log, sheets, exportSigner } = services;
  const underWay = new Set<number>();

  app.route({
    ...at('getExportSigner'),
    handler: async () => ({ signer: await exportSigner.address() }),
  });

  app.route({
    ...at('exportEverything'),
    handler: async (request, reply) => {
      const { number, account } = memberOf(request);
      if (underWay.has(number) || underWay.size >= MOST) throw refused('EXPORT_UNDER_WAY');
      underWay.add(number);
      sheets.enter();
      const leave = (): void => {
        if (underWay.delete(number)) sheets.leave();
      };
      try {
        const cursor = await readCursor(db);
        if (cursor === undefined) throw new Problem('UNAVAILABLE');
        const block = { number: cursor.block_number, hash: toHex(cursor.block_hash) as Hex };
        const { bills } = deployment.addresses;
        const ref = await names.of([number]);
        const leaver = {
          // A regulator sees all and takes away what is its own.
          taking: { db, viewer: { member: number, seesAll: false }, block: block.number },
          proofs: await LedgerProofs.at(provider, bills, block),
          manifest: {
            format: FORMAT,
            madeAt: new Date().toISOString(),
            member: { number, account, name: ref(number).name },
            chain: {
              chainId: deployment.chainId,
              genesisHash: deployment.genesisHash,
              block: { number: String(block.number), hash: block.hash },
              contracts: deployment.addresses as Readonly<Record<string, string>>,
            },
          },
        } as const;
        looked(request, 'exported', undefined, { what: 'everything', block: String(block.number) });
        const origin = originOf(request);
        const archive = archiveOf(services, leaver, (manifest) =>
          trail.add({ ...origin, action: 'exported', facts: { what: 'manifest', sha256: manifest } }),
        );
        archive.once('close', leave);
        archive.once('error', (error) =>
          log.warn({ err: error, reqId: request.id }, 'an export was broken off'),
        );
        reply.raw.setTimeout(PATIENCE_MS, () => reply.raw.destroy());
        return reply
          .type('application/zip')
          .header('content-disposition', `attachment; filename="tallystick-${number}-${block.number}.zip"`)
          .send(archive as never);
      } catch (error) {
        leave();
        throw error;
      }
    },
  });
}
