/** Registering a passkey and signing in with one; links, and choosing for whom one works. */
import { randomBytes } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { transact, SYSTEM } from '#db/access/access.ts';
import { recordAudit } from '#db/audit/write.ts';
import { changePlace } from '#db/requests/sessions.ts';
import { findApplication } from '#db/applications/own.ts';
import { findLink, useLink, type Offer } from '#db/people/links.ts';
import { passkeysOf } from '#db/people/passkeys.ts';
import { findPerson, seatsOf } from '#db/people/persons.ts';
import { newId } from '#db/wire/ids.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { personOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import type { Services } from '../../services.ts';
import { originOf } from '../../audit/origin.ts';
import { registered, registrationOptions, signedIn, signInOptions } from '../ceremonies.ts';
import { addDeviceByLink, addNewcomer, signIn, takeSeatOf, type NewPerson } from '../sign-in.ts';
import { personView, seatViews } from '../views.ts';

/** What is known of a registration by a link for a device. */
type ByDeviceLink = { readonly deviceLink: string };

export function registerSignIn(app: App): void {
  const { services } = app;
  const { db, visitors, names } = services;

  app.route({ ...at('beginSignIn'), handler: async () => ({ options: await signInOptions(services) }) });

  app.route({
    ...at('finishSignIn'),
    handler: async (request, reply) => {
      const response = request.body.response as AuthenticationResponseJSON;
      const passkey = await signedIn(services, response).catch(async (error: unknown) => {
        await recordAudit(db, { ...originOf(request), action: 'signInFailed' });
        throw error;
      });
      const session = await signIn(services, request, reply, passkey.person, passkey);
      return reply
        .status(201)
        .send({ person: personView(session.person), seats: await seatViews(services, session.seats) });
    },
  });

  app.route({
    ...at('lookAtLink'),
    handler: async ({ body }) => {
      const link = await findLink(db, body.secret, new Date());
      if (link === undefined) throw new Problem('LINK_OVER');
      const { offer, expiresAt } = link;
      const member = 'member' in offer ? offer.member : null;
      return {
        purpose: offer.purpose,
        member: member === null ? null : (await names.of([member]))(member),
        rights: 'rights' in offer ? [...offer.rights] : [],
        invited: await invitedBy(db, offer),
        expiresAt: expiresAt.toISOString(),
      };
    },
  });

  app.route({
    ...at('beginRegistration'),
    handler: async ({ body }) => {
      const { secret, name, email, language = 'zh' } = body;
      const link = secret === undefined ? undefined : await findLink(db, secret, new Date());
      if (secret !== undefined && link === undefined) throw new Problem('LINK_OVER');
      if (link?.offer.purpose === 'device') {
        const owner = await findPerson(db, link.offer.person);
        if (owner === undefined) throw new Problem('LINK_OVER');
        const facts: ByDeviceLink = { deviceLink: secret! };
        const known = await passkeysOf(db, owner.id);
        return { options: await registrationOptions(services, 'register', owner, known, facts) };
      }
      if (name === undefined) throw new Problem('REQUEST_INVALID', NAME_MISSING);
      const userHandle = randomBytes(32);
      const facts: NewPerson = {
        id: newId(),
        userHandle: userHandle.toString('base64url'),
        name: name.trim(),
        email: email ?? null,
        language,
        secret: secret ?? null,
      };
      const owner = { userHandle, name: facts.name };
      return { options: await registrationOptions(services, 'register', owner, [], facts) };
    },
  });

  app.route({
    ...at('finishRegistration'),
    handler: async (request, reply) => {
      const { response, device } = request.body;
      const { key, facts } = await registered(services, 'register', response as RegistrationResponseJSON);
      const known = facts as NewPerson | ByDeviceLink;
      let person: string;
      if ('deviceLink' in known) {
        person = await addDeviceByLink(services, known.deviceLink, key, device);
      } else {
        await addNewcomer(services, known, key, { device, requestId: request.id });
        person = known.id;
      }
      await recordAudit(db, {
        ...originOf(request),
        person,
        action: 'deviceLink' in known ? 'deviceAdded' : 'personRegistered',
        subject: `person:${person}`,
        facts: { device },
      });
      const session = await signIn(services, request, reply, person);
      return reply
        .status(201)
        .send({ person: personView(session.person), seats: await seatViews(services, session.seats) });
    },
  });

  app.route({
    ...at('acceptLink'),
    handler: async (request) => {
      const { person } = personOf(request);
      await transact(db, SYSTEM, async (trx) => {
        const link = await useLink(trx, request.body.secret, new Date());
        if (link === undefined || link.offer.purpose === 'device') throw new Problem('LINK_OVER');
        await takeSeatOf(trx, person, link);
        await recordAudit(trx, {
          ...originOf(request),
          member: 'member' in link.offer ? link.offer.member : null,
          action: 'personJoined',
          subject: `person:${person}`,
          facts: { link: link.id },
        });
      });
      visitors.forget();
      const row = (await findPerson(db, person))!;
      return { person: personView(row), seats: await seatViews(services, await seatsOf(db, person)) };
    },
  });

  app.route({
    ...at('chooseSeat'),
    handler: async (request, reply) => {
      const { person, sessionId } = personOf(request);
      const { member } = request.body;
      const seat = (await seatsOf(db, person)).find((each) => each.member === member);
      if (seat === undefined || sessionId === undefined) throw new Problem('FORBIDDEN');
      await changePlace(db, sessionId, { member, isOperator: member === null });
      await recordAudit(db, {
        ...originOf(request),
        member,
        isOperator: member === null,
        action: 'seatChosen',
      });
      visitors.forget();
      return reply.status(204).send(null);
    },
  });
}

/** What who invites says of the firm that is to apply, or that applies. */
async function invitedBy(
  db: Services['db'],
  offer: Offer,
): Promise<{ name?: string; taxId?: string } | null> {
  if (offer.purpose === 'application_seat') {
    const name = (await findApplication(db, offer.application))?.form.name?.zh;
    return name === undefined ? {} : { name };
  }
  if (offer.purpose !== 'application') return null;
  const { name, taxId } = offer.facts;
  return { ...(name === undefined ? {} : { name }), ...(taxId === undefined ? {} : { taxId }) };
}

const NAME_MISSING = { zh: '请填写姓名', en: 'Say your name' };
