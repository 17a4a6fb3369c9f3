/** Documents of a bill as they are listed: what who asks may know of them, of their keys and their readers. */
import type { Static } from 'typebox';
import { ask } from '#db/access/access.ts';
import { billKeysQuery, filesQuery, wrapsQuery } from '#db/documents/files.ts';
import { currentKeys, keysById } from '#db/documents/keys.ts';
import { readersQuery } from '#db/documents/readers.ts';
import { invitedBanks, sightsQuery } from '#db/documents/sight.ts';
import { namesOfPeople } from '#db/people/persons.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import { attaches } from './parties.ts';
import type { AttachedDocuments } from './schema.ts';
import { sightView } from './sight-view.ts';
import { fileView, keyView } from './views.ts';

export async function documentsView(
  services: Services,
  by: MemberPerson,
  billNo: bigint,
): Promise<Static<typeof AttachedDocuments>> {
  const { db, names } = services;
  const [files, billKeys, wraps, readers, sights, banks] = await ask(
    db,
    by.viewer,
    filesQuery(billNo),
    billKeysQuery(billNo),
    wrapsQuery(by.number, billNo),
    readersQuery(by.viewer, billNo),
    sightsQuery(billNo),
    invitedBanks(by.number, billNo),
  );
  const mayRead = by.viewer.seesAll || readers.some(({ member }) => member === by.number);
  const known = mayRead ? readers : [];
  const [current, senders, people, ref] = await Promise.all([
    currentKeys(db, [by.number, ...known.map(({ member }) => member)]),
    keysById(
      db,
      wraps.map((wrap) => wrap.sender_key_id),
    ),
    namesOfPeople(
      db,
      files.filter(({ member }) => member === by.number).map(({ person_id }) => person_id),
    ),
    names.of([
      by.number,
      ...known.map(({ member }) => member),
      ...files.map(({ member }) => member),
      ...billKeys.map(({ made_by }) => made_by),
      ...wraps.map(({ wrapped_by }) => wrapped_by),
      ...sights.flatMap(({ giver, reader }) => [giver, reader]),
      ...banks,
    ]),
  ]);
  const keyOf = new Map(current.map((key) => [key.member, key]));
  const senderOf = new Map(senders.map((key) => [key.id, key]));
  const own = keyOf.get(by.number)?.id;
  return {
    mayRead,
    mayAttach: attaches(readers, by),
    files: files.map((file) => fileView(file, ref, people.get(file.person_id ?? '') ?? null)),
    keys: billKeys.map((key) => ({
      id: key.id,
      commitment: toHex(key.commitment),
      madeBy: ref(key.made_by),
      isRetired: key.retired_at !== null,
      wraps: wraps
        .filter((wrap) => wrap.bill_key_id === key.id && wrap.document_key_id === own)
        .map((wrap) => ({
          wrapped: toHex(wrap.wrapped),
          sender: keyView(senderOf.get(wrap.sender_key_id)!, ref),
        })),
    })),
    readers: known.map(({ member, word }) => {
      const key = keyOf.get(member);
      return {
        member: ref(member),
        as: word,
        key: key === undefined ? null : keyView(key, ref),
        wrapped: wraps
          .filter(
            (wrap) =>
              wrap.document_key_id === key?.id && wrap.wrapped_by === by.number && wrap.sender_key_id === own,
          )
          .map((wrap) => wrap.bill_key_id),
      };
    }),
    sights: await Promise.all(sights.map((sight) => sightView(services, by, sight))),
    banks: banks.map(ref),
  };
}
