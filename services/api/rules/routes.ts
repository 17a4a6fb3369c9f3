/** Rule packs: their list, and what the operator publishes. */
import { listRulePacks } from '#db/rules/read.ts';
import { at } from '../access/at.ts';
import { originOf } from '../audit/origin.ts';
import type { App } from '../app-types.ts';
import { publish } from './publish.ts';
import { rulePackView } from './views.ts';

export function registerRules(app: App): void {
  const { services } = app;
  const { db, clock } = services;

  app.route({
    ...at('listRulePacks'),
    handler: async () => {
      const [rows, now] = await Promise.all([listRulePacks(db), clock.now()]);
      return { items: rows.map((pack) => rulePackView(pack, now)) };
    },
  });

  app.route({
    ...at('publishRulePack'),
    handler: async (request, reply) => {
      const pack = await publish(services, request.body, originOf(request));
      return reply.status(201).send(rulePackView(pack, await services.clock.now()));
    },
  });
}
