/** Documents attached to bills: listed, added and opened as ciphertext, each opening noted. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { transact, type Trx } from '#db/access/access.ts';
import { recordAudit } from '#db/audit/write.ts';
import {
  addBillKey,
  addFile,
  addWraps,
  findFile,
  isKeyInForce,
  keyIdsOf,
  MAX_BYTES_OF_MEMBER,
  MAX_FILES_OF_BILL,
  MAX_KEYS_OF_BILL,
} from '#db/documents/files.ts';
import { currentKeys } from '#db/documents/keys.ts';
import { readersOf } from '#db/documents/readers.ts';
import { toBytes, toHex } from '#db/wire/bytes.ts';
import { MAX_ATTACHMENT_BYTES, SEAL_BYTES } from '#domain/documents/kinds.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App, MemberPerson } from '../app-types.ts';
import { readDocument } from '../applications/upload.ts';
import { originOf } from '../audit/origin.ts';
import { billNoOf } from '../bills/bill-no.ts';
import { Uploads } from '../imports/uploads.ts';
import { refused } from '../problems/refused.ts';
import { documentsView } from './list.ts';
import { billOf, requireAttaches } from './parties.ts';
import { fileView } from './views.ts';

/** Documents take no place from imports. */
const BOUNDS = { places: 12, placesOfMember: 3, turns: 12 } as const;
const UPLOAD = { fileSize: MAX_ATTACHMENT_BYTES + SEAL_BYTES, fieldSize: 4_100 };

type NewWrap = { readonly billKey: string; readonly key: string; readonly wrapped: string };

export function registerAttached(app: App): void {
  const { services } = app;
  const { db } = services;
  const uploads = new Uploads(BOUNDS);

  app.route({
    ...at('listAttachedDocuments'),
    handler: async (request) => {
      const by = memberOf(request);
      return documentsView(services, by, await billOf(services, by, request.params.billNo));
    },
  });

  /** Throws DOCUMENT_KEY_NONE, or NOT_FOUND for a reader who is none, as far as the member may know. */
  const wrapFor = async (
    request: Pick<FastifyRequest, 'person' | 'id' | 'ip' | 'routeOptions'>,
    billNo: bigint,
    wraps: readonly NewWrap[],
    before: (trx: Trx, by: MemberPerson) => Promise<void> = async () => undefined,
  ): Promise<void> => {
    const by = memberOf(request);
    const readers = await readersOf(db, by.viewer, billNo);
    const keys = await currentKeys(db, [by.number, ...readers.map(({ member }) => member)]);
    const own = keys.find(({ member }) => member === by.number);
    if (own === undefined) throw new Problem('DOCUMENT_KEY_NONE');
    const entitled = new Map(keys.map(({ id, member }) => [id, member]));
    if (wraps.some(({ key }) => !entitled.has(key))) throw new Problem('NOT_FOUND');
    await transact(db, by.viewer, async (trx) => {
      await before(trx, by);
      const known = await keyIdsOf(trx, billNo);
      if (wraps.some(({ billKey }) => !known.has(billKey))) throw new Problem('NOT_FOUND');
      await addWraps(
        trx,
        { member: by.number, key: own.id },
        wraps.map(({ billKey, key, wrapped }) => ({
          bill_key_id: billKey,
          document_key_id: key,
          member: entitled.get(key)!,
          wrapped: toBytes(wrapped),
        })),
      );
      await recordAudit(trx, {
        ...originOf(request),
        action: 'billKeysWrapped',
        subject: `bill:${billNo}`,
        facts: { for: [...new Set(wraps.map(({ key }) => entitled.get(key)!))].join(' ') },
      });
    });
  };

  app.route({
    ...at('addBillKey'),
    handler: async (request, reply) => {
      const { id, commitment, wraps } = request.body;
      const by = memberOf(request);
      const billNo = await billOf(services, by, request.params.billNo);
      requireAttaches(await readersOf(db, by.viewer, billNo), by);
      if (wraps.some(({ billKey }) => billKey !== id)) throw new Problem('REQUEST_INVALID');
      await wrapFor(request, billNo, wraps, async (trx) => {
        const key = { id, bill_no: billNo, commitment: toBytes(commitment), made_by: by.number };
        const added = await addBillKey(trx, key);
        if (added === 'many') throw refused('KEYS_OF_BILL', { count: MAX_KEYS_OF_BILL });
        if (added === 'known') throw new Problem('ALREADY_DONE');
      });
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('wrapBillKeys'),
    handler: async (request, reply) => {
      const billNo = await billOf(services, memberOf(request), request.params.billNo);
      await wrapFor(request, billNo, request.body.wraps);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('attachDocument'),
    onRequest: (request, reply, next) => {
      const place = uploads.place(memberOf(request).number);
      request.place = place;
      reply.raw.once('close', () => place[Symbol.dispose]());
      next();
    },
    preValidation: async (request) => {
      // Who may attach is asked before ten megabytes are taken in.
      const by = memberOf(request);
      const billNo = await billOf(services, by, (request.params as { billNo: string }).billNo);
      requireAttaches(await readersOf(db, by.viewer, billNo), by);
      await readDocument(request, UPLOAD, false);
    },
    handler: async (request, reply) => {
      using _place = request.place!;
      const by = memberOf(request);
      const { id, billKey, facts } = request.body;
      const content = request.upload!;
      if (content.length <= SEAL_BYTES) throw new Problem('FILE_EMPTY');
      const billNo = billNoOf(request.params.billNo);
      const contentHash = createHash('sha256').update(content).digest();
      const file = {
        id,
        bill_no: billNo,
        bill_key_id: billKey,
        member: by.number,
        person_id: by.person ?? null,
        facts: toBytes(facts),
        size: content.length,
        content_hash: contentHash,
      };
      await transact(db, by.viewer, async (trx) => {
        if (!(await isKeyInForce(trx, billNo, billKey))) throw new Problem('NOT_FOUND');
        const added = await addFile(trx, { ...file, content });
        if (added === 'many') throw refused('FILES_OF_BILL', { count: MAX_FILES_OF_BILL });
        if (added === 'full')
          throw refused('FILES_OF_MEMBER', { megabytes: MAX_BYTES_OF_MEMBER / 1024 ** 2 });
        if (added === 'known') throw new Problem('ALREADY_DONE');
        await recordAudit(trx, {
          ...originOf(request),
          action: 'documentAttached',
          subject: `document:${id}`,
          facts: { bill: String(billNo), contentHash: toHex(contentHash) },
        });
      });
      const ref = await services.names.of([by.number]);
      return reply
        .status(201)
        .send(fileView({ ...file, created_at: new Date(), removed_at: null, removed_by: null }, ref, null));
    },
  });

  app.route({
    ...at('openAttachedDocument'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const { id } = request.params;
      const billNo = billNoOf(request.params.billNo);
      // Noted before it leaves, in the transaction in which it is read.
      const content = await transact(db, by.viewer, async (trx) => {
        const found = await findFile(trx, billNo, id);
        if (found === undefined) throw new Problem('NOT_FOUND');
        if (found.content === null) throw new Problem('DOCUMENT_REMOVED');
        await recordAudit(trx, {
          ...originOf(request),
          action: 'documentOpened',
          subject: `document:${id}`,
          facts: { bill: String(billNo), contentHash: toHex(found.content_hash) },
        });
        return found.content;
      });
      void reply
        .type('application/octet-stream')
        .header('content-security-policy', "sandbox; default-src 'none'")
        .header('content-disposition', 'attachment')
        .header('cache-control', 'no-store')
        .serializer((body: unknown) => body as string);
      return reply.send(content as never);
    },
  });
}
