/** What is a person's own: name, devices, sessions. */
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import { transact, SYSTEM } from '#db/access/access.ts';
import { recordAudit } from '#db/audit/write.ts';
import { closeSessionsOf, sessionsOf } from '#db/requests/sessions.ts';
import { makeLink } from '#db/people/links.ts';
import { ownSignersOf, revokeOwnSigner } from '#db/people/own-signers.ts';
import { addFurtherPasskey, passkeysOf, renamePasskey, revokePasskey } from '#db/people/passkeys.ts';
import { changePerson, findPerson } from '#db/people/persons.ts';
import { changeEmail } from '#db/notices/email.ts';
import { newId } from '#db/wire/ids.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { personOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { originOf } from '../../audit/origin.ts';
import { forgetInBrowser } from '../../plugins/app/session.ts';
import { registered, registrationOptions } from '../ceremonies.ts';
import { addSigner } from '../own-signers.ts';
import { deviceView, ownSignerView, personView } from '../views.ts';

/** A link for a device is carried from one hand to the other (ms). */
const DEVICE_LINK_MS = 15 * 60_000;

export function registerMine(app: App): void {
  const { services } = app;
  const { db, visitors, site } = services;

  app.route({
    ...at('changeMe'),
    handler: async (request) => {
      const { person } = personOf(request);
      const { email, ...others } = request.body;
      await transact(db, SYSTEM, async (trx) => {
        await changePerson(trx, person, others);
        if (email !== undefined) await changeEmail(trx, person, email, new Date());
      });
      return personView((await findPerson(db, person))!);
    },
  });

  app.route({
    ...at('listSessions'),
    handler: async (request) => {
      const { person, sessionId } = personOf(request);
      const rows = await sessionsOf(db, person, new Date());
      return {
        items: rows.map(({ id, device, address, openedAt, seenAt, expiresAt }) => ({
          id,
          isThis: id === sessionId,
          device,
          address,
          openedAt: openedAt.toISOString(),
          seenAt: seenAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
        })),
      };
    },
  });

  app.route({
    ...at('closeOneSession'),
    handler: async (request, reply) => {
      const { person } = personOf(request);
      const { id } = request.params;
      if ((await closeSessionsOf(db, person, id)) === 0) throw new Problem('NOT_FOUND');
      visitors.forget();
      await recordAudit(db, { ...originOf(request), action: 'sessionRevoked', subject: `session:${id}` });
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('closeAllSessions'),
    handler: async (request, reply) => {
      const { person } = personOf(request);
      const closed = await closeSessionsOf(db, person);
      visitors.forget();
      await recordAudit(db, {
        ...originOf(request),
        action: 'signedOut',
        facts: { sessions: String(closed) },
      });
      forgetInBrowser(request, reply);
      return { closed };
    },
  });

  app.route({
    ...at('listDevices'),
    handler: async (request) => ({
      items: (await passkeysOf(db, personOf(request).person)).map(deviceView),
    }),
  });

  app.route({
    ...at('beginDevice'),
    handler: async (request) => {
      const { person } = personOf(request);
      const owner = (await findPerson(db, person))!;
      const known = await passkeysOf(db, person);
      return { options: await registrationOptions(services, 'device', owner, known, { person }) };
    },
  });

  app.route({
    ...at('finishDevice'),
    handler: async (request, reply) => {
      const { person } = personOf(request);
      const { response, device: name } = request.body;
      const { key, facts } = await registered(services, 'device', response as RegistrationResponseJSON);
      if ((facts as { person: string }).person !== person) throw new Problem('SIGN_IN_REFUSED');
      const id = newId();
      await transact(db, SYSTEM, async (trx) => {
        await addFurtherPasskey(trx, { ...key, id, person, name });
        await recordAudit(trx, {
          ...originOf(request),
          action: 'deviceAdded',
          subject: `device:${id}`,
          facts: { name },
        });
      });
      const added = (await passkeysOf(db, person)).find((each) => each.id === id)!;
      return reply.status(201).send(deviceView(added));
    },
  });

  app.route({
    ...at('linkDevice'),
    handler: async (request, reply) => {
      const { person } = personOf(request);
      const expiresAt = new Date(Date.now() + DEVICE_LINK_MS);
      const { id, secret } = await transact(db, SYSTEM, async (trx) => {
        const link = await makeLink(trx, {
          offer: { purpose: 'device', person },
          madeBy: person,
          expiresAt,
        });
        await recordAudit(trx, { ...originOf(request), action: 'deviceLinked', facts: { link: link.id } });
        return link;
      });
      return reply.status(201).send({ id, url: site.linkFor(secret), expiresAt: expiresAt.toISOString() });
    },
  });

  app.route({
    ...at('renameDevice'),
    handler: async (request, reply) => {
      const { person } = personOf(request);
      if (!(await renamePasskey(db, person, request.params.id, request.body.name)))
        throw new Problem('NOT_FOUND');
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('revokeDevice'),
    handler: async (request, reply) => {
      const { person } = personOf(request);
      await transact(db, SYSTEM, async (trx) => {
        const devices = await passkeysOf(trx, person);
        if (!devices.some(({ id }) => id === request.params.id)) throw new Problem('NOT_FOUND');
        if (devices.length === 1) throw new Problem('LAST_OF_ITS_KIND');
        await revokePasskey(trx, person, request.params.id, new Date());
        await recordAudit(trx, {
          ...originOf(request),
          action: 'deviceRevoked',
          subject: `device:${request.params.id}`,
        });
      });
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('listOwnSigners'),
    handler: async (request) => ({
      items: (await ownSignersOf(db, personOf(request).person)).map(ownSignerView),
    }),
  });

  app.route({
    ...at('addOwnSigner'),
    handler: async (request, reply) => {
      const { person } = personOf(request);
      const added = await addSigner(services, person, request.body, originOf(request));
      return reply.status(201).send(ownSignerView(added));
    },
  });

  app.route({
    ...at('revokeOwnSigner'),
    handler: async (request, reply) => {
      const { person } = personOf(request);
      const { id } = request.params;
      await transact(db, SYSTEM, async (trx) => {
        if (!(await revokeOwnSigner(trx, person, id, new Date()))) throw new Problem('NOT_FOUND');
        await recordAudit(trx, { ...originOf(request), action: 'deviceRevoked', subject: `device:${id}` });
      });
      return reply.status(204).send(null);
    },
  });
}
