/** A firm's key for documents: published once signed, and handed from holder to holder. The platform only carries it. */
import type { FastifyRequest } from 'fastify';
import { documentKeyDigest, partsOfSigner } from '#chain/typed-data.ts';
import { recordAudit, type AuditEntry } from '#db/audit/write.ts';
import { transact, type Trx } from '#db/access/access.ts';
import { billsToWrap, sharersOf } from '#db/documents/lacking.ts';
import { tell } from '#db/notices/tell.ts';
import { passkeysOf } from '#db/people/passkeys.ts';
import { formatId } from '#domain/bills/intervals.ts';
import {
  currentKeys,
  giveKeyTo,
  holdersOf,
  insertHolder,
  insertKey,
  lockKeyOf,
  MAX_HOLDERS,
  removeCodes,
  removeHolder,
} from '#db/documents/keys.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { newId } from '#db/wire/ids.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App, MemberPerson } from '../app-types.ts';
import { originOf } from '../audit/origin.ts';
import { policyView } from '../instructions/view.ts';
import { policyFor } from '../instructions/signers.ts';
import { checkedSignatures, collectionOfStatement } from '../instructions/collected.ts';
import { refused } from '../problems/refused.ts';
import type { Services } from '../services.ts';
import { holderView, keyView } from './views.ts';

type Given = {
  kind: 'passkey' | 'browser' | 'recovery';
  name: string;
  publicKey: string;
  wrapped?: string;
  device?: string;
};

export function registerDocumentKeys(app: App): void {
  const { services } = app;
  const { db, names } = services;

  const own = async (by: MemberPerson) => {
    const [[key], policy, ref] = await Promise.all([
      currentKeys(db, [by.number]),
      policyFor(services, by.account, []),
      names.of([by.number]),
    ]);
    const holders = key === undefined ? [] : await holdersOf(db, ownOf(by), key.id);
    return {
      key: key === undefined ? null : keyView(key, ref),
      holders: holders.map(holderView),
      account: by.account,
      signers: policyView(policy).signers,
    };
  };

  /** Changes what the member's key in force is held by, alone at it. Throws DOCUMENT_KEY_NONE. */
  const change = async (
    request: Pick<FastifyRequest, 'person' | 'id' | 'ip' | 'routeOptions'>,
    action: AuditEntry['action'],
    work: (trx: Trx, by: MemberPerson, key: string) => Promise<Record<string, string>>,
  ) => {
    const by = memberOf(request);
    await transact(db, ownOf(by), async (trx) => {
      const key = await lockKeyOf(trx, by.number);
      if (key === undefined) throw new Problem('DOCUMENT_KEY_NONE');
      const facts = await work(trx, by, key);
      await recordAudit(trx, { ...originOf(request), action, subject: `key:${key}`, facts });
    });
    return own(by);
  };

  app.route({
    ...at('listBillsToWrap'),
    handler: async (request) => ({
      items: (await billsToWrap(db, ownOf(memberOf(request)))).map(formatId),
    }),
  });

  app.route({ ...at('getDocumentKey'), handler: async (request) => own(memberOf(request)) });

  app.route({
    ...at('makeDocumentKey'),
    handler: async (request, reply) => {
      const by = memberOf(request);
      const { publicKey, signer, signature, holders, replaces } = request.body;
      await requireOwnDevices(services, by, holders);
      await requireSigned(services, by, request.body);
      const id = newId();
      await transact(db, ownOf(by), async (trx) => {
        // Two who begin at the same time do not undo each other's, and nobody replaces what he has not seen.
        if ((await lockKeyOf(trx, by.number)) !== replaces) throw new Problem('ALREADY_DONE');
        await insertKey(trx, ownerOf(by), {
          id,
          account: toBytes(by.account),
          public_key: toBytes(publicKey),
          signer: toBytes(signer),
          signature: toBytes(signature),
        });
        for (const holder of holders) await insertHolder(trx, ownerOf(by), id, rowOf(holder));
        if (replaces !== undefined) await tellSharers(trx, by.number, id);
        await recordAudit(trx, {
          ...originOf(request),
          action: 'documentKeyMade',
          subject: `key:${id}`,
          facts: {
            publicKey,
            signer: signer.toLowerCase(),
            ...(replaces === undefined ? {} : { replaces }),
          },
        });
      });
      return reply.status(201).send(await own(by));
    },
  });

  app.route({
    ...at('addDocumentKeyHolder'),
    handler: async (request, reply) => {
      const { body } = request;
      const action = body.wrapped === undefined ? 'documentKeyAskedFor' : 'documentKeyGiven';
      await requireOwnDevices(services, memberOf(request), [body]);
      // A code that nobody wraps for opens nothing.
      if (body.kind === 'recovery' && body.wrapped === undefined) throw new Problem('REQUEST_INVALID');
      const answer = await change(request, action, async (trx, by, key) => {
        if (body.kind === 'recovery') await removeCodes(trx, key);
        const added = await insertHolder(trx, ownerOf(by), key, rowOf(body));
        if (added === 'many') throw refused('HOLDERS_MANY', { count: MAX_HOLDERS });
        if (added === 'known') throw new Problem('ALREADY_DONE');
        return { kind: body.kind, name: body.name, publicKey: body.publicKey };
      });
      return reply.status(201).send(answer);
    },
  });

  app.route({
    ...at('giveDocumentKey'),
    handler: (request) =>
      change(request, 'documentKeyGiven', async (trx, _by, key) => {
        const { id } = request.params;
        if (!(await giveKeyTo(trx, key, id, toBytes(request.body.wrapped)))) throw new Problem('NOT_FOUND');
        return { holder: id };
      }),
  });

  app.route({
    ...at('removeDocumentKeyHolder'),
    handler: (request) =>
      change(request, 'documentKeyTaken', async (trx, by, key) => {
        const { id } = request.params;
        const isAnybodys = by.rights.includes('administer') || by.person === undefined;
        if (!(await removeHolder(trx, key, id, isAnybodys ? undefined : by.person)))
          throw new Problem('NOT_FOUND');
        return { holder: id };
      }),
  });
}

