/** What waits for signatures: for whom, and how far it is. */
import type { Static } from 'typebox';
import { listWaiting, type Waiting } from '#db/instructions/collect.ts';
import type { InstructionRow } from '#db/instructions/own.ts';
import { ownViewer } from '../access/person.ts';
import type { MemberPerson } from '../app-types.ts';
import { pageOf, type PageQuery } from '../lists/lists.ts';
import type { Services } from '../services.ts';
import type { Instruction, Signing } from './schema.ts';
import { signingsOf } from './sheet.ts';
import { instructionViews } from './view.ts';

type Shown = Static<typeof Instruction>;

/** A page may hold fewer than it has room for: who may sign what is worked out of the account's policy. */
export async function listWaitingFor(
  services: Services,
  by: MemberPerson,
  waiting: Waiting,
  query: PageQuery,
): Promise<{ items: Shown[]; next: string | null }> {
  const { db, clock } = services;
  const now = await clock.now();
  const person = by.person ?? null;
  return pageOf(
    query,
    ['waiting instructions', by.number, waiting, person],
    ['uuid'],
    (page) => listWaiting(db, ownViewer(by), { waiting, person, now }, page),
    (rows) => shown(services, by, waiting, rows),
  );
}

async function shown(
  services: Services,
  by: MemberPerson,
  waiting: Waiting,
  rows: readonly InstructionRow[],
): Promise<Shown[]> {
  const [views, signings] = await Promise.all([
    instructionViews(services, rows),
    signingsOf(services, by, rows),
  ]);
  const all = views.map((view, n) => ({ ...view, signing: signings[n]! }));
  // A system signs with keys of which we do not know that they are its.
  return waiting === 'others' || by.person === undefined ? all : all.filter(isForYou);
}

type Signable = {
  readonly signing: Static<typeof Signing>;
  readonly preparedBy: { readonly id: string } | null;
};

/** What nobody has signed is left to whoever prepared it while that person can sign it. */
export const isForYou = ({ signing: { signatures, missing, waitsForYou }, preparedBy }: Signable): boolean =>
  waitsForYou &&
  (signatures.length > 0 ||
    !missing.signers.some(({ person }) => person !== null && person.id === preparedBy?.id));

/** As many as the inbox shows. */
const MOST_IN_INBOX = 100;

/** What waits for this person, for the inbox; nothing for who may not sign. */
export async function toSign(services: Services, by: MemberPerson): Promise<Shown[]> {
  if (!by.rights.includes('sign') || by.person === undefined) return [];
  return (await listWaitingFor(services, by, 'me', { limit: MOST_IN_INBOX })).items;
}
