/** From applications to JSON, for their people and for the platform. */
import type { AccountProofRow } from '#db/applications/account-proofs.ts';
import { MAX_CREDITS, proofsOf, TRIES } from '#db/applications/account-proofs.ts';
import { documentsOf, type ApplicationDocument } from '#db/applications/documents.ts';
import { duplicatesOf, stepsOf, type Application } from '#db/applications/own.ts';
import { peopleOf, type ApplicationPerson } from '#db/applications/people.ts';
import { linksOfApplication, type Link } from '#db/people/links.ts';
import { findPerson } from '#db/people/persons.ts';
import { missingIn, type Form } from '#domain/applications/form.ts';
import type { Services } from '../services.ts';

export const lineView = ({ id, kind, state, form, number, filedAt, changedAt }: Application) => ({
  id,
  kind,
  state,
  name: form.name ?? null,
  number,
  filedAt: filedAt?.toISOString() ?? null,
  changedAt: changedAt.toISOString(),
});

export const documentView = ({ id, kind, name, type, size, createdAt }: ApplicationDocument) => ({
  id,
  kind,
  name,
  type,
  size,
  createdAt: createdAt.toISOString(),
});

/** Whether the account that is stated now was proved, and not another. */
export const isAccountProved = ({ account }: Form, proofs: readonly AccountProofRow[]): boolean =>
  account !== undefined && proofs.some((proof) => proof.provedAt !== null && isOfAccount(proof, account));

export const isOfAccount = (
  { bank, accountNo }: AccountProofRow,
  account: { readonly bank: string; readonly number: string },
): boolean => bank === account.bank && accountNo === account.number;

/** All that belongs to one. */
async function partsOf({ db, names }: Services, application: Application) {
  const [documents, people, steps, proofs, ref] = await Promise.all([
    documentsOf(db, application.id),
    peopleOf(db, application.id),
    stepsOf(db, application.id),
    proofsOf(db, application.id),
    names.of([application.member, application.invitedBy]),
  ]);
  return { documents, people, steps, proofs, ref };
}
type Parts = Awaited<ReturnType<typeof partsOf>>;

function commonView({ accountProof }: Services, application: Application, parts: Parts) {
  const { id, kind, state, member, invitedBy, form, createdAt, filedAt } = application;
  const { documents, people, steps, proofs, ref } = parts;
  const last = proofs.at(-1);
  return {
    id,
    kind,
    state,
    member: member === null ? null : ref(member),
    invitedBy: invitedBy === null ? null : ref(invitedBy),
    form: form as never,
    documents: documents.map(documentView),
    people: people.map((person) => personView(person, application)),
    steps: steps.map((step) => ({ ...step, by: step.by as 'applicant', at: step.at.toISOString() })),
    accountProof: {
      isOffered: accountProof !== undefined,
      isProved: isAccountProved(form, proofs),
      triesLeft:
        last === undefined ||
        last.provedAt !== null ||
        form.account === undefined ||
        !isOfAccount(last, form.account)
          ? 0
          : TRIES - last.tries,
      creditsLeft: MAX_CREDITS - proofs.length,
    },
    createdAt: createdAt.toISOString(),
    filedAt: filedAt?.toISOString() ?? null,
  };
}

const personView = (
  { person, name, email, rights, level, device }: ApplicationPerson,
  { applicant }: Application,
) => ({
  id: person,
  name,
  email,
  rights: [...rights],
  level,
  device: device === null ? null : { id: device.id, name: device.name },
  isApplicant: person === applicant,
});

export const missingOf = (
  { accountProof }: Services,
  application: Application,
  parts: Omit<Parts, 'ref' | 'steps'>,
) =>
  missingIn({
    kind: application.kind,
    form: application.form,
    documents: parts.documents.map(({ kind }) => kind),
    people: parts.people,
    // Where no bank is connected the verifier looks at the account's papers.
    isAccountProved: accountProof === undefined || isAccountProved(application.form, parts.proofs),
  });

export async function applicationView(services: Services, application: Application, person: string) {
  const isMine = application.applicant === person;
  const [parts, links] = await Promise.all([
    partsOf(services, application),
    isMine ? linksOfApplication(services.db, application.id, new Date()) : [],
  ]);
  return {
    ...commonView(services, application, parts),
    isMine,
    missing: application.state === 'draft' ? missingOf(services, application, parts) : [],
    links: links.flatMap(linkView),
  };
}

const linkView = ({ id, note, offer, expiresAt }: Link) =>
  offer.purpose === 'application_seat'
    ? [{ id, note, rights: [...offer.rights], level: offer.level, expiresAt: expiresAt.toISOString() }]
    : [];

/** @param actor Who looks. */
export async function reviewView(services: Services, application: Application, actor: string) {
  const { db, names } = services;
  const [parts, duplicates] = await Promise.all([
    partsOf(services, application),
    duplicatesOf(db, application),
  ]);
  const ref = await names.of(duplicates.map(({ member }) => member));
  const { state, verifiedBy, admittedBy, checks } = application;
  return {
    ...commonView(services, application, parts),
    checks,
    duplicates: duplicates.map(({ member, application: other }) => ({
      member: member === null ? null : ref(member),
      application: other,
    })),
    verifiedBy: await actorName(db, verifiedBy),
    admittedBy: await actorName(db, admittedBy),
    mayAdmit: state === 'verified' && admittedBy === null && verifiedBy !== actor,
  };
}

/** Visitors of the demonstration have no name. */
export async function actorName(db: Services['db'], actor: string | null): Promise<string | null> {
  if (actor === null) return null;
  return actor.startsWith('session ') ? 'demonstration' : ((await findPerson(db, actor))?.name ?? '?');
}
