import { ROLE_BITS } from '#domain/codes.ts';
import { Problem } from '#domain/problems.ts';
import { findMember, listMembers } from '#db/read/members.ts';
import type { App } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists.ts';
import { memberView } from '../views/members.ts';
import { at } from './routes.ts';

export function memberRoutes(app: App): void {
  const { db, clock } = app.services;

  app.route({
    ...at('listMembers'),
    handler: async ({ query }) => {
      const now = await clock.now();
      const role = query.role === undefined ? undefined : ROLE_BITS[query.role];
      return pageOf(
        query,
        ['members', filtersOf(query)],
        ['int'],
        (page) => listMembers(db, { q: query.q, role }, page),
        (rows) => rows.map((row) => memberView(row, now)),
      );
    },
  });

  app.route({
    ...at('getMember'),
    handler: async ({ params }) => {
      const row = await findMember(db, params.number);
      if (row === undefined) throw new Problem('MEMBER_UNKNOWN');
      return memberView(row, await clock.now());
    },
  });

  app.route({
    ...at('listOperatorMembers'),
    handler: async ({ query }) => {
      const now = await clock.now();
      return pageOf(
        query,
        ['operator members', filtersOf(query)],
        ['int'],
        (page) => listMembers(db, { q: query.q, suspended: query.suspended }, page),
        (rows) => rows.map((row) => memberView(row, now)),
      );
    },
  });
}
