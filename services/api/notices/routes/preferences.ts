/** What a person wants told where, and whether its address is its own. */
import { transact, SYSTEM } from '#db/access/access.ts';
import { recordAudit } from '#db/audit/write.ts';
import { askForProof, proveEmail } from '#db/notices/email.ts';
import { setSwitches, switchesOf } from '#db/notices/preferences.ts';
import { findPerson, setMailDetails } from '#db/people/persons.ts';
import { isFixed, isOn } from '#domain/notices/channels.ts';
import { GROUP_NAMES, GROUPS } from '#domain/notices/notices.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { personOf } from '../../access/rules.ts';
import { originOf } from '../../audit/origin.ts';
import type { App, KnownPerson } from '../../app-types.ts';

export function registerPreferences(app: App): void {
  const { db, channels } = app.services;

  /** Who has not taken a seat yet has nothing but what is its own. */
  const seatOf = (by: KnownPerson): number | null | undefined =>
    by.kind === 'member' ? by.number : by.kind === 'operator' ? null : undefined;
  const preferencesOf = async (by: KnownPerson & { person: string }) => {
    const place = seatOf(by);
    const [person, switches] = await Promise.all([
      findPerson(db, by.person),
      switchesOf(db, by.person, place),
    ]);
    return {
      email: person!.email,
      isEmailVerified: person!.isEmailVerified,
      mailDetails: person!.wantsMailDetails,
      channels: [...channels],
      groups: GROUP_NAMES.filter((group) => place !== undefined || group === 'security').map((group) => ({
        group,
        title: { ...GROUPS[group] },
        switches: channels.map((channel) => ({
          channel,
          isOn: isOn(switches, group, channel),
          isFixed: isFixed(group, channel),
        })),
      })),
    };
  };

  app.route({ ...at('getPreferences'), handler: (request) => preferencesOf(personOf(request)) });

  app.route({
    ...at('changePreferences'),
    handler: async (request) => {
      const by = personOf(request);
      const { mailDetails, switches = [] } = request.body;
      const place = seatOf(by);
      if (switches.length > 0 && place === undefined) throw new Problem('FORBIDDEN');
      const fixed = switches.find(({ group, channel, isOn }) => !isOn && isFixed(group, channel));
      if (fixed !== undefined) throw new Problem('REQUEST_INVALID', FIXED);
      await transact(db, SYSTEM, async (trx) => {
        if (mailDetails !== undefined) await setMailDetails(trx, by.person, mailDetails);
        if (place !== undefined) await setSwitches(trx, by.person, place, switches);
      });
      return preferencesOf(by);
    },
  });

  app.route({
    ...at('askForEmailProof'),
    handler: async (request, reply) => {
      const { person } = personOf(request);
      const { email, isEmailVerified } = (await findPerson(db, person))!;
      if (email === null) throw new Problem('NOT_FOUND');
      if (isEmailVerified) throw new Problem('ALREADY_DONE');
      const isSent = await transact(db, SYSTEM, (trx) => askForProof(trx, person, email, new Date()));
      if (!isSent) throw new Problem('RATE_LIMITED');
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('proveEmail'),
    handler: async (request, reply) => {
      if (!(await proveEmail(db, request.body.secret, new Date()))) throw new Problem('LINK_OVER');
      await recordAudit(db, { ...originOf(request), action: 'emailProven' });
      return reply.status(204).send(null);
    },
  });
}

const FIXED = {
  zh: '账户安全的通知不能关闭',
  en: 'Notices of your own safety cannot be switched off',
};
