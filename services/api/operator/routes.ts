import { queueLengths } from '#db/instructions/own.ts';
import { listQueuedActs, listSenders, oldestWaiting } from '#db/instructions/relayer-view.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import { admit, setSuspended } from '../members/admission.ts';
import { publish } from '../rules/publish.ts';
import type { App } from '../app-types.ts';
import { memberView, nameOf, rolesOf } from '../members/views.ts';
import { rulePackView } from '../rules/views.ts';
import { getAddress } from 'ethers';
import { toHex } from '#db/wire/bytes.ts';
import { at } from '../access/at.ts';

export function operatorRoutes(app: App): void {
  const { services } = app;

  app.route({
    ...at('admitMember'),
    handler: async (request, reply) => {
      const member = await admit(services, request.body, request.id);
      return reply.status(201).send({
        number: member.number,
        account: getAddress(toHex(member.account)),
        name: nameOf(member),
        roles: rolesOf(member.roles),
      });
    },
  });

  app.route({
    ...at('publishRulePack'),
    handler: async (request, reply) => {
      const pack = await publish(services, request.body, request.id);
      return reply.status(201).send(rulePackView(pack, await services.clock.now()));
    },
  });

  app.route({
    ...at('getRelayer'),
    handler: async () => {
      const { db } = services;
      const [lengths, senders, waiting] = await Promise.all([
        queueLengths(db),
        listSenders(db),
        oldestWaiting(db),
      ]);
      return {
        ...lengths,
        waitingSince: waiting?.toISOString() ?? null,
        senders: senders.map(({ address, next_nonce, open }) => ({
          address: getAddress(toHex(address)),
          nonce: String(next_nonce),
          open: Number(open),
        })),
      };
    },
  });

  app.route({
    ...at('listRelayerInstructions'),
    handler: async ({ query }) =>
      pageOf(
        query,
        ['relayer instructions', filtersOf(query)],
        ['uuid'],
        (page) => listQueuedActs(services.db, query.state, page),
        async (rows) => {
          const ref = await services.names.of(rows.map(({ member }) => member));
          return rows.map((act) => ({
            id: act.id,
            type: act.type,
            member: act.member === null ? null : ref(act.member),
            signedBy: act.signed_by as 'firm' | 'keeper' | 'operator',
            state: act.state,
            submittedAt: act.submitted_at?.toISOString() ?? null,
            code: act.code,
            tx: act.tx_hash === null ? null : toHex(act.tx_hash),
            attempts: Number(act.attempts),
          }));
        },
      ),
  });

  for (const [route, type] of [
    ['suspendMember', 'suspend'],
    ['restoreMember', 'restore'],
  ] as const) {
    app.route({
      ...at(route),
      handler: async (request) => {
        const { params, body } = request;
        const member = await setSuspended(services, params.number, type, body.reason, request.id);
        return memberView(member, await services.clock.now());
      },
    });
  }
}
