/** Opens sessions for people: by a passkey that is known, or one that is registered now. */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { transact, SYSTEM } from '#db/access/access.ts';
import { recordAudit, type AuditEntry } from '#db/audit/write.ts';
import { closeSession, forgetExpiredSessions, openSession, type Place } from '#db/requests/sessions.ts';
import { joinApplication } from '#db/applications/people.ts';
import { findLink, noteLinkUser, useLink, type Link } from '#db/people/links.ts';
import { addFurtherPasskey, addPasskey, type Passkey } from '#db/people/passkeys.ts';
import { askForProof } from '#db/notices/email.ts';
import { tell } from '#db/notices/tell.ts';
import {
  addPerson,
  findPerson,
  giveSeat,
  lockSeats,
  seatsOf,
  takeFoundersSeats,
  takeRecoveredSeats,
  type Language,
  type Person,
  type Seat,
} from '#db/people/persons.ts';
import { newId } from '#db/wire/ids.ts';
import { inOrder } from '#domain/people/rights.ts';
import { Problem } from '#domain/problems.ts';
import { enrol, enrolmentOf } from '../operator/enrolment.ts';
import { originOf } from '../audit/origin.ts';
import { sessionCookie, tokenOf } from '../plugins/app/session.ts';
import type { Services } from '../services.ts';
import type { Registered } from './ceremonies.ts';

/** However much it is used, a session is over after this (ms). */
const LASTS_MS = 12 * 3_600_000;

/** What was said when a registration began. The secret of the link is asked for again at its end, of the database. */
export type NewPerson = {
  readonly id: string;
  readonly userHandle: string;
  readonly name: string;
  readonly email: string | null;
  readonly language: Language;
  readonly secret: string | null;
};

/** A new person, its first device, and what the link gives. Throws LINK_OVER. */
export async function addNewcomer(
  services: Services,
  { id, userHandle, name, email, language, secret }: NewPerson,
  key: Registered,
  { device, requestId }: { readonly device: string; readonly requestId: string },
): Promise<Link | undefined> {
  const { db } = services;
  const offered = secret === null ? undefined : await findLink(db, secret, new Date());
  const enrolment =
    offered !== undefined && isFirstLink(offered)
      ? await enrolmentOf(services, { name, key }, requestId)
      : undefined;
  return transact(db, SYSTEM, async (trx) => {
    if (enrolment !== undefined) await lockSeats(trx, null);
    const link = secret === null ? undefined : await useLink(trx, secret, new Date());
    if (secret !== null && (link === undefined || link.offer.purpose === 'device'))
      throw new Problem('LINK_OVER');
    await addPerson(trx, { id, name, email, language, userHandle: Buffer.from(userHandle, 'base64url') });
    await addPasskey(trx, { ...key, id: newId(), person: id, name: device });
    if (email !== null) await askForProof(trx, id, email, new Date());
    if (link !== undefined) await takeSeatOf(trx, id, link);
    if (enrolment !== undefined) await enrol(trx, enrolment);
    return link;
  });
}

/** To the platform, from nobody: printed where the product was started. */
const isFirstLink = ({ offer, madeBy }: Link): boolean =>
  offer.purpose === 'seat' && offer.member === null && madeBy === null;

type Trx = Parameters<Parameters<typeof transact>[2]>[0];

/** A seat that is there keeps the rights that it has. Throws LINK_OVER. */
export async function takeSeatOf(trx: Trx, person: string, { id, offer }: Link): Promise<void> {
  await noteLinkUser(trx, id, person);
  if (offer.purpose === 'application_seat') {
    if (!(await joinApplication(trx, offer.application, person, offer))) throw new Problem('LINK_OVER');
    return;
  }
  if (offer.purpose !== 'seat') return;
  const held = (await seatsOf(trx, person)).find(({ member }) => member === offer.member);
  const { member, rights, branch } = offer;
  // Where somebody sits does not change by a link: who administers says so.
  const there = held === undefined ? branch : held.branch;
  const all = inOrder([...(held?.rights ?? []), ...rights]);
  await giveSeat(trx, person, {
    ...{ member, branch: there ?? null },
    rights: there ? all.filter((right) => right !== 'administer') : all,
  });
}

