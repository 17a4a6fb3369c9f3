/** The signing policy of a firm's account, or of that of the people who are the operator. */
import { findPolicy } from '#db/accounts/read.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { at } from '../access/at.ts';
import type { App } from '../app-types.ts';
import { partyOf } from '../operator/party.ts';
import { foreignAccount } from '../instructions/refusal.ts';
import { instructionViews } from '../instructions/view.ts';
import { originOf } from '../audit/origin.ts';
import { carryOutChange, vetoChange } from './changes.ts';
import { keepChanges } from './keeper.ts';
import { policyPageView } from './views.ts';

export function registerAccounts(app: App): void {
  const { services } = app;
  const { db, clock, deployment } = services;
  keepChanges(app);

  app.route({
    ...at('getPolicy'),
    handler: async (request) => {
      const { account } = await partyOf(services, request);
      const [policy, now] = await Promise.all([findPolicy(db, toBytes(account)), clock.now()]);
      if (policy === undefined) throw foreignAccount();
      return policyPageView(deployment, account, policy, now);
    },
  });

  app.route({
    ...at('vetoChange'),
    handler: async (request, reply) => {
      const { params, body } = request;
      const by = await partyOf(services, request);
      const act = await vetoChange(services, by, params.change, body, originOf(request));
      const [view] = await instructionViews(services, [act]);
      return reply.status(202).send(view!);
    },
  });

  app.route({
    ...at('carryOutChange'),
    handler: async (request, reply) => {
      const by = await partyOf(services, request);
      const act = await carryOutChange(services, by, request.params.change, originOf(request));
      const [view] = await instructionViews(services, [act]);
      return reply.status(202).send(view!);
    },
  });
}
