/** Quotes of a bank that lack signatures, for who of its people signs. */
import type { Static } from 'typebox';
import { toHex } from '#db/wire/bytes.ts';
import { signaturesOf } from '#db/instructions/signatures.ts';
import { namesOfPeople } from '#db/people/persons.ts';
import { listUnsignedQuotes } from '#db/sales/own.ts';
import type { MemberPerson } from '../app-types.ts';
import { collectionOfQuote, signingView } from '../instructions/collected.ts';
import { policyForQuote } from '../instructions/signers.ts';
import { isForYou } from '../instructions/waiting.ts';
import type { Services } from '../services.ts';
import { sentenceOf } from './quote.ts';
import type { QuoteToSign } from './schema.ts';

/** As many as the inbox shows. */
const MOST_IN_INBOX = 100;

/** Newest first; nothing for who may not sign. */
export async function quotesToSign(
  services: Services,
  by: MemberPerson,
): Promise<Static<typeof QuoteToSign>[]> {
  if (!by.rights.includes('sign') || by.person === undefined) return [];
  const { db, clock, names: members } = services;
  const quotes = await listUnsignedQuotes(db, by.viewer, await clock.now(), MOST_IN_INBOX);
  if (quotes.length === 0) return [];
  const policy = await policyForQuote(services, by.account);
  const [collection, all, people, ref] = await Promise.all([
    collectionOfQuote(services, by, policy),
    signaturesOf(
      db,
      by.viewer,
      quotes.map(({ digest }) => toHex(digest)),
    ),
    namesOfPeople(
      db,
      quotes.map(({ prepared_by }) => prepared_by),
    ),
    members.of(quotes.flatMap(({ bank, seller, acceptor }) => [bank, seller, acceptor])),
  ]);
  return quotes
    .map((quote) => {
      const digest = toHex(quote.digest);
      const maker = quote.prepared_by;
      return {
        id: quote.id,
        request: quote.request_id,
        meaning: sentenceOf(services, quote, ref),
        createdAt: quote.created_at.toISOString(),
        preparedBy: maker === null ? null : { id: maker, name: people.get(maker) ?? '' },
        signing: signingView(
          collection,
          all.filter((each) => each.digest === digest),
          by.person,
        ),
      };
    })
    .filter(isForYou);
}
