/** Rule packs: their list, and what the operator publishes. */
import { listRulePacks } from '#db/rules/read.ts';
import { at } from '../access/at.ts';
import type { App } from '../app-types.ts';
import { toBeSigned } from '../instructions/view.ts';
import { decide } from '../operator/decide.ts';
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
      const { body } = request;
      const decided = await decide(services, request, { type: 'publish', ...body });
      if ('prepared' in decided) return reply.status(202).send(toBeSigned(services, decided.prepared));
      const pack = (await listRulePacks(db)).find(({ kind }) => kind === body.kind);
      if (pack === undefined) throw new Error('a published rule pack is not in the read model');
      return reply.status(201).send(rulePackView(pack, await services.clock.now()));
    },
  });
}
