/** The firm's people: colleagues join an application by a link, each with rights and, who signs, with a device. */
import { peopleOf, putPerson, removePerson, MAX_PEOPLE } from '#db/applications/people.ts';
import { findApplication } from '#db/applications/own.ts';
import { linksOfApplication, makeLink, withdrawLinkOfApplication } from '#db/people/links.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { personOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { refused } from '../../problems/refused.ts';
import { editDraft, ofApplicant } from '../mine.ts';
import { applicationView } from '../views.ts';

/** A colleague may be away for a while (ms). */
const LINK_MS = 7 * 86_400_000;

export function registerApplicationPeople(app: App): void {
  const { services } = app;
  const { db, site } = services;

  app.route({
    ...at('inviteToApplication'),
    handler: async (request, reply) => {
      const { id } = request.params;
      const { rights, level, note } = request.body;
      const expiresAt = new Date(Date.now() + LINK_MS);
      const made = await editDraft(services, request, id, async (trx) => {
        const people = await peopleOf(trx, id);
        const links = await linksOfApplication(trx, id, new Date());
        if (people.length + links.length >= MAX_PEOPLE) throw refused('PEOPLE_MANY', { count: MAX_PEOPLE });
        return makeLink(trx, {
          offer: { purpose: 'application_seat', application: id, rights, level },
          note,
          madeBy: personOf(request).person,
          expiresAt,
        });
      });
      return reply.status(201).send({
        id: made.id,
        url: site.applicationLinkFor(made.secret),
        expiresAt: expiresAt.toISOString(),
      });
    },
  });

  app.route({
    ...at('withdrawApplicationLink'),
    handler: async (request, reply) => {
      const { id, link } = request.params;
      await ofApplicant(services, request, id);
      if (!(await withdrawLinkOfApplication(db, id, link))) throw new Problem('NOT_FOUND');
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('changeApplicationPerson'),
    handler: async (request) => {
      const { id, person } = request.params;
      const { person: me } = personOf(request);
      const { rights, level, device } = request.body;
      await editDraft(services, request, id, async (trx) => {
        const people = await peopleOf(trx, id);
        if (!people.some((each) => each.person === person)) throw new Problem('NOT_FOUND');
        const isOwn = person === me;
        if (device !== undefined && !isOwn) throw new Problem('FORBIDDEN');
        const part = { rights, level, ...(device === undefined ? {} : { device }) };
        if (!(await putPerson(trx, id, person, part))) throw new Problem('NOT_FOUND');
      });
      return applicationView(services, (await findApplication(db, id))!, me);
    },
  });

  app.route({
    ...at('removeApplicationPerson'),
    handler: async (request, reply) => {
      const { id, person } = request.params;
      await editDraft(services, request, id, async (trx) => {
        if (!(await removePerson(trx, id, person))) throw new Problem('NOT_FOUND');
      });
      return reply.status(204).send(null);
    },
  });
}
