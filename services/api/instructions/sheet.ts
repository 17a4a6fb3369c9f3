/** What a checker is shown: what the maker saw, who has signed, and what is different since. */
import type { Static } from 'typebox';
import { getAddress } from 'ethers';
import { PLATFORM_NUMBER } from '#db/access/access.ts';
import { keptDocuments } from '#db/bills/documents.ts';
import { isOfImport } from '#db/imports/issue.ts';
import { commentsOf, type Comment as CommentRow } from '#db/instructions/comments.ts';
import { signaturesOf, type Collected } from '#db/instructions/signatures.ts';
import type { InstructionRow } from '#db/instructions/own.ts';
import { namesOfPeople } from '#db/people/persons.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { InstructionInput } from '#domain/instructions/instructions.ts';
import { ownViewer } from '../access/person.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import { beyondLimits } from './limits.ts';
import { changesSince } from './changes.ts';
import { collectionOf, signingView } from './collected.ts';
import type { Comment, InstructionSheet, Signing } from './schema.ts';
import type { MemberRef } from '../schemas/common.ts';
import type { StoredInput } from './prepare.ts';
import { atItsBranch, policyOf } from './signers.ts';
import { ownInstruction, typedDataOf } from './submit.ts';
import { preparedView } from './view.ts';

export async function sheetOf(
  services: Services,
  by: MemberPerson,
  id: string,
): Promise<Static<typeof InstructionSheet>> {
  const { db, deployment } = services;
  const own = { ...by, viewer: ownViewer(by) };
  const act = await ownInstruction(services, by, id);
  const account = getAddress(toHex(act.account!));
  const policy = atItsBranch(await policyOf(services, account), act);
  const isWaiting = act.state === 'prepared';
  const [found, beyond, all, comments, isBatch, documents, names, changes] = await Promise.all([
    collectionOf(services, { ...by, account }, policy, act.calls, typedDataOf(act, deployment.chainId)),
    isWaiting ? beyondLimits(services, account, policy, act.calls) : [],
    signaturesOf(db, own.viewer, [toHex(act.digest!)]),
    commentsOf(db, own.viewer, id),
    isOfImport(db, own.viewer, id),
    documentsOf(services, own, act),
    namesOfPeople(db, [act.prepared_by]),
    isWaiting ? changesSince(services, own, act) : NO_CHANGES,
  ]);
  const collection = { ...found, policy: { ...found.policy, beyond } };
  const { prepared_by: maker } = act;
  return {
    prepared: {
      ...preparedView(act, deployment, collection.policy, collection.now),
      ...(documents === undefined ? {} : { documents }),
    },
    ...askedIn(by, act),
    isBatch,
    payees: await payeesOf(services, documents),
    createdAt: act.created_at.toISOString(),
    preparedBy: maker === null ? null : { id: maker, name: names.get(maker) ?? '' },
    signing: signingView(collection, all, by.person),
    comments: comments.map(commentView),
    changes,
  };
}

const askedIn = ({ number }: MemberPerson, { input }: InstructionRow) => {
  const asked = input as StoredInput;
  return number === PLATFORM_NUMBER || asked.type === 'giveSignature'
    ? { decision: asked }
    : { asked: asked as InstructionInput };
};

const NO_CHANGES = { code: null, detail: null, meaning: null, facts: [] };

/** Of each bill that it issues, as when it was prepared. Undefined for what issues none, or where one is not kept. */
async function documentsOf(
  { db }: Services,
  { viewer }: MemberPerson,
  { makes }: InstructionRow,
): Promise<string[] | undefined> {
  if (makes.bills.length === 0) return undefined;
  const numbers = makes.bills.map(BigInt);
  const kept = await keptDocuments(db, viewer, numbers);
  const documents = numbers.flatMap((number) => kept.get(number) ?? []);
  return documents.length === numbers.length ? documents : undefined;
}

/** A document names its payee by number. */
async function payeesOf(
  { names }: Services,
  documents: readonly string[] = [],
): Promise<Static<typeof MemberRef>[]> {
  const numbers = [...new Set(documents.map((text) => (JSON.parse(text) as { payee: number }).payee))];
  return numbers.map(await names.of(numbers));
}

export const commentView = ({ id, person, personName, text, at }: CommentRow): Static<typeof Comment> => ({
  id,
  by: person === null ? null : { id: person, name: personName ?? '' },
  text,
  at: at.toISOString(),
});

/** How far the signatures of each are. */
export async function signingsOf(
  services: Services,
  by: MemberPerson,
  acts: readonly InstructionRow[],
): Promise<Static<typeof Signing>[]> {
  if (acts.length === 0) return [];
  const policy = await policyOf(services, by.account);
  const digests = acts.map(({ digest }) => toHex(digest!));
  const all = await signaturesOf(services.db, ownViewer(by), digests);
  const byDigest = Map.groupBy(all, ({ digest }: Collected) => digest);
  return Promise.all(
    acts.map(async (act, n) => {
      const asked = typedDataOf(act, services.deployment.chainId);
      const collection = await collectionOf(services, by, atItsBranch(policy, act), act.calls, asked);
      return signingView(collection, byDigest.get(digests[n]!) ?? [], by.person);
    }),
  );
}
