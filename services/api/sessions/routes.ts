/** Sessions of the demonstration: enter, leave, who am I, with which key. */
import { isActive } from '#domain/members/active.ts';
import { Problem } from '#domain/problems.ts';
import { recordAudit } from '#db/audit/write.ts';
import { closeSession, forgetExpiredSessions, openSession } from '#db/requests/sessions.ts';
import { findMember, listMembers } from '#db/members/read.ts';
import { FRESH_MS, memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { demoKeyOf, hasDemoKey } from './demo-keys.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { findPerson, seatsOf } from '#db/people/persons.ts';
import { cookieFor } from '../people/sign-in.ts';
import { personView, seatViews } from '../people/views.ts';
import { forgetInBrowser, sessionCookie, tokenOf } from '../plugins/app/session.ts';
import { memberView, nameOf, rolesOf } from '../members/views.ts';
import { at } from '../access/at.ts';
import { originOf } from '../audit/origin.ts';

const LASTS = 12 * 3_600_000;

export function registerSessions(app: App): void {
  const { services } = app;
  const { db, clock, demo, keysDir, deployment, visitors } = services;
  const { p256Verifier } = deployment.addresses;

  app.route({
    ...at('openSession'),
    handler: async (request, reply) => {
      if (!demo) throw new Problem('FORBIDDEN');
      const { member, operator } = request.body;
      if ((member === undefined) === (operator === undefined)) throw new Problem('REQUEST_INVALID');
      if (member !== undefined && (await findMember(db, member)) === undefined)
        throw new Problem('MEMBER_UNKNOWN');
      await forgetExpiredSessions(db, new Date());
      const place = { member: member ?? null, isOperator: member === undefined };
      const expiresAt = new Date(Date.now() + LASTS);
      const { token } = await openSession(db, { ...place, person: null, expiresAt });
      await recordAudit(db, {
        ...originOf(request),
        ...place,
        action: 'signedIn',
        facts: { by: 'demonstration' },
      });
      void reply.setCookie(sessionCookie(request), token, cookieFor(request, expiresAt));
      return reply.status(201).send({
        member: place.member,
        operator: place.isOperator,
        token,
        expiresAt: expiresAt.toISOString(),
      });
    },
  });

  app.route({
    ...at('closeSession'),
    handler: async (request, reply) => {
      const token = tokenOf(request);
      if (token !== undefined) {
        services.visitors.forget();
        await closeSession(db, token);
        if (request.person.kind !== 'nobody')
          await recordAudit(db, { ...originOf(request), action: 'signedOut' });
        services.visitors.forget();
      }
      forgetInBrowser(request, reply);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('getSession'),
    handler: async ({ person }) => {
      if (person.kind === 'nobody') throw new Problem('UNAUTHENTICATED');
      const row = person.kind === 'member' ? await visitors.rowOf(person) : undefined;
      const hasKey = demo && row !== undefined && (await hasDemoKey(keysDir, row.account));
      const { person: id } = person;
      const someone = id === undefined ? undefined : await findPerson(db, id);
      return {
        member: row === undefined ? null : memberView(row, await clock.now()),
        operator: person.kind === 'operator',
        person: someone === undefined ? null : personView(someone),
        seats: someone === undefined ? [] : await seatViews(services, await seatsOf(db, someone.id)),
        rights: [...person.rights],
        freshUntil: new Date(person.openedAt.getTime() + FRESH_MS).toISOString(),
        keys: {
          mode: hasKey
            ? ('demo' as const)
            : someone === undefined
              ? ('client' as const)
              : ('passkey' as const),
        },
        expiresAt: person.expiresAt.toISOString(),
      };
    },
  });

  app.route({
    ...at('listSessionMembers'),
    handler: async ({ query }) => {
      if (!demo) throw new Problem('FORBIDDEN');
      const now = await clock.now();
      return pageOf(
        query,
        ['session members', filtersOf(query)],
        ['int'],
        (page) => listMembers(db, {}, page),
        (rows) =>
          Promise.all(
            rows.map(async (row) => ({
              number: row.number,
              name: nameOf(row),
              roles: rolesOf(row.roles),
              active: isActive(row, now),
              hasDemoKey: await hasDemoKey(keysDir, row.account),
            })),
          ),
      );
    },
  });

  app.route({
    ...at('getSessionSigner'),
    handler: async (request) => {
      const { number } = memberOf(request);
      if (!demo) throw new Problem('FORBIDDEN');
      const row = await findMember(db, number);
      const key = row && (await demoKeyOf(keysDir, row.account, p256Verifier));
      if (key === undefined) throw new Problem('NOT_FOUND');
      return key;
    },
  });
}