/** A further device of a person who made a link for it. */
export const addDeviceByLink = async (
  { db }: Services,
  secret: string,
  key: Registered,
  device: string,
): Promise<string> =>
  transact(db, SYSTEM, async (trx) => {
    const link = await useLink(trx, secret, new Date());
    if (link?.offer.purpose !== 'device') throw new Problem('LINK_OVER');
    const { person } = link.offer;
    await addFurtherPasskey(trx, { ...key, id: newId(), person, name: device });
    return person;
  });

const placeOf = (seat: Seat | undefined): Place =>
  seat === undefined
    ? { member: null, isOperator: false }
    : { member: seat.member, isOperator: seat.member === null };

/**
 * A session for the person, on the seat of the one before where there was one (who signs in again goes on where he was), else on
 * the only seat, else on none: the person then chooses. The session before is over.
 */
export async function signIn(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  passkey?: Pick<Passkey, 'id' | 'name'>,
): Promise<{ person: Person; seats: readonly Seat[] }> {
  const { db, visitors } = services;
  const person = await findPerson(db, id);
  if (person === undefined) throw new Error('a passkey without its person');
  const { webAuthnVerifier } = services.deployment.addresses;
  if (webAuthnVerifier !== undefined) {
    await takeFoundersSeats(db, id, webAuthnVerifier);
    await seatRecovered(db, request, id, webAuthnVerifier);
  }
  const seats = await seatsOf(db, id);
  const { person: before } = request;
  const wasHere = before.kind !== 'nobody' && before.person === id;
  const kept = seats.find(({ member }) =>
    before.kind === 'member' ? member === before.number : before.kind === 'operator' && member === null,
  );
  const place = placeOf((wasHere ? kept : undefined) ?? (seats.length === 1 ? seats[0] : undefined));
  const old = tokenOf(request);
  if (old !== undefined && before.kind !== 'nobody') await closeSession(db, old);
  const now = new Date();
  await forgetExpiredSessions(db, now);
  const expiresAt = new Date(now.getTime() + LASTS_MS);
  const { token } = await openSession(db, {
    person: id,
    ...place,
    expiresAt,
    device: request.headers['user-agent'],
    address: request.ip,
  });
  if (passkey !== undefined) await tellOfBrowser(db, id, passkey, request);
  visitors.forget();
  await recordAudit(db, {
    ...originOf(request),
    ...place,
    person: id,
    action: 'signedIn',
    facts: { device: request.headers['user-agent']?.slice(0, 200) ?? '' },
  });
  void reply.setCookie(sessionCookie(request), token, cookieFor(request, expiresAt));
  return { person, seats };
}

/** Throws nothing of its own: what it changes stands in the trail. */
const seatRecovered = (
  db: Services['db'],
  request: FastifyRequest,
  person: string,
  verifier: string,
): Promise<void> =>
  transact(db, SYSTEM, async (trx) => {
    const origin = { ...originOf(request), person };
    const entry = (member: number, action: 'personRemoved' | 'personJoined', of: string): AuditEntry => ({
      ...origin,
      member,
      isOperator: false,
      action,
      subject: `person:${of}`,
    });
    for (const { member, before, now } of await takeRecoveredSeats(trx, person, verifier))
      await recordAudit(
        trx,
        ...before.map((each) => entry(member, 'personRemoved', each)),
        ...now.map((each) => entry(member, 'personJoined', each)),
      );
  });

/** Told once for each device and browser: who signs in every day from the same one hears nothing. */
const tellOfBrowser = (
  db: Services['db'],
  person: string,
  { id, name: device }: Pick<Passkey, 'id' | 'name'>,
  { headers, ip }: FastifyRequest,
): Promise<void> => {
  // Browsers count their versions up every month.
  const browser = hash('sha256', (headers['user-agent'] ?? '').replace(/\d+/g, ''), 'base64url');
  const facts = { device, address: ip };
  return tell(db, { kind: 'signed_in', key: `signed_in:${person}:${id}:${browser}`, to: { person }, facts });
};

export const cookieFor = (request: FastifyRequest, expires: Date) => ({
  httpOnly: true,
  sameSite: 'strict' as const,
  secure: request.protocol === 'https',
  path: '/',
  expires,
});
