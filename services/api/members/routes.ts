/** Members, how they pay, and their admission by the operator. */
import { getAddress } from 'ethers';
import { ROLE_BITS } from '#domain/codes.ts';
import { addMonths, instantOf, legalDateOf } from '#domain/dates.ts';
import { Problem } from '#domain/problems.ts';
import { acceptorRecordQuery } from '#db/members/acceptor-record.ts';
import { findMember, listMembers } from '#db/members/read.ts';
import { toHex } from '#db/wire/bytes.ts';
import { ask } from '#db/access/access.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { toBeSigned } from '../instructions/view.ts';
import { decide } from '../operator/decide.ts';
import { admit } from './admit.ts';
import { erase } from './erasure.ts';
import { memberView, nameOf, rolesOf } from './views.ts';
import { money } from '../schemas/money.ts';
import { at } from '../access/at.ts';
import { originOf } from '../audit/origin.ts';

/** How far back late payments are counted. */
const LATE_MONTHS = 12;

export function registerMembers(app: App): void {
  const { services } = app;
  const { db, clock, deployment } = services;
  const inMoney = (amount: bigint) => money(amount, deployment.currency);
  const known = async (number: number) => {
    const row = await findMember(db, number);
    if (row === undefined) throw new Problem('MEMBER_UNKNOWN');
    return row;
  };

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
    handler: async ({ params }) => memberView(await known(params.number), await clock.now()),
  });

  app.route({
    ...at('getAcceptorRecord'),
    handler: async (request) => {
      const { viewer } = memberOf(request);
      const { number } = request.params;
      const today = legalDateOf(await clock.now());
      const since = addMonths(today, -LATE_MONTHS);
      const [row] = await ask(db, viewer, acceptorRecordQuery(number, today, instantOf(since)));
      if (row === undefined) return { record: null };
      return {
        record: {
          open: inMoney(row.open_minor),
          openBills: Number(row.open_bills),
          untaken: inMoney(row.untaken_minor),
          overdue: inMoney(row.overdue_minor),
          overdueBills: Number(row.overdue_bills),
          paidLate: inMoney(row.late_minor),
          paidLateBills: Number(row.late_bills),
          since,
        },
      };
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

  app.route({
    ...at('admitMember'),
    handler: async (request, reply) => {
      const admitted = await admit(services, request, request.body);
      if ('prepared' in admitted) return reply.status(202).send(toBeSigned(services, admitted.prepared));
      const { member } = admitted;
      return reply.status(201).send({
        number: member.number,
        account: getAddress(toHex(member.account)),
        name: nameOf(member),
        roles: rolesOf(member.roles),
      });
    },
  });

  for (const [route, type] of [
    ['suspendMember', 'suspend'],
    ['restoreMember', 'restore'],
  ] as const) {
    app.route({
      ...at(route),
      handler: async (request, reply) => {
        const { number } = request.params;
        const asked = { type, member: number, reason: request.body.reason };
        const decided = await decide(services, request, asked);
        if ('prepared' in decided) return reply.status(202).send(toBeSigned(services, decided.prepared));
        return memberView(await known(number), await clock.now());
      },
    });
  }

  app.route({
    ...at('renewMember'),
    handler: async (request, reply) => {
      const { number } = request.params;
      const decided = await decide(services, request, { type: 'renew', member: number, ...request.body });
      if ('prepared' in decided) return reply.status(202).send(toBeSigned(services, decided.prepared));
      return memberView(await known(number), await clock.now());
    },
  });

  app.route({
    ...at('eraseIdentity'),
    handler: async (request) => {
      const { params, body } = request;
      const member = await erase(services, params.number, body.reason, originOf(request));
      return memberView(member, await clock.now());
    },
  });
}
