/** Why a member is suspended, and its notes to the platform. */
import { SYSTEM, transact } from '#db/access/access.ts';
import { addAppeal, appealsOf, listAppeals, suspensionOf } from '#db/applications/appeals.ts';
import { findPerson } from '#db/people/persons.ts';
import { recordAudit } from '#db/audit/write.ts';
import { at } from '../access/at.ts';
import { originOf } from '../audit/origin.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { pageOf } from '../lists/lists.ts';
import { refused } from '../problems/refused.ts';

export function registerAppeals(app: App): void {
  const { db, names } = app.services;

  app.route({
    ...at('getSuspension'),
    handler: async (request) => {
      const { number } = memberOf(request);
      const [suspension, appeals] = await Promise.all([suspensionOf(db, number), appealsOf(db, number)]);
      return {
        suspension:
          suspension === undefined
            ? null
            : { reason: suspension.reason, since: suspension.since.toISOString() },
        appeals: appeals.map(({ text, person, at: when }) => ({ text, person, at: when.toISOString() })),
      };
    },
  });

  app.route({
    ...at('appeal'),
    handler: async (request, reply) => {
      const { number: member, person } = memberOf(request);
      if ((await suspensionOf(db, member)) === undefined) throw refused('NOT_SUSPENDED');
      const { text } = request.body;
      const isAdded = await transact(db, SYSTEM, (trx) => addAppeal(trx, { member, person, text }));
      if (!isAdded) throw refused('APPEAL_TODAY');
      await recordAudit(db, { ...originOf(request), action: 'appealed' });
      const name = person === undefined ? null : ((await findPerson(db, person))?.name ?? null);
      return reply.status(201).send({ text, person: name, at: new Date().toISOString() });
    },
  });

  app.route({
    ...at('listAppeals'),
    handler: async ({ query }) =>
      pageOf(
        query,
        ['appeals'],
        ['uuid'],
        (page) => listAppeals(db, page),
        async (rows) => {
          const ref = await names.of(rows.map(({ member }) => member));
          return rows.map(({ member, text, person, at: when }) => ({
            member: ref(member),
            text,
            person,
            at: when.toISOString(),
          }));
        },
      ),
  });
}