const ownOf = ({ number }: MemberPerson) => ({ member: number, seesAll: false });
const ownerOf = ({ number, person }: MemberPerson) => ({ member: number, person });

const rowOf = ({ kind, name, publicKey, wrapped, device }: Given) => ({
  id: newId(),
  kind,
  name: name.trim(),
  public_key: toBytes(publicKey),
  passkey_id: device ?? null,
  wrapped: wrapped === undefined ? null : toBytes(wrapped),
});

/** Those who have what the member lacks from now on. */
const tellSharers = async (trx: Trx, other: number, key: string): Promise<void> =>
  tell(
    trx,
    ...(await sharersOf(trx, other)).map(({ member, bill }) => ({
      kind: 'document_key_replaced' as const,
      key: `document_key_replaced:${key}:${member}`,
      to: { member },
      facts: { bill: String(bill), other },
    })),
  );

/** Throws REQUEST_INVALID for a device that is not the person's. */
async function requireOwnDevices(
  { db }: Services,
  { person }: MemberPerson,
  holders: readonly Given[],
): Promise<void> {
  const named = holders.flatMap(({ device }) => device ?? []);
  if (named.length === 0) return;
  const own = new Set(person === undefined ? [] : (await passkeysOf(db, person)).map(({ id }) => id));
  if (named.some((device) => !own.has(device))) throw new Problem('REQUEST_INVALID');
}

/** By a signer of the account whom every browser can check. Throws SIGNATURE_INVALID and the like, REQUEST_INVALID. */
async function requireSigned(
  services: Services,
  by: MemberPerson,
  { publicKey, signer, signature }: { publicKey: string; signer: string; signature: string },
): Promise<void> {
  const { deployment } = services;
  const parts = partsOfSigner(deployment.addresses, signer);
  if (parts?.type !== 'p256' && parts?.type !== 'webauthn') throw refused('KEY_SIGNER_UNSUITABLE');
  const digest = documentKeyDigest(deployment.chainId, by.account, { member: by.number, publicKey });
  const policy = await policyFor(services, by.account, []);
  await checkedSignatures(await collectionOfStatement(services, by, policy), digest, [{ signer, signature }]);
}
