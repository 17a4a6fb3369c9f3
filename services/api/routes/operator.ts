import { admit, setSuspended } from '../acts/operator.ts';
import type { App } from '../app-types.ts';
import { memberView, nameOf, rolesOf } from '../views/members.ts';
import { getAddress } from 'ethers';
import { toHex } from '#db/bytes.ts';
import { at } from './routes.ts';

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
