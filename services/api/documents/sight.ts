/** A member gives a bank sight of the documents of a bill: prepared, signed by as many as the firm's policy asks for, kept, taken back. */
import { documentSightDigest } from '#chain/typed-data.ts';
import { transact } from '#db/access/access.ts';
import { recordAudit, type Origin } from '#db/audit/write.ts';
import { retireKeys } from '#db/documents/files.ts';
import { readersOf } from '#db/documents/readers.ts';
import {
  endSight,
  findSight,
  giveSight,
  insertSight,
  invitedBanksOf,
  lockSight,
  type SightRow,
} from '#db/documents/sight.ts';
import { addSignatures } from '#db/instructions/signatures.ts';
import { toBytes, toHex } from '#db/wire/bytes.ts';
import { newId } from '#db/wire/ids.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App, MemberPerson } from '../app-types.ts';
import { originOf } from '../audit/origin.ts';
import { checkedSignatures, collectionOfStatement, combined } from '../instructions/collected.ts';
import { policyOf } from '../instructions/signers.ts';
import { refused } from '../problems/refused.ts';
import type { Services } from '../services.ts';
import { billOf, requireAttaches } from './parties.ts';
import { sightView } from './sight-view.ts';

type Given = {
  readonly signatures: readonly { signer: string; signature: string }[];
  readonly digest?: string;
};

export function registerSight(app: App): void {
  const { services } = app;
  const { db } = services;

  app.route({
    ...at('prepareSight'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const { reader } = request.body;
      const billNo = await billOf(services, by, request.params.billNo);
      requireAttaches(await readersOf(db, by.viewer, billNo), by);
      if (!(await invitedBanksOf(db, by.viewer, billNo)).includes(reader)) throw refused('SIGHT_NOT_ASKED');
      const sight = await prepare(services, by, billNo, reader, originOf(request));
      return reply.status(201).send(await sightView(services, by, sight));
    },
  });

  app.route({
    ...at('submitSight'),
    handler: async (request) => {
      const by = memberOf(request);
      const sight = await submit(services, by, request.params.id, request.body, originOf(request));
      return sightView(services, by, sight);
    },
  });

  app.route({
    ...at('endSight'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const { id } = request.params;
      await transact(db, { member: by.number, seesAll: false }, async (trx) => {
        const sight = await lockSight(trx, id);
        if (sight?.giver !== by.number) throw new Problem('NOT_FOUND');
        if (sight.ended_at !== null) throw new Problem('ALREADY_DONE');
        await endSight(trx, id, by.person);
        if (sight.given_at !== null) await retireKeys(trx, sight.bill_no);
        await recordAudit(trx, {
          ...originOf(request),
          action: 'sightEnded',
          subject: `sight:${id}`,
          facts: { bill: String(sight.bill_no), reader: String(sight.reader) },
        });
      });
      return reply.status(204).send(null);
    },
  });
}

const prepare = (
  { db, deployment }: Services,
  by: MemberPerson,
  billNo: bigint,
  reader: number,
  origin: Origin,
): Promise<SightRow> =>
  transact(db, by.viewer, async (trx) => {
    const id = newId();
    const sight = await insertSight(
      trx,
      { id, bill_no: billNo, giver: by.number, reader, prepared_by: by.person ?? null },
      (number) => toBytes(documentSightDigest(deployment.chainId, by.account, { billNo, reader, number })),
    );
    if (sight === undefined) throw new Problem('ALREADY_DONE');
    await recordAudit(trx, {
      ...origin,
      action: 'sightPrepared',
      subject: `sight:${id}`,
      facts: { bill: String(billNo), reader: String(reader), digest: toHex(sight.digest) },
    });
    return sight;
  });

/** Adds signatures; when the firm's policy has enough, the bank reads. Throws as instructions do. */
async function submit(
  services: Services,
  by: MemberPerson,
  id: string,
  { signatures: given, digest: stated }: Given,
  origin: Origin,
): Promise<SightRow> {
  const { db, deployment } = services;
  const sight = await findSight(db, by.viewer, id);
  if (sight?.giver !== by.number) throw new Problem('NOT_FOUND');
  const { bill_no: billNo, reader, number } = sight;
  const digest = documentSightDigest(deployment.chainId, by.account, { billNo, reader, number });
  if ((stated !== undefined && stated !== digest) || !toBytes(digest).equals(sight.digest))
    throw new Problem('INSTRUCTION_ALTERED');
  const collection = await collectionOfStatement(services, by, await policyOf(services, by.account));
  const signatures = await checkedSignatures(collection, digest, given);
  await transact(db, { member: by.number, seesAll: false }, async (trx) => {
    const locked = await lockSight(trx, id);
    if (locked === undefined || locked.ended_at !== null) throw new Problem('INSTRUCTION_CLOSED');
    if (locked.given_at !== null) throw new Problem('ALREADY_DONE');
    const all = await addSignatures(trx, by.number, digest, signatures);
    await recordAudit(trx, {
      ...origin,
      action: 'sightSigned',
      subject: `sight:${id}`,
      facts: {
        bill: String(billNo),
        reader: String(reader),
        signers: signatures.map(({ signer }) => signer.toLowerCase()).join(' '),
      },
    });
    if (combined(collection, all) !== undefined) await giveSight(trx, id);
  });
  return (await findSight(db, by.viewer, id))!;
}
