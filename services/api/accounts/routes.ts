/** The signing policy of a firm's account. */
import { findPolicy } from '#db/accounts/read.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { at } from '../access/at.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { foreignAccount } from '../instructions/refusal.ts';
import { instructionViews } from '../instructions/view.ts';
import { originOf } from '../audit/origin.ts';
import { carryOutChange, vetoChange } from './changes.ts';
import { policyPageView } from './views.ts';

export function registerAccounts(app: App): void {
  const { services } = app;
  const { db, clock, deployment } = services;

  app.route({
    ...at('getPolicy'),
    handler: async (request) => {
      const { account } = memberOf(request);
      const [policy, now] = await Promise.all([findPolicy(db, toBytes(account)), clock.now()]);
      if (policy === undefined) throw foreignAccount();
      return policyPageView(deployment, account, policy, now);
    },
  });

  app.route({
    ...at('vetoChange'),
    handler: async (request, reply) => {
      const { params, body } = request;
      const by = memberOf(request);
      const act = await vetoChange(services, by, params.change, body, originOf(request));
      const [view] = await instructionViews(services, [act]);
      return reply.status(202).send(view!);
    },
  });

  app.route({
    ...at('carryOutChange'),
    handler: async (request, reply) => {
      const act = await carryOutChange(services, memberOf(request), request.params.change, originOf(request));
      const [view] = await instructionViews(services, [act]);
      return reply.status(202).send(view!);
    },
  });
}
