/** Sight of documents as the API tells of it. */
import type { Static } from 'typebox';
import type { SightRow } from '#db/documents/sight.ts';
import { signaturesOf } from '#db/instructions/signatures.ts';
import { toHex } from '#db/wire/bytes.ts';
import { billNumber } from '#domain/bills/bill-number.ts';
import { sightSentence } from '#domain/documents/sight.ts';
import type { MemberPerson } from '../app-types.ts';
import { collectionOfStatement, signingView } from '../instructions/collected.ts';
import { policyOf } from '../instructions/signers.ts';
import { policyView } from '../instructions/view.ts';
import type { Services } from '../services.ts';
import type { Sight } from './schema.ts';

/** @param by Who looks: whoever gives it sees what is to be signed while signatures are missing. */
export async function sightView(
  services: Services,
  by: MemberPerson,
  sight: SightRow,
): Promise<Static<typeof Sight>> {
  const { db, names } = services;
  const ref = await names.of([sight.giver, sight.reader]);
  const view = {
    id: sight.id,
    giver: ref(sight.giver),
    reader: ref(sight.reader),
    number: String(sight.number),
    givenAt: sight.given_at?.toISOString() ?? null,
    createdAt: sight.created_at.toISOString(),
  };
  if (sight.given_at !== null || sight.giver !== by.number) return { ...view, toSign: null };
  const policy = await policyOf(services, by.account);
  const collection = await collectionOfStatement(services, by, policy);
  const digest = toHex(sight.digest);
  const all = await signaturesOf(db, { member: by.number, seesAll: false }, [digest]);
  return {
    ...view,
    toSign: {
      meaning: sightSentence(ref(sight.giver).name, {
        bill: billNumber(sight.bill_no),
        reader: ref(sight.reader).name,
      }),
      digest,
      account: by.account,
      signers: policyView(collection.policy).signers,
      signing: signingView(collection, all, by.person),
    },
  };
}
