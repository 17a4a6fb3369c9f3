/** Who has a seat in the firm, or at the platform, and who is invited. */
import { transact, SYSTEM } from '#db/access/access.ts';
import { recordAudit, type AuditEntry } from '#db/audit/write.ts';
import { linksOf, makeLink, withdrawLink } from '#db/people/links.ts';
import { ownSignersAt } from '#db/people/own-signers.ts';
import { passkeysAt } from '#db/people/passkeys.ts';
import { colleagues, giveSeat, lockSeats, takeSeat } from '#db/people/persons.ts';
import { closeSessionsAt } from '#db/requests/sessions.ts';
import { toHex } from '#db/wire/bytes.ts';
import { inOrder, type Right } from '#domain/people/rights.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { placeOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { storeDraft, VALID_FOR } from '../../instructions/prepare.ts';
import { toBeSigned } from '../../instructions/view.ts';
import { partyOf } from '../../operator/party.ts';
import { draftSignature } from '../signature.ts';
import { originOf } from '../../audit/origin.ts';
import { linkView } from '../views.ts';

/** An invitation waits for a weekend (ms). */
const LINK_MS = 3 * 86_400_000;

export function registerFirm(app: App): void {
  const { services } = app;
  const { db, visitors, site } = services;

  app.route({
    ...at('listColleagues'),
    handler: async (request) => {
      const place = placeOf(request);
      const [people, devices, signers] = await Promise.all([
        colleagues(db, place),
        passkeysAt(db, place),
        ownSignersAt(db, place),
      ]);
      return {
        items: people.map(({ id, name, email, rights, since }) => ({
          id,
          name,
          email,
          rights: [...rights],
          since: since.toISOString(),
          devices: devices
            .filter(({ person }) => person === id)
            .map((device) => ({ name: device.name, x: toHex(device.x), y: toHex(device.y) })),
          signers: signers
            .filter(({ person }) => person === id)
            .map(({ name, type, signer }) => ({ name, type, key: signer })),
        })),
      };
    },
  });

  /** Throws LAST_OF_ITS_KIND where nobody would administer any more. */
  const changeSeat = (
    place: number | null,
    person: string,
    rights: readonly Right[] | undefined,
    audited: AuditEntry,
  ) =>
    transact(db, SYSTEM, async (trx) => {
      await lockSeats(trx, place);
      const people = await colleagues(trx, place);
      if (!people.some(({ id }) => id === person)) throw new Problem('NOT_FOUND');
      const administers = (each: { id: string; rights: readonly Right[] }) =>
        (each.id === person ? (rights ?? []) : each.rights).includes('administer');
      if (!people.some(administers)) throw new Problem('LAST_OF_ITS_KIND');
      if (rights === undefined) {
        await takeSeat(trx, person, place);
        await closeSessionsAt(trx, person, place);
      } else await giveSeat(trx, person, { member: place, rights: inOrder(rights) });
      await recordAudit(trx, audited);
    });

  app.route({
    ...at('changeColleague'),
    handler: async (request, reply) => {
      const { params, body } = request;
      const place = placeOf(request);
      await changeSeat(place, params.id, body.rights, {
        ...originOf(request),
        action: 'rightsChanged',
        subject: `person:${params.id}`,
        facts: { rights: body.rights.join(' ') },
      });
      visitors.forget();
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('removeColleague'),
    handler: async (request, reply) => {
      const place = placeOf(request);
      await changeSeat(place, request.params.id, undefined, {
        ...originOf(request),
        action: 'personRemoved',
        subject: `person:${request.params.id}`,
      });
      visitors.forget();
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('giveSignature'),
    handler: async (request, reply) => {
      const { params, body } = request;
      const by = await partyOf(services, request);
      const draft = await draftSignature(services, by, params.id, body);
      const asked = { type: 'giveSignature', person: params.id, ...body } as const;
      const prepared = await storeDraft(services, by, asked, draft, {
        validFor: VALID_FOR,
        origin: originOf(request),
      });
      return reply.status(201).send(toBeSigned(services, prepared));
    },
  });

  app.route({
    ...at('listLinks'),
    handler: async (request) => ({ items: (await linksOf(db, placeOf(request))).map(linkView) }),
  });

  app.route({
    ...at('inviteSomebody'),
    handler: async (request, reply) => {
      const place = placeOf(request);
      const { person } = request;
      const { rights, note } = request.body;
      const expiresAt = new Date(Date.now() + LINK_MS);
      const { id, secret } = await transact(db, SYSTEM, async (trx) => {
        const link = await makeLink(trx, {
          offer: { purpose: 'seat', member: place, rights },
          note,
          madeBy: person.kind === 'nobody' ? null : (person.person ?? null),
          expiresAt,
        });
        await recordAudit(trx, {
          ...originOf(request),
          action: 'personInvited',
          facts: { link: link.id, rights: rights.join(' ') },
        });
        return link;
      });
      return reply.status(201).send({ id, url: site.linkFor(secret), expiresAt: expiresAt.toISOString() });
    },
  });

  app.route({
    ...at('withdrawLink'),
    handler: async (request, reply) => {
      const { id } = request.params;
      await transact(db, SYSTEM, async (trx) => {
        if (!(await withdrawLink(trx, placeOf(request), id))) throw new Problem('NOT_FOUND');
        await recordAudit(trx, {
          ...originOf(request),
          action: 'invitationWithdrawn',
          facts: { link: id },
        });
      });
      return reply.status(204).send(null);
    },
  });
}
